// Goal: no message of the gateway, late or lost, makes the terminal's entries go back in time.
// Method: the table of cases.

import { expect, test } from "vitest";
import { timeToSet } from "./clock-setting.ts";

const NOON = 1_795_345_200;
const trusted = (now: number) => ({ now, trusted: true });
const suspect = (now: number) => ({ now, trusted: false });

test.each([
  ["a clock from 1970 is set", NOON, suspect(12), 0, NOON],
  ["a suspect clock that is ahead goes back", NOON, suspect(NOON + 500), NOON - 60, NOON],
  ["but not before the last entry", NOON, suspect(NOON + 500), NOON + 90, NOON + 90],
  ["a trusted clock goes forward", NOON, trusted(NOON - 3), 0, NOON],
  [
    "a trusted clock never goes back: the message was late",
    NOON,
    trusted(NOON + 3600),
    0,
    undefined,
  ],
  ["a trusted clock that is right stays", NOON, trusted(NOON), 0, undefined],
])("%s", (_, gateway, clock, lastEntry, expected) => {
  expect(timeToSet(gateway, clock, lastEntry)).toBe(expected);
});
