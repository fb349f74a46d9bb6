// Goal: the gateway gets back what nobody is using, and whoever stands at the counter notices
// nothing. Method: stories of the state machine (sim/counter-story.ts).

import { describe, expect, test } from "vitest";
import type { Event } from "./state.ts";
import {
  IDLE,
  badge,
  catalogue,
  factsOf,
  gone,
  lina,
  noah,
  offState,
  play,
  press,
  productKey,
  ready,
  report,
  tap,
  timeout,
} from "#sim/counter-story.ts";

/** Of Lina, or of whoever is named. */
const lower = (student = 17, lying = 0): Event => ({
  kind: "lower",
  body: { kind: "lowered", student, lease: 4, ceilingCents: 200 },
  lying,
});
const recall = (reopen: boolean): Event => ({ kind: "recall", reopen });
const reopen: Event = { kind: "reopen" };
const SOLD = 'journal purchase 100, accepted, wait 2500, "Merci !"';

describe("one lease", () => {
  test("is given back while nobody is there, without a sound", () => {
    const state = play(ready, [
      [report({ nextSeq: 40, room: 9, nonces: 8, unsent: 0 }), IDLE],
      [lower(), `journal lowered 17 to 200, ${IDLE}`],
      [lower(18), `journal lowered 18 to 200, ${IDLE}`],
    ]);
    expect(state.report).toMatchObject({ nextSeq: 42, room: 7, nonces: 6, unsent: 2 });
  });

  test("the void of a sale still names that sale", () => {
    play(ready, [
      [report({ nextSeq: 40 }), IDLE],
      [tap(lina), SOLD],
      [lower(), 'journal lowered 17 to 200, "Merci !"'],
      [press("void"), 'key, wait 10000, "1,00 \x80"'],
      [press("ok"), 'journal void 100 of 40, accepted, wait 2500, "Annulé"'],
    ]);
  });

  test("while the gateway is asked about her, it stays; another's does not", () => {
    play(ready, [
      [tap(lina, { leaseCents: 30 }), 'ask 70 for 17, wait 1500, "Un instant"'],
      [lower(), '"Un instant"'],
      [lower(18), 'journal lowered 18 to 200, "Un instant"'],
      [{ kind: "answer", facts: factsOf(lina) }, SOLD],
      [lower(), 'journal lowered 17 to 200, "Merci !"'],
    ]);
  });

  test("while a badge may let her sale pass, it stays", () => {
    const nuts = { ...catalogue.products[1], allergens: 1 } as (typeof catalogue.products)[1];
    const products = { ...catalogue.products, ...(nuts && { 1: nuts }) };
    play(ready, [
      [{ kind: "catalogue", catalogue: { ...catalogue, products } }, IDLE],
      [tap({ ...lina, allergens: 1 }), 'refused, wait 15000, "Attention"'],
      [gone, '"Attention"'],
      [lower(), '"Attention"'],
      [tap(badge), 'journal purchase 100 allowed by 7, accepted, wait 2500, "Merci !"'],
    ]);
  });

  test("while her card lies there for OK, it stays", () => {
    play(ready, [
      [productKey(2), 'key, wait 0, "3,50 \x80"'],
      [tap(lina), '"3,50 \x80"'],
      [lower(17, 17), '"3,50 \x80"'],
      [lower(18, 17), 'journal lowered 18 to 200, "3,50 \x80"'],
      [press("ok", factsOf(lina)), 'journal purchase 350, accepted, wait 2500, "Merci !"'],
    ]);
  });
});

describe("all leases", () => {
  test("by a close and an open that nobody sees, and the last sale can still be undone", () => {
    const state = play(ready, [
      [report({ nextSeq: 40 }), IDLE],
      [tap(lina), SOLD],
      [gone, '"Merci !"'],
      [timeout, `wait 0, ${IDLE}`],
      [recall(true), `journal close, ${IDLE}`],
      [reopen, `journal open, ${IDLE}`],
      [press("void"), 'key, wait 10000, "1,00 \x80"'],
      [press("ok"), 'journal void 100 of 40, accepted, wait 2500, "Annulé"'],
    ]);
    expect(state.phase.at).toBe("notice");
  });

  test("in the evening the shift is closed, without a sound", () => {
    play(ready, [
      [recall(false), 'journal close, wait 0, "Fermé"'],
      [reopen, '"Fermé"'],
      [tap(lina), 'refused, wait 4000, "Fermé"'],
      [timeout, 'wait 0, "Fermé"'],
      [press("shift"), `journal open, key, wait 0, ${IDLE}`],
    ]);
  });

  test("a closed shift says so once more, and is not opened", () => {
    const closed = play(ready, [
      [press("shift"), 'key, wait 10000, "Fermer ?"'],
      [press("ok"), 'journal close, key, wait 0, "Fermé"'],
    ]);
    play(closed, [
      [recall(true), 'journal close, wait 0, "Fermé"'],
      [reopen, '"Fermé"'],
    ]);
  });

  test.each<[string, [Event, string][]]>([
    [
      "a card lies there",
      [
        [tap(lina), SOLD],
        [timeout, `wait 0, ${IDLE}`],
      ],
    ],
    [
      "an answer is being read",
      [
        [tap(lina), SOLD],
        [gone, '"Merci !"'],
      ],
    ],
    ["a basket is filled", [[productKey(2), 'key, wait 0, "3,50 \x80"']]],
    [
      "the gateway is asked",
      [
        [tap(lina, { leaseCents: 30 }), 'ask 70 for 17, wait 1500, "Un instant"'],
        [gone, '"Un instant"'],
      ],
    ],
    ["a question is open", [[press("shift"), 'key, wait 10000, "Fermer ?"']]],
    [
      "a part is broken",
      [[{ kind: "fault", fault: "reader-dead" }, 'refused, wait 0, "En panne"']],
    ],
  ])("not while %s", (_, before) => {
    const state = play(ready, before);
    const screen = before.at(-1)?.[1].split(", ").at(-1) ?? "";
    play(state, [
      [recall(true), screen],
      [recall(false), screen],
    ]);
  });
});

describe("what is short", () => {
  test.each([
    ["place for one sale, but not for its void", { room: 1 }, lower(), "Pleine"],
    ["a nonce for one sale, but not for its void", { nonces: 1 }, lower(), "Recharger"],
    ["no place for the open after the close", { room: 2 }, recall(true), ""],
    ["no nonce for it", { nonces: 2 }, recall(true), ""],
    ["no place at all", { room: 0 }, recall(false), "Pleine"],
  ])("%s: nothing is written", (_, changes, event, big) => {
    const seen = big ? `"${big}"` : IDLE;
    play(ready, [
      [report(changes), seen],
      [event, seen],
    ]);
  });

  test("a shift can be closed to the last place", () => {
    play(ready, [
      [report({ room: 1, nonces: 1 }), '"Recharger"'],
      [recall(false), 'journal close, wait 0, "Fermé"'],
    ]);
  });
});

test("a terminal that nobody has opened yet gives back what it holds", () => {
  play(offState, [[lower(noah.student), 'journal lowered 18 to 200, "Fermé"']]);
});
