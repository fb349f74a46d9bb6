// The one-time nonces: burn first, then sign. Two messages under one nonce give the private key to
// anybody who holds both tokens, so an index is spent by one flash write that also says for which
// message, before a signature exists. No pool is ever restarted at 0: without a sound burn map the
// terminal signs nothing until it is provisioned again.

import type { Bytes } from "#protocol/bytes.ts";
import { copyBytes } from "#protocol/bytes.ts";
import type { Board, FlashRegion } from "./board.ts";
import type { Sha256 } from "./flash.ts";
import { isBlank, isErased, isSame, writeChecked } from "./flash.ts";
import {
  BURN_MAGIC,
  HEADER_BYTES,
  INTENT_BYTES,
  POINT_BYTES,
  POINT_RECORD_BYTES,
  POOL_MAGIC,
  SLOT_BYTES,
  encodeRecord,
  poolIdOf,
  readHeader,
} from "./pool.ts";

export type NonceFault =
  | "pool-missing"
  | "pool-damaged"
  | "pool-foreign"
  | "burn-map-missing"
  | "burn-map-damaged"
  | "burn-map-foreign"
  | "burn-map-behind";

export type Nonces = {
  /** How many indices can still sign. */
  left(): number;
  /** The index that the next entry must carry; throws when none is left. */
  next(): number;
  /** Burns the next index for the message of this SHA-256 and gives what signs it. The same message
   * again gets the same index again, any other message another one. Throws, with nothing signed,
   * when the flash does not take the burn or the point is damaged. */
  take(messageHash: Bytes): { index: number; point: Bytes };
};
export type OpenedNonces = { ok: true; nonces: Nonces } | { ok: false; fault: NonceFault };

/** lastNonce is the index in the newest entry of the journal, -1 without one: a burn map that does
 * not know of it has been lost or put back. */
export type NonceSource = {
  files: Board["files"];
  burn: FlashRegion;
  sha256: Sha256;
  nonceSeed: Bytes;
  epoch: number;
  lastNonce: number;
};

export function openNonces(source: NonceSource): OpenedNonces {
  const poolId = poolIdOf(source.sha256, source.nonceSeed, source.epoch);
  const pool = source.files.read("pool", 0, HEADER_BYTES);
  if (!pool) return { ok: false, fault: "pool-missing" };
  const poolHeader = readHeader(source.sha256, POOL_MAGIC, pool);
  if (!poolHeader) return { ok: false, fault: "pool-damaged" };
  if (!isSame(poolHeader.poolId, poolId)) return { ok: false, fault: "pool-foreign" };
  const map = source.burn.read(0, HEADER_BYTES);
  if (isBlank(map)) return { ok: false, fault: "burn-map-missing" };
  const mapHeader = readHeader(source.sha256, BURN_MAGIC, map);
  if (!mapHeader) return { ok: false, fault: "burn-map-damaged" };
  if (!isSame(mapHeader.poolId, poolId)) return { ok: false, fault: "burn-map-foreign" };
  const slots = Math.floor((source.burn.pageBytes * source.burn.pages) / SLOT_BYTES) - 1;
  const count = Math.min(poolHeader.count, slots);
  const next = countBurnt(source.burn, count);
  if (!isErasedFrom(source, next, slots)) return { ok: false, fault: "burn-map-damaged" };
  if (source.lastNonce >= next) return { ok: false, fault: "burn-map-behind" };
  return { ok: true, nonces: createNonces(source, poolId, count, next) };
}

function slotOffset(index: number): number {
  return HEADER_BYTES + index * SLOT_BYTES;
}

/** Indices are burnt in order, so the first blank slot is found by halves. A slot that a power cut
 * left half written is not blank: nothing was signed under it, and nothing will be. */
function countBurnt(burn: FlashRegion, count: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBlank(burn.read(slotOffset(middle), SLOT_BYTES))) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A burnt slot behind a blank one means that part of the map was erased. */
function isErasedFrom(source: NonceSource, next: number, slots: number): boolean {
  return isErased(
    source.sha256,
    source.burn,
    slotOffset(next),
    slotOffset(slots) - slotOffset(next),
  );
}

function createNonces(source: NonceSource, poolId: Bytes, count: number, burnt: number): Nonces {
  const sha256 = source.sha256;
  let next = burnt;
  let intent = intentOf(source, poolId, burnt - 1);

  function pointOf(index: number): Bytes {
    const offset = HEADER_BYTES + index * POINT_RECORD_BYTES;
    const record = source.files.read("pool", offset, POINT_RECORD_BYTES);
    const point = record ? copyBytes(record, 0, POINT_BYTES) : undefined;
    if (!record || !point || !isSame(encodeRecord(sha256, poolId, index, point), record))
      throw new Error("nonces: point " + index + " is damaged");
    return point;
  }

  return {
    left(): number {
      return count - next;
    },
    next(): number {
      if (next >= count) throw new Error("nonces: all " + count + " are used");
      return next;
    },
    take(messageHash: Bytes): { index: number; point: Bytes } {
      const wanted = copyBytes(messageHash, 0, INTENT_BYTES);
      if (intent && isSame(intent, wanted)) return { index: next - 1, point: pointOf(next - 1) };
      if (next >= count) throw new Error("nonces: all " + count + " are used");
      const index = next;
      const point = pointOf(index);
      // From here on the index is spent, whatever happens.
      next++;
      intent = undefined;
      const slot = encodeRecord(sha256, poolId, index, wanted);
      writeChecked(sha256, source.burn, slotOffset(index), slot, "nonces: burn of " + index);
      intent = wanted;
      return { index: index, point: point };
    },
  };
}

/** The message that the last burnt index was spent for; undefined when its slot is only half
 * written. */
function intentOf(source: NonceSource, poolId: Bytes, index: number): Bytes | undefined {
  if (index < 0) return undefined;
  const slot = source.burn.read(slotOffset(index), SLOT_BYTES);
  const intent = copyBytes(slot, 0, INTENT_BYTES);
  return isSame(encodeRecord(source.sha256, poolId, index, intent), slot) ? intent : undefined;
}
