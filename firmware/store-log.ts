// The log of the terminal's store: records one after the other in one half of region state.
// half: magic (4) | generation (4) | check (4) | blank (4), then records: type and length (4) | id
// (4) | check (4) | data.

import type { Bytes } from "#protocol/bytes.ts";
import { readU32, writeU32 } from "#protocol/bytes.ts";
import type { FlashRegion } from "./board.ts";
import type { Sha256 } from "./flash.ts";
import { checkOf, isErased, wordsUp, writeChecked } from "./flash.ts";

/** What a record holds; the numbers are on flash: append only. A LOG record adds to those before it
 * and is summed up at a rewrite; of the others only the newest of each type and id counts. */
export const BOOT = 1;
export const SEQUENCE = 2;
export const PRICES = 3;
export const BLOCKS = 4;
export const ROSTER = 5;
/** 6 was blocks of leases in columns. */
export const COVERED = 7;
export const LEASE_LOG = 8;
export const GRACE = 9;
export const ORDERS = 10;
export const COLLECTED = 11;
export const ERRORS = 12;
export const LEASE_ROWS = 13;
const LOGS = [LEASE_LOG];

const MAGIC = 0x4f425431;
export const HALF_HEADER_BYTES = 16;
export const RECORD_HEADER_BYTES = 12;
export const LENGTH_MAX = 65535;

export type RecordHead = { type: number; id: number; length: number; check: number };
export type Half = { region: FlashRegion; size: number };
/** newest: where the newest record of each type and id begins, by key. */
export type Log = {
  half: Half;
  generation: number;
  end: number;
  records: number;
  newest: { [key: string]: number };
};

/** 0 when the header is not whole. */
export function generationOf(sha256: Sha256, half: Half): number {
  const header = half.region.read(0, HALF_HEADER_BYTES);
  if (readU32(header, 0) !== MAGIC) return 0;
  return readU32(header, 8) === checkOf(sha256, header.subarray(0, 8)) ? readU32(header, 4) : 0;
}

export function isEmptyBehindHeader(sha256: Sha256, half: Half): boolean {
  return isErased(sha256, half.region, HALF_HEADER_BYTES, half.size - HALF_HEADER_BYTES);
}

export function eraseHalf(sha256: Sha256, half: Half): void {
  const pageBytes = half.region.pageBytes;
  for (let page = 0; page < half.region.pages; page++)
    if (!isErased(sha256, half.region, page * pageBytes, pageBytes)) half.region.erase(page);
}

export function commitHalf(sha256: Sha256, half: Half, generation: number): void {
  const header = new Uint8Array(HALF_HEADER_BYTES);
  header.fill(255);
  writeU32(header, 0, MAGIC);
  writeU32(header, 4, generation);
  writeU32(header, 8, checkOf(sha256, header.subarray(0, 8)));
  writeChecked(sha256, half.region, 0, header, "store: header " + generation);
}

export function readHead(half: Half, offset: number): RecordHead {
  const head = half.region.read(offset, RECORD_HEADER_BYTES);
  return {
    type: head[0] as number,
    length: readU32(head, 0) & LENGTH_MAX,
    id: readU32(head, 4),
    check: readU32(head, 8),
  };
}

function encodeStored(sha256: Sha256, type: number, id: number, data: Bytes): Bytes {
  const record = new Uint8Array(RECORD_HEADER_BYTES + wordsUp(data.length));
  writeU32(record, 0, type * 16777216 + data.length);
  writeU32(record, 4, id);
  record.set(data, RECORD_HEADER_BYTES);
  writeU32(record, 8, checkOf(sha256, record));
  return record;
}

/** The length of the whole record at offset, 0 when there is none. */
function soundLength(sha256: Sha256, half: Half, offset: number): number {
  if (offset + RECORD_HEADER_BYTES > half.size) return 0;
  const head = readHead(half, offset);
  const length = RECORD_HEADER_BYTES + wordsUp(head.length);
  if (!head.type || head.type === 255 || offset + length > half.size) return 0;
  const record = half.region.read(offset, length);
  writeU32(record, 8, 0);
  return checkOf(sha256, record) === head.check ? length : 0;
}

export function keyOf(type: number, id: number): string {
  return type + ":" + id;
}

export function isLog(type: number): boolean {
  return LOGS.indexOf(type) >= 0;
}

export function emptyLog(half: Half, generation: number): Log {
  return { half: half, generation: generation, end: HALF_HEADER_BYTES, records: 0, newest: {} };
}

/** The log up to its end, or what is wrong with it. A torn last record closes the half: the next
 * put rewrites. */
export function readLog(sha256: Sha256, half: Half, generation: number): Log | string {
  const log = emptyLog(half, generation);
  let length = soundLength(sha256, half, log.end);
  while (length) {
    noteRecord(log, readHead(half, log.end), length);
    length = soundLength(sha256, half, log.end);
  }
  if (isErased(sha256, half.region, log.end, half.size - log.end)) return log;
  // Nothing is ever written behind a torn record, so a sound one there says that this one was
  // damaged later.
  for (let at = log.end + 4; at < half.size; at += 4)
    if (soundLength(sha256, half, at)) return "store: the record at " + log.end + " is damaged";
  log.end = half.size;
  return log;
}

function noteRecord(log: Log, head: RecordHead, length: number): void {
  if (!isLog(head.type)) log.newest[keyOf(head.type, head.id)] = log.end;
  log.records++;
  log.end += length;
}

/** False when the half has no room for it. */
export function appendRecord(
  sha256: Sha256,
  log: Log,
  type: number,
  id: number,
  data: Bytes,
): boolean {
  const record = encodeStored(sha256, type, id, data);
  if (log.end + record.length > log.half.size) return false;
  const offset = log.end;
  log.end = log.half.size;
  writeChecked(sha256, log.half.region, offset, record, "store: record " + keyOf(type, id));
  log.end = offset;
  noteRecord(log, { type: type, id: id, length: data.length, check: 0 }, record.length);
  return true;
}
