// The emulated flash is as unkind as real NOR flash: bits only fall, pages rise only whole, words
// only, and power may go halfway. If it were kinder, every test of power cuts above it would prove
// nothing.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PowerCut, createNor, createPowerSupply } from "./nor.ts";

const bytes = (...values: number[]) => new Uint8Array(values);

test("a write clears bits and never sets one; an erase sets all bits of its page only", () => {
  const nor = createNor({ pageBytes: 16, pages: 2 });
  nor.write(0, bytes(0xf0, 0xff, 0x0f, 0x00));
  nor.write(0, bytes(0x3c, 0xff, 0xff, 0xff));
  nor.write(16, bytes(1, 2, 3, 4));
  expect(nor.read(0, 5)).toEqual(bytes(0x30, 0xff, 0x0f, 0x00, 0xff));
  nor.erase(0);
  expect(nor.read(0, 4)).toEqual(bytes(255, 255, 255, 255));
  expect(nor.read(16, 4)).toEqual(bytes(1, 2, 3, 4));
  expect([...nor.wear]).toEqual([1, 0]);
  expect(nor.counts).toEqual({ reads: 3, writes: 3, erases: 1 });
});

test.each([
  [() => createNor({ pageBytes: 16, pages: 2 }).write(2, bytes(1, 2, 3, 4)), "whole words"],
  [() => createNor({ pageBytes: 16, pages: 2 }).write(0, bytes(1, 2)), "whole words"],
  [() => createNor({ pageBytes: 16, pages: 2 }).write(32, bytes(1, 2, 3, 4)), "at 32 in 32"],
  [() => createNor({ pageBytes: 16, pages: 2 }).erase(2), "erase of page 2 of 2"],
  [() => createNor({ pageBytes: 16, pages: 2 }).read(30, 4), "read of 4 bytes at 30"],
])("misuse %# throws and names the place", (act, message) => {
  expect(act).toThrow(message);
});

test.each([
  ["before", [0xff, 0xff, 0xff, 0xff]],
  ["half", [0, 0, 0xa5, 0xff]],
  ["after", [0, 0, 0, 0]],
] as const)(
  "a cut %s the end leaves just that much, and nothing works until power is back",
  (mode, left) => {
    const power = createPowerSupply();
    const nor = createNor({ pageBytes: 16, pages: 2 }, power);
    power.cutAfter(1, mode);
    nor.write(4, bytes(9, 9, 9, 9));
    expect(() => nor.write(0, bytes(0, 0, 0, 0))).toThrow(PowerCut);
    expect(() => nor.read(0, 4)).toThrow(PowerCut);
    expect(() => nor.erase(0)).toThrow(PowerCut);
    power.restore();
    expect([...nor.read(0, 4)]).toEqual(left);
  },
);

test("an erase that loses its power leaves half a page", () => {
  const power = createPowerSupply();
  const nor = createNor({ pageBytes: 8, pages: 1 }, power);
  nor.write(0, bytes(0, 0, 0, 0, 0, 0, 0, 0));
  power.cutAfter(0, "half");
  expect(() => nor.erase(0)).toThrow(PowerCut);
  power.restore();
  expect([...nor.read(0, 8)]).toEqual([255, 255, 255, 255, 0x5a, 0, 0, 0]);
});

test("what is in a file is there at the next start", () => {
  const folder = mkdtempSync(join(tmpdir(), "nor-"));
  const file = join(folder, "flash");
  const first = createNor({ pageBytes: 16, pages: 2, file });
  first.write(16, bytes(1, 2, 3, 4));
  first.close();
  const second = createNor({ pageBytes: 16, pages: 2, file });
  expect(second.read(16, 4)).toEqual(bytes(1, 2, 3, 4));
  second.close();
  expect(() => createNor({ pageBytes: 16, pages: 3, file })).toThrow("32 bytes, not 48");
  rmSync(folder, { recursive: true });
});
