// The script of the terminal in flash, twice: the one that runs, where it lies, and one that is arriving chunk by chunk
// over as many power cuts as it likes. A slot counts only when all of it is there, its hash is the announced one and the
// office has signed it; it stays only when it has proven itself within three starts. loader.ts chooses.

import type { Bytes } from "#protocol/bytes.ts";
import { copyBytes, readU32, writeU32 } from "#protocol/bytes.ts";
import type { Downlink } from "#protocol/downlink.ts";
import { CHUNK_BYTES } from "#protocol/downlink.ts";
import { digestOfFirmware } from "#protocol/release.ts";
import { MAPS_BYTES, PARTS_MAX, nextMissing, writePart } from "./arrivals.ts";
import type { FlashRegion } from "./board.ts";
import type { Sha256 } from "./flash.ts";
import { CLEARED, checkOf, isSame, pagesOf, writeChecked } from "./flash.ts";

export type FirmwareManifest = Extract<Downlink, { kind: "firmware" }>;
export type FirmwareChunk = Extract<Downlink, { kind: "chunk" }>;

/** What became of a manifest or a chunk. "awaiting-check": all is there, its signature is being checked. "not-signed": it
 * is not the office's. "failed-before": three starts of this very firmware did not prove it. "firmware-damaged": all
 * chunks came and their hash is wrong, so they are asked for again. */
export type FirmwareOutcome =
  | "installed"
  | "awaiting-chunks"
  | "awaiting-check"
  | "not-signed"
  | "not-newer"
  | "failed-before"
  | "does-not-fit"
  | "no-announcement"
  | "bad-chunk"
  | "firmware-damaged";

/** at: where it begins in region firmware. bytes: 0 when nothing is there. version: 0 for the script of the box. whole:
 * all there, and genuine. refused: all there, and not signed by the office. proven: it has worked. starts: attempts
 * burnt before it was. */
export type Slot = {
  region: FlashRegion;
  at: number;
  version: number;
  minimum: number;
  bytes: number;
  hash: Bytes;
  signature: Bytes;
  whole: boolean;
  refused: boolean;
  proven: boolean;
  starts: number;
};

export const STARTS_MAX = 3;

// region: a page that restarts.ts fills, then two slots.
// slot: version, minimum, bytes, hash, signature, check | whole | proven | refused | one word for each start | the maps
// of arrivals.ts | the script.
const MAGIC = 0x4f424632;
const HASH_AT = 16;
const SIGNATURE_AT = 48;
const SIGNATURE_BYTES = 64;
const CHECK_AT = 112;
const HEADER_BYTES = 116;
export const WHOLE_AT = 116;
export const PROVEN_AT = 120;
const REFUSED_AT = 124;
const STARTS_AT = 128;
const MAPS_AT = 192;
export const SCRIPT_AT = MAPS_AT + MAPS_BYTES;

export function readSlots(region: FlashRegion, sha256: Sha256): [Slot, Slot] {
  const pages = (region.pages - 1) >> 1;
  const second = (1 + pages) * region.pageBytes;
  return [
    readSlot(sha256, pagesOf(region, 1, pages), region.pageBytes),
    readSlot(sha256, pagesOf(region, 1 + pages, pages), second),
  ];
}

function readSlot(sha256: Sha256, region: FlashRegion, at: number): Slot {
  const header = region.read(0, STARTS_AT + STARTS_MAX * 4);
  const sound =
    readU32(header, 0) === MAGIC &&
    readU32(header, CHECK_AT) === checkOf(sha256, header.subarray(0, CHECK_AT));
  let starts = 0;
  for (let i = 0; i < STARTS_MAX; i++) if (readU32(header, STARTS_AT + i * 4) === 0) starts++;
  return {
    region: region,
    at: at,
    version: sound ? readU32(header, 4) : 0,
    minimum: sound ? readU32(header, 8) : 0,
    bytes: sound ? readU32(header, 12) : 0,
    hash: copyBytes(header, HASH_AT, 32),
    signature: copyBytes(header, SIGNATURE_AT, SIGNATURE_BYTES),
    whole: sound && readU32(header, WHOLE_AT) === 0,
    refused: sound && readU32(header, REFUSED_AT) === 0,
    proven: sound && readU32(header, PROVEN_AT) === 0,
    starts: starts,
  };
}

