// The cast and the stage for stories of the counter, used by the tests of the terminal: a healthy
// terminal with its shift open, a till with soup and sandwiches, Lina and Noah in the queue. A
// story is one line an event, and beside it everything the terminal does about it, in order.

import assert from "node:assert/strict";
import { CONTROL_KEYS, PRODUCT_KEYS } from "#firmware/keys.ts";
import type { Key } from "#firmware/keys.ts";
import type { Catalogue, Effect, Event, Facts, Report, State } from "#firmware/state.ts";
import { createState, step } from "#firmware/terminal.ts";
import { fromHex, fromLatin1 } from "#protocol/bytes.ts";
import type { Product, Till } from "#protocol/downlink.ts";
import type { RosterRecord } from "#protocol/roster.ts";

export const NOON = 1_795_345_200;
export const healthy: Report = {
  online: true,
  unsent: 0,
  oldest: 0,
  now: NOON,
  clockTrusted: true,
  room: 100_000,
  nonces: 500,
  nextSeq: 1,
};

export const soup = product(1, "Potage", 100, true);
export const sandwich = product(2, "Sandwich", 350, false);
const till: Till = { language: "fr", soup: 1, keys: [1, 2, 0, 0, 0, 0, 0, 0], graceCents: 200 };
export const catalogue: Catalogue = { version: 4, till, products: { 1: soup, 2: sandwich } };

function product(number: number, name: string, unitCents: number, essential: boolean): Product {
  return {
    product: number,
    revision: 1,
    unitCents,
    essential,
    allergens: 0,
    name: fromLatin1(name),
  };
}

function record(card: string, student: number, name: string): RosterRecord {
  const none = fromLatin1("");
  return {
    card: fromHex(card),
    student,
    allergens: 0,
    name: fromLatin1(name),
    group: none,
    key: undefined,
  };
}

export const lina = record("04a1b2c3d4e5f6", 17, "Lina D.");
/** Of operator 7. */
export const badge = { ...record("04bada55bada55", 0, "Sophie"), operator: 7 };
export const noah = record("0411223344556677".slice(0, 14), 18, "Noah P.");

export function factsOf(of: RosterRecord, changes: Partial<Facts> = {}): Facts {
  return {
    card: of.card,
    proof: { method: "uid" },
    record: of,
    roster: 9,
    blocked: false,
    leaseCents: 1000,
    leaseVersion: 3,
    graceUsedCents: 0,
    ...changes,
  };
}

export const gone: Event = { kind: "gone" };
export const timeout: Event = { kind: "timeout" };
export const tap = (of: RosterRecord, changes?: Partial<Facts>): Event => ({
  kind: "card",
  facts: factsOf(of, changes),
});
export const productKey = (number: number): Event => ({
  kind: "key",
  key: number - 1,
  facts: undefined,
});
export const press = (key: Key, facts?: Facts): Event => ({
  kind: "key",
  key: PRODUCT_KEYS + CONTROL_KEYS.indexOf(key),
  facts,
});
export const report = (changes: Partial<Report>): Event => ({
  kind: "report",
  report: { ...healthy, nextSeq: 2, ...changes },
});

export const offState = createState(
  { kind: "open", firmware: new Uint8Array(32), boot: 5 },
  healthy,
);
/** Power on, price list there, shift open. */
export const ready = [{ kind: "start" }, { kind: "catalogue", catalogue }].reduce(
  (state, event) => step(state, event as Event).state,
  offState,
);

function describeEffect(effect: Effect): string {
  if (effect.kind === "journal") {
    const body = effect.body;
    if (body.kind === "purchase")
      return (
        `journal ${body.kind} ${body.totalCents}` +
        (body.graceCents ? ` grace ${body.graceCents}` : "") +
        (body.override ? ` allowed by ${effect.operator}` : "")
      );
    if (body.kind === "void") return `journal void ${body.totalCents} of ${body.voids}`;
    if (body.kind === "collect") return `journal collect ${body.order} by ${body.student}`;
    if (body.kind === "lowered") return `journal lowered ${body.student} to ${body.ceilingCents}`;
    return `journal ${body.kind}` + (effect.operator ? ` under ${effect.operator}` : "");
  }
  if (effect.kind === "ask") return `ask ${effect.cents} for ${effect.student}`;
  if (effect.kind === "tone") return effect.tune;
  if (effect.kind === "wait") return `wait ${effect.timeoutMs}`;
  return `"${effect.screen.big}"`;
}

/** Plays a story; the answer is the state at its end. */
export function play(from: State, story: [Event, string][]): State {
  let state = from;
  const seen: string[] = [];
  for (const [event] of story) {
    const done = step(state, event);
    state = done.state;
    seen.push(done.effects.map(describeEffect).join(", "));
  }
  assert.deepEqual(
    seen,
    story.map(([, expected]) => expected),
  );
  return state;
}

export const IDLE = '"1,00 \x80"';
