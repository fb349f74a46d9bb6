// When the watchdog is fed, and when a firmware on trial has proven itself. Pure: the decision, from signs of life
// since the last look. A part that is known to be broken is named on the display and tried again, so it counts as alive;
// one that has gone silent without a word does not, and the box restarts.

/** Since the last look: reader: its chip answered, or is known to be dead; journal: its newest entry can be read. The
 * third, the interface, is the look itself: it draws the screen before it asks here. */
export type Signs = { reader: boolean; journal: boolean };

export const WATCHDOG_SECONDS = 60;
/** A firmware that has not proven itself after so many looks is left for the one before. */
export const TRIAL_LOOKS_MAX = 90;

export function isAlive(signs: Signs): boolean {
  return signs.reader && signs.journal;
}

/** faults: how many are present; heard: the gateway spoke since the start. */
export function judgeTrial(
  signs: Signs,
  faults: number,
  heard: boolean,
  looks: number,
): "proven" | "failed" | "on-trial" {
  if (isAlive(signs) && !faults && heard) return "proven";
  return looks >= TRIAL_LOOKS_MAX ? "failed" : "on-trial";
}

/** Memory may have failed for want of room in the interpreter alone: a restart opens it anew, and names it if it is torn.
 * To be asked only after an entry was taken since the start, or a journal that takes none has a nonce burnt by each. */
export function mayBeWell(faults: string[]): boolean {
  return faults.indexOf("journal-failed") >= 0 || faults.indexOf("state-torn") >= 0;
}
