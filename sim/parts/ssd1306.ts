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

type Controller = {
  memory: Bytes;
  /** A command whose parameters have not all come yet. */
  pending: number[];
  on: boolean;
  inverted: boolean;
  horizontal: boolean;
  flippedColumns: boolean;
  flippedRows: boolean;
  columns: number[];
  pages: number[];
  column: number;
  page: number;
};

export function createEmulatedDisplay(): EmulatedDisplay {
  const controller: Controller = {
    memory: new Uint8Array(WIDTH * PAGES),
    pending: [],
    on: false,
    inverted: false,
    horizontal: false,
    flippedColumns: false,
    flippedRows: false,
    columns: [0, WIDTH - 1],
    pages: [0, PAGES - 1],
    column: 0,
    page: 0,
  };
  const traffic = { messages: 0, bytes: 0 };
  powerUp(controller);
  return {
    write: function (data) {
      const control = data[0];
      traffic.messages++;
      traffic.bytes += data.length;
      if (control !== COMMANDS && control !== PIXELS)
        throw new Error("ssd1306: control byte " + control);
      for (let i = 1; i < data.length; i++) {
        if (control === PIXELS) store(controller, data[i] as number);
        else take(controller, data[i] as number);
      }
    },
    pixel: (x, y) => pixelAt(controller, x, y),
    memory: controller.memory,
    traffic: () => traffic,
    powerUp: () => powerUp(controller),
  };
}

function powerUp(controller: Controller): void {
  const memory = controller.memory;
  for (let i = 0; i < memory.length; i++) memory[i] = i * 37 + (i >> 3);
  controller.pending = [];
  controller.on = false;
  controller.inverted = false;
  controller.horizontal = false;
  controller.flippedColumns = false;
  controller.flippedRows = false;
}

function pixelAt(controller: Controller, x: number, y: number): number {
  if (!controller.on) return 0;
  // The module is mounted turned by half a circle: upright only when both directions are flipped.
  const seenX = controller.flippedColumns ? x : WIDTH - 1 - x;
  const seenY = controller.flippedRows ? y : HEIGHT - 1 - y;
  const byte = controller.memory[(seenY >> 3) * WIDTH + seenX] as number;
  const lit = (byte >> (seenY & 7)) & 1;
  return controller.inverted ? 1 - lit : lit;
}

function take(controller: Controller, byte: number): void {
  const command = controller.pending;
  command.push(byte);
  if (command.length <= (PARAMETERS[command[0] as number] || 0)) return;
  controller.pending = [];
  obey(controller, command);
}

function obey(controller: Controller, command: number[]): void {
  const code = command[0] as number;
  if (code === 0xae || code === 0xaf) controller.on = code === 0xaf;
  else if (code === 0xa6 || code === 0xa7) controller.inverted = code === 0xa7;
  else if (code === 0xa0 || code === 0xa1) controller.flippedColumns = code === 0xa1;
  else if (code === 0xc0 || code === 0xc8) controller.flippedRows = code === 0xc8;
  else if (code === 0x20) controller.horizontal = command[1] === 0;
  else if (code === 0x21) {
    controller.columns = rangeOf("columns", command, WIDTH - 1);
    controller.column = controller.columns[0] as number;
  } else if (code === 0x22) {
    controller.pages = rangeOf("pages", command, PAGES - 1);
    controller.page = controller.pages[0] as number;
  } else if (code !== 0xa4 && code !== 0x40 && !PARAMETERS[code])
    throw new Error("ssd1306: unknown command " + code);
}

function rangeOf(name: string, command: number[], most: number): number[] {
  const first = command[1] as number;
  const last = command[2] as number;
  if (first > last || last > most)
    throw new Error("ssd1306: " + name + " from " + first + " to " + last);
  return [first, last];
}

function store(controller: Controller, byte: number): void {
  if (!controller.horizontal) throw new Error("ssd1306: pixels before horizontal addressing");
  controller.memory[controller.page * WIDTH + controller.column] = byte;
  if (++controller.column <= (controller.columns[1] as number)) return;
  controller.column = controller.columns[0] as number;
  if (++controller.page > (controller.pages[1] as number))
    controller.page = controller.pages[0] as number;
}
