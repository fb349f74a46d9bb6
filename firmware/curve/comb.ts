// A multiple of edwards25519's base point (RFC 8032 section 5.1) in few steps: the host has made
// d * 65536^t * B for t from 0 to 15 and d from 1 to 8, every fourth of the 64 windows of a scalar. The
// windows between come by doubling the sum, four times three. One addition or doubling is one slice
// of the terminal's idle time.

import type { Bytes } from "#protocol/bytes.ts";
import { toHex } from "#protocol/bytes.ts";
import type { Board } from "../board.ts";
import type { Field, Limbs } from "./field.ts";
import { LIMBS, joined, limbsAt } from "./field.ts";

export const WINDOWS = 64;
export const WINDOW_BITS = 4;
/** Windows that the table has, ROUNDS apart. */
export const TEETH = 16;
export const ROUNDS = 4;
/** Digits go from -7 to 8: the half above is the next window's carry. */
export const DIGIT_MAX = 8;
/** x, y and d*x*y, 13 limbs each, 32 bits with sign, as every processor we run on stores them. */
export const ENTRY_BYTES = 3 * LIMBS * 4;
export const TOOTH_BYTES = DIGIT_MAX * ENTRY_BYTES;
/** SHA-256 of the SHA-256 of each tooth: the table is the same for every terminal. */
export const COMB_SHA256 = "d0862d07e809d2dadd6fd7738e8edc1ca118e07eb0d4d3b9c743e37d0d5d5f8e";
/** A round doubles the sum WINDOW_BITS times and adds a multiple of each tooth. */
const ROUND_STEPS = WINDOW_BITS + TEETH;
const STEPS = ROUNDS * ROUND_STEPS;

/** Extended coordinates (RFC 8032 section 5.1.4): x = X/Z, y = Y/Z, xy = T/Z. */
export type Point = { x: Limbs; y: Limbs; z: Limbs; t: Limbs };
/** What is being added up. undefined is the neutral element. */
export type Sum = { sum: Point | undefined };
/** A scalar on its way: digits of all windows, the next step, the sum so far. */
export type Multiple = Sum & { digits: number[]; step: number };
/** A point with Z = 1, and d*x*y. */
export type Entry = { x: Limbs; y: Limbs; dxy: Limbs };

const ONE: Limbs = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/** scalar: 32 bytes, the lowest first, below 2^255. */
export function startMultiple(scalar: Bytes): Multiple {
  const digits: number[] = [];
  let carry = 0;
  for (let i = 0; i < WINDOWS; i++) {
    const byte = scalar[i >> 1] as number;
    let digit = (i & 1 ? byte >> WINDOW_BITS : byte & 15) + carry;
    carry = digit > DIGIT_MAX ? 1 : 0;
    digit -= carry << WINDOW_BITS;
    digits.push(digit);
  }
  // The first round has nothing to double.
  return { digits: digits, step: WINDOW_BITS, sum: undefined };
}

/** One slice. False when nothing is left to do. Throws when the file "comb" is not there. */
export function multiplyOn(field: Field, files: Board["files"], multiple: Multiple): boolean {
  const round = ROUNDS - 1 - ((multiple.step / ROUND_STEPS) | 0);
  const at = multiple.step % ROUND_STEPS;
  if (at < WINDOW_BITS) double(field, multiple);
  else addTooth(field, files, multiple, multiple.digits, round, at - WINDOW_BITS);
  return ++multiple.step < STEPS;
}

/** Adds what the digits say of one tooth in one of the rounds, which go from ROUNDS - 1 to 0. */
export function addTooth(
  field: Field,
  files: Board["files"],
  to: Sum,
  digits: number[],
  round: number,
  tooth: number,
): void {
  const digit = digits[tooth * ROUNDS + round] as number;
  if (digit) addEntry(field, to, entryAt(files, tooth, digit < 0 ? -digit : digit), digit);
}

