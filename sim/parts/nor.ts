// NOR flash as firmware/board.ts promises it and no kinder: an erase sets a page to ones, a write
// can only clear bits, both want whole words, and the power may go in the middle of either. For the
// simulator and for the tests that cut the power at every single operation.

import { closeSync, existsSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import type { FlashRegion } from "#firmware/board.ts";
import type { Bytes } from "#protocol/bytes.ts";

/** How the operation that loses its power ends: not begun, half done with noise in between, or
 * done. */
export type CutMode = "before" | "half" | "after";

/** file keeps the content between runs of the simulator; without one it lives in memory only. */
export type NorOptions = { pageBytes: number; pages: number; file?: string };

export type Nor = FlashRegion & {
  /** The content itself, for tests that damage it. */
  content: Bytes;
  counts: { reads: number; writes: number; erases: number };
  /** Erases of each page since the start of this run: real parts bear 100,000. */
  wear: Uint32Array;
  close(): void;
};

/** Thrown by every operation from the cut on, until power.restore(). */
export class PowerCut extends Error {
  constructor() {
    super("nor: the power is cut");
  }
}

/** One supply for all regions of a box: cutAfter(n) lets n writes and erases pass and fails the
 * next. */
export type PowerSupply = {
  operations: number;
  cutAfter(operations: number, mode: CutMode): void;
  restore(): void;
  isOn(): boolean;
  /** Called by each part before a write or erase; says how far it may go. */
  draw(): CutMode;
};

export function createPowerSupply(): PowerSupply {
  let remaining = Infinity;
  let mode: CutMode = "after";
  let on = true;
  return {
    operations: 0,
    cutAfter(operations, cutMode) {
      remaining = operations;
      mode = cutMode;
    },
    restore() {
      remaining = Infinity;
      on = true;
    },
    isOn: () => on,
    draw() {
      if (!on) throw new PowerCut();
      this.operations++;
      if (remaining-- > 0) return "after";
      on = false;
      return mode;
    },
  };
}

export function createNor(options: NorOptions, power: PowerSupply = createPowerSupply()): Nor {
  const { pageBytes, pages } = options;
  const size = pageBytes * pages;
  const storage = openStorage(options.file, size);
  const content = storage.content;
  const counts = { reads: 0, writes: 0, erases: 0 };
  const wear = new Uint32Array(pages);

  /** Applies change to the bytes of an operation as far as its power goes. */
  function change(offset: number, length: number, changed: (i: number) => number): void {
    const mode = power.draw();
    const done = mode === "after" ? length : mode === "before" ? 0 : length >> 1;
    for (let i = 0; i < done; i++) content[offset + i] = changed(i);
    // Where the power went, some of the bits have moved and some have not.
    if (mode === "half" && done < length) {
      const before = content[offset + done] as number;
      content[offset + done] = before ^ ((before ^ changed(done)) & 0x5a);
    }
    storage.save(offset, length);
    if (!power.isOn()) throw new PowerCut();
  }

  return {
    pageBytes,
    pages,
    content,
    counts,
    wear,
    read(offset, length) {
      if (!power.isOn()) throw new PowerCut();
      if (offset < 0 || length < 0 || offset + length > size)
        throw new Error(`nor: read of ${length} bytes at ${offset} in ${size}`);
      counts.reads++;
      return content.slice(offset, offset + length);
    },
    write(offset, data) {
      if (offset % 4 || data.length % 4)
        throw new Error(`nor: write of ${data.length} bytes at ${offset} is not in whole words`);
      if (offset < 0 || offset + data.length > size)
        throw new Error(`nor: write of ${data.length} bytes at ${offset} in ${size}`);
      counts.writes++;
      change(offset, data.length, (i) => (content[offset + i] as number) & (data[i] as number));
    },
    erase(page) {
      if (!Number.isInteger(page) || page < 0 || page >= pages)
        throw new Error(`nor: erase of page ${page} of ${pages}`);
      counts.erases++;
      wear[page] = (wear[page] as number) + 1;
      change(page * pageBytes, pageBytes, () => 255);
    },
    close: storage.close,
  };
}

type Storage = { content: Bytes; save(offset: number, length: number): void; close(): void };

function openStorage(file: string | undefined, size: number): Storage {
  if (file === undefined) return { content: new Uint8Array(size).fill(255), save() {}, close() {} };
  if (!existsSync(file)) writeFileSync(file, new Uint8Array(size).fill(255));
  const content = new Uint8Array(readFileSync(file));
  if (content.length !== size)
    throw new Error(`nor: ${file} has ${content.length} bytes, not ${size}`);
  const descriptor = openSync(file, "r+");
  return {
    content,
    save: (offset, length) => void writeSync(descriptor, content, offset, length, offset),
    close: () => closeSync(descriptor),
  };
}
