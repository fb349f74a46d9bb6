// Layout of the nonce pool (file "pool") and of the burn map (region burn), which provisioning writes
// and nonces.ts reads, and of the pages that the terminal adds (nonce-pages.ts). Each begins with a
// header that names the seed and epoch it belongs to, so that a pool never meets a foreign map.

import type { Bytes } from "#protocol/bytes.ts";
import { copyBytes, readU32, writeU32 } from "#protocol/bytes.ts";
import type { Sha256 } from "./flash.ts";
import { checkOf } from "./flash.ts";

// header: magic (4) | count (4) | pool id (20) | check (4).
// pool: count times point (32) | check (4).
// burn map: count slots of message hash (28) | check (4), blank until burnt.
// page of region points: first index in place of the count; as many points as fit beside their
// slots, then those slots.
export const POOL_MAGIC = 0x4f425031;
export const BURN_MAGIC = 0x4f424231;
export const POINTS_MAGIC = 0x4f425231;
export const HEADER_BYTES = 32;
export const POINT_BYTES = 32;
export const POINT_RECORD_BYTES = 36;
export const SLOT_BYTES = 32;
export const INTENT_BYTES = 28;
const POOL_ID_AT = 8;
const POOL_ID_BYTES = 20;
const CHECK_AT = 28;

/** Names a seed and epoch without telling the seed. */
export function poolIdOf(sha256: Sha256, nonceSeed: Bytes, epoch: number): Bytes {
  const data = new Uint8Array(nonceSeed.length + 4);
  data.set(nonceSeed, 0);
  writeU32(data, nonceSeed.length, epoch);
  return copyBytes(sha256(data), 0, POOL_ID_BYTES);
}

export function encodeHeader(sha256: Sha256, magic: number, count: number, poolId: Bytes): Bytes {
  const header = new Uint8Array(HEADER_BYTES);
  writeU32(header, 0, magic);
  writeU32(header, 4, count);
  header.set(poolId, POOL_ID_AT);
  writeU32(header, CHECK_AT, checkOf(sha256, header.subarray(0, CHECK_AT)));
  return header;
}

/** undefined when header is not one of this magic, whole and undamaged. */
export function readHeader(
  sha256: Sha256,
  magic: number,
  header: Bytes | undefined,
): { count: number; poolId: Bytes } | undefined {
  if (!header || header.length !== HEADER_BYTES || readU32(header, 0) !== magic) return undefined;
  if (readU32(header, CHECK_AT) !== checkOf(sha256, header.subarray(0, CHECK_AT))) return undefined;
  return { count: readU32(header, 4), poolId: copyBytes(header, POOL_ID_AT, POOL_ID_BYTES) };
}

/** value, a point or the start of a message hash, with a check that holds for this pool and index
 * only. */
export function encodeRecord(sha256: Sha256, poolId: Bytes, index: number, value: Bytes): Bytes {
  const data = new Uint8Array(POOL_ID_BYTES + 4 + value.length);
  data.set(poolId, 0);
  writeU32(data, POOL_ID_BYTES, index);
  data.set(value, POOL_ID_BYTES + 4);
  const record = new Uint8Array(value.length + 4);
  record.set(value, 0);
  writeU32(record, value.length, checkOf(sha256, data));
  return record;
}
