// The roster in flash, twice: the one in use, and the one that is arriving page by page in any order,
// over as many power cuts as it likes. It comes into use when all pages are there and their hash is
// the announced one. Cards are found by binary search in flash; the roster never is in memory.

import type { Bytes } from "#protocol/bytes.ts";
import { copyBytes, readU32, writeU32 } from "#protocol/bytes.ts";
import type { Downlink } from "#protocol/downlink.ts";
import type { RosterRecord } from "#protocol/roster.ts";
import {
  KEY_BYTES,
  RECORDS_PER_PAGE,
  RECORD_BYTES,
  decodeRecord,
  digestOfRoster,
  findRecord,
} from "#protocol/roster.ts";
import type { Arrivals } from "./arrivals.ts";
import { MAPS_BYTES, PARTS_MAX, nextMissing, writePart } from "./arrivals.ts";
import type { FlashRegion } from "./board.ts";
import type { Sha256 } from "./flash.ts";
import { CLEARED, checkOf, isSame, pagesOf, writeChecked } from "./flash.ts";

export type RosterManifest = Extract<Downlink, { kind: "roster" }>;
export type RosterPage = Extract<Downlink, { kind: "page" }>;

/** What became of a manifest or a page. "roster-damaged": all pages came and their hash is wrong,
 * so they are asked for again. */
export type RosterOutcome =
  | "in-use"
  | "awaiting-pages"
  | "older"
  | "too-large"
  | "no-manifest"
  | "bad-page"
  | "roster-damaged";
export type RosterStore = {
  /** Version in use, 0 for none. */
  version(): number;
  records(): number;
  find(card: Bytes): RosterRecord | undefined;
  /** A roster was announced. The same again changes nothing. */
  announce(manifest: RosterManifest): RosterOutcome;
  put(page: RosterPage): RosterOutcome;
  /** Pages of the announced roster that have not come; empty when none is awaited. */
  missing(): number[];
};

// half: version, records, hash, check | commit word | the maps of arrivals.ts | the records.
const MAGIC = 0x4f425231;
const HASH_AT = 12;
const CHECK_AT = 44;
const HEADER_BYTES = 48;
const COMMIT_AT = 48;
const MAPS_AT = 64;
const RECORDS_AT = MAPS_AT + MAPS_BYTES;

type Half = Arrivals & { version: number; records: number; hash: Bytes; inUse: boolean };

export function openRosterStore(region: FlashRegion, sha256: Sha256): RosterStore {
  const pages = region.pages >> 1;
  const halves = [
    readHalf(sha256, pagesOf(region, 0, pages)),
    readHalf(sha256, pagesOf(region, pages, pages)),
  ] as [Half, Half];
  return createRosterStore(sha256, halves);
}

function readHalf(sha256: Sha256, region: FlashRegion): Half {
  const header = region.read(0, COMMIT_AT + 4);
  const sound =
    readU32(header, 0) === MAGIC &&
    readU32(header, CHECK_AT) === checkOf(sha256, header.subarray(0, CHECK_AT));
  return {
    region: region,
    at: RECORDS_AT,
    version: sound ? readU32(header, 4) : 0,
    records: sound ? readU32(header, 8) : 0,
    hash: copyBytes(header, HASH_AT, 32),
    inUse: sound && readU32(header, COMMIT_AT) === 0,
  };
}

function writeHeader(sha256: Sha256, half: Half): void {
  const header = new Uint8Array(HEADER_BYTES);
  writeU32(header, 0, MAGIC);
  writeU32(header, 4, half.version);
  writeU32(header, 8, half.records);
  header.set(half.hash, HASH_AT);
  writeU32(header, CHECK_AT, checkOf(sha256, header.subarray(0, CHECK_AT)));
  writeChecked(sha256, half.region, 0, header, "roster: header of version " + half.version);
}

function pageCount(half: Half): number {
  return Math.ceil(half.records / RECORDS_PER_PAGE);
}

function recordOffset(index: number): number {
  return RECORDS_AT + index * RECORD_BYTES;
}

function pageLength(half: Half, page: number): number {
  return Math.min(half.records - page * RECORDS_PER_PAGE, RECORDS_PER_PAGE) * RECORD_BYTES;
}

function missingPages(half: Half): number[] {
  const count = pageCount(half);
  const missing: number[] = [];
  for (
    let page = nextMissing(half, 0, count);
    page < count;
    page = nextMissing(half, page + 1, count)
  )
    missing.push(page);
  return missing;
}

