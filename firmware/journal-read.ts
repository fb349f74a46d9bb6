// Reading the journal: where an entry lies in its page, and its bytes, checked again each time they
// are read.

import type { Bytes } from "#protocol/bytes.ts";
import { PAGE_HEADER_BYTES, RECORD_HEADER_BYTES, readRecord } from "./journal-page.ts";
import type { JournalRing } from "./journal-ring.ts";
import { pageOf } from "./journal-ring.ts";

/** Where the record of seq begins; seq must be held. Throws "journal: entry 17 is damaged" when the
 * way there is. */
export function placeOf(ring: JournalRing, seq: number): number {
  const page = pageOf(ring, seq);
  if (page < 0) throw new Error("journal: entry " + seq + " is gone");
  const first = ring.firstSeqs[page] as number;
  if (ring.placeSeq < first || ring.placeSeq > seq) {
    ring.placeSeq = first;
    ring.placeOffset = page * ring.region.pageBytes + PAGE_HEADER_BYTES;
  }
  while (ring.placeSeq < seq) {
    const step = readRecord(ring.sha256, ring.region, ring.placeOffset, false);
    if (step.state !== "written" && step.state !== "acknowledged") throw damaged(ring.placeSeq);
    ring.placeSeq++;
    ring.placeOffset += step.record.bytes;
  }
  return ring.placeOffset;
}

function damaged(seq: number): Error {
  return new Error("journal: entry " + seq + " is damaged");
}

/** undefined for an entry that is not held. */
export function readToken(ring: JournalRing, seq: number): Bytes | undefined {
  if (pageOf(ring, seq) < 0) return undefined;
  const offset = placeOf(ring, seq);
  const held = readRecord(ring.sha256, ring.region, offset, true);
  if (held.state !== "written" && held.state !== "acknowledged") throw damaged(seq);
  return ring.region.read(offset + RECORD_HEADER_BYTES, held.record.length);
}

/** Seconds since 1970 of an entry that is held. */
export function readTime(ring: JournalRing, seq: number): number {
  return readRecord(ring.sha256, ring.region, placeOf(ring, seq), false).record.timeSeconds;
}
