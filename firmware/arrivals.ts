// What arrives in flash part by part, in any order, over as many power cuts as it likes: a roster and a script. Two bit
// maps of 256 bits, cleared one by one, lie before the parts: flash pages erased for them behind the first, which is
// erased with the header, and parts that are there.

import type { Bytes } from "#protocol/bytes.ts";
import { readU32 } from "#protocol/bytes.ts";
import type { FlashRegion } from "./board.ts";
import type { Sha256 } from "./flash.ts";
import { clearBit, wordsUp, writeChecked } from "./flash.ts";

/** So many parts at most, on so many pages at most. */
export const PARTS_MAX = 256;
const MAP_BYTES = 32;
export const MAPS_BYTES = 2 * MAP_BYTES;

/** at: where the parts begin in the region, right behind the maps. */
export type Arrivals = { region: FlashRegion; at: number };
/** offset: in bytes from `at`. */
export type Part = { number: number; offset: number; data: Bytes };

/** The first part from `from` on that has not come, count when all of them have. */
export function nextMissing(arrivals: Arrivals, from: number, count: number): number {
  const arrived = arrivals.region.read(arrivals.at - MAP_BYTES, MAP_BYTES);
  for (let part = from; part < count; part++) if (!isCleared(arrived, part)) return part;
  return count;
}

/** Writes a part that has not come; one that has changes nothing. Pages are erased when the first bytes for them come, not
 * all at once: that would hold up the counter. Throws "<name> did not take". */
export function writePart(sha256: Sha256, arrivals: Arrivals, part: Part, name: string): void {
  const region = arrivals.region;
  const arrivedAt = arrivals.at - MAP_BYTES;
  if (isCleared(region.read(arrivedAt, MAP_BYTES), part.number)) return;
  const offset = arrivals.at + part.offset;
  // Espruino's flash takes no page number that Math.floor made: it calls that a float.
  const first = (offset / region.pageBytes) | 0;
  const last = ((offset + part.data.length - 1) / region.pageBytes) | 0;
  const erasedAt = arrivals.at - MAPS_BYTES;
  const erased = region.read(erasedAt, MAP_BYTES);
  for (let page = first || 1; page <= last; page++)
    if (!isCleared(erased, page)) {
      region.erase(page);
      clearBit(region, erasedAt, page);
    }
  const padded = new Uint8Array(wordsUp(part.data.length));
  padded.fill(255);
  padded.set(part.data, 0);
  writeChecked(sha256, region, offset, padded, name);
  clearBit(region, arrivedAt, part.number);
}

function isCleared(map: Bytes, n: number): boolean {
  return !((readU32(map, (n >> 5) * 4) >>> (n & 31)) & 1);
}
