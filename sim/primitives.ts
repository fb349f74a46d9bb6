// The protocol's cryptographic primitives from node:crypto, for everything that runs in Node.

import { createCipheriv, createDecipheriv, createHash, createHmac } from "node:crypto";
import type { Bytes, Primitives } from "#protocol/bytes.ts";

const bytes = (buffer: Buffer): Bytes =>
  new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);

export const nodePrimitives: Primitives = {
  sha256: (data) => bytes(createHash("sha256").update(data).digest()),
  hmacSha256: (key, data) => bytes(createHmac("sha256", key).update(data).digest()),
  encryptCbc(key, iv, data) {
    const cipher = createCipheriv("aes-128-cbc", key, iv).setAutoPadding(false);
    return bytes(Buffer.concat([cipher.update(data), cipher.final()]));
  },
  decryptCbc(key, iv, data) {
    const decipher = createDecipheriv("aes-128-cbc", key, iv).setAutoPadding(false);
    return bytes(Buffer.concat([decipher.update(data), decipher.final()]));
  },
};

/** With a buffer of its own, so that a typed array of wider words can be laid over it. */
export const sha512 = (data: Bytes): Bytes =>
  new Uint8Array(createHash("sha512").update(data).digest());

/** Bytes that look random and are the same in each run with this seed: for emulated cards in
 * tests. */
export function randomOf(seed: number): (length: number) => Bytes {
  let count = 0;
  return (length) => {
    const block = createHash("sha512").update(`${seed}/${++count}`).digest();
    return bytes(block).slice(0, length);
  };
}
