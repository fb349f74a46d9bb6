// Goal: a beep that is not in the ledger, a sale that nobody heard, another amount and another order are found; what died
// before its beep may be there or not. Method: a book on disk, entries as a ledger would give them, one fault each.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { fromHex } from "#protocol/bytes.ts";
import type { Entry } from "#protocol/entry.ts";
import { entryOf, paperTerminal } from "./paper-terminal.ts";
import type { Witnessed } from "./witnesses.ts";
import { matchWitnesses, openWitnessBook, readWitnessBook } from "./witnesses.ts";

const LINA = "04a1b2c3d4e5f6";
const ZOE = "04d1e2f3a4b580";
const TERMINAL = 7;

const folder = mkdtempSync(join(tmpdir(), "obole-witnesses-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const paper = paperTerminal("college-test", TERMINAL, 1, new Uint8Array(32).fill(7));

function sale(uid: string, unitCents = 100): Entry {
  const lines = [{ product: 1, revision: 1, quantity: 1, unitCents }];
  return entryOf(paper, { kind: "purchase", student: 1, lines, card: fromHex(uid) }, 0);
}

function heard(uid: string, cents?: number): Witnessed {
  return { kind: "purchase", uid, certain: true, cents };
}

function died(uid: string): Witnessed {
  return { kind: "purchase", uid, certain: false, cents: undefined };
}

const OPEN = entryOf(paper, { kind: "open" }, 0);
const HEARD = [heard(LINA, 100), heard(ZOE)];

test("what died before its beep may be there or not", () => {
  const without = [OPEN, sale(LINA), sale(ZOE)];
  const witnessed = [heard(LINA, 100), died(LINA), heard(ZOE)];
  expect(matchWitnesses(TERMINAL, witnessed, without)).toEqual({ certain: 2, unheard: 0 });
  const withIt = [OPEN, sale(LINA), OPEN, sale(LINA), sale(ZOE)];
  expect(matchWitnesses(TERMINAL, witnessed, withIt)).toEqual({ certain: 2, unheard: 1 });
});

test("a card laid again after it died is one sale or two, as what follows tells", () => {
  const witnessed = [died(LINA), heard(LINA, 150), heard(ZOE)];
  const once = [sale(LINA, 150), sale(ZOE)];
  expect(matchWitnesses(TERMINAL, witnessed, once)).toEqual({ certain: 2, unheard: 0 });
  const twice = [sale(LINA, 600), sale(LINA, 150), sale(ZOE)];
  expect(matchWitnesses(TERMINAL, witnessed, twice)).toEqual({ certain: 2, unheard: 1 });
  const other = [sale(LINA, 600), sale(ZOE)];
  expect(() => matchWitnesses(TERMINAL, witnessed, other)).toThrow(/heard .*04a1/);
});

test.each([
  ["a beep is not in the ledger", [sale(LINA)], /heard .*04d1/],
  ["a sale is there twice", [sale(LINA), sale(LINA), sale(ZOE)], /heard .*04d1/],
  ["nobody heard the last one", [sale(LINA), sale(ZOE), sale(ZOE)], /nobody saw/],
  ["the amount is another", [sale(LINA, 99), sale(ZOE)], /heard .*04a1/],
  ["the order is another", [sale(ZOE), sale(LINA)], /heard .*04a1/],
])("throws when %s", (_, entries, complaint) => {
  expect(() => matchWitnesses(TERMINAL, HEARD, entries)).toThrow(complaint);
});

test("the book gives back what was noted, by terminal, and what was learned later", () => {
  const path = join(folder, "book.jsonl");
  const book = openWitnessBook(path);
  const first = book.note(TERMINAL, heard(LINA));
  book.note(8, died(ZOE));
  book.note(TERMINAL, heard(ZOE));
  book.amend(first, { cents: 100 });
  const read = readWitnessBook(path);
  book.close();
  expect(read.get(TERMINAL)).toMatchObject([heard(LINA, 100), { uid: ZOE, certain: true }]);
  expect(read.get(8)).toMatchObject([{ uid: ZOE, certain: false }]);
});
