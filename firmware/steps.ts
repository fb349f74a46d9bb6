// The moves that every step of the terminal is made of: stay, enter a phase, show a notice, write
// an entry. Each phase that ends by itself says here after how long.

import type { Bytes } from "#protocol/bytes.ts";
import type { Refusal } from "./reasons.ts";
import type { Tune } from "./screen.ts";
import type { Body, Effect, Facts, Notice, Phase, Report, Resting, State, Step } from "./state.ts";

/** Long enough to read a name and an amount, and the next card need not wait for it. */
export const ACCEPTED_MS = 2500;
export const REFUSED_MS = 4000;
/** What a queue bears while the gateway is asked. */
export const ASK_MS = 1500;
export const CONFIRM_MS = 10000;
/** A balance is for the eyes of who laid the card. */
export const BALANCE_MS = 3000;
/** Time to fetch a member of staff with a badge, and no longer. */
export const WARNED_MS = 15000;
/** Until the next card or key, or so long; a longer order is shown page by page. */
export const COLLECTED_MS = 15000;
export const PAGE_MS = 4000;
/** Lines of an order on one screen, under its title. */
export const PAGE_LINES = 2;
/** A basket that nobody paid must not meet the next card by surprise. */
export const PAYING_MS = 60000;

/** Same phase, other facts; changes are written over the state. */
export function stay(state: State, changes: Partial<State>): Step {
  return { state: Object.assign({}, state, changes), effects: [] };
}

/** The card has had its turn, and must leave before it has another. */
export function count(state: State, facts: Facts): State {
  const field = { card: facts.card, proof: facts.proof, counted: true };
  return Object.assign({}, state, { field: field });
}

/** A new phase: whatever the old one waited for no longer counts. */
export function enter(state: State, phase: Phase, effects: Effect[]): Step {
  return {
    state: Object.assign({}, state, { phase: phase }),
    effects: effects.concat([{ kind: "wait", timeoutMs: waitOf(phase) }]),
  };
}

function waitOf(phase: Phase): number {
  if (phase.at === "notice") return waitOfNotice(phase.notice);
  if (phase.at === "warned") return WARNED_MS;
  if (phase.at === "asking") return ASK_MS;
  if (phase.at === "confirming") return CONFIRM_MS;
  if (phase.at === "paying") return PAYING_MS;
  return 0;
}

function waitOfNotice(notice: Notice): number {
  if (notice.kind === "refused") return REFUSED_MS;
  if (notice.kind === "balance") return BALANCE_MS;
  if (notice.kind === "collected") return hasNextPage(notice) ? PAGE_MS : COLLECTED_MS;
  return ACCEPTED_MS;
}

export function hasNextPage(notice: Notice & { kind: "collected" }): boolean {
  return notice.from + PAGE_LINES < notice.lines.length;
}

/** card: whose answer it is, if it is one. */
export function show(state: State, notice: Notice, next: Resting, card?: Bytes): Step {
  return enter(state, { at: "notice", notice: notice, next: next, card: card }, [
    { kind: "tone", tune: tuneOf(notice) },
  ]);
}

export function refuse(state: State, reason: Refusal, next: Resting, card?: Bytes): Step {
  return show(state, { kind: "refused", reason: reason }, next, card);
}

function tuneOf(notice: Notice): Tune {
  if (notice.kind === "balance") return "key";
  if (notice.kind !== "refused") return "accepted";
  return notice.reason === "two-cards" || notice.reason === "unreadable-card" ? "retry" : "refused";
}

/** step with an entry of this body and operator in front of everything else it does. */
export function write(body: Body, operator: number, step: Step): Step {
  return {
    state: Object.assign({}, step.state, { report: afterEntry(step.state.report) }),
    effects: ([{ kind: "journal", body: body, operator: operator }] as Effect[]).concat(
      step.effects,
    ),
  };
}

/** The report as it will be once one more entry is journalled, so that the screen of a sale already
 * counts it. */
function afterEntry(report: Report): Report {
  return Object.assign({}, report, {
    unsent: report.unsent + 1,
    oldest: report.oldest || report.now,
    room: report.room - 1,
    nonces: report.nonces - 1,
    nextSeq: report.nextSeq + 1,
  });
}

/** Why no entry of any kind can be written now; undefined when one can. */
export function refusalOfEntry(state: State): Refusal | undefined {
  if (state.faults.length) return "out-of-order";
  if (state.report.room < 1) return "journal-full";
  return state.report.nonces < 1 ? "no-nonces" : undefined;
}

/** Where the terminal is once a notice is over: a notice stops neither keys nor cards. */
export function restingPlace(state: State): Resting {
  const phase = state.phase;
  if (phase.at === "notice") return phase.next;
  if (phase.at === "paying" || phase.at === "collecting" || phase.at === "closed") return phase.at;
  return "choosing";
}
