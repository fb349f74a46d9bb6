// The file "comb" of a terminal: the multiples of the base point from which it makes the points of
// its own nonces when it is idle (firmware/curve/comb.ts). The same for every terminal, no secret.

import { DIGIT_MAX, WINDOWS, WINDOW_BITS } from "#firmware/curve/comb.ts";
import { LIMBS } from "#firmware/curve/field.ts";
import type { Bytes } from "#protocol/bytes.ts";
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
  for (let window = 0; window < WINDOWS; window++)
    for (let digit = 1; digit <= DIGIT_MAX; digit++)
      scalars.push(BigInt(digit) << BigInt(WINDOW_BITS * window));
  const words = basePoints(scalars).flatMap(({ x, y, dxy }) => [x, y, dxy].flatMap(limbsOf));
  return new Uint8Array(Int32Array.from(words).buffer);
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
