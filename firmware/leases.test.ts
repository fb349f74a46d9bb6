// A lease may be told about late, twice or in any order, and the power may go at any moment: what
// this terminal may still debit never exceeds ceiling + voided - spent.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Lease } from "#protocol/downlink.ts";
import { createNor } from "#sim/parts/nor.ts";
import { cutEverywhere } from "#sim/parts/power-cuts.ts";
import { nodePrimitives } from "#sim/primitives.ts";
import type { Leases } from "./leases.ts";
import { STUDENT_MAX, coveredSeq, openLeases, putLeases } from "./leases.ts";
import type { Store } from "./store.ts";
import { openStore } from "./store.ts";

const flash = () => createNor({ pageBytes: 1024, pages: 80 });

/** Store and leases as the terminal opens them; covered is the seq that a snapshot would cover. */
function open(region: ReturnType<typeof flash>, covered = 0): { store: Store; leases: Leases } {
  let leases: Leases | undefined;
  const opened = openStore(
    region,
    nodePrimitives.sha256,
    (put) => leases?.sumUp(put, covered),
    () => leases?.forgetChanged(),
  );
  if (!opened.ok) throw new Error(opened.detail);
  leases = openLeases(opened.store);
  return { store: opened.store, leases };
}

const lease = (student: number, ceilingCents: number, version: number): Lease => ({
  student,
  ceilingCents,
  version,
});

test.each([
  ["the first one", lease(1, 500, 1), "granted", 400],
  ["a higher one", lease(5, 900, 3), "granted", 800],
  ["the same once more", lease(5, 600, 2), "older", 500],
  ["an older, higher one", lease(5, 2000, 1), "older", 500],
  ["a newer, lower one", lease(5, 300, 3), "lower", 500],
  ["a student number beyond the memory", lease(STUDENT_MAX + 1, 500, 1), "out-of-range", 0],
  ["no student", lease(0, 500, 1), "out-of-range", 0],
])(
  "%s is answered so that the terminal never may less than it thinks",
  (_, given, answer, left) => {
    const { leases } = open(flash());
    leases.grant(lease(5, 600, 2));
    leases.spend(5, 100);
    expect(leases.grant(given)).toBe(answer);
    if (given.student === 1) leases.spend(1, 100);
    expect(leases.remainingCents(given.student)).toBe(left);
  },
);

test("a void gives back, a student without a lease has nothing and cannot be debited", () => {
  const { leases } = open(flash());
  leases.grant(lease(70, 300, 1));
  leases.spend(70, 250);
  leases.giveBack(70, 250);
  expect([leases.remainingCents(70), leases.version(70)]).toEqual([300, 1]);
  expect([leases.remainingCents(71), leases.version(4000)]).toEqual([0, 0]);
  leases.spend(4000, 0);
  expect(() => leases.spend(4000, 1)).toThrow("leases: student 4000 has no lease");
});

test("messages about leases may come in any order and any number of times: the newest wins", () => {
  const message = fc.record({
    student: fc.integer({ min: 1, max: 5 }),
    version: fc.integer({ min: 1, max: 6 }),
  });
  fc.assert(
    fc.property(fc.array(message, { minLength: 20, maxLength: 40 }), (messages) => {
      const region = flash();
      const { store, leases } = open(region);
      const newest = new Map<number, number>();
      for (const { student, version } of messages) {
        putLeases(store, [lease(student, version * 100, version)], 0);
        leases.grant(lease(student, version * 100, version));
        newest.set(student, Math.max(version, newest.get(student) ?? 0));
      }
      for (const [student, version] of newest)
        for (const known of [leases, open(region).leases]) {
          expect(known.remainingCents(student)).toBe(version * 100);
          expect(known.version(student)).toBe(version);
        }
    }),
    { numRuns: 30 },
  );
});

