// The protocol's primitives and the check of an Ed25519 signature, from the runtime's native code.
// Never a JavaScript implementation: tweetnacl checks 100 to 200 signatures a second here, this
// 16,000.

import type { KeyObject } from "node:crypto";
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPublicKey,
  createSecretKey,
  verify,
} from "node:crypto";
import type { Bytes, Primitives } from "#protocol/bytes.ts";

/** A view, not a copy: without the Buffer prototype, so that only Uint8Array's rules apply. */
function bytesOf(buffer: Buffer): Bytes {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}

export function sha256(data: Bytes | string): Bytes {
  return bytesOf(createHash("sha256").update(data).digest());
}

/** Keys as the runtime wants them, for as long as their bytes are held: made anew for each message they
 * cost three times what they do. */
const secretKeys = new WeakMap<Bytes, KeyObject>();

function secretKey(bytes: Bytes): KeyObject {
  const key = secretKeys.get(bytes) ?? createSecretKey(bytes);
  secretKeys.set(bytes, key);
  return key;
}

/** The bytes of a key must not change. */
export const primitives: Primitives = {
  sha256,
  hmacSha256: (key, data) => bytesOf(createHmac("sha256", secretKey(key)).update(data).digest()),
  encryptCbc(key, iv, data) {
    const cipher = createCipheriv("aes-128-cbc", secretKey(key), iv).setAutoPadding(false);
    return bytesOf(Buffer.concat([cipher.update(data), cipher.final()]));
  },
  decryptCbc(key, iv, data) {
    const decipher = createDecipheriv("aes-128-cbc", secretKey(key), iv).setAutoPadding(false);
    return bytesOf(Buffer.concat([decipher.update(data), decipher.final()]));
  },
};

/** A public key of 32 bytes (RFC 8032 section 5.1.2), ready for verifySignature. Throws on any
 * other length. */
export function importPublicKey(publicKey: Bytes): KeyObject {
  const x = Buffer.from(publicKey).toString("base64url");
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
}

export function verifySignature(key: KeyObject, message: Bytes, signature: Bytes): boolean {
  return verify(null, message, key, signature);
}
