// An SSD1306 at the end of an I2C bus: commands, addressing and memory (datasheet revision 1.1, section 10),
// and the pixels a person would see. Written in the terminal's language; png.ts makes pictures of it.

import type { Bytes } from "#protocol/bytes.ts";

export const WIDTH = 128;
export const HEIGHT = 64;
const PAGES = 8;

const COMMANDS = 0x00;
const PIXELS = 0x40;

/** Parameter bytes of the commands that have any (table 9-1 of the datasheet). */
const PARAMETERS: { [command: number]: number } = {
  0x20: 1,
  0x21: 2,
  0x22: 2,
  0x81: 1,
  0x8d: 1,
  0xa8: 1,
  0xd3: 1,
  0xd5: 1,
  0xd9: 1,
  0xda: 1,
  0xdb: 1,
};

export type EmulatedDisplay = {
  /** One I2C message: control byte, then commands or pixels. Throws on what the controller would not understand. */
  write(data: Bytes): void;
  /** 1 when the pixel glows: a dark glass when the display is off. */
  pixel(x: number, y: number): number;
  memory: Bytes;
  /** Messages and bytes received, to see what drawing costs. */
  traffic(): { messages: number; bytes: number };
  /** As after power-up: off, noise in the memory. */
  powerUp(): void;
};

export function createEmulatedDisplay(): EmulatedDisplay {
  const memory = new Uint8Array(WIDTH * PAGES);
  let pending: number[] = [];
  let on = false;
  let inverted = false;
  let horizontal = false;
  let flippedColumns = false;
  let flippedRows = false;
  let columns = [0, WIDTH - 1];
  let pages = [0, PAGES - 1];
  let column = 0;
  let page = 0;
  let messages = 0;
  let bytes = 0;

  function powerUp(): void {
    for (let i = 0; i < memory.length; i++) memory[i] = (i * 37 + (i >> 3)) & 255;
    pending = [];
    on = false;
    inverted = false;
    horizontal = false;
    flippedColumns = false;
    flippedRows = false;
  }

  function window(name: string, given: number[], most: number): number[] {
    const first = given[1] as number;
    const last = given[2] as number;
    if (first > last || last > most)
      throw new Error("ssd1306: " + name + " from " + first + " to " + last);
    return [first, last];
  }

  function obey(command: number[]): void {
    const code = command[0] as number;
    if (code === 0xae || code === 0xaf) on = code === 0xaf;
    else if (code === 0xa6 || code === 0xa7) inverted = code === 0xa7;
    else if (code === 0xa0 || code === 0xa1) flippedColumns = code === 0xa1;
    else if (code === 0xc0 || code === 0xc8) flippedRows = code === 0xc8;
    else if (code === 0x20) horizontal = command[1] === 0;
    else if (code === 0x21) {
      columns = window("columns", command, WIDTH - 1);
      column = columns[0] as number;
    } else if (code === 0x22) {
      pages = window("pages", command, PAGES - 1);
      page = pages[0] as number;
    } else if (code !== 0xa4 && code !== 0x40 && !PARAMETERS[code])
      throw new Error("ssd1306: unknown command " + code);
  }

  function take(byte: number): void {
    pending.push(byte);
    if (pending.length <= (PARAMETERS[pending[0] as number] || 0)) return;
    const command = pending;
    pending = [];
    obey(command);
  }

  function store(byte: number): void {
    if (!horizontal) throw new Error("ssd1306: pixels before horizontal addressing");
    memory[page * WIDTH + column] = byte;
    if (++column <= (columns[1] as number)) return;
    column = columns[0] as number;
    if (++page > (pages[1] as number)) page = pages[0] as number;
  }

  powerUp();
  return {
    write: function (data) {
      const control = data[0];
      messages++;
      bytes += data.length;
      if (control !== COMMANDS && control !== PIXELS)
        throw new Error("ssd1306: control byte " + control);
      for (let i = 1; i < data.length; i++) {
        if (control === PIXELS) store(data[i] as number);
        else take(data[i] as number);
      }
    },
    pixel: function (x, y) {
      if (!on) return 0;
      // The module is mounted turned by half a circle: upright only when both directions are flipped.
      const seenX = flippedColumns ? x : WIDTH - 1 - x;
      const seenY = flippedRows ? y : HEIGHT - 1 - y;
      const lit = ((memory[(seenY >> 3) * WIDTH + seenX] as number) >> (seenY & 7)) & 1;
      return inverted ? 1 - lit : lit;
    },
    memory: memory,
    traffic: () => ({ messages: messages, bytes: bytes }),
    powerUp: powerUp,
  };
}
