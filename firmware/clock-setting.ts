// Whether the terminal's clock follows the gateway's. A sealed `time` may have waited in the broker
// for hours, so it says only that it is now that late or later. A box with a clock chip writes down what it was told.

import type { Board } from "./board.ts";
import { readClock, writeClock } from "./drivers/ds3231.ts";

/** All in seconds since 1970. Gives what the clock is to be set to; undefined leaves it alone. A
 * clock may always go forward; back only when nobody vouches for it, and never before the last
 * entry of the journal. */
export function timeToSet(
  gateway: number,
  clock: { now: number; trusted: boolean },
  lastEntry: number,
): number | undefined {
  const time = Math.max(gateway, lastEntry);
  if (clock.trusted && time <= clock.now) return undefined;
  return time;
}

/** Sets the box's clock, and its clock chip, by what the gateway says. */
export function takeTime(
  board: Pick<Board, "now" | "clockTrusted" | "setClock" | "rtc">,
  gateway: number,
  lastEntry: number,
): void {
  const clock = { now: Math.floor(board.now() / 1000), trusted: board.clockTrusted() };
  const time = timeToSet(gateway, clock, lastEntry);
  if (time === undefined) return;
  board.setClock(time * 1000);
  if (board.rtc) writeClock(board.rtc, time);
}

/** At the start: believes the clock chip, unless it says that it is earlier than the last entry. */
export function recallTime(
  board: Pick<Board, "setClock" | "rtc" | "log">,
  lastEntry: number,
): void {
  if (!board.rtc) return;
  const read = readClock(board.rtc);
  if (!read.ok) board.log("clock: " + read.fault);
  else if (read.seconds < lastEntry) board.log("clock: earlier than the last entry");
  else board.setClock(read.seconds * 1000);
}
