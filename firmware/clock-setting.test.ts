// Goal: no message of the gateway, late or lost, makes the terminal's entries go back in time.
// Method: the table of cases.

import { expect, test } from "vitest";
import { recallTime, takeTime, timeToSet } from "./clock-setting.ts";

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

/** A box with a clock chip, both without an idea of the time. */
function box() {
  const memory = new Uint8Array(19);
  memory[0x0f] = 0x88;
  const clock = { now: 0, trusted: false };
  const log: string[] = [];
  return {
    clock,
    log: (text: string) => void log.push(text),
    said: log,
    now: () => clock.now,
    clockTrusted: () => clock.trusted,
    setClock: (milliseconds: number) => {
      clock.now = milliseconds;
      clock.trusted = true;
    },
    rtc: {
      read: (address: number, length: number) => memory.slice(address, address + length),
      write: (data: Uint8Array) => memory.set(data.subarray(1), data[0]),
    },
  };
}

test("what the gateway said outlives the power in the clock chip", () => {
  const first = box();
  recallTime(first, 0);
  expect(first.said).toEqual(["clock: clock-stopped"]);
  takeTime(first, NOON, 0);
  const after = { ...box(), rtc: first.rtc };
  recallTime(after, NOON);
  expect(after.clock).toEqual({ now: NOON * 1000, trusted: true });
});

test("a clock chip that is behind the last entry is not believed", () => {
  const { rtc } = box();
  takeTime({ ...box(), rtc }, NOON, 0);
  const after = { ...box(), rtc };
  recallTime(after, NOON + 1);
  expect(after.clock.trusted).toBe(false);
});
