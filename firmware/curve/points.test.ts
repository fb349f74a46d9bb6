// The points that a terminal makes by itself must be those of RFC 8032, always: a wrong one would
// sign a token that nobody accepts. Method: field and comb against BigInt arithmetic of the host,
// which agrees with node:crypto (provision.test.ts), on random numbers and on every edge.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Bytes } from "#protocol/bytes.ts";
import { fromHex, toHex } from "#protocol/bytes.ts";
import { convolve } from "#sim/board-node.ts";
import { nodePrimitives } from "#sim/primitives.ts";
import { combTable } from "../provision/comb-table.ts";
import { L, baseMultiples, numberOf } from "../provision/curve.ts";
import {
  TEETH,
  TOOTH_BYTES,
  digestOfTooth,
  isWholeComb,
  multiplyOn,
  startMultiple,
} from "./comb.ts";
import { encodeSlice, packPoint, startEncoding } from "./encoding.ts";
import type { Limbs } from "./field.ts";
import { bytesOf, createField } from "./field.ts";

const P = (1n << 255n) - 19n;
const field = createField(convolve);
const filesOf = (comb: Bytes) => ({
  read: (_: string, offset: number, length: number) => comb.slice(offset, offset + length),
});
const files = filesOf(combTable());

function pointsOf(scalars: Bytes[]): string[] {
  const packed = scalars.map((scalar) => {
    const multiple = startMultiple(scalar);
    while (multiplyOn(field, files, multiple));
    if (!multiple.sum) throw new Error("no digit in " + toHex(scalar));
    return packPoint(multiple.sum);
  });
  const encoding = startEncoding(packed);
  while (!encodeSlice(field, encoding));
  return encoding.encoded.map(toHex);
}

const bytesOfNumber = (value: bigint): Bytes =>
  fromHex(value.toString(16).padStart(64, "0")).toReversed();

const numberIn = (limbs: number[]): bigint =>
  limbs.reduceRight((sum, one) => (sum << 20n) + BigInt(one), 0n);

test("limbs of any sign become the bytes of the number modulo 2^255 - 19", () => {
  const limb = fc.integer({ min: -(2 ** 21), max: 2 ** 21 });
  fc.assert(
    fc.property(fc.array(limb, { minLength: 13, maxLength: 13 }), (limbs) => {
      expect(numberOf(bytesOf(limbs as Limbs))).toBe(((numberIn(limbs) % P) + P) % P);
    }),
    { numRuns: 2000 },
  );
});

test.each([0n, 1n, 18n, 19n, P - 1n, P, P + 1n, P + 18n, 2n * P - 1n, (1n << 255n) - 1n])(
  "%d modulo 2^255 - 19",
  (value) => {
    const limbs = Array.from({ length: 13 }, (_, i) =>
      Number((value >> BigInt(20 * i)) & 0xfffffn),
    );
    expect(numberOf(bytesOf(limbs as Limbs))).toBe(value % P);
    expect(numberOf(bytesOf(field.negate(limbs as Limbs)))).toBe((P - (value % P)) % P);
  },
);

/** As large as carry leaves them: what comes round at the top stays in the lowest limb. */
const carried = fc
  .tuple(
    fc.integer({ min: -1_770_000, max: 1_770_000 }),
    fc.array(fc.integer({ min: -(2 ** 19), max: 2 ** 19 }), { minLength: 12, maxLength: 12 }),
  )
  .map(([lowest, others]) => [lowest, ...others]);

test("products of limbs as large as they come stay exact, and come no larger", () => {
  fc.assert(
    fc.property(carried, carried, (a, b) => {
      const product = field.mul(a as Limbs, b as Limbs);
      expect(numberOf(bytesOf(product))).toBe((((numberIn(a) * numberIn(b)) % P) + P) % P);
      expect(Math.abs(product[0])).toBeLessThan(1_770_000);
      for (const one of product.slice(1)) expect(Math.abs(one)).toBeLessThanOrEqual(2 ** 19);
    }),
    { numRuns: 1000 },
  );
});

test("points of random scalars are those of the host", () => {
  const scalar = fc.bigInt({ min: 1n, max: (1n << 252n) - 1n });
  fc.assert(
    fc.property(fc.array(scalar, { minLength: 1, maxLength: 9 }), (scalars) => {
      expect(pointsOf(scalars.map(bytesOfNumber))).toEqual(baseMultiples(scalars).map(toHex));
    }),
    { numRuns: 30 },
  );
});

test("points of scalars whose digits are all alike, carried, or missing", () => {
  const scalars = [1n, 8n, 9n, 15n, 16n, L - 1n, L + 1n, 1n << 251n, (1n << 252n) - 1n];
  for (let digit = 1n; digit < 16n; digit++)
    scalars.push(((1n << 252n) / 15n) * digit, digit << 128n);
  expect(pointsOf(scalars.map(bytesOfNumber))).toEqual(baseMultiples(scalars).map(toHex));
});

test("the table is the one that the firmware expects, and no byte of it may differ", () => {
  const digestsOf = (comb: Bytes): Bytes =>
    Buffer.concat(
      Array.from({ length: TEETH }, (_, tooth) => {
        const digest = digestOfTooth(filesOf(comb), nodePrimitives.sha256, tooth);
        if (!digest) throw new Error("the comb ends before tooth " + tooth);
        return digest;
      }),
    );
  const comb = combTable();
  expect(comb.length).toBe(19_968);
  expect(isWholeComb(nodePrimitives.sha256, digestsOf(comb))).toBe(true);
  const damaged = comb.slice();
  damaged[10_000] = (damaged[10_000] as number) ^ 1;
  expect(isWholeComb(nodePrimitives.sha256, digestsOf(damaged))).toBe(false);
  const short = filesOf(comb.slice(0, comb.length - 1));
  expect(digestOfTooth(short, nodePrimitives.sha256, TEETH - 1)).toBeUndefined();
  expect(TEETH * TOOTH_BYTES).toBe(comb.length);
});
