// What a person sees: whole screens against pictures that were looked at (golden/), and rules for the fonts that no
// picture could show. After a change of drawing, GOLDEN=write draws the pictures again: look at them before committing.

import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { artOf, artOfPng, pngOf } from "#sim/parts/picture.ts";
import { createEmulatedDisplay } from "#sim/parts/ssd1306.ts";
import type { Screen, Status } from "../screen.ts";
import { BIG_CHARS, LINE_CHARS } from "../screen.ts";
import { drawScreen } from "./drawing.ts";
import { bigFont } from "./font-big.ts";
import { lineFont } from "./font-line.ts";
import type { Font } from "./font.ts";
import { drawText } from "./font.ts";
import { createDisplay } from "./ssd1306.ts";

const ONLINE: Status = { online: true, unsent: 0, oldestMinutes: 0, clock: "12:05" };
const OFFLINE: Status = { online: false, unsent: 12, oldestMinutes: 7, clock: "12:05" };
const NO_CLOCK: Status = { online: false, unsent: 412, oldestMinutes: 1700, clock: "--:--" };

const SCREENS: { [name: string]: Screen } = {
  ready: { status: ONLINE, big: "Potage", lines: ["1,00 \x80", ""] },
  accepted: {
    status: OFFLINE,
    big: "Bon app\xe9t.",
    lines: ["Ma\xeblle D.  4G", "Potage   1,00 \x80"],
  },
  accents: {
    status: NO_CLOCK,
    big: "\xc9\xc0\xc7\xd6\xdc\xe9\xe8\xe7\xdfg",
    lines: ["\xc9l\xe8ve \xe0 c\xf4t\xe9 !", "Gr\xfc\xdfe, \xefsl\xe4nd"],
  },
  widest: { status: ONLINE, big: "WMWMWMWMWM", lines: ["WMWMWMWMWMWMWMWM", "@#%&@#%&@#%&@#%&"] },
  long: { status: ONLINE, big: "Sandwich jambon", lines: ["a longer line than fits", ""] },
};

function show(screen: Screen) {
  const display = createEmulatedDisplay();
  createDisplay({ display }).show(screen);
  return display;
}

test.each(Object.keys(SCREENS))("the screen '%s' looks as it did when it was looked at", (name) => {
  const file = new URL(`golden/${name}.png`, import.meta.url);
  const display = show(SCREENS[name] as Screen);
  if (process.env["GOLDEN"] === "write") writeFileSync(file, pngOf(display, 1));
  expect(artOf(display)).toEqual(artOfPng(readFileSync(file)));
});

test.each(Object.keys(SCREENS))("the controller holds of '%s' what drawScreen says", (name) => {
  const screen = SCREENS[name] as Screen;
  expect(show(screen).memory).toEqual(drawScreen(screen));
});

test("a status bar that comes again looks as it did, however many came in between", () => {
  const display = createEmulatedDisplay();
  const shown = createDisplay({ display });
  const counts = [0, 1, 0, 1, 2, 3, 4, 0, 1, 2, 4, 3, 3, 0];
  for (const unsent of counts) {
    const screen: Screen = { status: { ...ONLINE, unsent }, big: "Merci !", lines: ["", ""] };
    shown.show(screen);
    expect(display.memory).toEqual(drawScreen(screen));
  }
});

/** The letters of French, Dutch and German, and what prices and names need. */
const LETTERS =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,:;!?'\"()+-/%&@#*=<>" +
  "\x80\xc0\xc2\xc4\xc6\xc7\xc8\xc9\xca\xcb\xce\xcf\xd4\xd6\xd9\xdb\xdc\xdf\xe0\xe1\xe2\xe4\xe6\xe7\xe8" +
  "\xe9\xea\xeb\xed\xee\xef\xf1\xf3\xf4\xf6\xf9\xfa\xfb\xfc\xff\xab\xbb\xb0";

/** One character as the set of its lit columns and rows, in hex. */
function glyphOf(font: Font, character: string): string {
  const pixels = new Uint8Array(1024);
  drawText(pixels, font, character, 0, 0);
  return Buffer.from(pixels).toString("hex");
}

describe.each([
  ["big", bigFont, BIG_CHARS],
  ["line", lineFont, LINE_CHARS],
] as const)("the %s font", (_name, font, chars) => {
  test("has every letter of the four languages, no two alike, none empty but the space", () => {
    const seen = new Map<string, string>();
    for (const letter of LETTERS) {
      const glyph = glyphOf(font, letter);
      expect(seen.get(glyph), `${letter} looks like another`).toBeUndefined();
      seen.set(glyph, letter);
      if (letter !== " ") expect(glyph, letter).toMatch(/[1-9a-f]/);
    }
    // More letters than are kept: each was pushed out meanwhile.
    for (const [glyph, letter] of seen) expect(glyphOf(font, letter), letter).toBe(glyph);
  });

  test("draws as many characters as the screen promises, and nothing outside its rows", () => {
    expect(chars * font.width).toBeLessThanOrEqual(128);
    const pixels = new Uint8Array(1024);
    drawText(pixels, font, "\xc9".repeat(40), 3, 1);
    const rows = pixels.subarray(128 * (1 + font.pages));
    expect(pixels.subarray(0, 128 + 3).every((byte) => byte === 0)).toBe(true);
    expect(rows.every((byte) => byte === 0)).toBe(true);
  });

  test("shows a question mark for what Latin-1 has not", () => {
    for (const stranger of ["\x00", "\x1f", "\x9c", "\u0153", "\u20ac"])
      expect(glyphOf(font, stranger)).toBe(glyphOf(font, "?"));
  });
});

describe("the bus", () => {
  test("carries only what changed", () => {
    const display = createEmulatedDisplay();
    const driver = createDisplay({ display });
    const screen = SCREENS["ready"] as Screen;
    const bytesOf = (next: Screen): number => {
      const before = display.traffic().bytes;
      driver.show(next);
      return display.traffic().bytes - before;
    };
    bytesOf(screen);
    expect(bytesOf(screen), "nothing").toBe(0);
    const minute = { ...screen, status: { ...ONLINE, clock: "12:06" } };
    expect(bytesOf(minute), "the status bar: its window and a page").toBe(7 + 129);
    expect(bytesOf({ ...minute, big: "Merci" }), "the big line").toBe(7 + 3 * 129);
  });

  test("a display that is not there is an exception, and is drawn whole once it is", () => {
    const display = createEmulatedDisplay();
    let there = true;
    const driver = createDisplay({
      display: {
        write(data) {
          if (!there) throw new Error("i2c: no acknowledge");
          display.write(data);
        },
      },
    });
    there = false;
    expect(() => driver.show(SCREENS["ready"] as Screen)).toThrow("no acknowledge");
    there = true;
    driver.show(SCREENS["ready"] as Screen);
    expect(display.memory).toEqual(drawScreen(SCREENS["ready"] as Screen));
  });

  test("the glass is dark until its memory is clear", () => {
    const display = createEmulatedDisplay();
    const lit = (): boolean => artOf(display).join("").includes("#");
    const seen: boolean[] = [];
    createDisplay({
      display: {
        write(data) {
          display.write(data);
          seen.push(lit());
        },
      },
    });
    expect(seen).not.toContain(true);
  });
});