/** Whether this slot may be started: proven, or with starts left to prove itself. */
export function isStartable(slot: Slot): boolean {
  return slot.whole && (slot.proven || slot.starts < STARTS_MAX);
}

/** Versions below have had their time: a firmware that worked said so. */
export function lowestVersion(slots: Slot[]): number {
  return slots.reduce((low, slot) => (slot.proven ? Math.max(low, slot.minimum) : low), 0);
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

export function markWhole(sha256: Sha256, slot: Slot): void {
  writeChecked(sha256, slot.region, WHOLE_AT, CLEARED, "slots: whole");
  slot.whole = true;
}

export function markRefused(sha256: Sha256, slot: Slot): void {
  writeChecked(sha256, slot.region, REFUSED_AT, CLEARED, "slots: refused");
  slot.refused = true;
}

/** Whether the script is what its header says. */
export function hasRightHash(sha256: Sha256, slot: Slot): boolean {
  const read = (at: number, length: number): Bytes => readImage(slot, at, length);
  return isSame(digestOfFirmware(sha256, slot.bytes, read), slot.hash);
}

/** A part of the script. */
export function readImage(slot: Slot, at: number, length: number): Bytes {
  return slot.region.read(SCRIPT_AT + at, length);
}

/** How many there are in all, 0 when nothing was announced. */
export function chunkCount(slot: Slot): number {
  return Math.ceil(slot.bytes / CHUNK_BYTES);
}

/** The first chunk that has not come, chunkCount when all have. */
export function firstMissing(slot: Slot): number {
  return nextMissing({ region: slot.region, at: SCRIPT_AT }, 0, chunkCount(slot));
}

/** What a slot begins with. */
export function encodeSlotHeader(sha256: Sha256, manifest: FirmwareManifest): Bytes {
  const header = new Uint8Array(HEADER_BYTES);
  writeU32(header, 0, MAGIC);
  writeU32(header, 4, manifest.version);
  writeU32(header, 8, manifest.minimum);
  writeU32(header, 12, manifest.bytes);
  header.set(manifest.sha256, HASH_AT);
  header.set(manifest.signature, SIGNATURE_AT);
  writeU32(header, CHECK_AT, checkOf(sha256, header.subarray(0, CHECK_AT)));
  return header;
}

/** Makes the slot await a firmware, with nothing of it there. */
export function startSlot(sha256: Sha256, slot: Slot, manifest: FirmwareManifest): void {
  slot.bytes = 0;
  slot.whole = false;
  slot.region.erase(0);
  const name = "slots: header of version " + manifest.version;
  writeChecked(sha256, slot.region, 0, encodeSlotHeader(sha256, manifest), name);
  Object.assign(slot, readSlot(sha256, slot.region, slot.at));
}

export function fits(slot: Slot, bytes: number): boolean {
  const region = slot.region;
  const room = region.pageBytes * region.pages - SCRIPT_AT;
  return (
    bytes > 0 && bytes <= room && bytes <= CHUNK_BYTES * PARTS_MAX && region.pages <= PARTS_MAX
  );
}

export function writeChunk(sha256: Sha256, slot: Slot, chunk: FirmwareChunk): FirmwareOutcome {
  const offset = chunk.chunk * CHUNK_BYTES;
  if (chunk.data.length !== Math.min(CHUNK_BYTES, slot.bytes - offset)) return "bad-chunk";
  const part = { number: chunk.chunk, offset: offset, data: chunk.data };
  const arrivals = { region: slot.region, at: SCRIPT_AT };
  writePart(sha256, arrivals, part, "slots: chunk " + chunk.chunk);
  return "awaiting-chunks";
}