function hasRightHash(sha256: Sha256, half: Half): boolean {
  const digest = digestOfRoster(sha256, half.records, (page) =>
    half.region.read(recordOffset(page * RECORDS_PER_PAGE), pageLength(half, page)),
  );
  return isSame(digest, half.hash);
}

/** Makes half await a roster, with nothing of it there. */
function startHalf(sha256: Sha256, half: Half, manifest: RosterManifest): void {
  half.region.erase(0);
  half.version = manifest.version;
  half.records = manifest.records;
  half.hash = manifest.sha256;
  half.inUse = false;
  writeHeader(sha256, half);
}

function search(half: Half, card: Bytes): RosterRecord | undefined {
  const region = half.region;
  // Read eleven times among 2,000 students, so each call in between counts.
  const readKey = (i: number): Bytes => region.read(RECORDS_AT + i * RECORD_BYTES, KEY_BYTES);
  const index = findRecord(half.records, readKey, card);
  if (index < 0) return undefined;
  return decodeRecord(half.region.read(recordOffset(index), RECORD_BYTES));
}

/** What the last search found. A tap asks twice: for the key of its card, then for all else. */
type Asked = { version: number; card: Bytes; record: RosterRecord | undefined };

function createRosterStore(sha256: Sha256, halves: [Half, Half]): RosterStore {
  let inUse = newerInUse(halves);
  let arriving = inUse === halves[0] ? halves[1] : halves[0];
  let asked: Asked | undefined;
  if (arriving.inUse || (inUse && arriving.version <= inUse.version)) arriving.version = 0;

  function settle(): RosterOutcome {
    const count = pageCount(arriving);
    if (nextMissing(arriving, 0, count) < count) return "awaiting-pages";
    if (!hasRightHash(sha256, arriving)) {
      startHalf(sha256, arriving, manifestOf(arriving));
      return "roster-damaged";
    }
    arriving.region.write(COMMIT_AT, CLEARED);
    arriving.inUse = true;
    inUse = arriving;
    arriving = inUse === halves[0] ? halves[1] : halves[0];
    arriving.version = 0;
    return "in-use";
  }

  // The power may have gone between the last page and the commit.
  if (arriving.version) settle();
  return {
    version(): number {
      return inUse ? inUse.version : 0;
    },
    records(): number {
      return inUse ? inUse.records : 0;
    },
    find(card: Bytes): RosterRecord | undefined {
      const half = inUse;
      if (!half) return undefined;
      if (!asked || asked.version !== half.version || !isSame(asked.card, card))
        asked = { version: half.version, card: card, record: search(half, card) };
      return asked.record;
    },
    announce(manifest: RosterManifest): RosterOutcome {
      if (inUse && manifest.version === inUse.version) return "in-use";
      if (manifest.version < Math.max(arriving.version, inUse ? inUse.version : 1)) return "older";
      if (!fits(arriving, manifest.records)) return "too-large";
      const known = arriving.version === manifest.version && isSame(arriving.hash, manifest.sha256);
      if (!known) startHalf(sha256, arriving, manifest);
      return settle();
    },
    put(page: RosterPage): RosterOutcome {
      if (inUse && page.version === inUse.version) return "in-use";
      if (page.version < Math.max(arriving.version, inUse ? inUse.version : 1)) return "older";
      if (page.version > arriving.version) return "no-manifest";
      if (page.page >= pageCount(arriving)) return "bad-page";
      if (page.records.length !== pageLength(arriving, page.page)) return "bad-page";
      const offset = page.page * RECORDS_PER_PAGE * RECORD_BYTES;
      const part = { number: page.page, offset: offset, data: page.records };
      writePart(sha256, arriving, part, "roster: page " + page.page);
      return settle();
    },
    missing(): number[] {
      return arriving.version ? missingPages(arriving) : [];
    },
  };
}

function newerInUse(halves: [Half, Half]): Half | undefined {
  const first = halves[0];
  const second = halves[1];
  if (second.inUse && (!first.inUse || second.version > first.version)) return second;
  return first.inUse ? first : undefined;
}

function manifestOf(half: Half): RosterManifest {
  return { kind: "roster", version: half.version, records: half.records, sha256: half.hash };
}

function fits(half: Half, records: number): boolean {
  const bytes = half.region.pageBytes * half.region.pages - RECORDS_AT;
  const pages = Math.ceil(records / RECORDS_PER_PAGE);
  return records * RECORD_BYTES <= bytes && pages <= PARTS_MAX && half.region.pages <= PARTS_MAX;
}
