// Goal: a month ends when the school's wall says so, summer or winter. Method: moments computed by
// hand from the offsets of Brussels (+1 h, +2 h from the last Sunday of March to that of October).

import { expect, test } from "vitest";
import { endOfMonth, midnightOf, monthOf, nextMonth } from "./calendar.ts";

const utc = (text: string): number => Date.parse(text) / 1000;

test.each([
  [202611, "2026-11-30T23:00:00Z"],
  [202612, "2026-12-31T23:00:00Z"],
  [202606, "2026-06-30T22:00:00Z"],
  [202603, "2026-03-31T22:00:00Z"],
  [202610, "2026-10-31T23:00:00Z"],
])("%s ends at %s", (month, moment) => {
  expect(endOfMonth(month)).toBe(utc(moment));
  expect(monthOf(utc(moment) - 1)).toBe(month);
  expect(monthOf(utc(moment))).toBe(nextMonth(month));
});

test("the days on which clocks change begin at their own midnight", () => {
  expect(midnightOf(2026, 3, 29)).toBe(utc("2026-03-28T23:00:00Z"));
  expect(midnightOf(2026, 10, 25)).toBe(utc("2026-10-24T22:00:00Z"));
});
