// Goal: what the gateway said, how far it was heard, which start this is and how much grace was
// given survive a power cut. Method: the real store over emulated flash; every fact is asked again
// after the store was opened anew.

import { expect, test } from "vitest";
import { fromHex, fromLatin1 } from "#protocol/bytes.ts";
import type { Downlink } from "#protocol/downlink.ts";
import { createNor } from "#sim/parts/nor.ts";
import { nodePrimitives } from "#sim/primitives.ts";
import { createGrace, GRACE_STUDENTS_MAX } from "./grace.ts";
import { countBoot, openKept } from "./kept.ts";
import type { Store } from "./store.ts";
import { openStore } from "./store.ts";

const NOON = 1_795_345_200;
const DAY_SECONDS = 86_400;
const till = { language: "nl" as const, soup: 1, keys: [1], graceCents: 0 };
const lost = fromHex("04a1b2c3d4e5f6");

function prices(version: number, unitCents: number): Downlink {
  const name = fromLatin1("Potage");
  const soup = { product: 1, revision: 1, unitCents, essential: true, allergens: 0, name };
  return { kind: "prices", version, till, products: [soup] };
}

/** Opens the store of the same flash again at each call, as a start does. */
function flash(): () => Store {
  const region = createNor({ pageBytes: 4096, pages: 8 });
  return () => {
    const opened = openStore(region, nodePrimitives.sha256, () => undefined);
    if (!opened.ok) throw new Error(opened.detail);
    return opened.store;
  };
}

test("each start has its own number", () => {
  const start = flash();
  expect([1, 2, 3].map(() => countBoot(start()))).toEqual([1, 2, 3]);
});

test("the newest price list is kept, whatever comes after it", () => {
  const start = flash();
  const kept = openKept(start());
  for (const message of [prices(3, 100), prices(5, 120), prices(4, 90), prices(5, 1)])
    kept.keep(message);
  for (const now of [kept, openKept(start())]) {
    expect(now.versions()).toEqual({ prices: 5, blocks: 0 });
    expect(now.catalogue()?.products[1]?.unitCents).toBe(120);
    expect(now.catalogue()?.till).toEqual(till);
  }
});

test("a newer block list replaces the older, so a card that is found again works", () => {
  const start = flash();
  openKept(start()).keep({ kind: "blocks", version: 1, cards: [lost] });
  expect(openKept(start()).isBlocked(lost)).toBe(true);
  expect(openKept(start()).isBlocked(lost.subarray(0, 4))).toBe(false);
  openKept(start()).keep({ kind: "blocks", version: 2, cards: [] });
  expect(openKept(start()).isBlocked(lost)).toBe(false);
});

test("a sequence of 53 bits is kept exactly", () => {
  const start = flash();
  for (const sequence of [1, 4_294_967_296, NOON * 1000 * 1024, Number.MAX_SAFE_INTEGER]) {
    openKept(start()).keepSequence(sequence);
    expect(openKept(start()).sequence()).toBe(sequence);
  }
});

test("grace adds up for each student and begins anew the next day", () => {
  const start = flash();
  createGrace(start()).use(17, 70, NOON);
  createGrace(start()).use(18, 30, NOON);
  createGrace(start()).use(17, 50, NOON + 60);
  const grace = createGrace(start());
  expect([17, 18, 19].map((student) => grace.usedCents(student, NOON))).toEqual([120, 30, 0]);
  expect(grace.usedCents(17, NOON + DAY_SECONDS)).toBe(0);
});

test("when too many students had grace in one day, nobody else gets any", () => {
  const grace = createGrace(flash()());
  for (let student = 1; student <= GRACE_STUDENTS_MAX; student++) grace.use(student, 1, NOON);
  expect(grace.usedCents(GRACE_STUDENTS_MAX, NOON)).toBe(1);
  expect(grace.usedCents(GRACE_STUDENTS_MAX + 1, NOON)).toBeGreaterThan(1_000_000);
  expect(grace.usedCents(GRACE_STUDENTS_MAX + 1, NOON + DAY_SECONDS)).toBe(0);
});
