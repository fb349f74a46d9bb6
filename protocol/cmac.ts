// AES-CMAC (RFC 4493, NIST SP 800-38B): the MAC with which cards prove themselves and from which
// their keys are derived. The whole message goes through one native CBC call; its last block is the
// MAC.

import type { Bytes, Primitives } from "./bytes.ts";
import { copyBytes } from "./bytes.ts";

export const CMAC_BYTES = 16;
const BLOCK = 16;
const ZEROS = new Uint8Array(BLOCK);
/** R_128 of SP 800-38B section 5.3. */
const REDUCTION = 0x87;
const END_OF_MESSAGE = 0x80;

/** key has 16 bytes, message any number; the MAC has 16. */
export function cmac(encryptCbc: Primitives["encryptCbc"], key: Bytes, message: Bytes): Bytes {
  const length = message.length;
  const isWhole = length > 0 && length % BLOCK === 0;
  const padded = new Uint8Array(isWhole ? length : length - (length % BLOCK) + BLOCK);
  padded.set(message, 0);
  if (!isWhole) padded[length] = END_OF_MESSAGE;
  const first = doubled(encryptCbc(key, ZEROS, ZEROS));
  const subkey = isWhole ? first : doubled(first);
  const last = padded.length - BLOCK;
  for (let i = 0; i < BLOCK; i++)
    padded[last + i] = (padded[last + i] as number) ^ (subkey[i] as number);
  return copyBytes(encryptCbc(key, ZEROS, padded), last, BLOCK);
}

/** Times x in GF(2^128): RFC 4493 section 2.3. */
function doubled(block: Bytes): Bytes {
  const result = new Uint8Array(BLOCK);
  for (let i = 0; i < BLOCK; i++)
    result[i] = ((block[i] as number) << 1) | (((block[i + 1] as number) || 0) >> 7);
  if ((block[0] as number) & 0x80) result[BLOCK - 1] = (result[BLOCK - 1] as number) ^ REDUCTION;
  return result;
}
