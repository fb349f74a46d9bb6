// Reads the display as a person does: from its pixels, by the shapes of the fonts. So a test that asks what the
// terminal says also checks what reaches the glass.

import type { Band } from "#firmware/drivers/drawing.ts";
import { BANDS, drawScreen } from "#firmware/drivers/drawing.ts";
import { bigFont } from "#firmware/drivers/font-big.ts";
import { lineFont } from "#firmware/drivers/font-line.ts";
import { smallFont } from "#firmware/drivers/font-small.ts";
import type { Font } from "#firmware/drivers/font.ts";
import { centred, DISPLAY_WIDTH, drawText, hasGlyph } from "#firmware/drivers/font.ts";
import { toHex } from "#protocol/bytes.ts";
import type { Bytes } from "#protocol/bytes.ts";
import type { EmulatedDisplay } from "./ssd1306.ts";
import { HEIGHT } from "./ssd1306.ts";

/** online, unsent, age ("5 min") and clock as the status bar shows them; big and lines in Unicode. A dark or garbled
 * display reads as empty text. */
export type Reading = {
  online: boolean;
  unsent: number;
  age: string;
  clock: string;
  big: string;
  lines: string[];
};

const [STATUS, BIG, FIRST, SECOND] = BANDS as [Band, Band, Band, Band];
/** The sign of the network stands in the first columns; the rest of the bar is text (drivers/drawing.ts). */
const SIGN_WIDTH = 8;
const BACKLOG_COLUMN = 22;
const CLOCK_CHARS = 5;
const EURO = 0x80;

export function readDisplay(display: Pick<EmulatedDisplay, "pixel">): Reading {
  const pixels = pixelsOf(display);
  const clockColumn = DISPLAY_WIDTH - CLOCK_CHARS * smallFont.width;
  const backlogChars = Math.floor((clockColumn - BACKLOG_COLUMN) / smallFont.width);
  const backlog = textAt(pixels, smallFont, STATUS, BACKLOG_COLUMN, backlogChars) ?? "";
  const match = /^(\d+) +(\d+ \w+)$/.exec(backlog.trim());
  return {
    online: toHex(pixels.subarray(0, SIGN_WIDTH)) === ONLINE_SIGN,
    unsent: Number(match?.[1] ?? 0),
    age: match?.[2] ?? "",
    clock: (textAt(pixels, smallFont, STATUS, clockColumn, CLOCK_CHARS) ?? "").trim(),
    big: centredText(pixels, bigFont, BIG) || centredText(pixels, lineFont, BIG),
    lines: [FIRST, SECOND].map((band) => centredText(pixels, lineFont, band)),
  };
}

const ONLINE_SIGN = toHex(
  drawScreen({
    status: { online: true, unsent: 0, oldestMinutes: 0, clock: "" },
    big: "",
    lines: [],
  }).subarray(0, SIGN_WIDTH),
);

/** The 1,024 bytes as firmware draws them (drivers/font.ts), from what glows on the glass. */
export function pixelsOf(display: Pick<EmulatedDisplay, "pixel">): Bytes {
  const pixels = new Uint8Array((DISPLAY_WIDTH * HEIGHT) / 8);
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < DISPLAY_WIDTH; x++)
      if (display.pixel(x, y)) {
        const at = (y >> 3) * DISPLAY_WIDTH + x;
        pixels[at] = (pixels[at] ?? 0) | (1 << (y & 7));
      }
  return pixels;
}

/** Text in the middle of a band; empty when the pixels are no text of this font. */
function centredText(pixels: Bytes, font: Font, band: Band): string {
  for (let length = 1; length * font.width <= DISPLAY_WIDTH; length++) {
    const column = centred(font, " ".repeat(length));
    const text = textAt(pixels, font, band, column, length);
    if (text?.trim() && isDarkBeside(pixels, band, column, length * font.width)) return text;
  }
  return "";
}

/** length characters from a column on; undefined where the pixels are no character. */
function textAt(
  pixels: Bytes,
  font: Font,
  band: Band,
  column: number,
  length: number,
): string | undefined {
  const shapes = shapesOf(font);
  let text = "";
  for (let i = 0; i < length; i++) {
    const character = shapes.get(shapeAt(pixels, font, band, column + i * font.width));
    if (character === undefined) return undefined;
    text += character;
  }
  return text;
}

function shapeAt(pixels: Bytes, font: Font, band: Band, column: number): string {
  let shape = "";
  for (let row = 0; row < font.pages; row++) {
    const start = (band.page + row) * DISPLAY_WIDTH + column;
    shape += toHex(pixels.subarray(start, start + font.width));
  }
  return shape;
}

function isDarkBeside(pixels: Bytes, band: Band, column: number, width: number): boolean {
  for (let page = band.page; page < band.page + band.pages; page++)
    for (let x = 0; x < DISPLAY_WIDTH; x++)
      if ((x < column || x >= column + width) && pixels[page * DISPLAY_WIDTH + x]) return false;
  return true;
}

const shapesByFont = new Map<Font, Map<string, string>>();

/** Shape to character, drawn by the firmware's own font code; of equal shapes the first in Latin-1 is meant. */
function shapesOf(font: Font): Map<string, string> {
  const known = shapesByFont.get(font);
  if (known) return known;
  const shapes = new Map<string, string>();
  const band: Band = { page: 0, pages: font.pages };
  for (let code = 0x20; code < 0x100; code++) {
    if (!hasGlyph(font, code)) continue;
    const pixels = new Uint8Array(DISPLAY_WIDTH * font.pages);
    drawText(pixels, font, String.fromCharCode(code), 0, 0);
    const shape = shapeAt(pixels, font, band, 0);
    const isEmpty = /^0*$/.test(shape);
    if (!shapes.has(shape) && (code === 0x20 || !isEmpty))
      shapes.set(shape, code === EURO ? "€" : String.fromCharCode(code));
  }
  shapesByFont.set(font, shapes);
  return shapes;
}
