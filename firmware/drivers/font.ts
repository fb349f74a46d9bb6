// Draws text into the 1,024 bytes of a 128x64 display: 8 pages of 8 rows, one byte a column, lowest bit on top
// (SSD1306 datasheet section 8.7). Text is Latin-1, with the euro sign at 0x80.
// Characters start on a page and are copied column by column, natively: the interpreter sees no pixel.

import type { Bytes } from "#protocol/bytes.ts";

export const DISPLAY_WIDTH = 128;
/** Few, because all of a block is in memory once one of it was drawn. */
const BLOCK_GLYPHS = 8;
const UNKNOWN = "?";

export type Font = {
  width: number;
  /** Height in pages of 8 rows. */
  pages: number;
  /** Characters 8 i to 8 i + 7, as little-endian words; trailing zeros left out. Some are not there. */
  block: (index: number) => number[] | undefined;
  /** The blocks used so far, as bytes: glyph after glyph, page after page. */
  drawn: Bytes[];
};

/** Copies text to column x of page; what does not fit on the right is left out. Characters the font has not are "?". */
export function drawText(pixels: Bytes, font: Font, text: string, x: number, page: number): void {
  const width = font.width;
  const pages = font.pages;
  const drawn = font.drawn;
  const count = Math.min(text.length, Math.floor((DISPLAY_WIDTH - x) / width));
  let left = page * DISPLAY_WIDTH + x;
  for (let i = 0; i < count; i++) {
    let code = text.charCodeAt(i);
    let block = drawn[code >> 3];
    if (!block) {
      const words = font.block(code >> 3);
      if (words) block = unpackBlock(font, code >> 3, words);
      else {
        code = UNKNOWN.charCodeAt(0);
        block = drawn[code >> 3] || unpackBlock(font, code >> 3, font.block(code >> 3) || []);
      }
    }
    let from = (code & 7) * width * pages;
    let to = left;
    for (let row = 0; row < pages; row++) {
      pixels.set(block.subarray(from, (from += width)), to);
      to += DISPLAY_WIDTH;
    }
    left += width;
  }
}

/** False where "?" is drawn instead, and for some that nobody needs. */
export function hasGlyph(font: Font, code: number): boolean {
  return font.block(code >> 3) !== undefined;
}

/** The column at which text of this font stands in the middle of the display. */
export function centred(font: Font, text: string): number {
  return Math.max(0, (DISPLAY_WIDTH - text.length * font.width) >> 1);
}

function unpackBlock(font: Font, index: number, words: number[]): Bytes {
  const room = new Uint32Array((BLOCK_GLYPHS * font.width * font.pages) >> 2);
  room.set(words, 0);
  const block = new Uint8Array(room.buffer);
  font.drawn[index] = block;
  return block;
}