function entryAt(files: Board["files"], tooth: number, digit: number): Entry {
  const at = tooth * TOOTH_BYTES + (digit - 1) * ENTRY_BYTES;
  const bytes = files.read("comb", at, ENTRY_BYTES);
  if (!bytes || bytes.length !== ENTRY_BYTES)
    throw new Error("comb: no entry " + digit + " of tooth " + tooth);
  return entryOf(bytes);
}

/** bytes: ENTRY_BYTES, at a multiple of four. */
export function entryOf(bytes: Bytes): Entry {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, 3 * LIMBS);
  return { x: limbsAt(words, 0), y: limbsAt(words, 1), dxy: limbsAt(words, 2) };
}

function firstPoint(field: Field, entry: Entry, sign: number): Point {
  const x = sign < 0 ? field.negate(entry.x) : entry.x;
  return { x: x, y: entry.y, z: ONE, t: field.mul(x, entry.y) };
}

/** The unified addition of RFC 8032 section 5.1.4 with Z = 1 on the right and all factors of two left
 * out: E = Yx + Xy, H = Yy + Xx, C = T*dxy, F = Z - C, G = Z + C. The opposite of a point is
 * (-x, y), so a negative digit turns the signs of Yx, Xx and C. */
export function addEntry(field: Field, to: Sum, entry: Entry, sign: number): void {
  const sum = to.sum;
  if (!sum) {
    to.sum = firstPoint(field, entry, sign);
    return;
  }
  const fx = field.factorOf(entry.x);
  const both = fx.concat(field.factorOf(entry.y));
  const c = field.mulRaw(sum.t, field.factorOf(entry.dxy));
  const x = sign < 0 ? field.negate(sum.x) : sum.x;
  const y = sign < 0 ? field.negate(sum.y) : sum.y;
  const e = field.carry(field.mulRaw(joined(y, sum.x), both));
  const h = field.factorOf(field.carry(field.mulRaw(joined(x, sum.y), both)));
  const f = field.factorOf(field.addRaw(sum.z, c, -sign));
  const g = field.addRaw(sum.z, c, sign);
  sum.x = field.carry(field.mulRaw(e, f));
  sum.y = field.carry(field.mulRaw(g, h));
  sum.z = field.carry(field.mulRaw(g, f));
  sum.t = field.carry(field.mulRaw(e, h));
}

/** The doubling of RFC 8032 section 5.1.4: E = 2XY, G = YY - XX, H = YY + XX, F = 2ZZ - G; two of its signs
 * turn, which cancel out. */
export function double(field: Field, to: Sum): void {
  const sum = to.sum;
  if (!sum) return;
  const fx = field.factorOf(sum.x);
  const fy = field.factorOf(sum.y);
  const fz = field.factorOf(sum.z);
  const both = fx.concat(fy);
  const e = field.carry(field.mulRaw(joined(sum.x, sum.x), fy.concat(fy)));
  const g = field.carry(field.mulRaw(joined(field.negate(sum.x), sum.y), both));
  const h = field.factorOf(field.carry(field.mulRaw(joined(sum.x, sum.y), both)));
  const f = field.factorOf(
    field.addRaw(field.negate(g), field.mulRaw(joined(sum.z, sum.z), fz.concat(fz)), 1),
  );
  sum.x = field.carry(field.mulRaw(e, f));
  sum.y = field.carry(field.mulRaw(g, h));
  sum.z = field.carry(field.mulRaw(g, f));
  sum.t = field.carry(field.mulRaw(e, h));
}

/** Checks the file "comb" tooth by tooth: give each from 0 on, then compare with isWholeComb. */
export function digestOfTooth(
  files: Board["files"],
  sha256: Board["sha256"],
  tooth: number,
): Bytes | undefined {
  const bytes = files.read("comb", tooth * TOOTH_BYTES, TOOTH_BYTES);
  return bytes && bytes.length === TOOTH_BYTES ? sha256(bytes) : undefined;
}

export function isWholeComb(sha256: Board["sha256"], digests: Bytes): boolean {
  return toHex(sha256(digests)) === COMB_SHA256;
}
