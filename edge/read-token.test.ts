// Goal: the gateway's quick reader says of any bytes exactly what the protocol's own decoder says.
// Method: both read the vectors, random purchases, and these with bytes changed, cut or put in.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Bytes } from "#protocol/bytes.ts";
import { fromHex } from "#protocol/bytes.ts";
import type { Entry } from "#protocol/entry.ts";
import { LINES_MAX } from "#protocol/entry.ts";
import { assembleToken, decodeToken } from "#protocol/token.ts";
import vectors from "#protocol/vectors.json" with { type: "json" };
import { encodeEntry } from "#protocol/write-entry.ts";
import { readToken } from "./read-token.ts";

const RUNS = 3_000;
const number = (least: number) =>
  fc.oneof(fc.integer({ min: least, max: 300 }), fc.integer({ min: least, max: 0xffffffff }));
const line = fc.record({
  product: number(1),
  revision: fc.integer({ min: 1, max: 65_535 }),
  quantity: fc.integer({ min: 1, max: 12 }),
  unitCents: fc.integer({ min: 1, max: 10_000 }),
});
const token = fc
  .record({
    kind: fc.constant("purchase" as const),
    terminal: number(1),
    epoch: fc.integer({ min: 1, max: 65_535 }),
    seq: number(1),
    prev: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    time: number(0),
    clock: fc.constantFrom("trusted" as const, "suspect" as const),
    nonce: number(0),
    operator: number(0),
    card: fc.uint8Array({ minLength: 4, maxLength: 10 }),
    student: number(0),
    lines: fc.array(line, { minLength: 1, maxLength: LINES_MAX }),
    lease: number(0),
    roster: number(0),
    prices: number(0),
    proof: fc.oneof(
      fc.constant({ method: "uid" as const }),
      number(0).map((counter) => ({ method: "authenticated" as const, counter })),
    ),
    isOverridden: fc.boolean(),
  })
  .map(({ isOverridden, ...fields }): Bytes => {
    const totalCents = fields.lines.reduce((sum, one) => sum + one.quantity * one.unitCents, 0);
    const entry: Entry = { ...fields, totalCents, graceCents: totalCents % 7 };
    if (isOverridden) entry.override = "allergen";
    return assembleToken(encodeEntry(entry), new Uint8Array(64).fill(7));
  });

function agree(bytes: Bytes): void {
  expect(readToken(bytes)).toEqual(decodeToken(bytes));
}

test("every vector, valid and invalid, is read as the protocol reads it", () => {
  for (const { hex } of [...vectors.valid, ...vectors.invalid]) agree(fromHex(hex));
});

test("any purchase is read as it was written", () => {
  fc.assert(fc.property(token, agree), { numRuns: RUNS });
});

test("a purchase with a byte changed, left out or put in is read, or refused, as the protocol does", () => {
  const place = fc.nat();
  const byte = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(token, place, byte, fc.nat(2), (bytes, where, value, leftOut) => {
      const at = where % bytes.length;
      const put = leftOut === 2 ? [value, value] : [value];
      const skip = leftOut === 0 ? 0 : 1;
      agree(Uint8Array.from([...bytes.subarray(0, at), ...put, ...bytes.subarray(at + skip)]));
      agree(Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + 1)]));
    }),
    { numRuns: RUNS },
  );
});

test("a number that could be shorter, in any place, is not read quickly", () => {
  fc.assert(
    fc.property(token, fc.nat(), (bytes, where) => {
      const at = 9 + (where % (bytes.length - 9));
      const longer = [...bytes.subarray(0, at), 0x18, ...bytes.subarray(at)];
      longer[8] = (longer[8] ?? 0) + 1;
      agree(Uint8Array.from(longer));
    }),
    { numRuns: RUNS },
  );
});
