// Goal: the clock on the display is Brussels time. Method: the time zone data of the host says what
// is right, at both changes of each year to 2040 to the second, and at random moments.

import fc from "fast-check";
import { expect, test } from "vitest";
import { wallClock } from "./wall-clock.ts";

const brussels = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/Brussels",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const right = (seconds: number): string => brussels.format(new Date(seconds * 1000));

test("the hour of each change is right to the second", () => {
  for (let year = 2025; year <= 2040; year++)
    for (const month of [2, 9])
      for (let day = 24; day <= 31; day++) {
        const change = Date.UTC(year, month, day, 1) / 1000;
        for (const second of [change - 1, change, change + 1])
          expect(wallClock(second), new Date(second * 1000).toISOString()).toBe(right(second));
      }
});

test("any moment of this century is right", () => {
  fc.assert(
    fc.property(fc.integer({ min: 946_684_800, max: 4_102_444_800 }), (seconds) => {
      expect(wallClock(seconds)).toBe(right(seconds));
    }),
  );
});
