// Goal: a badge of staff opens and closes the counter, stands in every entry of its shift, and
// alone lets an allergen pass. Method: stories (sim/counter-story.ts), then the entries at the
// gateway of a whole terminal.

import { describe, expect, test } from "vitest";
import { step } from "./terminal.ts";
import type { Event, State } from "./state.ts";
import {
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
  soup,
  tap,
  timeout,
} from "#sim/counter-story.ts";

const MILK = 1 << 6;
const allergic = { ...lina, allergens: MILK };
const provable = { record: { ...badge, key: { epoch: 1, secret: new Uint8Array(16) } } };
const BOUGHT = 'journal purchase 100, accepted, wait 2500, "Merci !"';

function after(...events: Event[]): State {
  return events.reduce((state, event) => step(state, event).state, offState);
}

describe("a till that wants a badge", () => {
  const till = { ...catalogue.till, badge: true };
  const closed = after({ kind: "catalogue", catalogue: { ...catalogue, till } }, { kind: "start" });

  test("stays closed until one is laid; closes when one is laid again", () => {
    play(closed, [
      [tap(lina), 'refused, wait 4000, "Fermé"'],
      [press("shift"), 'retry, "Fermé"'],
      [timeout, 'wait 0, "Fermé"'],
      [tap(badge), 'journal open under 7, key, wait 0, "1,00 \x80"'],
      [tap(badge), '"1,00 \x80"'],
      [gone, '"1,00 \x80"'],
      [tap(lina), BOUGHT],
      [gone, '"Merci !"'],
      [tap(badge), 'journal close under 7, key, wait 0, "Fermé"'],
    ]);
  });

  test("every entry of the shift names the operator, none after it", () => {
    const operators: number[] = [];
    let state = closed;
    for (const event of [tap(badge), gone, tap(lina), press("void"), press("ok"), tap(badge)]) {
      const done = step(state, event);
      for (const effect of done.effects)
        if (effect.kind === "journal") operators.push(effect.operator);
      ({ state } = done);
    }
    expect(operators).toEqual([7, 7, 7, 7]);
    expect(state.operator).toBe(0);
  });
});

describe("a badge at any till", () => {
  test.each([
    ["blocked", { blocked: true }],
    ["copied from a card that can prove itself", provable],
  ])("%s does nothing", (_, facts) => {
    play(ready, [[tap(badge, facts), 'refused, wait 4000, "Désolé"']]);
  });

  test("does not interrupt a customer or a question", () => {
    play(ready, [
      [productKey(1), 'key, wait 0, "1,00 \x80"'],
      [tap(badge), 'retry, "1,00 \x80"'],
      [press("cancel"), 'key, wait 0, "1,00 \x80"'],
      [gone, '"1,00 \x80"'],
      [tap(lina, { leaseCents: 0 }), 'ask 100 for 17, wait 1500, "Un instant"'],
      [tap(badge), 'retry, "Un instant"'],
    ]);
  });

  test("buys nothing", () => {
    play(ready, [[tap(badge), 'journal close, key, wait 0, "Fermé"']]);
  });
});

describe("an allergen", () => {
  const milky = { ...catalogue, products: { 1: { ...soup, allergens: MILK } } };
  const warned = step(ready, { kind: "catalogue", catalogue: milky }).state;
  const WARNED = 'refused, wait 15000, "Attention"';

  test("stops the sale, and the screen names the product", () => {
    const state = play(warned, [[tap(allergic), WARNED]]);
    const [screen] = step(state, gone).effects;
    expect(screen).toMatchObject({ screen: { lines: ["Allergène dans :", "Potage"] } });
  });

  test("is let pass by a badge only, and the entry says by whose", () => {
    play(warned, [
      [tap(allergic), WARNED],
      [press("ok"), 'retry, "Attention"'],
      [gone, '"Attention"'],
      [tap(badge), 'journal purchase 100 allowed by 7, accepted, wait 2500, "Merci !"'],
    ]);
  });

  test("is let pass through a question to the gateway, too", () => {
    play(warned, [
      [tap(allergic, { leaseCents: 30 }), WARNED],
      [gone, '"Attention"'],
      [tap(badge), 'ask 70 for 17, wait 1500, "Un instant"'],
      [
        { kind: "answer", facts: factsOf(allergic) },
        'journal purchase 100 allowed by 7, accepted, wait 2500, "Merci !"',
      ],
    ]);
  });

  test.each([
    ["time", [timeout]],
    ["another customer", [tap(noah), timeout]],
    ["a product key", [productKey(1), press("cancel")]],
  ])("%s ends the warning: a badge then closes the counter, and sells nothing", (_, events) => {
    const state = [tap(allergic), gone, ...events, gone].reduce(
      (now: State, event) => step(now, event).state,
      warned,
    );
    play(state, [[tap(badge), 'journal close, key, wait 0, "Fermé"']]);
  });

  test("that the student can eat is nobody's business", () => {
    play(warned, [
      [report({}), '"1,00 \x80"'],
      [tap(noah), BOUGHT],
    ]);
  });
});
