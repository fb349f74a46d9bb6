// Goal: an order is handed over once, with or without a network and through power cuts, and the
// screen says what to hand over. Method: stories of the mode (sim/counter-story.ts); then the whole
// terminal, which gets its lists part by part.

import { describe, expect, test } from "vitest";
import { concat } from "#protocol/bytes.ts";
import type { Order } from "#protocol/orders.ts";
import { encodeOrder } from "#protocol/orders.ts";
import { CONTROL_KEYS, PRODUCT_KEYS } from "./keys.ts";
import { wallDay } from "./wall-clock.ts";
import type { CounterBox } from "#sim/counter-box.ts";
import { lina as linaAtBox, meetGateway, noah as noahAtBox } from "#sim/counter-gateway.ts";
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
  tap,
  timeout,
} from "#sim/counter-story.ts";

const soups = { product: 1, quantity: 2 };
const order = (number: number, lines = [soups], collected = false) => ({
  order: number,
  student: 17,
  lines,
  collected,
});

describe("the mode", () => {
  test("is entered by its key; a card collects, and buys nothing", () => {
    play(ready, [
      [press("collect"), 'key, wait 0, "Retraits"'],
      [
        tap(lina, { orders: [order(5)] }),
        'journal collect 5 by 17, accepted, wait 15000, "À remettre"',
      ],
      [gone, '"À remettre"'],
      [tap(lina, { orders: [order(5, [soups], true)] }), 'refused, wait 4000, "Déjà pris"'],
      [tap(noah, { orders: [] }), 'refused, wait 4000, "Rien"'],
      [timeout, 'wait 0, "Retraits"'],
      [productKey(1), 'retry, "Retraits"'],
      [press("collect"), `key, wait 0, ${IDLE}`],
    ]);
  });

  test("two orders are two taps", () => {
    play(ready, [
      [press("collect"), 'key, wait 0, "Retraits"'],
      [
        tap(lina, { orders: [order(5, [soups], true), order(6)] }),
        'journal collect 6 by 17, accepted, wait 15000, "À remettre"',
      ],
    ]);
  });

  test.each([
    ["a card nobody knows", { record: undefined }, "Inconnue"],
    ["a blocked card", { blocked: true, orders: [order(5)] }, "Désolé"],
    ["a list that is not here", {}, "Désolé"],
  ])("%s is refused", (_, facts, big) => {
    play(ready, [
      [press("collect"), 'key, wait 0, "Retraits"'],
      [tap(lina, facts), `refused, wait 4000, "${big}"`],
    ]);
  });

  test("a long order is shown page by page", () => {
    const lines = [soups, { product: 2, quantity: 1 }, { product: 99, quantity: 3 }];
    const state = play(ready, [
      [press("collect"), 'key, wait 0, "Retraits"'],
      [
        tap(lina, { orders: [order(5, lines)] }),
        'journal collect 5 by 17, accepted, wait 4000, "À remettre"',
      ],
      [timeout, 'wait 15000, "À remettre"'],
    ]);
    expect(state.phase).toMatchObject({ notice: { from: 2 } });
    play(state, [[timeout, 'wait 0, "Retraits"']]);
  });

  test("is not entered with a basket", () => {
    play(ready, [
      [productKey(2), 'key, wait 0, "3,50 \x80"'],
      [press("collect"), 'retry, "3,50 \x80"'],
    ]);
  });
});

describe("the whole terminal", () => {
  const COLLECT = PRODUCT_KEYS + CONTROL_KEYS.indexOf("collect");
  const TODAY = wallDay(NOON);
  const sandwiches: Order = {
    order: 81,
    student: 18,
    lines: [{ product: 2, quantity: 1 }],
    collected: false,
  };

  function sendOrders(box: CounterBox, version: number, parts: Order[][], day = TODAY): void {
    for (const [part, orders] of parts.entries()) {
      const records = concat(orders.map(encodeOrder));
      box.gateway.say({ kind: "orders", version, day, part, parts: parts.length, records });
    }
  }

  test("hands over once, offline, through a restart and a new list", () => {
    const { box, book } = meetGateway();
    sendOrders(box, 1, [[order(80)], [sandwiches]]);
    box.press(COLLECT);
    box.disconnect();
    expect(box.tap(noahAtBox)).toBe("À remettre");
    expect(box.see().lines).toEqual(["1 Sandwich", ""]);
    expect(box.tap(noahAtBox)).toBe("Déjà pris");
    box.power(true);
    box.press(COLLECT);
    expect(box.tap(noahAtBox)).toBe("Déjà pris");
    box.connect();
    sendOrders(box, 2, [[order(80), sandwiches]]);
    expect(box.tap(noahAtBox)).toBe("Déjà pris");
    expect(box.tap(linaAtBox)).toBe("À remettre");
    expect(box.see().lines).toEqual(["2 Potage", ""]);
    book.settle();
    expect(book.entries.filter(({ kind }) => kind === "collect")).toMatchObject([
      { order: 81, student: 18 },
      { order: 80, student: 17 },
    ]);
  });

  test("an older list changes nothing, and one of another day is no list", () => {
    const { box } = meetGateway();
    box.press(COLLECT);
    expect(box.tap(noahAtBox)).toBe("Désolé");
    sendOrders(box, 5, [[sandwiches]]);
    sendOrders(box, 4, [[]]);
    expect(box.tap(noahAtBox)).toBe("À remettre");
    sendOrders(box, 6, [[sandwiches]], TODAY + 1);
    box.wait(5000);
    expect(box.tap(noahAtBox)).toBe("Désolé");
  });

  test("the status says which list is whole", () => {
    const { box } = meetGateway();
    const told = (): number[] => {
      box.disconnect();
      box.connect();
      return box.gateway.heard().flatMap((one) => (one.kind === "status" ? [one.orders] : []));
    };
    box.gateway.say({
      kind: "orders",
      version: 3,
      day: TODAY,
      part: 1,
      parts: 2,
      records: encodeOrder(sandwiches),
    });
    expect(told()).toEqual([0]);
    sendOrders(box, 3, [[], [sandwiches]]);
    expect(told()).toEqual([3]);
  });
});
