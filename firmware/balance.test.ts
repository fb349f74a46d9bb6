// Goal: a student sees what is left, and buys nothing by it: the card laid again while its answer
// still shows asks for the balance. Method: stories (sim/counter-story.ts), and the screens at
// their end; that the figure is right is shown on the whole terminal, with sales still unsent.

import { describe, expect, test } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import { screenOf } from "./screens.ts";
import { questionOf } from "./tap.ts";
import { grant, lina as linaAtBox, meetGateway } from "#sim/counter-gateway.ts";
import {
  IDLE,
  NOON,
  gone,
  lina,
  noah,
  play,
  press,
  productKey,
  ready,
  report,
  tap,
  timeout,
} from "#sim/counter-story.ts";

const balance = { cents: 1450, heardAt: NOON - 600 };
const BOUGHT = 'journal purchase 100, accepted, wait 2500, "Merci !"';
const SHOWN = 'key, wait 3000, "14,50 \x80"';

describe("the same card again, while its answer shows", () => {
  test("after a sale it shows the balance, as often as it is asked, and buys nothing", () => {
    const state = play(ready, [
      [tap(lina), BOUGHT],
      [gone, '"Merci !"'],
      [tap(lina, { balance }), SHOWN],
      [gone, '"14,50 \x80"'],
      [tap(lina, { balance }), SHOWN],
      [timeout, `wait 0, ${IDLE}`],
      [gone, IDLE],
      [tap(lina), BOUGHT],
    ]);
    expect(state.lastSale?.totalCents).toBe(100);
  });

  test("after a refusal too, and the basket stays", () => {
    const state = play(ready, [
      [productKey(2), 'key, wait 0, "3,50 \x80"'],
      [press("ok"), 'key, wait 60000, "3,50 \x80"'],
      [report({ online: false }), '"3,50 \x80"'],
      [tap(lina, { leaseCents: 0 }), 'refused, wait 4000, "Désolé"'],
      [gone, '"Désolé"'],
      [tap(lina, { balance }), SHOWN],
      [timeout, 'wait 0, "3,50 \x80"'],
    ]);
    expect(state.basket.lines).toHaveLength(1);
  });

  test("another card is another customer", () => {
    play(ready, [
      [tap(lina), BOUGHT],
      [gone, '"Merci !"'],
      [tap(noah), BOUGHT],
      [gone, '"Merci !"'],
      [tap(lina), BOUGHT],
    ]);
  });

  test.each([
    ["nobody knows", { record: undefined }, "Inconnue"],
    ["is blocked", { blocked: true }, "Désolé"],
  ])("a card that %s is told nothing", (_, facts, big) => {
    play(ready, [
      [tap(lina, facts), `refused, wait 4000, "${big}"`],
      [gone, `"${big}"`],
      [tap(lina, { ...facts, balance }), `refused, wait 4000, "${big}"`],
    ]);
  });

  test("only then are the facts of a balance gathered", () => {
    const state = play(ready, [[tap(lina), BOUGHT]]);
    expect(questionOf(ready, lina.card)).toBe("sale");
    expect(questionOf(state, noah.card)).toBe("sale");
    expect([questionOf(state, lina.card), toHex(lina.card)]).toEqual(["balance", toHex(lina.card)]);
  });
});

describe("the screen of a balance", () => {
  const linesAfter = (online: boolean, shown: typeof balance | undefined): string[] => {
    const state = play(ready, [
      [report({ online }), IDLE],
      [tap(lina), BOUGHT],
      [gone, '"Merci !"'],
      [tap(lina, { balance: shown }), shown ? SHOWN : 'key, wait 3000, "Solde ?"'],
    ]);
    return screenOf(state).lines;
  };

  test.each([
    ["online: the figure is of now", true, balance, ["Ton solde", ""]],
    ["offline: it says of when", false, balance, ["Ton solde", "relevé à 11:50"]],
    ["never heard: it says so", false, undefined, ["Pas de réseau :", "réessaie bientôt"]],
  ])("%s", (_, online, shown, lines) => {
    expect(linesAfter(online, shown)).toEqual(lines);
  });
});

test("the figure counts sales that the gateway has not heard of, and forgets no top-up", () => {
  const { box } = meetGateway(1000);
  const seenTwice = (): string => {
    box.tap(linaAtBox);
    const seen = box.tap(linaAtBox);
    box.wait(5000);
    return seen;
  };
  grant(box, { student: 17, ceilingCents: 1000, version: 1, besideCents: 500 });
  expect(seenTwice()).toBe("14,00 €");
  box.disconnect();
  expect(seenTwice()).toBe("13,00 €");
  expect(box.see().online).toBe(false);
  box.connect();
  grant(box, { student: 17, ceilingCents: 1000, version: 1, besideCents: 2500 });
  expect(seenTwice()).toBe("32,00 €");
  box.power(true);
  expect(seenTwice()).toBe("Solde ?");
});
