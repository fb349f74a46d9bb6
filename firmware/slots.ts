// Firmware in flash, beside the script that the box was built with: two slots, one that runs and one that is arriving
// chunk by chunk over as many power cuts as it likes. A slot counts only when all of it is there and its hash is the
// announced one; it stays only when it has proven itself (health.ts) within three starts. loader.ts chooses.

import type { Bytes } from "#protocol/bytes.ts";
import { copyBytes, readU32, writeU32 } from "#protocol/bytes.ts";
import type { Downlink } from "#protocol/downlink.ts";
import { CHUNK_BYTES } from "#protocol/downlink.ts";
import type { FlashRegion } from "./board.ts";
import type { Sha256 } from "./flash.ts";
import { CLEARED, checkOf, clearBit, isSame, pagesOf, wordsUp, writeChecked } from "./flash.ts";

export type FirmwareManifest = Extract<Downlink, { kind: "firmware" }>;
export type FirmwareChunk = Extract<Downlink, { kind: "chunk" }>;

/** What became of a manifest or a chunk. "failed-before": three starts of this very firmware did not prove it.
 * "firmware-damaged": all chunks came and their hash is wrong, so they are asked for again. */
export type FirmwareOutcome =
  | "installed"
  | "awaiting-chunks"
  | "not-newer"
  | "failed-before"
  | "does-not-fit"
  | "no-announcement"
  | "bad-chunk"
  | "firmware-damaged";

/** whole: all there with the right hash. proven: it has worked. starts: attempts burnt before it was. */
export type Slot = {
  region: FlashRegion;
  version: number;
  bytes: number;
  hash: Bytes;
  whole: boolean;
  proven: boolean;
  starts: number;
};

export const STARTS_MAX = 3;

// slot: a page (version, bytes, hash, check | whole | proven | one word for each start | two bit maps), then the script.
const MAGIC = 0x4f424631;
const HASH_AT = 12;
const CHECK_AT = 44;
const HEADER_BYTES = 48;
const WHOLE_AT = 48;
const PROVEN_AT = 52;
const STARTS_AT = 56;
/** Bit maps of 256 bits, cleared one by one: flash pages erased for this version, and chunks that are there. */
const ERASED_AT = 96;
const ARRIVED_AT = 128;
const MAP_BYTES = 32;
const MAP_BITS = 256;
const PIECE_BYTES = 1024;

export function readSlots(region: FlashRegion, sha256: Sha256): [Slot, Slot] {
  const pages = region.pages >> 1;
  return [
    readSlot(sha256, pagesOf(region, 0, pages)),
    readSlot(sha256, pagesOf(region, pages, pages)),
  ];
}

function readSlot(sha256: Sha256, region: FlashRegion): Slot {
  const header = region.read(0, STARTS_AT + STARTS_MAX * 4);
  const sound =
    readU32(header, 0) === MAGIC &&
    readU32(header, CHECK_AT) === checkOf(sha256, header.subarray(0, CHECK_AT));
  let starts = 0;
  for (let i = 0; i < STARTS_MAX; i++) if (readU32(header, STARTS_AT + i * 4) === 0) starts++;
  return {
    region: region,
    version: sound ? readU32(header, 4) : 0,
    bytes: sound ? readU32(header, 8) : 0,
    hash: copyBytes(header, HASH_AT, 32),
    whole: sound && readU32(header, WHOLE_AT) === 0,
    proven: sound && readU32(header, PROVEN_AT) === 0,
    starts: starts,
  };
}

/** Whether this slot may be started: proven, or with starts left to prove itself. */
export function isStartable(slot: Slot): boolean {
  return slot.whole && (slot.proven || slot.starts < STARTS_MAX);
}

/** Burns one of the starts of a slot that is not proven yet, and reads it back: what hangs has used it up. */
export function burnStart(sha256: Sha256, slot: Slot): void {
  if (slot.proven) return;
  writeChecked(sha256, slot.region, STARTS_AT + slot.starts * 4, CLEARED, "slots: start");
  slot.starts++;
}

export function markProven(sha256: Sha256, slot: Slot): void {
  writeChecked(sha256, slot.region, PROVEN_AT, CLEARED, "slots: proof");
  slot.proven = true;
}

