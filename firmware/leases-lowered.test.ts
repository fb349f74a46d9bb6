// Goal: a lease that is given back is nowhere spent twice. Method: one lease between a terminal (its
// real leases, store and flash) and a ledger, which is a model of twenty lines; messages lost,
// repeated and overtaken, sales, shifts and power cuts in any order.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Downlink, Lease } from "#protocol/downlink.ts";
import { LEASES_PER_MESSAGE } from "#protocol/downlink.ts";
import type { Close, Lowered } from "#protocol/entry.ts";
import type { Nor } from "#sim/parts/nor.ts";
import { createNor } from "#sim/parts/nor.ts";
import { nodePrimitives } from "#sim/primitives.ts";
import type { Leases } from "./leases.ts";
import { STUDENT_MAX, coveredSeq, openLeases, putLeases } from "./leases.ts";
import type { Store } from "./store.ts";
import { openStore } from "./store.ts";

const STUDENT = 70;
const RUNS = 200;
type Entry = Close | Lowered | { kind: "purchase" | "void"; cents: number };

const lease = (ceilingCents: number, version: number): Lease => ({
  student: STUDENT,
  ceilingCents,
  version,
});

/** What memory.ts makes of them: the stored sums, and the entries after them. */
function open(region: Nor, journal: Entry[]): { store: Store; leases: Leases } {
  let leases: Leases | undefined;
  const opened = openStore(
    region,
    nodePrimitives.sha256,
    (put) => leases?.sumUp(put, journal.length),
    () => leases?.forgetChanged(),
  );
  if (!opened.ok) throw new Error(opened.detail);
  leases = openLeases(opened.store);
  for (let seq = coveredSeq(opened.store) + 1; seq <= journal.length; seq++)
    note(leases, journal[seq - 1] as Entry, seq);
  return { store: opened.store, leases };
}

function note(leases: Leases, entry: Entry, seq: number): void {
  if (entry.kind === "close") leases.close(seq);
  else if (entry.kind === "lowered") leases.lower(entry);
  else if (entry.kind === "void") leases.giveBack(STUDENT, entry.cents);
  else leases.spend(STUDENT, entry.cents);
}

function terminal() {
  const region = createNor({ pageBytes: 1024, pages: 80 });
  const journal: Entry[] = [];
  let now = open(region, journal);
  const write = (entry: Entry): void => {
    journal.push(entry);
    note(now.leases, entry, journal.length);
  };
  return {
    journal,
    write,
    leases: () => now.leases,
    rewrite: () => now.store.rewrite(),
    restart: () => void (now = open(region, journal)),
    /** What gateway-orders.ts and gateway-wishes.ts do. */
    hear(message: Downlink): void {
      if (message.kind === "lower") {
        const body = now.leases.lowering(message.leases[0] as Lease);
        if (body) write(body);
      }
      if (message.kind !== "leases" || message.asOf < now.leases.closedAt()) return;
      const taken = message.leases.filter((one) => now.leases.judge(one) === "granted");
      if (taken.length) putLeases(now.store, taken, now.leases.closedAt());
      for (const one of taken) now.leases.grant(one);
    },
  };
}

/** The ledger's side: books entries in order, and throws when a sale exceeds what it has reserved. */
function ledger() {
  const held = { ceiling: 0, spent: 0, version: 0, booked: 0 };
  return {
    held,
    leftCents: () => held.ceiling - held.spent,
    raise(cents: number): Downlink {
      held.ceiling += cents;
      held.version++;
      return { kind: "leases", asOf: held.booked, leases: [lease(held.ceiling, held.version)] };
    },
    wish: (ceiling: number): Downlink => ({
      kind: "lower",
      leases: [lease(ceiling, held.version + 1)],
    }),
    book(entry: Entry): void {
      held.booked++;
      if (entry.kind === "purchase") held.spent += entry.cents;
      if (entry.kind === "void") held.spent -= entry.cents;
      if (held.spent > held.ceiling) throw new Error("ledger: spent beyond the ceiling");
      const isNewest = entry.kind === "lowered" && entry.lease >= held.version;
      if (entry.kind !== "close" && !isNewest) return;
      held.version++;
      held.ceiling = entry.kind === "lowered" ? entry.ceilingCents : held.spent;
    },
  };
}

/** 600 granted, 100 of it spent. */
function holder() {
  const at = terminal();
  at.hear({ kind: "leases", asOf: 0, leases: [lease(600, 4)] });
  at.write({ kind: "purchase", cents: 100 });
  return at;
}

