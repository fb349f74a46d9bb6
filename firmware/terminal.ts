// The behaviour of the terminal: one pure step from a state and an event to a new state and what to
// do about it. It knows no pin, no flash and no clock; main.ts feeds it and does what it says.
// Sales are signed and journalled before anything shows or sounds: `journal` is always the first
// effect.

import type { Bytes } from "#protocol/bytes.ts";
import type { Lease } from "#protocol/downlink.ts";
import type { Open, Proof } from "#protocol/entry.ts";
import { tapBadge } from "./badge.ts";
import { EMPTY_BASKET } from "./basket.ts";
import { pressKey, startShift } from "./counter.ts";
import { lowerLease, recallLeases, reopenShift } from "./giving-back.ts";
import type { Fault } from "./reasons.ts";
import { screenOf } from "./screens.ts";
import type { Event, Facts, Report, State, Step } from "./state.ts";
import { PAGE_LINES, enter, hasNextPage, refuse, restingPlace, stay } from "./steps.ts";
import { goOnAlone, takeAnswer, tapCard } from "./tap.ts";

export function createState(open: Open, report: Report): State {
  return {
    open: open,
    operator: 0,
    catalogue: undefined,
    newCatalogue: undefined,
    report: report,
    faults: [],
    field: undefined,
    basket: EMPTY_BASKET,
    phase: { at: "closed" },
    lastSale: undefined,
  };
}

export function step(state: State, event: Event): Step {
  const done = react(state, event);
  const settled = settle(done.state);
  return {
    state: settled,
    effects: done.effects.concat([{ kind: "screen", screen: screenOf(settled) }]),
  };
}

/** The card that the next key or answer may be about, and how it proved itself when it was laid:
 * main.ts gathers its facts. */
export function cardInQuestion(state: State): { card: Bytes; proof: Proof } | undefined {
  if (state.phase.at === "asking") return state.phase.facts;
  return state.field && !state.field.counted ? state.field : undefined;
}

/** Whether new leases answer the question that is open. */
export function isAnswer(state: State, leases: Lease[]): boolean {
  const record = state.phase.at === "asking" ? state.phase.facts.record : undefined;
  return !!record && leases.some((lease) => lease.student === record.student);
}

/** Nobody is being served: a good moment for what takes long. */
export function isIdle(state: State): boolean {
  return !state.field && !state.basket.lines.length && !isUndecided(state);
}

/** A sale waits for an answer, at the prices that were shown. */
function isUndecided(state: State): boolean {
  return state.phase.at === "asking" || state.phase.at === "warned";
}

function react(state: State, event: Event): Step {
  switch (event.kind) {
    case "start":
      return startShift(state);
    case "report":
      return stay(state, { report: event.report });
    case "catalogue":
      return stay(state, { newCatalogue: event.catalogue });
    case "key":
      return pressKey(state, event.key, event.facts);
    case "card":
      return layCard(state, event.facts);
    case "gone":
      return stay(state, { field: undefined });
    case "two-cards":
    case "unreadable-card":
      return state.phase.at === "asking"
        ? stay(state, {})
        : refuse(state, event.kind, restingPlace(state));
    case "answer":
      return takeAnswer(state, event.facts);
    case "lower":
      return lowerLease(state, event.body, event.lying);
    case "recall":
      return recallLeases(state, event.reopen);
    case "reopen":
      return reopenShift(state);
    case "timeout":
      return timeOut(state);
    case "fault":
      return breakDown(state, event.fault);
    case "healed":
      return stay(state, { faults: state.faults.filter((fault) => fault !== event.fault) });
  }
}

function layCard(state: State, facts: Facts): Step {
  const operator = facts.record ? facts.record.operator : 0;
  return operator ? tapBadge(state, facts, operator) : tapCard(state, facts);
}

/** A new price list waits for an empty basket: nobody pays another price than the one shown. */
function settle(state: State): State {
  if (!state.newCatalogue || state.basket.lines.length || isUndecided(state)) return state;
  return Object.assign({}, state, { catalogue: state.newCatalogue, newCatalogue: undefined });
}

function timeOut(state: State): Step {
  const phase = state.phase;
  if (phase.at === "asking") return goOnAlone(state, phase);
  if (phase.at === "notice") return turnPage(state) || enter(state, { at: phase.next }, []);
  if (phase.at === "closed" || phase.at === "collecting") return enter(state, phase, []);
  return enter(state, { at: "choosing" }, []);
}

/** The next lines of an order that is longer than the display. */
function turnPage(state: State): Step | undefined {
  const phase = state.phase;
  if (phase.at !== "notice" || phase.notice.kind !== "collected") return undefined;
  if (!hasNextPage(phase.notice)) return undefined;
  const notice = Object.assign({}, phase.notice, { from: phase.notice.from + PAGE_LINES });
  return enter(state, Object.assign({}, phase, { notice: notice }), []);
}

/** Whatever was going on is over, unsold; the screen names the fault until it heals. */
function breakDown(state: State, fault: Fault): Step {
  const faults = state.faults.filter((known) => known !== fault).concat([fault]);
  const resting = restingPlace(state);
  const place = resting === "paying" ? "choosing" : resting;
  const broken = Object.assign({}, state, { faults: faults });
  return enter(broken, { at: place }, [{ kind: "tone", tune: "refused" }]);
}
