// The file "comb" of a terminal: the multiples of the base point from which it makes the points of
// its own nonces when it is idle (firmware/curve/comb.ts). The same for every terminal, no secret.

import { DIGIT_MAX, ROUNDS, TEETH, WINDOW_BITS } from "#firmware/curve/comb.ts";
import { LIMBS } from "#firmware/curve/field.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { concat } from "#protocol/bytes.ts";
import { basePoints } from "./curve.ts";

const LIMB_BITS = 20n;
const LIMB = 1n << LIMB_BITS;

let made: Bytes | undefined;

export function combTable(): Bytes {
  made ??= makeComb();
  return made;
}

function makeComb(): Bytes {
  const scalars: bigint[] = [];
  for (let tooth = 0; tooth < TEETH; tooth++)
    for (let digit = 1; digit <= DIGIT_MAX; digit++)
      scalars.push(BigInt(digit) << BigInt(WINDOW_BITS * ROUNDS * tooth));
  return concat(basePoints(scalars).map(encodeEntry));
}

/** A point as the terminal adds it (firmware/curve/comb.ts). */
export function encodeEntry({ x, y, dxy }: { x: bigint; y: bigint; dxy: bigint }): Bytes {
  return new Uint8Array(Int32Array.from([x, y, dxy].flatMap(limbsOf)).buffer);
}

/** 13 limbs from -2^19 to 2^19 - 1; the highest takes what is left. */
function limbsOf(value: bigint): number[] {
  const limbs: number[] = [];
  let rest = value;
  for (let i = 0; i < LIMBS; i++) {
    let limb = rest % LIMB;
    if (limb >= LIMB / 2n && i < LIMBS - 1) limb -= LIMB;
    limbs.push(Number(limb));
    rest = (rest - limb) / LIMB;
  }
  return limbs;
}
