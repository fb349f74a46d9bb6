// The file "release" of a terminal: the public key of the office that signs firmware, and its point, decoded here where
// a root costs nothing (RFC 8032 section 5.1.3), so that the terminal only adds and doubles. No secret.

import type { Bytes } from "#protocol/bytes.ts";
import { concat, toHex } from "#protocol/bytes.ts";
import { encodeEntry } from "./comb-table.ts";
import { decodePoint } from "./curve.ts";

/** Throws when these 32 bytes are no point, or one of small order: then anybody's signature would do. */
export function releaseKeyFile(publicKey: Bytes): Bytes {
  const point = publicKey.length === 32 ? decodePoint(publicKey) : undefined;
  if (!point) throw new Error(`provision: ${toHex(publicKey)} is no Ed25519 public key`);
  return concat([publicKey, encodeEntry(point)]);
}