/** Whether the script is what its header says. Hashed as it was made: SHA-256 over the SHA-256 of each kilobyte, so that
 * no more than that must be in memory at once. */
export function hasRightHash(sha256: Sha256, slot: Slot): boolean {
  const read = (at: number, length: number): Bytes => readImage(slot, at, length);
  return isSame(digestOfFirmware(sha256, slot.bytes, read), slot.hash);
}

export function digestOfFirmware(
  sha256: Sha256,
  bytes: number,
  read: (at: number, length: number) => Bytes,
): Bytes {
  const pieces = Math.ceil(bytes / PIECE_BYTES);
  const hashes = new Uint8Array(pieces * 32);
  for (let i = 0; i < pieces; i++) {
    const at = i * PIECE_BYTES;
    hashes.set(sha256(read(at, Math.min(PIECE_BYTES, bytes - at))), i * 32);
  }
  return sha256(hashes);
}

/** A part of the script. */
export function readImage(slot: Slot, at: number, length: number): Bytes {
  return slot.region.read(slot.region.pageBytes + at, length);
}

function chunkCount(slot: Slot): number {
  return Math.ceil(slot.bytes / CHUNK_BYTES);
}

function isCleared(map: Bytes, n: number): boolean {
  return !((readU32(map, (n >> 5) * 4) >>> (n & 31)) & 1);
}

/** The first chunk that has not come, -1 when all have. */
export function firstMissing(slot: Slot): number {
  const arrived = slot.region.read(ARRIVED_AT, MAP_BYTES);
  for (let chunk = 0; chunk < chunkCount(slot); chunk++)
    if (!isCleared(arrived, chunk)) return chunk;
  return -1;
}

/** Makes the slot await a firmware, with nothing of it there. */
export function startSlot(sha256: Sha256, slot: Slot, manifest: FirmwareManifest): void {
  const header = new Uint8Array(HEADER_BYTES);
  writeU32(header, 0, MAGIC);
  writeU32(header, 4, manifest.version);
  writeU32(header, 8, manifest.bytes);
  header.set(manifest.sha256, HASH_AT);
  writeU32(header, CHECK_AT, checkOf(sha256, header.subarray(0, CHECK_AT)));
  slot.version = 0;
  slot.region.erase(0);
  writeChecked(sha256, slot.region, 0, header, "slots: header of version " + manifest.version);
  slot.version = manifest.version;
  slot.bytes = manifest.bytes;
  slot.hash = manifest.sha256;
  slot.whole = false;
  slot.proven = false;
  slot.starts = 0;
}

export function fits(slot: Slot, bytes: number): boolean {
  const region = slot.region;
  const room = region.pageBytes * (region.pages - 1);
  return bytes > 0 && bytes <= room && bytes <= CHUNK_BYTES * MAP_BITS && region.pages <= MAP_BITS;
}

/** Pages are erased when the first bytes for them come, not all at once: that would hold up the counter. */
export function writeChunk(sha256: Sha256, slot: Slot, chunk: FirmwareChunk): FirmwareOutcome {
  const at = chunk.chunk * CHUNK_BYTES;
  if (chunk.data.length !== Math.min(CHUNK_BYTES, slot.bytes - at)) return "bad-chunk";
  const region = slot.region;
  if (isCleared(region.read(ARRIVED_AT, MAP_BYTES), chunk.chunk)) return "awaiting-chunks";
  const offset = region.pageBytes + at;
  const first = (offset / region.pageBytes) | 0;
  const last = ((offset + chunk.data.length - 1) / region.pageBytes) | 0;
  const erased = region.read(ERASED_AT, MAP_BYTES);
  for (let page = first; page <= last; page++)
    if (!isCleared(erased, page)) {
      region.erase(page);
      clearBit(region, ERASED_AT, page);
    }
  const padded = new Uint8Array(wordsUp(chunk.data.length));
  padded.fill(255);
  padded.set(chunk.data, 0);
  writeChecked(sha256, region, offset, padded, "slots: chunk " + chunk.chunk);
  clearBit(region, ARRIVED_AT, chunk.chunk);
  return "awaiting-chunks";
}

export function commitSlot(sha256: Sha256, slot: Slot): void {
  writeChecked(sha256, slot.region, WHOLE_AT, CLEARED, "slots: whole");
  slot.whole = true;
}
