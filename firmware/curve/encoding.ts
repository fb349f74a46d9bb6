// Many points in the 32 bytes of RFC 8032 section 5.1.2, with one inversion for all of them
// (Montgomery's trick: an inversion is 265 multiplications). Each call of encodeSlice does about as
// much as one addition of comb.ts, so that a card never waits longer.

import type { Bytes } from "#protocol/bytes.ts";
import type { Point } from "./comb.ts";
import type { Field, Limbs } from "./field.ts";
import { bytesOf, limbsAt } from "./field.ts";

/** What is left of a point once it is complete, packed: 39 doubles would take 80 variables. */
export type Packed = Int32Array;
const SIGN_BIT = 128;

const SQUARINGS_PER_SLICE = 5;
/** z^(2^255 - 21) = 1/z. Each step: raise `from` by so many squarings, multiply by `by`, keep as `to`.
 * Register 0 is z itself. */
type Step = { from: number; squarings: number; by: number; to: number };
const CHAIN: Step[] = [
  { from: 0, squarings: 1, by: -1, to: 1 }, // z^2
  { from: 1, squarings: 2, by: 0, to: 2 }, // z^9
  { from: 2, squarings: 0, by: 1, to: 1 }, // z^11
  { from: 1, squarings: 1, by: 2, to: 2 }, // z^(2^5 - 1)
  { from: 2, squarings: 5, by: 2, to: 2 }, // z^(2^10 - 1)
  { from: 2, squarings: 10, by: 2, to: 3 }, // z^(2^20 - 1)
  { from: 3, squarings: 20, by: 3, to: 3 }, // z^(2^40 - 1)
  { from: 3, squarings: 10, by: 2, to: 2 }, // z^(2^50 - 1)
  { from: 2, squarings: 50, by: 2, to: 3 }, // z^(2^100 - 1)
  { from: 3, squarings: 100, by: 3, to: 3 }, // z^(2^200 - 1)
  { from: 3, squarings: 50, by: 2, to: 2 }, // z^(2^250 - 1)
  { from: 2, squarings: 5, by: 1, to: 0 }, // z^(2^255 - 21)
];

export type Encoding = {
  points: Packed[];
  /** prefixes[i] is the product of the z of points 0 to i. */
  prefixes: Int32Array[];
  registers: Limbs[];
  step: number;
  value: Limbs | undefined;
  squared: number;
  /** 1/(z of points 0 to the next one to encode). */
  inverse: Limbs | undefined;
  x: Limbs | undefined;
  y: Limbs | undefined;
  bytes: Bytes | undefined;
  encoded: Bytes[];
};

export function packPoint(point: Point): Packed {
  return new Int32Array(point.x.concat(point.y, point.z));
}

export function startEncoding(points: Packed[]): Encoding {
  return {
    points: points,
    prefixes: [],
    registers: [],
    step: 0,
    value: undefined,
    squared: 0,
    inverse: undefined,
    x: undefined,
    y: undefined,
    bytes: undefined,
    encoded: [],
  };
}

/** One slice. True when all points are in `encoded`, in their order. */
export function encodeSlice(field: Field, encoding: Encoding): boolean {
  if (encoding.prefixes.length < encoding.points.length) multiplyOn(field, encoding);
  else if (encoding.step < CHAIN.length) invertOn(field, encoding);
  else encodeOn(field, encoding);
  return encoding.encoded.length === encoding.points.length;
}

function multiplyOn(field: Field, encoding: Encoding): void {
  const done = encoding.prefixes.length;
  const z = limbsAt(encoding.points[done] as Packed, 2);
  const product = done ? field.mul(limbsAt(encoding.prefixes[done - 1] as Packed, 0), z) : z;
  encoding.prefixes.push(new Int32Array(product));
  if (encoding.prefixes.length === encoding.points.length) encoding.registers = [product];
}

function invertOn(field: Field, encoding: Encoding): void {
  const step = CHAIN[encoding.step] as Step;
  let value = encoding.value || (encoding.registers[step.from] as Limbs);
  for (let i = 0; i < SQUARINGS_PER_SLICE && encoding.squared < step.squarings; i++) {
    value = field.mul(value, value);
    encoding.squared++;
  }
  encoding.value = value;
  if (encoding.squared < step.squarings) return;
  if (step.by >= 0) value = field.mul(value, encoding.registers[step.by] as Limbs);
  encoding.registers[step.to] = value;
  encoding.value = undefined;
  encoding.squared = 0;
  encoding.step++;
  if (encoding.step === CHAIN.length) encoding.inverse = value;
}

/** From the last point to the first: 1/z, then x, then y with the sign of x; three slices each. */
function encodeOn(field: Field, encoding: Encoding): void {
  const at = encoding.points.length - encoding.encoded.length - 1;
  const packed = encoding.points[at] as Packed;
  const inverse = encoding.inverse as Limbs;
  if (!encoding.x) {
    const z = at ? field.mul(inverse, limbsAt(encoding.prefixes[at - 1] as Packed, 0)) : inverse;
    encoding.x = field.mul(limbsAt(packed, 0), z);
    encoding.y = field.mul(limbsAt(packed, 1), z);
    encoding.inverse = field.mul(inverse, limbsAt(packed, 2));
  } else if (encoding.y) {
    encoding.bytes = bytesOf(encoding.y);
    encoding.y = undefined;
  } else if (encoding.bytes) {
    const isOdd = ((bytesOf(encoding.x)[0] as number) & 1) === 1;
    if (isOdd) encoding.bytes[31] = (encoding.bytes[31] as number) | SIGN_BIT;
    encoding.encoded.unshift(encoding.bytes);
    encoding.x = undefined;
  }
}
