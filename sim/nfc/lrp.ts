// The leakage-resilient mode of an NTAG 424 DNA (NXP AN12304, AN12321), as far as its
// authentication: nothing in Obole uses it, and the published exchange of the fixture is checked
// with it. Written in the terminal's language.

import type { Bytes, Primitives } from "#protocol/bytes.ts";
import { concat, copyBytes } from "#protocol/bytes.ts";

type Encrypt = Primitives["encryptCbc"];

const BLOCK = 16;
const ZEROS = new Uint8Array(BLOCK);
const HIGH = filled(0xaa);
const LOW = filled(0x55);

/** plaintexts: one for each nibble; keys: for MACs and for encryption (AN12304 section 3.1). */
export type Lrp = { plaintexts: Bytes[]; keys: Bytes[] };

function filled(value: number): Bytes {
  return new Uint8Array(BLOCK).fill(value);
}

export function openLrp(encryptCbc: Encrypt, key: Bytes): Lrp {
  const lrp: Lrp = { plaintexts: [], keys: [] };
  let state = encryptCbc(key, ZEROS, LOW);
  for (let i = 0; i < 16; i++) {
    lrp.plaintexts.push(encryptCbc(state, ZEROS, HIGH));
    state = encryptCbc(state, ZEROS, LOW);
  }
  state = encryptCbc(key, ZEROS, HIGH);
  for (let i = 0; i < 2; i++) {
    lrp.keys.push(encryptCbc(state, ZEROS, HIGH));
    state = encryptCbc(state, ZEROS, LOW);
  }
  return lrp;
}

/** AN12304 section 3.2: nibble after nibble, the higher of a byte first. */
export function evaluate(encryptCbc: Encrypt, lrp: Lrp, key: number, input: Bytes): Bytes {
  let state = lrp.keys[key] as Bytes;
  for (let i = 0; i < input.length * 2; i++) {
    const byte = input[i >> 1] as number;
    const nibble = i & 1 ? byte & 15 : byte >> 4;
    state = encryptCbc(state, ZEROS, lrp.plaintexts[nibble] as Bytes);
  }
  return encryptCbc(state, ZEROS, ZEROS);
}

/** CMAC with that in the place of AES (AN12304 section 3.4). */
export function cmacLrp(encryptCbc: Encrypt, lrp: Lrp, message: Bytes): Bytes {
  const isWhole = message.length > 0 && message.length % BLOCK === 0;
  const padded = new Uint8Array(
    isWhole ? message.length : message.length - (message.length % BLOCK) + BLOCK,
  );
  padded.set(message, 0);
  if (!isWhole) padded[message.length] = 0x80;
  let subkey = doubled(evaluate(encryptCbc, lrp, 0, ZEROS));
  if (!isWhole) subkey = doubled(subkey);
  let state: Bytes = ZEROS;
  for (let at = 0; at < padded.length; at += BLOCK) {
    let block = mixed(copyBytes(padded, at, BLOCK), state);
    if (at + BLOCK === padded.length) block = mixed(block, subkey);
    state = evaluate(encryptCbc, lrp, 0, block);
  }
  return state;
}

function doubled(block: Bytes): Bytes {
  const result = new Uint8Array(BLOCK);
  for (let i = 0; i < BLOCK; i++)
    result[i] = ((block[i] as number) << 1) | (((block[i + 1] as number) || 0) >> 7);
  if ((block[0] as number) & 0x80) result[BLOCK - 1] = (result[BLOCK - 1] as number) ^ 0x87;
  return result;
}

function mixed(a: Bytes, b: Bytes): Bytes {
  const result = new Uint8Array(BLOCK);
  for (let i = 0; i < BLOCK; i++) result[i] = (a[i] as number) ^ (b[i] as number);
  return result;
}

/** The session vector of AN12321 section 4.2. */
export function sessionVectorLrp(rndA: Bytes, rndB: Bytes): Bytes {
  const middle = copyBytes(rndA, 2, 6);
  for (let i = 0; i < 6; i++) middle[i] = (middle[i] as number) ^ (rndB[i] as number);
  return concat([
    new Uint8Array([0x00, 0x01, 0x00, 0x80]),
    rndA.subarray(0, 2),
    middle,
    rndB.subarray(6, BLOCK),
    rndA.subarray(8, BLOCK),
    new Uint8Array([0x96, 0x69]),
  ]);
}
