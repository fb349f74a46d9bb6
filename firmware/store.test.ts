// The store keeps the newest of each record through any number of rewrites and starts, and after a
// power cut it holds the old record or the new one, never a mix.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Bytes } from "#protocol/bytes.ts";
import type { PowerSupply } from "#sim/parts/nor.ts";
import { createNor, createPowerSupply } from "#sim/parts/nor.ts";
import { cutEverywhere, isCut } from "#sim/parts/power-cuts.ts";
import { nodePrimitives } from "#sim/primitives.ts";
import { BOOT, COVERED, LEASE_LOG, LEASE_ROWS, PRICES } from "./store-log.ts";
import type { Put, Store } from "./store.ts";
import { openStore } from "./store.ts";

const sha256 = nodePrimitives.sha256;
const flash = (power: PowerSupply = createPowerSupply()) =>
  createNor({ pageBytes: 256, pages: 8 }, power);
const sumNothing = () => {};

function open(region: ReturnType<typeof flash>, sumUp: (put: Put) => void = sumNothing): Store {
  const opened = openStore(region, sha256, sumUp);
  if (!opened.ok) throw new Error(opened.detail);
  return opened.store;
}

const data = (length: number, seed: number): Bytes =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + seed * 17) & 255);

test("a box that was just provisioned has a fresh store, and only until something is put", () => {
  const region = flash();
  expect(open(region).isFresh()).toBe(true);
  expect(open(region).isFresh()).toBe(true);
  open(region).put(BOOT, 0, data(4, 1));
  expect(open(region).isFresh()).toBe(false);
});

test("through any puts, rewrites and starts the store equals a map of the newest", () => {
  const step = fc.record({
    type: fc.constantFrom(BOOT, PRICES, LEASE_ROWS),
    id: fc.integer({ min: 0, max: 2 }),
    length: fc.integer({ min: 0, max: 60 }),
    after: fc.constantFrom("go on", "go on", "go on", "start", "rewrite"),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 30, maxLength: 60 }), (steps) => {
      const region = flash();
      let store = open(region);
      const expected = new Map<string, Bytes>();
      for (const [i, { type, id, length, after }] of steps.entries()) {
        store.put(type, id, data(length, i));
        expected.set(`${type}:${id}`, data(length, i));
        if (after === "start") store = open(region);
        if (after === "rewrite") store.rewrite();
        for (const [key, value] of expected) {
          const [heldType, heldId] = key.split(":").map(Number) as [number, number];
          expect(store.get(heldType, heldId)).toEqual(value);
          const half = value.length >> 1;
          expect(store.part(heldType, heldId, half, value.length - half)).toEqual(
            value.subarray(half),
          );
        }
      }
      const found = new Map<string, Bytes>();
      for (const type of [BOOT, PRICES, LEASE_ROWS])
        store.each(type, (id, bytes) => void found.set(`${type}:${id}`, bytes));
      expect(found.size).toBe(expected.size);
    }),
    { numRuns: 60 },
  );
});

test("log records add up until a rewrite puts their sum in their place", () => {
  const region = flash();
  let sum = 0;
  const sumUp = (put: Put) => {
    if (sum) put(COVERED, 0, Uint8Array.of(sum));
  };
  let store = open(region, sumUp);
  const total = () => {
    let cents = store.get(COVERED, 0)?.[0] ?? 0;
    store.each(LEASE_LOG, (_, bytes) => void (cents += bytes[0] as number));
    return cents;
  };
  for (let i = 0; i < 5; i++) store.put(LEASE_LOG, 0, Uint8Array.of(2));
  // Nobody can sum up yet: a rewrite keeps what it cannot sum.
  store.rewrite();
  expect([total(), store.records()]).toEqual([10, 5]);
  sum = 10;
  store.rewrite();
  expect([total(), store.records()]).toEqual([10, 1]);
  store = open(region, sumUp);
  expect(total()).toBe(10);
});

test("no power cut loses a put that returned, and one that did not is there whole or not at all", () => {
  const cuts = cutEverywhere((power) => {
    const region = flash(power);
    const done: (Bytes | undefined)[] = [];
    let started: { id: number; value: Bytes } = { id: -1, value: new Uint8Array(0) };
    const play = (store: Store, from: number, to: number) => {
      for (let i = from; i < to; i++) {
        started = { id: i % 4, value: data(20 + (i % 50), i) };
        store.put(PRICES, started.id, started.value);
        done[started.id] = started.value;
      }
    };
    const inspect = (store: Store) => {
      for (let id = 0; id < 4; id++) {
        const allowed = id === started.id ? [done[id], started.value] : [done[id]];
        expect(allowed).toContainEqual(store.get(PRICES, id));
        done[id] = store.get(PRICES, id);
      }
    };
    return {
      act: () => play(open(region), 0, 45),
      check() {
        inspect(open(region));
        // A second cut, in the middle of cleaning up after the first.
        power.cutAfter(2, "half");
        isCut(() => play(open(region), 45, 60));
        power.restore();
        inspect(open(region));
        play(open(region), 60, 90);
        inspect(open(region));
      },
    };
  });
  console.log(`store: ${cuts} power cuts`);
  expect(cuts).toBeGreaterThan(150);
});

test("more than a half can hold is refused by name, and what was there stays", () => {
  const store = open(flash());
  store.put(PRICES, 1, data(500, 1));
  expect(() => store.put(PRICES, 2, data(700, 2))).toThrow("store: full");
  expect(store.get(PRICES, 1)).toEqual(data(500, 1));
});

test.each([
  ["a record with others behind it", 16 + 12 + 3],
  ["the length of a record", 16 + 3],
  ["the check of a record", 16 + 9],
])("damage to %s is a fault with a name", (_, offset) => {
  const region = flash();
  const store = open(region);
  for (let i = 0; i < 4; i++) store.put(PRICES, i, data(40, i));
  region.content[offset] = (region.content[offset] as number) ^ 2;
  expect(openStore(region, sha256, sumNothing)).toEqual({
    ok: false,
    fault: "store-damaged",
    detail: "store: the record at 16 is damaged",
  });
});

test("a store without a header in either half was not provisioned so: it is never started anew", () => {
  const region = flash();
  open(region).put(BOOT, 0, data(4, 1));
  region.content[1] = 0;
  expect(openStore(region, sha256, sumNothing)).toMatchObject({
    ok: false,
    fault: "store-damaged",
  });
});
