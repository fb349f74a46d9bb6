// Draws text into the 1,024 bytes of a 128x64 display: 8 pages of 8 rows, one byte a column, lowest bit on top
// (SSD1306 datasheet section 8.7). Text is Latin-1, with the euro sign at 0x80.
// Characters start on a page and are copied column by column, natively: the interpreter sees no pixel.

import type { Bytes } from "#protocol/bytes.ts";

export const DISPLAY_WIDTH = 128;
const BLOCK_GLYPHS = 8;
const CODES = 256;
const UNKNOWN = "?";

export type Font = {
  width: number;
  /** Height in pages of 8 rows. */
  pages: number;
  /** Characters 8 i to 8 i + 7, as little-endian words; trailing zeros left out. Some are not there. */
  block: (index: number) => number[] | undefined;
  /** What was drawn lately: glyphs of width x pages bytes by number, page after page, then for each character the number
   * of its glyph. Number 0 is none. */
  kept: Bytes;
  /** Number of the glyph that was kept last; in a full room the oldest goes. */
  newest: number;
};

/** Copies text to column x of page; what does not fit on the right is left out. Characters the font has not are "?". */
export function drawText(pixels: Bytes, font: Font, text: string, x: number, page: number): void {
  const width = font.width;
  const pages = font.pages;
  const glyphBytes = width * pages;
  const kept = font.kept;
  const numbersAt = kept.length - CODES;
  const count = Math.min(text.length, Math.floor((DISPLAY_WIDTH - x) / width));
  let left = page * DISPLAY_WIDTH + x;
  for (let i = 0; i < count; i++) {
    const code = text.charCodeAt(i);
    let from = (kept[numbersAt + code] || keepGlyph(font, code)) * glyphBytes;
    let to = left;
    for (let row = 0; row < pages; row++) {
      pixels.set(kept.subarray(from, (from += width)), to);
      to += DISPLAY_WIDTH;
    }
    left += width;
  }
}

/** Room for so many glyphs of so many bytes, none of them kept yet. */
export function keptGlyphs(room: number, glyphBytes: number): Bytes {
  return new Uint8Array((1 + room) * glyphBytes + CODES);
}

/** False where "?" is drawn instead, and for some that nobody needs. */
export function hasGlyph(font: Font, code: number): boolean {
  return font.block(code >> 3) !== undefined;
}

/** The column at which text of this font stands in the middle of the display. */
export function centred(font: Font, text: string): number {
  return Math.max(0, (DISPLAY_WIDTH - text.length * font.width) >> 1);
}

/** Keeps the glyph of a character, and returns its number. */
function keepGlyph(font: Font, code: number): number {
  const words = font.block(code >> 3);
  const kept = font.kept;
  const numbersAt = kept.length - CODES;
  const numbers = kept.subarray(numbersAt, kept.length);
  if (!words) {
    const unknown = UNKNOWN.charCodeAt(0);
    return numbers[unknown] || keepGlyph(font, unknown);
  }
  const glyphBytes = font.width * font.pages;
  const isFull = (font.newest + 2) * glyphBytes > numbersAt;
  const number = isFull ? 1 : font.newest + 1;
  const oldest = numbers.indexOf(number);
  if (oldest >= 0) numbers[oldest] = 0;
  const block = new Uint32Array((BLOCK_GLYPHS * glyphBytes) >> 2);
  block.set(words, 0);
  const glyph = new Uint8Array(block.buffer, (code & 7) * glyphBytes, glyphBytes);
  kept.set(glyph, number * glyphBytes);
  numbers[code] = number;
  font.newest = number;
  return number;
}
