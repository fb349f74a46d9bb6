// Many small pictures in one file, four beside each other, so that a person can look through all
// screens at once and a test can compare each by itself.

import { PNG } from "pngjs";
import { pngOf } from "./picture.ts";
import type { EmulatedDisplay } from "./ssd1306.ts";
import { HEIGHT, WIDTH } from "./ssd1306.ts";

type Picture = Pick<EmulatedDisplay, "pixel">;

const COLUMNS = 4;
const GAP = 6;
const PAPER = 0x60;

/** scale: each pixel of a picture becomes a square of so many. */
export function sheetOf(pictures: Picture[], scale: number): Buffer {
  const rows = Math.ceil(pictures.length / COLUMNS);
  const width = GAP + COLUMNS * (WIDTH * scale + GAP);
  const sheet = new PNG({ width, height: GAP + rows * (HEIGHT * scale + GAP) });
  sheet.data.fill(PAPER);
  for (let i = 3; i < sheet.data.length; i += 4) sheet.data[i] = 0xff;
  for (const [i, picture] of pictures.entries()) {
    const { x, y } = placeOf(i, scale);
    const tile = PNG.sync.read(pngOf(picture, scale));
    PNG.bitblt(tile, sheet, 0, 0, tile.width, tile.height, x, y);
  }
  return PNG.sync.write(sheet);
}

/** The picture of that number on a sheet made with scale 1. */
export function pictureOn(sheet: Buffer, number: number): Picture {
  const png = PNG.sync.read(sheet);
  const { x, y } = placeOf(number, 1);
  const glow = (column: number, row: number): number =>
    png.data[((y + row) * png.width + x + column) * 4] ?? 0;
  return { pixel: (column, row) => (glow(column, row) > 127 ? 1 : 0) };
}

function placeOf(number: number, scale: number): { x: number; y: number } {
  const column = number % COLUMNS;
  const row = Math.floor(number / COLUMNS);
  return { x: GAP + column * (WIDTH * scale + GAP), y: GAP + row * (HEIGHT * scale + GAP) };
}
