// The terminal's journal: every token it has signed, appended before anything beeps, kept until the
// ledger has it. An entry is written, read back, then marked; an unmarked entry that is not whole
// never beeped and is dropped, a marked one that is not whole is a fault with a name. Pages form a
// ring and are erased one ahead of use.

import type { Bytes } from "#protocol/bytes.ts";
import { TOKEN_BYTES_MAX } from "#protocol/entry.ts";
import type { FlashRegion } from "./board.ts";
import type { Sha256 } from "./flash.ts";
import { CLEARED, isErased, writeChecked } from "./flash.ts";
import {
  PAGE_HEADER_BYTES,
  PAGE_MARK_AT,
  RECORD_BYTES_MAX,
  WRITTEN,
  encodeJournalRecord,
  encodePageHeader,
} from "./journal-page.ts";
import { placeOf, readTime, readToken } from "./journal-read.ts";
import type { JournalRing, LastEntry } from "./journal-ring.ts";
import { freePages, isFree, lastSeqOf, openRing, pageAfter, pageOf } from "./journal-ring.ts";

const PAGES_MIN = 3;

export type Journal = {
  /** The newest entry; seq 0 when there is none. */
  last(): LastEntry;
  /** The ledger has every entry up to here. */
  acknowledged(): number;
  unsent(): number;
  /** Seconds since 1970 of the oldest entry that is not acknowledged, 0 when all are. */
  oldestSeconds(): number;
  /** How many more entries of the longest kind fit; at 0 the terminal must refuse. */
  room(): number;
  /** Persisted, read back and marked when it returns; throws "journal: ..." otherwise, and nothing
   * may beep. */
  append(seq: number, token: Bytes, timeSeconds: number): void;
  /** undefined when the entry is not held any more, or not yet; throws "journal: entry 17 is
   * damaged". */
  read(seq: number): Bytes | undefined;
  /** Persists that the ledger has all up to seq. False when the journal never wrote seq: then it is
   * not the one that the gateway knows, and something is badly wrong. */
  acknowledge(seq: number): boolean;
  /** Entries up to seq are covered by a snapshot: their pages may be erased once acknowledged. Not
   * persisted. */
  release(seq: number): void;
  /** All entries from fromSeq on; throws when one of them, or one before, is gone or damaged. */
  forEach(fromSeq: number, visit: (seq: number, token: Bytes) => void): void;
};
export type JournalFault = "journal-damaged";
export type OpenedJournal =
  | { ok: true; journal: Journal }
  | { ok: false; fault: JournalFault; detail: string };

export function openJournal(region: FlashRegion, sha256: Sha256): OpenedJournal {
  if (region.pages < PAGES_MIN) throw new Error("journal: a ring of " + region.pages + " pages");
  const ring = openRing(region, sha256);
  if (typeof ring === "string") return { ok: false, fault: "journal-damaged", detail: ring };
  eraseAhead(ring);
  return { ok: true, journal: createJournal(ring) };
}

/** An erase takes 50 ms and more, so it happens here, when nobody waits, and not in append. */
function eraseAhead(ring: JournalRing): void {
  const region = ring.region;
  const page = pageAfter(ring, ring.newest);
  if (page === ring.blankPage || !isFree(ring, page)) return;
  ring.firstSeqs[page] = 0;
  if (!isErased(ring.sha256, region, page * region.pageBytes, region.pageBytes)) region.erase(page);
  ring.blankPage = page;
}

/** Starts the page whose first entry will be seq. A newest page without a whole entry is taken
 * again. */
function startPage(ring: JournalRing, seq: number): void {
  const region = ring.region;
  const again = ring.newest >= 0 && ring.firstSeqs[ring.newest] === seq;
  const page = again ? ring.newest : pageAfter(ring, ring.newest);
  if (!again && !isFree(ring, page)) throw new Error("journal: full at entry " + seq);
  ring.firstSeqs[page] = 0;
  if (page !== ring.blankPage) region.erase(page);
  ring.blankPage = -1;
  const header = encodePageHeader(ring.sha256, seq);
  const start = page * region.pageBytes;
  writeChecked(ring.sha256, region, start, header, "journal: header of page " + page);
  ring.firstSeqs[page] = seq;
  ring.newest = page;
  ring.end = start + PAGE_HEADER_BYTES;
}

