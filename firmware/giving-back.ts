// What the terminal does when the gateway wants leases back: it signs what it gives up. Whoever
// stands at the counter comes first: then nothing happens, and the gateway asks again.

import type { Lowered } from "#protocol/entry.ts";
import { ENTRIES_KEPT } from "./sale.ts";
import type { State, Step } from "./state.ts";
import { enter, refusalOfEntry, stay, write } from "./steps.ts";

/** lying: the student whose card lies on the reader and has not counted, 0 for none. */
export function lowerLease(state: State, body: Lowered, lying: number): Step {
  const isServed = body.student === lying || body.student === studentOfWish(state);
  if (isServed || !canWrite(state, ENTRIES_KEPT)) return stay(state, {});
  return write(body, state.operator, stay(state, {}));
}

/** Closes the shift; where it is to go on, `reopen` follows, and nobody sees anything of it. */
export function recallLeases(state: State, reopen: boolean): Step {
  const goesOn = reopen && state.phase.at !== "closed";
  if (!isAtRest(state) || !canWrite(state, goesOn ? ENTRIES_KEPT + 1 : 1)) return stay(state, {});
  if (goesOn) return write({ kind: "close" }, state.operator, stay(state, {}));
  const closed = Object.assign({}, state, { lastSale: undefined, operator: 0 });
  return write({ kind: "close" }, state.operator, enter(closed, { at: "closed" }, []));
}

/** A shift that was closed by others stays closed. */
export function reopenShift(state: State): Step {
  if (state.phase.at === "closed" || refusalOfEntry(state)) return stay(state, {});
  return write(state.open, state.operator, stay(state, {}));
}

/** As a sale does, what the gateway wishes leaves room for the void of the last sale; a shift can be
 * closed to the last place. */
function canWrite(state: State, entries: number): boolean {
  const report = state.report;
  return !state.faults.length && report.room >= entries && report.nonces >= entries;
}

/** Whose sale waits for an answer or a badge, with the lease as it was when the card was laid. */
function studentOfWish(state: State): number {
  const phase = state.phase;
  const record = phase.at === "asking" || phase.at === "warned" ? phase.facts.record : undefined;
  return record ? record.student : 0;
}

/** No card, no basket, no question, no answer that somebody may still be reading. */
function isAtRest(state: State): boolean {
  const place = state.phase.at;
  if (state.field || state.basket.lines.length) return false;
  return place === "choosing" || place === "collecting" || place === "closed";
}
