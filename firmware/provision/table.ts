// The table from which the terminal signs (firmware/signer.ts): multiples of the private scalar and
// of 1 modulo L in signed digits to the base 2^32, laid out so that one native convolution sums a
// column. It holds the private key.

import { DIGITS, ROWS, TABLE_WORDS } from "#firmware/signer.ts";
import { L } from "./curve.ts";

const DIGIT = 1n << 32n;
const HALF_DIGIT = 1n << 31n;
const WORD_BITS = 16;
const WORD_MAX = 65535;
const HASH_WORDS = 32;
/** Doubles are exact below. */
const EXACT_MAX = 2 ** 53;

/** value modulo 2^256 in digits from -2^31 to 2^31 - 1, the lowest first. What a ninth digit would
 * hold may go: the sum that comes out in the end is below 2^252. */
function balancedDigits(value: bigint): number[] {
  const digits: number[] = [];
  let rest = value;
  for (let i = 0; i < DIGITS; i++) {
    let digit = ((rest % DIGIT) + DIGIT) % DIGIT;
    if (digit >= HALF_DIGIT) digit -= DIGIT;
    digits.push(Number(digit));
    rest = (rest - digit) / DIGIT;
  }
  return digits;
}

function rowsOf(scalar: bigint): number[][] {
  const rows: number[][] = [];
  for (const factor of [scalar, 1n])
    for (let word = 0; word < HASH_WORDS; word++)
      rows.push(balancedDigits((factor << BigInt(WORD_BITS * word)) % L));
  rows.push(balancedDigits(-L));
  rows.push(balancedDigits(-L << BigInt(WORD_BITS)));
  return rows;
}

/** 8 columns of 66 words; column j is turned by j, because `map` gives the convolution j as its
 * offset. Asserts that no sum of a column times any words can leave the exact range of doubles. */
export function makeSigningTable(scalar: bigint): Int32Array {
  const table = new Int32Array(TABLE_WORDS);
  const rows = rowsOf(scalar);
  for (let column = 0; column < DIGITS; column++) {
    let sumMax = 0;
    rows.forEach((row, i) => {
      const digit = row[column] as number;
      const at = column * ROWS + ((i + column) % ROWS);
      table[at] = digit;
      if (table[at] !== digit) throw new Error("table: digit " + digit + " does not fit a word");
      sumMax += Math.abs(digit) * WORD_MAX;
    });
    if (sumMax >= EXACT_MAX) throw new Error("table: column " + column + " can reach " + sumMax);
  }
  return table;
}
