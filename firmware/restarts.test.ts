// Goal: a terminal that fails at each start wears nothing out and hammers nothing, and one that works is back at once.
// Method: series of starts with and without a sign of life, and the power cut at every flash operation.

import { expect, test } from "vitest";
import { createNor } from "#sim/parts/nor.ts";
import { cutEverywhere } from "#sim/parts/power-cuts.ts";
import { WAIT_MS_MAX, noteStart, noteWell } from "./restarts.ts";

const page = (bytes = 4096, power?: Parameters<typeof createNor>[1]) =>
  createNor({ pageBytes: bytes, pages: 1 }, power);

test("each start that came to nothing doubles the wait before the next, up to a minute", () => {
  const flash = page();
  const waits = Array.from({ length: 10 }, () => noteStart(flash));
  expect(waits).toEqual([0, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
});

test("one sign of life ends it", () => {
  const flash = page();
  for (let start = 0; start < 5; start++) noteStart(flash);
  noteWell(flash);
  expect(noteStart(flash)).toBe(0);
  expect(noteStart(flash)).toBe(1000);
});

test("a full page is erased once in as many starts as it has words", () => {
  const flash = page(64);
  for (let start = 0; start < 16; start++) noteStart(flash);
  expect(flash.counts.erases).toBe(0);
  expect(noteStart(flash)).toBe(WAIT_MS_MAX);
  expect(noteStart(flash)).toBe(1000);
  expect(flash.counts.erases).toBe(1);
});

test("the power goes at any operation: the next start comes, later at most", () => {
  const cuts = cutEverywhere((power) => {
    const flash = page(64, power);
    return {
      act() {
        for (let start = 0; start < 20; start++) {
          noteStart(flash);
          if (start % 3 === 0) noteWell(flash);
        }
      },
      check() {
        expect(noteStart(flash)).toBeLessThanOrEqual(WAIT_MS_MAX);
        noteWell(flash);
        expect(noteStart(flash)).toBe(0);
      },
    };
  });
  console.log(`restarts: ${cuts} cut points`);
  expect(cuts).toBeGreaterThan(20);
});
