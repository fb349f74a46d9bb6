// Region points: the nonces that the terminal makes for itself, page by page. A page holds a header
// with its first index, room for points, and their burn slots; so the map grows with the points, and
// a page may be erased once it is spent and a newer one stands, which knows that it is.

import type { Bytes } from "#protocol/bytes.ts";
import type { FlashRegion } from "./board.ts";
import { CLEARED, isErased, writeChecked } from "./flash.ts";
import type { NonceRange, PoolMark } from "./nonce-range.ts";
import { burnBelow, countWritten, isInOrder, pointOf } from "./nonce-range.ts";
import {
  HEADER_BYTES,
  POINTS_MAGIC,
  POINT_RECORD_BYTES,
  SLOT_BYTES,
  encodeHeader,
  encodeRecord,
  readHeader,
} from "./pool.ts";

const PAGES_MIN = 3;

export type NoncePage = NonceRange & { page: number };
export type NoncePages = {
  mark: PoolMark;
  region: FlashRegion;
  /** By their first index, ascending. */
  live: NoncePage[];
  /** No page begins below. */
  floor: number;
  /** The newest page takes no more points: a write failed. */
  closed: boolean;
};

/** Header, then so many points and slots. */
export function capacityOf(region: FlashRegion): number {
  return Math.floor((region.pageBytes - HEADER_BYTES) / (POINT_RECORD_BYTES + SLOT_BYTES));
}

/** floor: the first index behind the pool of the host. undefined when a burn map is damaged. Pages
 * without a whole header of our pool are free: their header was the first to be written, and the
 * first to go. */
export function openNoncePages(
  mark: PoolMark,
  region: FlashRegion,
  floor: number,
): NoncePages | undefined {
  if (region.pages < PAGES_MIN) throw new Error("nonces: points in " + region.pages + " pages");
  const live: NoncePage[] = [];
  for (let page = 0; page < region.pages; page++) {
    const bytes = region.read(page * region.pageBytes, HEADER_BYTES);
    const header = readHeader(mark.sha256, POINTS_MAGIC, bytes);
    if (!header || header.poolId.join() !== mark.poolId.join()) continue;
    const opened = pageAt(region, page, header.count);
    opened.ready = countReady(mark, opened);
    opened.burnt = countWritten(region, opened.slotsAt, SLOT_BYTES, opened.capacity);
    if (!isInOrder(mark.sha256, opened, opened.capacity)) return undefined;
    live.push(opened);
  }
  live.sort((a, b) => a.first - b.first);
  return { mark: mark, region: region, live: live, floor: floor, closed: false };
}

function pageAt(region: FlashRegion, page: number, first: number): NoncePage {
  const pointsAt = page * region.pageBytes + HEADER_BYTES;
  const capacity = capacityOf(region);
  return {
    page: page,
    first: first,
    capacity: capacity,
    ready: 0,
    burnt: 0,
    region: region,
    slotsAt: pointsAt + capacity * POINT_RECORD_BYTES,
    readPoint: (at) => region.read(pointsAt + at * POINT_RECORD_BYTES, POINT_RECORD_BYTES),
  };
}

/** Only the last point can be half written; it will be written again, with the same bits. */
function countReady(mark: PoolMark, page: NoncePage): number {
  const pointsAt = page.page * page.region.pageBytes + HEADER_BYTES;
  const written = countWritten(page.region, pointsAt, POINT_RECORD_BYTES, page.capacity);
  if (!written) return 0;
  try {
    pointOf(mark, page, page.first + written - 1);
  } catch {
    return written - 1;
  }
  return written;
}

function newestOf(pages: NoncePages): NoncePage | undefined {
  return pages.live[pages.live.length - 1];
}

/** The index that the next point is for, and how many more its page can take; undefined without
 * room. */
export function roomFor(pages: NoncePages): { index: number; count: number } | undefined {
  const newest = newestOf(pages);
  if (!newest || pages.closed || newest.burnt >= newest.capacity) return undefined;
  if (newest.ready >= newest.capacity) return undefined;
  return { index: newest.first + newest.ready, count: newest.capacity - newest.ready };
}

/** Writes the point of an index; false when another one is wanted by now. Throws when the flash does
 * not take it: then the page stays as it is. */
export function putPoint(pages: NoncePages, index: number, point: Bytes): boolean {
  const room = roomFor(pages);
  const newest = newestOf(pages);
  if (!room || !newest || room.index !== index) return false;
  const mark = pages.mark;
  const record = encodeRecord(mark.sha256, mark.poolId, index, point);
  const offset =
    newest.page * pages.region.pageBytes + HEADER_BYTES + newest.ready * POINT_RECORD_BYTES;
  pages.closed = true;
  writeChecked(mark.sha256, pages.region, offset, record, "nonces: point " + index);
  pages.closed = false;
  newest.ready++;
  return true;
}

/** One step towards a page with room: retires a spent page, erases it, or begins it. False when the
 * newest page has room, or no page is free. spent: all indices below are. */
export function makeRoom(pages: NoncePages, spent: number): boolean {
  if (roomFor(pages)) return false;
  const region = pages.region;
  const newest = newestOf(pages);
  const page = newest ? (newest.page + 1) % region.pages : 0;
  const held = pages.live.filter((one) => one.page === page)[0];
  if (held) return retire(pages, held, spent);
  if (!isErased(pages.mark.sha256, region, page * region.pageBytes, region.pageBytes)) {
    region.erase(page);
    return true;
  }
  const first = Math.max(pages.floor, newest ? newest.first + newest.capacity : 0);
  beginPage(pages, page, first);
  return true;
}

/** An erase that the power interrupts may leave any bits standing: the header goes first, in a write
 * of its own, so that nothing half erased is ever read as a burn map. */
function retire(pages: NoncePages, held: NoncePage, spent: number): boolean {
  if (held.first + held.capacity > spent) return false;
  pages.region.write(held.page * pages.region.pageBytes, CLEARED);
  pages.live = pages.live.filter((one) => one !== held);
  return true;
}

function beginPage(pages: NoncePages, page: number, first: number): void {
  const mark = pages.mark;
  const header = encodeHeader(mark.sha256, POINTS_MAGIC, first, mark.poolId);
  const offset = page * pages.region.pageBytes;
  writeChecked(mark.sha256, pages.region, offset, header, "nonces: header of page " + page);
  pages.live.push(pageAt(pages.region, page, first));
  pages.closed = false;
}

/** Nothing below index is ever used again: pages that begin below are burnt whole, and a new one
 * begins there, so that this survives a start. */
export function skipPages(pages: NoncePages, index: number): void {
  for (let i = 0; i < pages.live.length; i++) {
    const page = pages.live[i] as NoncePage;
    if (page.first < index) burnBelow(page, page.first + page.capacity);
  }
  pages.floor = Math.max(pages.floor, index);
  const newest = newestOf(pages);
  if (newest && newest.first >= index) return;
  while (makeRoom(pages, index));
}
