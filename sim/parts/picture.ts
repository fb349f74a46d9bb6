// Pictures of the emulated display, for people and for tests: a PNG, or art in characters.

import { PNG } from "pngjs";
import type { EmulatedDisplay } from "./ssd1306.ts";
import { HEIGHT, WIDTH } from "./ssd1306.ts";

const GLOW = [0xe8, 0xf6, 0xff];
const GLASS = [0x05, 0x08, 0x0c];

/** Each pixel becomes a square of scale x scale. */
export function pngOf(display: Pick<EmulatedDisplay, "pixel">, scale: number): Buffer {
  const png = new PNG({ width: WIDTH * scale, height: HEIGHT * scale });
  for (let y = 0; y < png.height; y++)
    for (let x = 0; x < png.width; x++) {
      const lit = display.pixel(Math.floor(x / scale), Math.floor(y / scale));
      png.data.set([...(lit ? GLOW : GLASS), 0xff], (y * png.width + x) * 4);
    }
  return PNG.sync.write(png);
}

/** The rows of a picture as text, "#" where a pixel glows: what a PNG written by pngOf(display, 1) says, too. */
export function artOf(display: Pick<EmulatedDisplay, "pixel">): string[] {
  const rows: string[] = [];
  for (let y = 0; y < HEIGHT; y++) {
    let row = "";
    for (let x = 0; x < WIDTH; x++) row += display.pixel(x, y) ? "#" : ".";
    rows.push(row);
  }
  return rows;
}

/** Reads a picture of this size back, so that tests compare pixels and not the work of a compressor. */
export function artOfPng(bytes: Buffer): string[] {
  const png = PNG.sync.read(bytes);
  return artOf({ pixel: (x, y) => ((png.data[(y * png.width + x) * 4] ?? 0) > 127 ? 1 : 0) });
}
