// Numbers modulo 2^255 - 19 for an interpreter in which an expression costs microseconds and a
// native call over many elements hardly more: 13 limbs of 20 bits with sign, multiplied by Board's
// convolve. Products of limbs stay below 2^38, sums of 13 of them and of what wraps round
// (2^260 = 608) below 2^51, so that doubles are exact, and the sum of two products as well.

import type { Bytes } from "#protocol/bytes.ts";
import type { Board } from "../board.ts";

export const LIMBS = 13;
/** The lowest limb first. Carried, each is within 2^19; the lowest, to which the top comes round,
 * within 3.4 times that. */
export type Limbs = [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];
/** The right side of a product, as the convolution wants it: the limbs from the highest to the
 * lowest, then those that wrap round times 608: 25 numbers. */
export type Factor = number[];
/** A product before its carries. */
export type Raw = Limbs;

export type Field = {
  factorOf(limbs: Limbs): Factor;
  /** left: limbs, or two numbers joined; with their two factors one after the other as right, that
   * is the sum of both products. */
  mulRaw(left: number[], right: Factor): Raw;
  mul(a: Limbs, b: Limbs): Limbs;
  negate(limbs: Limbs): Limbs;
  /** base + raw, or base - raw where sign is below zero; carried. */
  addRaw(base: Limbs, raw: Raw, sign: number): Limbs;
  carry(raw: Raw): Limbs;
};

