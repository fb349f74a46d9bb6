// What every part that keeps something in flash does the same way: check words, and writes that are
// read back. Check words are the start of a SHA-256, not a CRC: Espruino hashes natively in
// microseconds, while a CRC-32 in script costs a millisecond for a token, and about 65 times that
// on the ESP32.

import type { Bytes, Primitives } from "#protocol/bytes.ts";
import { readU32, writeU32 } from "#protocol/bytes.ts";
import type { FlashRegion } from "./board.ts";

export type Sha256 = Primitives["sha256"];

/** A word of erased flash, and one with all bits cleared. */
export const BLANK = 4294967295;
export const CLEARED = new Uint8Array(4);
const PIECE_BYTES = 1024;
const JOINED_BYTES_MAX = 96;

/** The first 4 bytes of the SHA-256 of data. */
export function checkOf(sha256: Sha256, data: Bytes): number {
  return readU32(sha256(data), 0);
}

/** length rounded up to the whole words that flash is written in. */
export function wordsUp(length: number): number {
  return (length + 3) & -4;
}

/** For a few words: a loop. */
export function isBlank(data: Bytes): boolean {
  for (let i = 0; i < data.length; i++) if (data[i] !== 255) return false;
  return true;
}

/** For pages: compares by hash, piece by piece, because a loop over a page would take the ESP32 a
 * second. */
export function isErased(
  sha256: Sha256,
  region: FlashRegion,
  offset: number,
  length: number,
): boolean {
  const blankHash = sha256(blank(PIECE_BYTES));
  for (let at = 0; at < length; at += PIECE_BYTES) {
    const piece = region.read(offset + at, Math.min(PIECE_BYTES, length - at));
    const wanted = piece.length === PIECE_BYTES ? blankHash : sha256(blank(piece.length));
    if (!isSame(sha256(piece), wanted)) return false;
  }
  return true;
}

function blank(length: number): Bytes {
  const data = new Uint8Array(length);
  data.fill(255);
  return data;
}

/** For a few words whose comparison tells a stranger nothing. Joined natively: a loop costs the
 * interpreter 5 us a byte. */
export function isSame(a: Bytes, b: Bytes): boolean {
  return a.join() === b.join();
}

/** Writes data, reads it back, and throws "<name> did not take" when the flash does not hold it. */
export function writeChecked(
  sha256: Sha256,
  region: FlashRegion,
  offset: number,
  data: Bytes,
  name: string,
): void {
  region.write(offset, data);
  const held = region.read(offset, data.length);
  // Two hashes cost as much as comparing some 100 bytes.
  const same =
    data.length > JOINED_BYTES_MAX ? isSame(sha256(held), sha256(data)) : isSame(held, data);
  if (!same) throw new Error(name + " did not take");
}

/** Clears one bit of the word array at offset: bit n of a map that starts all ones. NOR flash
 * clears bits without an erase, and the other bits of the word are written as ones, which leaves
 * them as they are. */
export function clearBit(region: FlashRegion, offset: number, n: number): void {
  const word = new Uint8Array(4);
  writeU32(word, 0, ~(1 << (n & 31)));
  region.write(offset + (n >> 5) * 4, word);
}

/** Some pages of another region, from byte start on. Espruino's flash takes no quotient, even a whole one, as an address. */
type Part = FlashRegion & { whole: FlashRegion; firstPage: number; start: number };

/** What parts do, once for all of them: there are six. */
const PART = {
  read: function (this: Part, offset: number, length: number): Bytes {
    return this.whole.read(this.start + offset, length);
  },
  write: function (this: Part, offset: number, data: Bytes): void {
    this.whole.write(this.start + offset, data);
  },
  erase: function (this: Part, page: number): void {
    this.whole.erase(this.firstPage + page);
  },
};

/** Some pages of a region as a region of their own. */
export function pagesOf(region: FlashRegion, firstPage: number, pages: number): FlashRegion {
  const part = Object.create(PART) as Part;
  part.whole = region;
  part.firstPage = firstPage;
  part.start = firstPage * region.pageBytes;
  part.pageBytes = region.pageBytes;
  part.pages = pages;
  return part;
}
