// The protocol's primitives with keys that Node has taken in once: given as bytes, a key costs more at each message than
// the message itself (a fifth of all time, measured).

import type { KeyObject } from "node:crypto";
import { createCipheriv, createDecipheriv, createHmac, createSecretKey } from "node:crypto";
import type { Bytes, Primitives } from "#protocol/bytes.ts";
import { nodePrimitives } from "#sim/primitives.ts";

const known = new WeakMap<Bytes, KeyObject>();

function keyOf(key: Bytes): KeyObject {
  const taken = known.get(key) ?? createSecretKey(key);
  known.set(key, taken);
  return taken;
}

const bytes = (buffer: Buffer): Bytes =>
  new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);

export const ciphers: Primitives = {
  sha256: nodePrimitives.sha256,
  hmacSha256: (key, data) => bytes(createHmac("sha256", keyOf(key)).update(data).digest()),
  encryptCbc(key, iv, data) {
    const cipher = createCipheriv("aes-128-cbc", keyOf(key), iv).setAutoPadding(false);
    return bytes(Buffer.concat([cipher.update(data), cipher.final()]));
  },
  decryptCbc(key, iv, data) {
    const cipher = createDecipheriv("aes-128-cbc", keyOf(key), iv).setAutoPadding(false);
    return bytes(Buffer.concat([cipher.update(data), cipher.final()]));
  },
};
