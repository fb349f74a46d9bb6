// Random numbers for cards. Espruino's own repeat after each start on an ESP32, and whoever has
// recorded one tap could then pass for that card without its key. These follow from a secret of the
// box and the number of the start, which is stored before it is used: foreseeable to nobody
// outside, and never the same twice. A generator in the manner of Hash_DRBG (NIST SP 800-90A
// section 10.1.1), a hash for each draw.

import type { Bytes } from "#protocol/bytes.ts";
import { concat, copyBytes, fromLatin1, writeU32 } from "#protocol/bytes.ts";
import type { Board } from "./board.ts";

/** number counts the challenges of this start, from 1: the counter of a token's proof. */
export type Challenge = { number: number; bytes: Bytes };
export type Challenges = { draw(): Challenge };

const CHALLENGE_BYTES = 16;
const STATE_BYTES = 32;
const NOISE_WORDS_AT_START = 16;

/** secret: 32 bytes, of this box alone; boot: the number of this start. Noise of the board's
 * radio comes in where it has any, and nothing rests on it. */
export function createChallenges(
  board: Pick<Board, "sha512" | "noise">,
  secret: Bytes,
  boot: number,
): Challenges {
  let count = 0;
  const start = concat([
    fromLatin1("obole/1/challenges"),
    secret,
    wordOf(boot),
    noiseOf(board, NOISE_WORDS_AT_START),
  ]);
  // The other half of each hash is given out: what is kept never leaves, and does not tell what was
  // drawn before.
  let state = copyBytes(board.sha512(start), 0, STATE_BYTES);
  return {
    draw: function () {
      count++;
      const block = board.sha512(concat([state, wordOf(count), noiseOf(board, 1)]));
      state = copyBytes(block, 0, STATE_BYTES);
      return { number: count, bytes: copyBytes(block, STATE_BYTES, CHALLENGE_BYTES) };
    },
  };
}

function noiseOf(board: Pick<Board, "noise">, words: number): Bytes {
  if (!board.noise) return new Uint8Array(0);
  const noise = new Uint8Array(words * 4);
  for (let word = 0; word < words; word++) writeU32(noise, word * 4, board.noise());
  return noise;
}

function wordOf(value: number): Bytes {
  const word = new Uint8Array(4);
  writeU32(word, 0, value);
  return word;
}
