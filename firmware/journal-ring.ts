// The ring of journal pages as one pass over the page headers finds it, and the questions asked of
// it. In ring order from the newest page on: pages without entries, then those with, each starting
// where the last ended.

import type { Bytes } from "#protocol/bytes.ts";
import type { FlashRegion } from "./board.ts";
import type { Sha256 } from "./flash.ts";
import type { JournalRecord } from "./journal-page.ts";
import {
  RECORD_HEADER_BYTES,
  WRITTEN,
  isDamagedPage,
  readPageHeader,
  scanPage,
} from "./journal-page.ts";

/** hash: SHA-256 of the token, 32 zeros before the first: what the next entry names as prev. */
export type LastEntry = { seq: number; timeSeconds: number; hash: Bytes };

/** firstSeqs: the first seq of each page, 0 for a page without entries. newest: the page that is
 * being filled, -1 before the first. end: where the next record goes. acknowledged: the ledger has
 * all up to this seq. */
export type JournalRing = {
  region: FlashRegion;
  sha256: Sha256;
  firstSeqs: Uint32Array;
  newest: number;
  end: number;
  last: LastEntry;
  acknowledged: number;
  /** A snapshot covers all up to this seq. */
  released: number;
  /** The page that is known to be blank because this run erased it, -1 for none. */
  blankPage: number;
  /** The last place read, so that reading entries in order does not walk their page again for each.
   * */
  placeSeq: number;
  placeOffset: number;
};

const HASH_BYTES = 32;

export function pageAfter(ring: JournalRing, page: number): number {
  return (page + 1) % ring.firstSeqs.length;
}

function pageBefore(ring: JournalRing, page: number): number {
  return (page || ring.firstSeqs.length) - 1;
}

/** The last seq of a page that is not the newest. */
export function lastSeqOf(ring: JournalRing, page: number): number {
  return (ring.firstSeqs[pageAfter(ring, page)] as number) - 1;
}

/** The page that holds seq, -1 for none. Searched from the newest back, because the newest are
 * asked for most. */
export function pageOf(ring: JournalRing, seq: number): number {
  if (seq < 1 || seq > ring.last.seq || ring.newest < 0) return -1;
  let page = ring.newest;
  for (let i = 0; i < ring.firstSeqs.length; i++) {
    const first = ring.firstSeqs[page] as number;
    if (!first) return -1;
    if (first <= seq) return page;
    page = pageBefore(ring, page);
  }
  return -1;
}

/** Whether page holds nothing, or only entries that the ledger and a snapshot have. The newest page
 * is never free. */
export function isFree(ring: JournalRing, page: number): boolean {
  if (page === ring.newest) return false;
  if (!ring.firstSeqs[page]) return true;
  const last = lastSeqOf(ring, page);
  return last <= ring.acknowledged && last <= ring.released;
}

/** Pages in a row that may be filled after the newest. */
export function freePages(ring: JournalRing): number {
  let page = pageAfter(ring, ring.newest);
  let free = 0;
  while (free < ring.firstSeqs.length - 1 && isFree(ring, page)) {
    free++;
    page = pageAfter(ring, page);
  }
  return free;
}

/** Reads all page headers and the records of one or two pages; or says what is damaged. */
export function openRing(region: FlashRegion, sha256: Sha256): JournalRing | string {
  const ring: JournalRing = {
    region: region,
    sha256: sha256,
    firstSeqs: new Uint32Array(region.pages),
    newest: -1,
    end: 0,
    last: { seq: 0, timeSeconds: 0, hash: new Uint8Array(HASH_BYTES) },
    acknowledged: 0,
    released: 0,
    blankPage: -1,
    placeSeq: 0,
    placeOffset: 0,
  };
  const acknowledgedPages = new Uint8Array(region.pages);
  for (let page = 0; page < region.pages; page++) {
    const header = readPageHeader(sha256, region, page);
    if (!header.firstSeq && isDamagedPage(sha256, region, page)) return damagedPage(page);
    ring.firstSeqs[page] = header.firstSeq;
    acknowledgedPages[page] = header.acknowledged ? 1 : 0;
    if (header.firstSeq && (ring.newest < 0 || header.firstSeq > firstSeqOf(ring, ring.newest)))
      ring.newest = page;
  }
  if (ring.newest < 0) return ring;
  return faultOfOrder(ring) || findLast(ring) || findAcknowledged(ring, acknowledgedPages) || ring;
}

function firstSeqOf(ring: JournalRing, page: number): number {
  return ring.firstSeqs[page] as number;
}

function damagedPage(page: number): string {
  return "journal: page " + page + " is damaged";
}

/** Blank pages may only lie between the newest and the oldest, and seqs only grow. */
function faultOfOrder(ring: JournalRing): string | undefined {
  let page = pageAfter(ring, ring.newest);
  let previous = 0;
  while (page !== ring.newest) {
    const first = firstSeqOf(ring, page);
    if (previous && first <= previous) return damagedPage(page);
    previous = first;
    page = pageAfter(ring, page);
  }
  return undefined;
}

/** Finds the newest entry and where the next goes. */
function findLast(ring: JournalRing): string | undefined {
  const scan = scanPage(ring.sha256, ring.region, ring.newest, Infinity);
  const first = firstSeqOf(ring, ring.newest);
  if (scan.state === "damaged") return damagedEntry(first + scan.entries);
  // Behind a torn record nothing can be written: the next entry starts a page.
  ring.end = scan.state === "torn" ? (ring.newest + 1) * ring.region.pageBytes : scan.end;
  if (scan.last) {
    noteLast(ring, first + scan.entries - 1, scan.last);
    return undefined;
  }
  if (first === 1) return undefined;
  const before = pageBefore(ring, ring.newest);
  const entries = first - firstSeqOf(ring, before);
  const scanBefore = scanPage(ring.sha256, ring.region, before, entries);
  if (!firstSeqOf(ring, before) || !scanBefore.last || scanBefore.entries !== entries)
    return damagedEntry(first - 1);
  noteLast(ring, first - 1, scanBefore.last);
  return undefined;
}

function damagedEntry(seq: number): string {
  return "journal: entry " + seq + " is damaged";
}

function noteLast(ring: JournalRing, seq: number, record: JournalRecord): void {
  const token = ring.region.read(record.offset + RECORD_HEADER_BYTES, record.length);
  ring.last = { seq: seq, timeSeconds: record.timeSeconds, hash: ring.sha256(token) };
  // The entry may be whole with its mark missing; it is true from now on.
  ring.region.write(record.offset, WRITTEN);
}

/** All pages before the first without a mark are acknowledged, and in that page all records up to
 * the last marked. */
function findAcknowledged(ring: JournalRing, acknowledgedPages: Uint8Array): string | undefined {
  let page = pageAfter(ring, ring.newest);
  while (page !== ring.newest && (!firstSeqOf(ring, page) || acknowledgedPages[page]))
    page = pageAfter(ring, page);
  const first = firstSeqOf(ring, page);
  const entriesMax = page === ring.newest ? Infinity : lastSeqOf(ring, page) - first + 1;
  const scan = scanPage(ring.sha256, ring.region, page, entriesMax);
  if (scan.state === "damaged") return damagedEntry(first + scan.entries);
  ring.acknowledged = first - 1 + scan.acknowledged;
  return undefined;
}
