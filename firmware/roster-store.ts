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
import type { FlashRegion } from "./board.ts";
import type { Sha256 } from "./flash.ts";
import { CLEARED, checkOf, clearBit, isSame, pagesOf, writeChecked } from "./flash.ts";

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

// half: version, records, hash, check | commit word | two bit maps | the records.
const MAGIC = 0x4f425231;
const HASH_AT = 12;
const CHECK_AT = 44;
const HEADER_BYTES = 48;
const COMMIT_AT = 48;
/** Bit maps of 256 bits, cleared one by one: flash pages erased for this version behind the first,
 * which is erased with the header, and roster pages that are there. */
const ERASED_AT = 64;
const ARRIVED_AT = 96;
const MAP_BYTES = 32;
const PAGES_MAX = 256;
const RECORDS_AT = 128;

type Half = { region: FlashRegion; version: number; records: number; hash: Bytes; inUse: boolean };

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

function isCleared(map: Bytes, n: number): boolean {
  return !((readU32(map, (n >> 5) * 4) >>> (n & 31)) & 1);
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
  const arrived = half.region.read(ARRIVED_AT, MAP_BYTES);
  const missing: number[] = [];
  for (let page = 0; page < pageCount(half); page++)
    if (!isCleared(arrived, page)) missing.push(page);
  return missing;
}

/** Pages are erased when the first records for them come, not all at once: that would hold up the
 * counter. */
function writePage(sha256: Sha256, half: Half, page: number, records: Bytes): void {
  const region = half.region;
  const offset = recordOffset(page * RECORDS_PER_PAGE);
  // Espruino's flash takes no page number that Math.floor made: it calls that a float.
  const first = (offset / region.pageBytes) | 0;
  const last = ((offset + records.length - 1) / region.pageBytes) | 0;
  const erased = region.read(ERASED_AT, MAP_BYTES);
  for (let flashPage = first || 1; flashPage <= last; flashPage++)
    if (!isCleared(erased, flashPage)) {
      region.erase(flashPage);
      clearBit(region, ERASED_AT, flashPage);
    }
  writeChecked(sha256, region, offset, records, "roster: page " + page);
  clearBit(region, ARRIVED_AT, page);
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
    if (missingPages(arriving).length) return "awaiting-pages";
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
      if (missingPages(arriving).indexOf(page.page) >= 0)
        writePage(sha256, arriving, page.page, page.records);
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
  return records * RECORD_BYTES <= bytes && pages <= PAGES_MAX && half.region.pages <= PAGES_MAX;
}