test("2,000 leases fit, with 32 KB of words, and a snapshot of them comes back whole", () => {
  const region = flash();
  const { store, leases } = open(region, 77);
  for (let first = 1; first <= 2000; first += 100) {
    const page = Array.from({ length: 100 }, (_, i) => lease(first + i, first + i, 1));
    putLeases(store, page, 0);
    for (const one of page) leases.grant(one);
  }
  leases.spend(1999, 9);
  store.rewrite();
  const again = open(region);
  expect(coveredSeq(again.store)).toBe(77);
  for (let student = 1; student <= 2000; student++)
    expect(again.leases.remainingCents(student)).toBe(student - (student === 1999 ? 9 : 0));
  expect(again.store.records()).toBe(33);
});

test("through any grants, sales and rewrites the leases equal a table of all students", () => {
  const step = fc.record({
    student: fc.integer({ min: 1, max: 200 }),
    what: fc.constantFrom("raise", "raise", "sell", "sell", "void", "rewrite"),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 100, maxLength: 300 }), (steps) => {
      const { store, leases } = open(flash());
      const table = new Map<number, { left: number; version: number; sold: number }>();
      for (const { student, what } of steps) {
        const row = table.get(student) ?? { left: 0, version: 0, sold: 0 };
        if (what === "raise") {
          // Each ceiling is 100 above the one before.
          row.version++;
          row.left += 100;
          putLeases(store, [lease(student, row.version * 100, row.version)], 0);
          leases.grant(lease(student, row.version * 100, row.version));
        } else if (what === "rewrite") store.rewrite();
        else if (row.version && (what === "sell" || row.sold)) {
          if (what === "sell") leases.spend(student, 7);
          else leases.giveBack(student, 7);
          row.left += what === "sell" ? -7 : 7;
          row.sold += what === "sell" ? 1 : -1;
        }
        table.set(student, row);
      }
      for (const [student, row] of table)
        expect([leases.remainingCents(student), leases.version(student)]).toEqual([
          row.left,
          row.version,
        ]);
    }),
    { numRuns: 30 },
  );
});

test("only what changed since the sums were stored is in memory", () => {
  const { store, leases } = open(flash());
  const page = Array.from({ length: 150 }, (_, i) => lease(1 + i, 500, 1));
  putLeases(store, page, 0);
  for (const one of page) leases.grant(one);
  expect(leases.changed()).toBe(150);
  store.rewrite();
  expect(leases.changed()).toBe(0);
  for (let sale = 0; sale < 20; sale++) leases.spend(1 + (sale % 4), 5);
  expect([leases.changed(), leases.remainingCents(4), leases.remainingCents(5)]).toEqual([
    4, 475, 500,
  ]);
});

test("a rewrite that fails forgets nothing", () => {
  const region = flash();
  const { store, leases } = open(region, 3);
  leases.grant(lease(5, 1000, 1));
  const erase = region.erase;
  region.content.fill(0, region.pageBytes * 40);
  region.erase = () => {
    throw new Error("flash: worn out");
  };
  expect(() => store.rewrite()).toThrow("worn out");
  region.erase = erase;
  expect([leases.changed(), leases.remainingCents(5)]).toEqual([1, 1000]);
});

test("after a power cut in a snapshot, sums and covered seq are both the old or both the new", () => {
  const cuts = cutEverywhere((power) => {
    const region = createNor({ pageBytes: 512, pages: 16 }, power);
    return {
      act() {
        const { store, leases } = open(region, 10);
        leases.grant(lease(5, 1000, 1));
        leases.grant(lease(100, 1000, 1));
        putLeases(store, [lease(5, 1000, 1), lease(100, 1000, 1)], 0);
        for (let entry = 0; entry < 10; entry++) leases.spend(entry % 2 ? 5 : 100, 10);
        store.rewrite();
      },
      check() {
        const { store, leases } = open(region);
        const held = [coveredSeq(store), leases.remainingCents(5), leases.remainingCents(100)];
        expect([
          [0, 0, 0],
          [0, 1000, 1000],
          [10, 950, 950],
        ]).toContainEqual(held);
      },
    };
  });
  console.log(`leases: ${cuts} power cuts`);
  expect(cuts).toBeGreaterThan(15);
});