describe("what a terminal signs when it is asked to give back", () => {
  test.each([
    ["everything", lease(0, 5), 100],
    ["down to more than it spent", lease(250, 5), 250],
    ["a little less than it holds", lease(599, 5), 599],
    ["what it holds anyway", lease(600, 5), undefined],
    ["more than it holds", lease(900, 5), undefined],
    ["under the version it has", lease(0, 4), undefined],
    ["under an older version", lease(0, 3), undefined],
    ["after a grant that it missed", lease(900, 6), 600],
    ["of a student beyond the memory", { ...lease(0, 5), student: STUDENT_MAX + 1 }, undefined],
    ["of a student it never heard of", { ...lease(0, 5), student: 9 }, 0],
    ["of no student", { ...lease(0, 5), student: 0 }, undefined],
  ])("%s", (_, wish, ceilingCents) => {
    const body = holder().leases().lowering(wish);
    expect(body?.ceilingCents).toBe(ceilingCents);
    if (body) expect(body.lease).toBe(wish.version);
  });

  test("a wish repeated is answered once; a newer grant raises again", () => {
    const at = holder();
    for (let times = 0; times < 3; times++) at.hear({ kind: "lower", leases: [lease(0, 5)] });
    expect(at.journal.map(({ kind }) => kind)).toEqual(["purchase", "lowered"]);
    expect(at.leases().remainingCents(STUDENT)).toBe(0);
    at.hear({ kind: "leases", asOf: 1, leases: [lease(700, 5)] });
    expect(at.leases().remainingCents(STUDENT)).toBe(0);
    at.hear({ kind: "leases", asOf: 2, leases: [lease(400, 6)] });
    expect(at.leases().remainingCents(STUDENT)).toBe(300);
  });

  test("a void gives back what a lowered ceiling then allows", () => {
    const at = holder();
    at.hear({ kind: "lower", leases: [lease(0, 5)] });
    at.write({ kind: "void", cents: 100 });
    expect(at.leases().remainingCents(STUDENT)).toBe(100);
  });
});

describe("after a close", () => {
  test.each([
    ["what was decided before it is void", 1, lease(900, 5), 0],
    ["the lease of before, said again since, holds", 2, lease(600, 4), 500],
    ["a newer one holds", 2, lease(300, 6), 200],
    ["an older one does not", 2, lease(900, 3), 0],
    ["nor one below what was spent", 2, lease(50, 6), 0],
  ])("%s", (_, asOf, granted, leftCents) => {
    const at = holder();
    at.write({ kind: "close" });
    expect(at.leases().remainingCents(STUDENT)).toBe(0);
    for (let times = 0; times < 2; times++) {
      at.hear({ kind: "leases", asOf, leases: [granted] });
      expect(at.leases().remainingCents(STUDENT)).toBe(leftCents);
      at.restart();
    }
  });

  test("2,000 leases are ended without touching one, and new ones take their places", () => {
    const at = terminal();
    const students = Array.from({ length: 2000 }, (_, i) => i + 1);
    const grantAll = (asOf: number, ceilingCents: number, version: number): void => {
      for (let from = 0; from < students.length; from += LEASES_PER_MESSAGE) {
        const page = students.slice(from, from + LEASES_PER_MESSAGE);
        const leases = page.map((student) => ({ student, ceilingCents, version }));
        at.hear({ kind: "leases", asOf, leases });
        // As memory.ts does after a message of many.
        at.rewrite();
      }
    };
    const leftCents = (): number =>
      students.reduce((sum, student) => sum + at.leases().remainingCents(student), 0);
    grantAll(0, 500, 1);
    expect(leftCents()).toBe(1_000_000);
    at.write({ kind: "close" });
    expect([at.leases().changed(), leftCents()]).toEqual([0, 0]);
    grantAll(0, 900, 2);
    expect(leftCents()).toBe(0);
    grantAll(1, 300, 2);
    at.restart();
    expect([at.leases().changed(), leftCents()]).toEqual([0, 600_000]);
  });
});

test("the ledger reserves what the terminal may spend, whatever is lost, repeated or overtaken", () => {
  const step = fc.record({
    what: fc.constantFrom(
      ...([
        "raise",
        "raise",
        "lower",
        "hear",
        "hear",
        "hear",
        "lose",
        "sell",
        "sell",
        "sell",
      ] as const),
      ...(["void", "close", "book", "book", "restart", "rewrite"] as const),
    ),
    n: fc.nat({ max: 400 }),
  });
  const met = { purchase: 0, void: 0, lowered: 0, close: 0 };
  fc.assert(
    fc.property(fc.array(step, { minLength: 60, maxLength: 160 }), (steps) => {
      const at = terminal();
      const books = ledger();
      const air: Downlink[] = [];
      const sold: number[] = [];
      for (const { what, n } of steps) {
        const left = at.leases().remainingCents(STUDENT);
        if (what === "raise") air.push(books.raise(n));
        if (what === "lower") air.push(books.wish(n));
        // A message stays in the air: it may come again, and after any other.
        const message = air[n % (air.length || 1)];
        if (what === "hear" && message) at.hear(message);
        if (what === "lose") air.splice(n % (air.length || 1), 1);
        if (what === "sell" && left > 0) {
          sold.push(1 + (n % left));
          at.write({ kind: "purchase", cents: 1 + (n % left) });
        }
        const undone = what === "void" ? sold.pop() : undefined;
        if (undone) at.write({ kind: "void", cents: undone });
        if (what === "close" && n < 100) at.write({ kind: "close" });
        const next = at.journal[books.held.booked];
        if (what === "book" && next) books.book(next);
        if (what === "restart") at.restart();
        if (what === "rewrite") at.rewrite();
        const unbooked = at.journal.slice(books.held.booked).reduce((sum, entry) => {
          if (entry.kind === "purchase") return sum + entry.cents;
          return entry.kind === "void" ? sum - entry.cents : sum;
        }, 0);
        expect(at.leases().remainingCents(STUDENT)).toBeLessThanOrEqual(
          books.leftCents() - unbooked,
        );
      }
      for (const entry of at.journal) met[entry.kind]++;
      for (const entry of at.journal.slice(books.held.booked)) books.book(entry);
    }),
    { numRuns: RUNS },
  );
  console.log(`leases: met in ${RUNS} runs: ${JSON.stringify(met)}`);
  for (const times of Object.values(met)) expect(times).toBeGreaterThan(RUNS);
});
