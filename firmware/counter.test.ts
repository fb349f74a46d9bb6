// Goal: what the keys of the counter staff do: baskets, voids, shifts. Method: stories
// (sim/counter-story.ts), one line an event, and beside it everything the terminal does, in order.

import { describe, expect, test } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import { cardInQuestion, step } from "./terminal.ts";
import {
  IDLE,
  catalogue,
  factsOf,
  gone,
  lina,
  noah,
  play,
  press,
  productKey,
  ready,
  soup,
  tap,
  timeout,
} from "#sim/counter-story.ts";

describe("a basket", () => {
  test("is built by keys, confirmed by OK, paid by the next card", () => {
    play(ready, [
      [productKey(1), 'key, wait 0, "1,00 \x80"'],
      [productKey(2), 'key, wait 0, "4,50 \x80"'],
      [press("plus"), 'key, wait 0, "8,00 \x80"'],
      [press("minus"), 'key, wait 0, "4,50 \x80"'],
      [press("ok"), 'key, wait 60000, "4,50 \x80"'],
      [tap(lina), 'journal purchase 450, accepted, wait 2500, "Merci !"'],
      [timeout, `wait 0, ${IDLE}`],
    ]);
  });

  test("minus takes a line away at its last piece, cancel takes all", () => {
    const state = play(ready, [
      [productKey(2), 'key, wait 0, "3,50 \x80"'],
      [productKey(1), 'key, wait 0, "4,50 \x80"'],
      [press("minus"), 'key, wait 0, "3,50 \x80"'],
      [press("cancel"), `key, wait 0, ${IDLE}`],
    ]);
    expect(state.basket.lines).toEqual([]);
  });

  test("a card before OK buys nothing; on OK it pays if it still lies there", () => {
    const state = play(ready, [
      [productKey(2), 'key, wait 0, "3,50 \x80"'],
      [tap(lina), '"3,50 \x80"'],
    ]);
    expect(toHex(cardInQuestion(state)?.card ?? new Uint8Array(0))).toBe(toHex(lina.card));
    play(state, [
      [press("ok", factsOf(lina)), 'journal purchase 350, accepted, wait 2500, "Merci !"'],
      [tap(lina), '"Merci !"'],
    ]);
  });

  test("a card that has paid its soup does not pay the basket that follows", () => {
    const state = play(ready, [
      [tap(lina), 'journal purchase 100, accepted, wait 2500, "Merci !"'],
      [productKey(2), 'key, wait 0, "3,50 \x80"'],
    ]);
    expect(cardInQuestion(state)).toBeUndefined();
  });

  test("after a refusal the basket wants OK again, for the next card may be another's", () => {
    play(ready, [
      [productKey(2), 'key, wait 0, "3,50 \x80"'],
      [press("ok"), 'key, wait 60000, "3,50 \x80"'],
      [tap(lina, { blocked: true }), 'refused, wait 4000, "Désolé"'],
      [gone, '"Désolé"'],
      [tap(noah), '"Désolé"'],
      [timeout, 'wait 0, "3,50 \x80"'],
      [press("ok", factsOf(noah)), 'journal purchase 350, accepted, wait 2500, "Merci !"'],
    ]);
  });

  test("two cards at once leave the terminal waiting for one", () => {
    play(ready, [
      [productKey(2), 'key, wait 0, "3,50 \x80"'],
      [press("ok"), 'key, wait 60000, "3,50 \x80"'],
      [{ kind: "two-cards" }, 'retry, wait 4000, "Une carte"'],
      [tap(noah), 'journal purchase 350, accepted, wait 2500, "Merci !"'],
    ]);
  });

  test("a basket nobody pays wants OK again after a minute", () => {
    play(ready, [
      [productKey(2), 'key, wait 0, "3,50 \x80"'],
      [press("ok"), 'key, wait 60000, "3,50 \x80"'],
      [timeout, 'wait 0, "3,50 \x80"'],
      [tap(noah), '"3,50 \x80"'],
    ]);
  });

  test("keys without meaning sound and change nothing", () => {
    play(ready, [
      [productKey(3), `retry, ${IDLE}`],
      [press("ok"), `retry, ${IDLE}`],
      [press("plus"), `retry, ${IDLE}`],
      [{ kind: "key", key: 15, facts: undefined }, `retry, ${IDLE}`],
    ]);
  });

  test("nobody pays another price than the one shown: a new list waits", () => {
    const dearer = {
      ...catalogue,
      version: 5,
      products: { 1: { ...soup, unitCents: 120, revision: 2 } },
    };
    const state = play(ready, [
      [productKey(1), `key, wait 0, ${IDLE}`],
      [{ kind: "catalogue", catalogue: dearer }, IDLE],
      [press("ok"), `key, wait 60000, ${IDLE}`],
      [tap(lina), 'journal purchase 100, accepted, wait 2500, "Merci !"'],
      [timeout, 'wait 0, "1,20 \x80"'],
    ]);
    expect(state.catalogue?.version).toBe(5);
  });
});

describe("the void key", () => {
  test("takes back the last sale once, after OK", () => {
    play(ready, [
      [tap(lina), 'journal purchase 100, accepted, wait 2500, "Merci !"'],
      [press("void"), 'key, wait 10000, "1,00 \x80"'],
      [press("ok"), 'journal void 100 of 2, accepted, wait 2500, "Annulé"'],
      [press("void"), 'refused, wait 4000, "Rien"'],
    ]);
  });

  test.each([
    ["cancel", press("cancel")],
    ["another product", productKey(1)],
    ["silence", timeout],
  ])("%s leaves the sale as it is", (_, event) => {
    let state = step(ready, tap(lina)).state;
    state = step(state, press("void")).state;
    const done = step(state, event);
    expect(done.effects.some((effect) => effect.kind === "journal")).toBe(false);
    expect(done.state.lastSale?.totalCents).toBe(100);
  });

  test("does not reach into another shift", () => {
    play(ready, [
      [tap(lina), 'journal purchase 100, accepted, wait 2500, "Merci !"'],
      [press("shift"), 'key, wait 10000, "Fermer ?"'],
      [press("ok"), 'journal close, key, wait 0, "Fermé"'],
      [tap(noah), 'refused, wait 4000, "Fermé"'],
      [timeout, 'wait 0, "Fermé"'],
      [press("ok"), 'retry, "Fermé"'],
      [press("shift"), `journal open, key, wait 0, ${IDLE}`],
      [press("void"), 'refused, wait 4000, "Rien"'],
    ]);
  });
});
