// A run of nonce indices that lie together in flash: their points, and a burn slot for each. The
// first run is the pool of the host with region burn; every page of region points is another.

import type { Bytes } from "#protocol/bytes.ts";
import { copyBytes } from "#protocol/bytes.ts";
import type { FlashRegion } from "./board.ts";
import type { Sha256 } from "./flash.ts";
import { isBlank, isErased, isSame, writeChecked } from "./flash.ts";
import { INTENT_BYTES, POINT_BYTES, SLOT_BYTES, encodeRecord } from "./pool.ts";

/** The pool that a record belongs to, as its check says (pool.ts). */
export type PoolMark = { sha256: Sha256; poolId: Bytes };
/** Indices first to first + capacity - 1; the points of the first `ready` are there, the first
 * `burnt` are spent. slotsAt: where their slots begin in region. */
export type NonceRange = {
  first: number;
  capacity: number;
  ready: number;
  burnt: number;
  region: FlashRegion;
  slotsAt: number;
  /** The record of a point (POINT_RECORD_BYTES) of this run, counted from 0. */
  readPoint(at: number): Bytes | undefined;
};

/** Slots written at once when many are skipped. */
const SKIP_SLOTS = 32;

/** How many of count pieces are not blank, when those that are not come first: found by halves. A
 * piece that a power cut left half written is not blank. */
export function countWritten(
  region: FlashRegion,
  offset: number,
  pieceBytes: number,
  count: number,
): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBlank(region.read(offset + middle * pieceBytes, pieceBytes))) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** False when a slot is burnt behind a blank one: then part of the map was erased. */
export function isInOrder(sha256: Sha256, range: NonceRange, slots: number): boolean {
  const from = range.slotsAt + range.burnt * SLOT_BYTES;
  return isErased(sha256, range.region, from, range.slotsAt + slots * SLOT_BYTES - from);
}

/** Throws "nonces: point 17 is damaged": it signs nothing then. */
export function pointOf(mark: PoolMark, range: NonceRange, index: number): Bytes {
  const record = range.readPoint(index - range.first);
  const point = record ? copyBytes(record, 0, POINT_BYTES) : undefined;
  if (!record || !point || !isSame(encodeRecord(mark.sha256, mark.poolId, index, point), record))
    throw new Error("nonces: point " + index + " is damaged");
  return point;
}

/** Spends the next index of the run for a message, before anything is signed with it. */
export function burnNext(mark: PoolMark, range: NonceRange, wanted: Bytes): void {
  const index = range.first + range.burnt;
  const slot = encodeRecord(mark.sha256, mark.poolId, index, wanted);
  const offset = range.slotsAt + range.burnt * SLOT_BYTES;
  // From here on the index is spent, whatever happens.
  range.burnt++;
  writeChecked(mark.sha256, range.region, offset, slot, "nonces: burn of " + index);
}

/** Spends all below index, for no message at all. */
export function burnBelow(range: NonceRange, index: number): void {
  const end = Math.min(index - range.first, range.capacity);
  while (range.burnt < end) {
    const slots = Math.min(end - range.burnt, SKIP_SLOTS);
    const offset = range.slotsAt + range.burnt * SLOT_BYTES;
    range.burnt += slots;
    range.region.write(offset, new Uint8Array(slots * SLOT_BYTES));
  }
}

/** The message that the last burnt index was spent for; undefined when its slot is only half
 * written, or was skipped. */
export function intentOf(mark: PoolMark, range: NonceRange): Bytes | undefined {
  if (!range.burnt) return undefined;
  const at = range.burnt - 1;
  const slot = range.region.read(range.slotsAt + at * SLOT_BYTES, SLOT_BYTES);
  const intent = copyBytes(slot, 0, INTENT_BYTES);
  const whole = encodeRecord(mark.sha256, mark.poolId, range.first + at, intent);
  return isSame(whole, slot) ? intent : undefined;
}
