// A multiple of edwards25519's base point without a doubling (RFC 8032 section 5.1): the host has
// made d * 16^w * B for the 64 windows of a scalar and d from 1 to 8, so that a multiple is at most
// 64 additions, and an addition is one slice of the terminal's idle time.

import type { Bytes } from "#protocol/bytes.ts";
import { toHex } from "#protocol/bytes.ts";
import type { Board } from "../board.ts";
import type { Field, Limbs } from "./field.ts";
import { LIMBS, joined, limbsAt } from "./field.ts";

export const WINDOWS = 64;
export const WINDOW_BITS = 4;
/** Digits go from -7 to 8: the half above is the next window's carry. */
export const DIGIT_MAX = 8;
/** x, y and d*x*y, 13 limbs each, 32 bits with sign, as every processor we run on stores them. */
export const ENTRY_BYTES = 3 * LIMBS * 4;
export const WINDOW_BYTES = DIGIT_MAX * ENTRY_BYTES;
/** SHA-256 of the SHA-256 of each window: the table is the same for every terminal. */
export const COMB_SHA256 = "bd9d6cd79bfec77271f5bfb692b6583a7b0246b2bac18a7cea7a43639a3c973a";

/** Extended coordinates (RFC 8032 section 5.1.4): x = X/Z, y = Y/Z, xy = T/Z. */
export type Point = { x: Limbs; y: Limbs; z: Limbs; t: Limbs };
/** A scalar on its way: digits of all windows, the next window, the sum so far. */
export type Multiple = { digits: number[]; window: number; sum: Point | undefined };

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
  return { digits: digits, window: 0, sum: undefined };
}

/** Adds what the next window says: one slice. False when no window is left. Throws when the file
 * "comb" is not there. */
export function addWindow(field: Field, files: Board["files"], multiple: Multiple): boolean {
  const digit = multiple.digits[multiple.window] as number;
  if (digit) {
    const entry = entryAt(files, multiple.window, digit < 0 ? -digit : digit);
    if (multiple.sum) addEntry(field, multiple.sum, entry, digit);
    else multiple.sum = firstPoint(field, entry, digit);
  }
  multiple.window++;
  return multiple.window < WINDOWS;
}

type Entry = { x: Limbs; y: Limbs; dxy: Limbs };

function entryAt(files: Board["files"], window: number, digit: number): Entry {
  const at = window * WINDOW_BYTES + (digit - 1) * ENTRY_BYTES;
  const bytes = files.read("comb", at, ENTRY_BYTES);
  if (!bytes || bytes.length !== ENTRY_BYTES)
    throw new Error("comb: no entry " + digit + " of window " + window);
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
function addEntry(field: Field, sum: Point, entry: Entry, sign: number): void {
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

/** Checks the file "comb" window by window: give each from 0 on, then compare with isWholeComb. */
export function digestOfWindow(
  files: Board["files"],
  sha256: Board["sha256"],
  window: number,
): Bytes | undefined {
  const bytes = files.read("comb", window * WINDOW_BYTES, WINDOW_BYTES);
  return bytes && bytes.length === WINDOW_BYTES ? sha256(bytes) : undefined;
}

export function isWholeComb(sha256: Board["sha256"], digests: Bytes): boolean {
  return toHex(sha256(digests)) === COMB_SHA256;
}
