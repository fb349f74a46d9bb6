// Whether the terminal's clock follows the gateway's. A sealed `time` may have waited in the broker
// for hours, so it says only that it is now that late or later.

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