const BASE_BITS = 20;
const WRAP = 608;
const BYTES = 32;
/** 13 limbs of 20 bits have 5 bits more than a number below 2^255. */
const TOP_LIMB_MAX = 32768;
const OFFSETS = [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0];
const WRAP_OFFSETS = [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
const UPWARDS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
const TWELVE_ZEROS = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/** Two numbers for mulRaw's left side at once: the second meets the second factor. */
export function joined(a: Limbs, b: Limbs): number[] {
  return a.concat(TWELVE_ZEROS, b);
}

const PLAIN: number[] = [];

/** Number `which` of those that lie packed one after the other, in a plain array, which Espruino
 * turns round and joins natively. (It knows no Array.prototype, and slices typed arrays otherwise.) */
export function limbsAt(packed: Int32Array, which: number): Limbs {
  return PLAIN.slice.call(packed, which * LIMBS, (which + 1) * LIMBS) as Limbs;
}

/** Espruino reads long literals inexactly, and the shortener would make one of a constant. */
function powerOfTwo(exponent: number): number {
  let power = 1;
  for (let i = 0; i < exponent; i++) power *= 2;
  return power;
}

const BASE = powerOfTwo(BASE_BITS);
const SMALL = 1 / BASE;
/** Between 2^72 and 2^73 doubles are multiples of 2^20: adding this and taking it away rounds to a
 * multiple of the base (53 bits of mantissa). */
const ROUND = 3 * powerOfTwo(71);

/** One array literal, because each statement and each name costs the interpreter more than all of
 * the arithmetic. carried is the multiple of 2^20 that a limb hands on. */
function carry(raw: Raw): Limbs {
  let carried = raw[12] + ROUND - ROUND;
  const top = carried;
  let x = 0;
  const limbs: Limbs = [
    (x = raw[0] + carried * WRAP * SMALL) - (carried = x + ROUND - ROUND),
    (x = raw[1] + carried * SMALL) - (carried = x + ROUND - ROUND),
    (x = raw[2] + carried * SMALL) - (carried = x + ROUND - ROUND),
    (x = raw[3] + carried * SMALL) - (carried = x + ROUND - ROUND),
    (x = raw[4] + carried * SMALL) - (carried = x + ROUND - ROUND),
    (x = raw[5] + carried * SMALL) - (carried = x + ROUND - ROUND),
    (x = raw[6] + carried * SMALL) - (carried = x + ROUND - ROUND),
    (x = raw[7] + carried * SMALL) - (carried = x + ROUND - ROUND),
    (x = raw[8] + carried * SMALL) - (carried = x + ROUND - ROUND),
    (x = raw[9] + carried * SMALL) - (carried = x + ROUND - ROUND),
    (x = raw[10] + carried * SMALL) - (carried = x + ROUND - ROUND),
    (x = raw[11] + carried * SMALL) - (carried = x + ROUND - ROUND),
    (x = raw[12] - top + carried * SMALL),
  ];
  carried = x + ROUND - ROUND;
  limbs[12] = x - carried;
  limbs[0] += carried * WRAP * SMALL;
  return limbs;
}

/** Sums of a number and, from 13 places on, another: as it is, and with its sign turned. */
const PLUS = [1].concat(TWELVE_ZEROS, 1);
const MINUS = [1].concat(TWELVE_ZEROS, -1);

export function createField(convolve: Board["convolve"]): Field {
  const wrap = [WRAP];
  const minusOne = [-1];
  // map hands each offset to the native convolution: no interpreted code inside.
  function mulRaw(left: number[], right: Factor): Raw {
    return OFFSETS.map(convolve.bind(undefined, left, right)) as Raw;
  }
  function factorOf(limbs: Limbs): Factor {
    const wrapped = WRAP_OFFSETS.map(convolve.bind(undefined, wrap, limbs));
    // oxlint-disable-next-line unicorn/no-array-reverse -- Espruino has no toReversed
    return limbs.slice().reverse().concat(wrapped);
  }
  return {
    factorOf: factorOf,
    mulRaw: mulRaw,
    mul: (a, b) => carry(mulRaw(a, factorOf(b))),
    negate: (limbs) => UPWARDS.map(convolve.bind(undefined, minusOne, limbs)) as Limbs,
    addRaw: function (base, raw, sign) {
      const sum = convolve.bind(undefined, sign < 0 ? MINUS : PLUS, base.concat(raw));
      return carry(UPWARDS.map(sum) as Raw);
    },
    carry: carry,
  };
}

/** The number from 0 to 2^255 - 20 that limbs stand for, in 32 bytes, the lowest first (RFC 8032
 * section 5.1.2). */
export function bytesOf(limbs: Limbs): Bytes {
  const digits = carry(carry(limbs));
  // What is carried out at the top, below zero or above 2^260, comes round times 608.
  for (let round = 0; round < 3; round++) {
    const over = settle(digits);
    digits[0] += over * WRAP;
  }
  // The top limb holds 5 bits above 2^255, which is 19.
  for (let round = 0; round < 2; round++) {
    digits[0] += (digits[12] >> 15) * 19;
    digits[12] &= TOP_LIMB_MAX - 1;
    settle(digits);
  }
  return bytesPacked(withoutModulus(digits));
}

/** Makes every limb one from 0 to 2^20 - 1 and gives what is left over at the top. */
function settle(digits: Limbs): number {
  let carried = 0;
  for (let i = 0; i < LIMBS; i++) {
    const x = (digits[i] as number) + carried;
    carried = Math.floor(x * SMALL);
    digits[i] = x - carried * BASE;
  }
  return carried;
}

/** Takes 2^255 - 19 away once where that leaves nothing below zero: adding 19 reaches 2^255 then. */
function withoutModulus(digits: Limbs): Limbs {
  const less = digits.slice() as Limbs;
  less[0] += 19;
  settle(less);
  if (less[12] < TOP_LIMB_MAX) return digits;
  less[12] -= TOP_LIMB_MAX;
  return less;
}

function bytesPacked(digits: Limbs): Bytes {
  const bytes = new Uint8Array(BYTES);
  let held = 0;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < LIMBS; i++) {
    held += (digits[i] as number) << bits;
    bits += BASE_BITS;
    while (bits >= 8 && at < BYTES) {
      bytes[at++] = held;
      held >>= 8;
      bits -= 8;
    }
  }
  return bytes;
}
