// Goal: after a power cut at any flash operation the list of the day is whole or known not to be,
// and an order is handed over once. Method: lists arriving, and a card collecting at a whole
// terminal, cut everywhere; then everything is said and tried again.

import { expect, test } from "vitest";
import { concat } from "#protocol/bytes.ts";
import type { OrdersPart } from "#protocol/downlink.ts";
import { DOWNLINK_BYTES_MAX, LEASES_PER_MESSAGE } from "#protocol/downlink.ts";
import type { Order } from "#protocol/orders.ts";
import { ORDERS_PER_PART, ORDER_BYTES, ORDER_PARTS_MAX, encodeOrder } from "#protocol/orders.ts";
import { lina, meetGateway } from "#sim/counter-gateway.ts";
import { NOON } from "#sim/counter-story.ts";
import { createNor, createPowerSupply } from "#sim/parts/nor.ts";
import { CUT_MODES, cutEverywhere } from "#sim/parts/power-cuts.ts";
import { nodePrimitives } from "#sim/primitives.ts";
import { CONTROL_KEYS, PRODUCT_KEYS } from "./keys.ts";
import type { PreOrders } from "./pre-orders.ts";
import { openPreOrders } from "./pre-orders.ts";
import { BLOCKS, COLLECTED, GRACE, LEASE_LOG, LEASE_ROWS, ORDERS, PRICES } from "./store-log.ts";
import { openStore } from "./store.ts";
import { GRACE_STUDENTS_MAX } from "./grace.ts";
import { wallDay } from "./wall-clock.ts";

const COLLECT = PRODUCT_KEYS + CONTROL_KEYS.indexOf("collect");
const TODAY = wallDay(NOON);

const order = (number: number, student: number): Order => ({
  order: number,
  student,
  lines: [{ product: 1, quantity: 1 }],
  collected: false,
});

function listOf(version: number, parts: Order[][]): OrdersPart[] {
  return parts.map((orders, part) => {
    const records = concat(orders.map(encodeOrder));
    return { kind: "orders", version, day: TODAY, part, parts: parts.length, records };
  });
}

const OLD = listOf(1, [[order(1, 17)], [order(2, 18)]]);
/** Order 2 moves to the first part, order 3 is new. */
const PARTS = [[order(1, 17), order(2, 18)], [order(3, 18)]];
const NEW = listOf(2, PARTS);
const NEWEST = listOf(3, PARTS);

test("a list that arrives is whole, or the status says that it is not, through power cuts", () => {
  const cuts = cutEverywhere((power) => {
    const region = createNor({ pageBytes: 128, pages: 4 }, power);
    const start = (): PreOrders => {
      const opened = openStore(region, nodePrimitives.sha256, () => undefined);
      if (!opened.ok) throw new Error(opened.detail);
      return openPreOrders(opened.store);
    };
    const take = (list: OrdersPart[]): void => {
      const preOrders = start();
      for (const part of list) preOrders.keep(part);
    };
    const numbersOf = (student: number) =>
      start()
        .find(student, TODAY)
        ?.map((one) => one.order);
    take(OLD);
    return {
      // The store is so small that it rewrites itself in between.
      act: () => {
        take(NEW);
        take(NEWEST);
      },
      check: () => {
        expect([0, 1, 2, 3]).toContain(start().version());
        expect(numbersOf(18), "what was on both lists is never missing").toContain(2);
        take(NEWEST);
        expect(start().version()).toBe(3);
        expect([numbersOf(17), numbersOf(18)]).toEqual([[1], [2, 3]]);
      },
    };
  });
  console.log(`lists of orders: ${cuts} power cuts`);
  expect(cuts).toBeGreaterThan(10);
});

test("a list at its largest fits the store beside 2,000 leases and all else at its largest", () => {
  const largest: [number, number, number][] = [
    ...Array.from({ length: 32 }, (_, id): [number, number, number] => [LEASE_ROWS, id, 1024]),
    [PRICES, 0, DOWNLINK_BYTES_MAX],
    [BLOCKS, 0, DOWNLINK_BYTES_MAX],
    [GRACE, 0, 4 + GRACE_STUDENTS_MAX * 8],
    [COLLECTED, 0, ORDER_PARTS_MAX * ORDERS_PER_PART * 4],
    ...Array.from({ length: ORDER_PARTS_MAX }, (_, part): [number, number, number] => [
      ORDERS,
      part,
      12 + ORDERS_PER_PART * ORDER_BYTES,
    ]),
  ];
  const region = createNor({ pageBytes: 4096, pages: 24 }, createPowerSupply());
  const opened = openStore(region, nodePrimitives.sha256, (put) => {
    for (const [type, id, bytes] of largest) put(type, id, new Uint8Array(bytes));
  });
  if (!opened.ok) throw new Error(opened.detail);
  opened.store.rewrite();
  const leases = new Uint8Array(LEASES_PER_MESSAGE * 12);
  for (let message = 0; message < 20; message++) opened.store.put(LEASE_LOG, 0, leases);
  expect(opened.store.get(ORDERS, ORDER_PARTS_MAX - 1)).toBeDefined();
});

test("the power goes at every flash operation of a collect: handed over once, never lost", () => {
  let cuts = 0;
  for (const mode of CUT_MODES)
    for (let operations = 0; ; operations++) {
      const { box, book } = meetGateway();
      for (const part of listOf(1, [[order(80, 17)]])) box.gateway.say(part);
      box.press(COLLECT);
      box.disconnect();
      box.wait(10_000);
      box.hear();
      box.supply.cutAfter(operations, mode);
      box.tap(lina);
      const beeped = box.heardAccepted();
      const died = !box.isOn();
      if (died) box.power(true);
      else box.supply.restore();
      if (died) box.press(COLLECT);
      box.wait(20_000);
      const again = box.tap(lina);
      if (beeped) expect(again, `cut ${operations} ${mode}`).toBe("Déjà pris");
      else expect(["Déjà pris", "À remettre"]).toContain(again);
      box.connect();
      book.settle();
      expect(book.entries.filter(({ kind }) => kind === "collect")).toMatchObject([{ order: 80 }]);
      if (!died) break;
      cuts++;
    }
  console.log(`collect: ${cuts} power cuts`);
  expect(cuts).toBeGreaterThan(6);
});