function append(ring: JournalRing, seq: number, token: Bytes, timeSeconds: number): void {
  if (seq !== ring.last.seq + 1)
    throw new Error("journal: entry " + seq + " does not follow " + ring.last.seq);
  if (token.length > TOKEN_BYTES_MAX || !token.length)
    throw new Error("journal: entry " + seq + " has " + token.length + " bytes");
  const hash = ring.sha256(token);
  const record = encodeJournalRecord(token, hash, timeSeconds);
  if (ring.newest < 0 || ring.end + record.length > endOfNewest(ring)) startPage(ring, seq);
  const offset = ring.end;
  // A write that fails spoils the rest of the page: the next entry starts another.
  ring.end = endOfNewest(ring);
  writeChecked(ring.sha256, ring.region, offset, record, "journal: entry " + seq);
  writeChecked(ring.sha256, ring.region, offset, WRITTEN, "journal: mark of entry " + seq);
  ring.end = offset + record.length;
  ring.last = { seq: seq, timeSeconds: timeSeconds, hash: hash };
}

function endOfNewest(ring: JournalRing): number {
  return (ring.newest + 1) * ring.region.pageBytes;
}

/** Whole pages are marked first, then the entry: a cut in between leaves a smaller number, which is
 * true as well. */
function acknowledge(ring: JournalRing, seq: number): boolean {
  if (seq > ring.last.seq) return false;
  if (seq <= ring.acknowledged) return true;
  // The page of the last acknowledged entry may have been the newest then, and so is not marked
  // yet.
  let page = pageOf(ring, ring.acknowledged);
  if (page < 0) page = pageOf(ring, ring.acknowledged + 1);
  while (page !== ring.newest && lastSeqOf(ring, page) <= seq) {
    ring.region.write(page * ring.region.pageBytes + PAGE_MARK_AT, CLEARED);
    page = pageAfter(ring, page);
  }
  ring.region.write(placeOf(ring, seq), CLEARED);
  ring.acknowledged = seq;
  eraseAhead(ring);
  return true;
}

function createJournal(ring: JournalRing): Journal {
  // Asked for with every message to the gateway, so it is looked up once per entry.
  let oldestSeq = 0;
  let oldestSeconds = 0;
  return {
    last(): LastEntry {
      return ring.last;
    },
    acknowledged(): number {
      return ring.acknowledged;
    },
    unsent(): number {
      return ring.last.seq - ring.acknowledged;
    },
    oldestSeconds(): number {
      const seq = ring.acknowledged + 1;
      if (seq > ring.last.seq) return 0;
      if (seq !== oldestSeq) oldestSeconds = readTime(ring, seq);
      oldestSeq = seq;
      return oldestSeconds;
    },
    room(): number {
      const perPage = Math.floor((ring.region.pageBytes - PAGE_HEADER_BYTES) / RECORD_BYTES_MAX);
      const left = ring.newest < 0 ? 0 : endOfNewest(ring) - ring.end;
      return Math.floor(left / RECORD_BYTES_MAX) + freePages(ring) * perPage;
    },
    append(seq: number, token: Bytes, timeSeconds: number): void {
      append(ring, seq, token, timeSeconds);
    },
    read(seq: number): Bytes | undefined {
      return readToken(ring, seq);
    },
    acknowledge(seq: number): boolean {
      return acknowledge(ring, seq);
    },
    release(seq: number): void {
      ring.released = seq;
      eraseAhead(ring);
    },
    forEach(fromSeq: number, visit: (seq: number, token: Bytes) => void): void {
      if (fromSeq > ring.last.seq + 1)
        throw new Error(
          "journal: entries " + (ring.last.seq + 1) + " to " + (fromSeq - 1) + " are gone",
        );
      for (let seq = fromSeq; seq <= ring.last.seq; seq++) {
        const token = readToken(ring, seq);
        if (!token) throw new Error("journal: entry " + seq + " is gone");
        visit(seq, token);
      }
    },
  };
}
