// Layout of the journal in flash: pages in a ring, records in pages; a record never crosses a page.
// page: magic (4) | first seq (4) | check (4) | acknowledged mark (4), then records:
// mark (4) | length (4) | time (4) | check (4) | token, filled up to whole words. Marks only ever
// lose bits.

import type { Bytes } from "#protocol/bytes.ts";
import { readU32, writeU32 } from "#protocol/bytes.ts";
import { TOKEN_BYTES_MAX } from "#protocol/entry.ts";
import type { FlashRegion } from "./board.ts";
import type { Sha256 } from "./flash.ts";
import { BLANK, checkOf, isBlank, isErased, wordsUp } from "./flash.ts";

const MAGIC = 0x4f424a31;
export const PAGE_HEADER_BYTES = 16;
export const PAGE_MARK_AT = 12;
export const RECORD_HEADER_BYTES = 16;
export const RECORD_BYTES_MAX = RECORD_HEADER_BYTES + TOKEN_BYTES_MAX;
/** Marks of a record: blank while it is being written, then written (read back and true), then
 * acknowledged. */
export const WRITTEN = new Uint8Array([255, 255, 0, 0]);
const ACKNOWLEDGED = 0;

export function encodePageHeader(sha256: Sha256, firstSeq: number): Bytes {
  const header = new Uint8Array(PAGE_HEADER_BYTES);
  writeU32(header, 0, MAGIC);
  writeU32(header, 4, firstSeq);
  writeU32(header, 8, checkOf(sha256, header.subarray(0, 8)));
  writeU32(header, PAGE_MARK_AT, BLANK);
  return header;
}

/** firstSeq 0: the page holds nothing. */
export type PageHeader = { firstSeq: number; acknowledged: boolean };

export function readPageHeader(sha256: Sha256, region: FlashRegion, page: number): PageHeader {
  const header = region.read(page * region.pageBytes, PAGE_HEADER_BYTES);
  const sound =
    readU32(header, 0) === MAGIC && readU32(header, 8) === checkOf(sha256, header.subarray(0, 8));
  return {
    firstSeq: sound ? readU32(header, 4) : 0,
    acknowledged: sound && readU32(header, PAGE_MARK_AT) === 0,
  };
}

/** hash is the SHA-256 of token; its first word, with length and time mixed in, is the check of the
 * record. */
export function encodeJournalRecord(token: Bytes, hash: Bytes, timeSeconds: number): Bytes {
  const length = token.length;
  const record = new Uint8Array(RECORD_HEADER_BYTES + wordsUp(length));
  // Native, because this runs between tap and beep.
  const head = new DataView(record.buffer);
  head.setUint32(0, BLANK);
  head.setUint32(4, length);
  head.setUint32(8, timeSeconds);
  head.setUint32(12, readU32(hash, 0) ^ length ^ timeSeconds);
  record.set(token, RECORD_HEADER_BYTES);
  return record;
}

/** bytes: what the record takes of the page. A record is damaged when it was once written and is
 * not whole now; torn when the power went while it was being written. */
export type JournalRecord = { offset: number; bytes: number; timeSeconds: number; length: number };
export type RecordState = "none" | "torn" | "damaged" | "written" | "acknowledged";
export type ReadRecord = { state: RecordState; record: JournalRecord };

/** The head of the record at offset, and with check also whether its token is whole: that costs a
 * hash. */
export function readRecord(
  sha256: Sha256,
  region: FlashRegion,
  offset: number,
  check: boolean,
): ReadRecord {
  const record = { offset: offset, bytes: 0, timeSeconds: 0, length: 0 };
  const pageEnd = (((offset / region.pageBytes) | 0) + 1) * region.pageBytes;
  if (offset + RECORD_HEADER_BYTES > pageEnd) return { state: "none", record: record };
  const head = region.read(offset, RECORD_HEADER_BYTES);
  if (isBlank(head)) {
    const erased = !check || isErased(sha256, region, offset, pageEnd - offset);
    return { state: erased ? "none" : "torn", record: record };
  }
  const mark = readU32(head, 0);
  record.length = readU32(head, 4);
  record.timeSeconds = readU32(head, 8);
  record.bytes = RECORD_HEADER_BYTES + wordsUp(record.length);
  const fits =
    record.length > 0 && record.length <= TOKEN_BYTES_MAX && offset + record.bytes <= pageEnd;
  if (!fits || (check && !isWhole(sha256, region, record, readU32(head, 12))))
    return { state: mark === BLANK ? "torn" : "damaged", record: record };
  return { state: mark === ACKNOWLEDGED ? "acknowledged" : "written", record: record };
}

function isWhole(
  sha256: Sha256,
  region: FlashRegion,
  record: JournalRecord,
  check: number,
): boolean {
  const token = region.read(record.offset + RECORD_HEADER_BYTES, record.length);
  return (checkOf(sha256, token) ^ record.length ^ record.timeSeconds) >>> 0 === check;
}

/** A page without a sound header that still begins with a whole record was not erased: it is
 * damaged. */
export function isDamagedPage(sha256: Sha256, region: FlashRegion, page: number): boolean {
  const start = page * region.pageBytes;
  const mark = readU32(region.read(start + PAGE_HEADER_BYTES, 4), 0);
  if (mark === BLANK) return false;
  const state = readRecord(sha256, region, start + PAGE_HEADER_BYTES, true).state;
  return state === "written" || state === "acknowledged";
}

/** The records of a page in order: how many, how many of them up to the last acknowledged, the last
 * one, where the next would go, and why there is no other. */
export type PageScan = {
  entries: number;
  acknowledged: number;
  last: JournalRecord | undefined;
  end: number;
  state: RecordState;
};

/** At most entriesMax records. */
export function scanPage(
  sha256: Sha256,
  region: FlashRegion,
  page: number,
  entriesMax: number,
): PageScan {
  const scan: PageScan = {
    entries: 0,
    acknowledged: 0,
    last: undefined,
    end: page * region.pageBytes + PAGE_HEADER_BYTES,
    state: "none",
  };
  let read = readRecord(sha256, region, scan.end, true);
  while (read.state === "written" || read.state === "acknowledged") {
    scan.entries++;
    if (read.state === "acknowledged") scan.acknowledged = scan.entries;
    scan.last = read.record;
    scan.end += read.record.bytes;
    if (scan.entries >= entriesMax || scan.end >= (page + 1) * region.pageBytes) return scan;
    read = readRecord(sha256, region, scan.end, true);
  }
  scan.state = read.state;
  return scan;
}
