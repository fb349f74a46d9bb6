// Signs at the tap in well under a millisecond of Espruino for Linux: Ed25519 (RFC 8032 section
// 5.1.6) with the one-time nonce r chosen ahead and its point R = rB made by the host, so that S =
// r + H(R,A,M) a mod L remains. The signature is an ordinary Ed25519 signature. Whoever signs twice
// with one nonce gives the key away: nonces.ts.

import type { Bytes } from "#protocol/bytes.ts";
import { copyBytes, fromLatin1, writeU32 } from "#protocol/bytes.ts";
import type { Board } from "./board.ts";

/** table: TABLE_WORDS words, 8 columns of 66: see provision/table.ts, which makes it from the
 * private scalar. */
export type SignerKeys = { publicKey: Bytes; nonceSeed: Bytes; epoch: number; table: Int32Array };
/** index and point are what nonces.take() gave for the hash of message. Gives R and S, 64 bytes. */
export type Signer = {
  sign(index: number, point: Bytes, message: Bytes): Bytes;
  /** The nonce r of an index modulo L, 32 bytes, the lowest first: the terminal makes its point. */
  scalarOf(index: number): Bytes;
  /** What is left of 64 bytes, the lowest first, divided by L: 32 bytes. */
  moduloL(hash: Bytes): Bytes;
};

export const DIGITS = 8;
/** 32 words of H(R,A,M), 32 of r, 2 of the quotient. */
export const ROWS = 66;
export const TABLE_WORDS = DIGITS * ROWS;

const NONCE_AT = 32;
const QUOTIENT_AT = 64;
const POINT_BYTES = 32;
const NONCE_LABEL = fromLatin1("nonce");
const EPOCH_AT = 37;
const INDEX_AT = 41;
const TWO_32 = 4294967296;
/** L = 2^252 + 2^124.4...: a value below 2^252 has a top digit below this. */
const TOP_DIGIT_MAX = 268435456;
const NEGATIVE_TOP_DIGIT = 2147483648;

/** What SHA-512 makes the nonce of an index from, with room for the index in its last 4 bytes:
 * "nonce", the seed, the epoch and the index (32 bits each, the highest byte first). */
function nonceInput(nonceSeed: Bytes, epoch: number): Bytes {
  const input = new Uint8Array(INDEX_AT + 4);
  input.set(NONCE_LABEL, 0);
  input.set(nonceSeed, NONCE_LABEL.length);
  writeU32(input, EPOCH_AT, epoch);
  return input;
}

/** The nonce of index, not yet reduced modulo L; the host makes its points from the same. */
export function nonceOf(
  sha512: Board["sha512"],
  nonceSeed: Bytes,
  epoch: number,
  index: number,
): Bytes {
  const input = nonceInput(nonceSeed, epoch);
  writeU32(input, INDEX_AT, index);
  return sha512(input);
}

export function createSigner(board: Pick<Board, "sha512" | "convolve">, keys: SignerKeys): Signer {
  if (keys.table.length !== TABLE_WORDS)
    throw new Error("signer: the table has " + keys.table.length + " words, not " + TABLE_WORDS);
  const sha512 = board.sha512;
  const words = new Uint16Array(ROWS);
  const nonce = nonceInput(keys.nonceSeed, keys.epoch);
  const digits = new Uint32Array(DIGITS);
  const columns: Int32Array[] = [];
  for (let i = 0; i < DIGITS; i++) columns.push(keys.table.subarray(i * ROWS, (i + 1) * ROWS));
  const column6 = columns[6] as Int32Array;
  const column7 = columns[7] as Int32Array;
  const convolve = board.convolve;
  // `map` hands a column and its number to the native convolution as b and offset: no interpreted
  // code inside.
  const sumColumn = convolve.bind(undefined, words);

  /** Sets digits to sum - quotient * L, in base 2^32, and gives the top one. Each column sum is
   * below 2^53. */
  function subtractMultiple(quotient: number): number {
    words[QUOTIENT_AT] = quotient;
    words[QUOTIENT_AT + 1] = quotient >> 16;
    const sums = columns.map(sumColumn);
    let carry = 0;
    for (let i = 0; i < DIGITS; i++) {
      const sum = (sums[i] as number) + carry;
      digits[i] = sum;
      carry = (sum - (digits[i] as number)) / TWO_32;
    }
    return digits[7] as number;
  }

  /** The quotient by L, from the two top columns alone: exact, or off by one once in about 2^30
   * signatures. */
  function estimateQuotient(): number {
    words[QUOTIENT_AT] = 0;
    words[QUOTIENT_AT + 1] = 0;
    return Math.floor(
      convolve(words, column7, 7) / TOP_DIGIT_MAX +
        convolve(words, column6, 6) / (TOP_DIGIT_MAX * TWO_32),
    );
  }

  function reduce(): void {
    const quotient = estimateQuotient();
    let top = subtractMultiple(quotient);
    // Same nonce and same message: doing it again with the neighbour gives nothing away.
    if (top >= TOP_DIGIT_MAX)
      top = subtractMultiple(top >= NEGATIVE_TOP_DIGIT ? quotient - 1 : quotient + 1);
    if (top >= TOP_DIGIT_MAX) throw new Error("signer: no quotient near " + quotient + " fits");
  }

  function moduloL(hash: Bytes): Bytes {
    words.fill(0);
    words.set(wordsOf(hash), NONCE_AT);
    reduce();
    return copyBytes(new Uint8Array(digits.buffer), 0, POINT_BYTES);
  }

  return {
    sign(index: number, point: Bytes, message: Bytes): Bytes {
      const hashed = new Uint8Array(2 * POINT_BYTES + message.length);
      hashed.set(point, 0);
      hashed.set(keys.publicKey, POINT_BYTES);
      hashed.set(message, 2 * POINT_BYTES);
      writeU32(nonce, INDEX_AT, index);
      words.set(wordsOf(sha512(hashed)), 0);
      words.set(wordsOf(sha512(nonce)), NONCE_AT);
      reduce();
      const signature = new Uint8Array(64);
      signature.set(point, 0);
      signature.set(new Uint8Array(digits.buffer), POINT_BYTES);
      return signature;
    },
    scalarOf(index: number): Bytes {
      writeU32(nonce, INDEX_AT, index);
      return moduloL(sha512(nonce));
    },
    moduloL: moduloL,
  };
}

/** Little-endian, as RFC 8032 reads numbers and as every processor we run on stores them. */
function wordsOf(hash: Bytes): Uint16Array {
  return new Uint16Array(hash.buffer, hash.byteOffset, 32);
}
