// Goal: a sale is refused for the first reason that holds, in an order that is part of the
// contract. Method: a request with everything wrong is mended from the top, one reason at a time,
// and each time the next reason must come out; then what cents, leases and grace mean, as a
// property over random amounts.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Product } from "#protocol/downlink.ts";
import { fromHex, fromLatin1 } from "#protocol/bytes.ts";
import type { Line } from "#protocol/entry.ts";
import type { RosterRecord } from "#protocol/roster.ts";
import type { Decision, SaleRequest } from "./sale.ts";
import { ENTRIES_KEPT, decideSale } from "./sale.ts";

const MILK = 1 << 6;

function product(number: number, unitCents: number, changes: Partial<Product> = {}): Product {
  const name = fromLatin1("product " + number);
  return {
    product: number,
    revision: 1,
    unitCents,
    essential: false,
    allergens: 0,
    name,
    ...changes,
  };
}

const soup = product(1, 100, { essential: true, allergens: MILK });
const sandwich = product(2, 350);
const copies = product(3, 5);

function line(of: Product, quantity = 1): Line {
  return { product: of.product, revision: of.revision, quantity, unitCents: of.unitCents };
}

const lina: RosterRecord = {
  card: fromHex("04a1b2c3d4e5f6"),
  student: 17,
  allergens: 0,
  name: fromLatin1("Lina D."),
  group: fromLatin1("3B"),
  key: undefined,
};

function request(changes: Partial<SaleRequest> = {}): SaleRequest {
  return {
    faults: [],
    closed: false,
    catalogue: {
      version: 4,
      till: { language: "fr", soup: 1, keys: [1, 2, 3], graceCents: 300 },
      products: { 1: soup, 2: sandwich, 3: copies },
    },
    lines: [line(soup)],
    report: {
      online: true,
      unsent: 0,
      oldest: 0,
      now: 1_790_000_000,
      clockTrusted: true,
      room: 10_000,
      nonces: 100,
      nextSeq: 2,
    },
    facts: {
      card: lina.card,
      proof: { method: "uid" },
      record: lina,
      roster: 9,
      blocked: false,
      leaseCents: 1000,
      leaseVersion: 3,
      graceUsedCents: 0,
    },
    asked: false,
    allowed: false,
    ...changes,
  };
}

function withFacts(changes: Partial<SaleRequest["facts"]>, base = request()): SaleRequest {
  return { ...base, facts: { ...base.facts, ...changes } };
}

function withReport(changes: Partial<SaleRequest["report"]>, base = request()): SaleRequest {
  return { ...base, report: { ...base.report, ...changes } };
}

function outcome(decision: Decision): string {
  if (decision.kind === "refuse") return decision.reason;
  if (decision.kind === "ask") return `ask ${decision.cents}`;
  return `sell ${decision.totalCents}, grace ${decision.graceCents}`;
}

describe("the order of the reasons", () => {
  const everything = request({ asked: false });
  const wrong: SaleRequest = {
    ...everything,
    faults: ["reader-dead"],
    closed: true,
    lines: [],
    report: { ...everything.report, room: 0, nonces: 0 },
    facts: {
      ...everything.facts,
      record: undefined,
      blocked: true,
      leaseCents: 0,
    },
  };
  const tooMuch = Array.from({ length: 8 }, (_, i) => line(product(100 + i, 100_000), 99));
  const proving: RosterRecord = {
    ...lina,
    allergens: MILK,
    key: { epoch: 1, secret: new Uint8Array(16) },
  };

  const mendings: [string, (r: SaleRequest) => SaleRequest][] = [
    ["out-of-order", (r) => ({ ...r, faults: [] })],
    ["shift-closed", (r) => ({ ...r, closed: false })],
    ["no-product", (r) => ({ ...r, lines: tooMuch })],
    ["total-too-large", (r) => ({ ...r, lines: [line(soup)] })],
    ["journal-full", (r) => withReport({ room: 10_000 }, r)],
    ["no-nonces", (r) => withReport({ nonces: 100 }, r)],
    ["unknown-card", (r) => withFacts({ record: proving }, r)],
    ["unproven-card", (r) => withFacts({ proof: { method: "authenticated", counter: 1 } }, r)],
    ["blocked-card", (r) => withFacts({ blocked: false }, r)],
    ["allergen", (r) => withFacts({ record: { ...proving, allergens: 0 } }, r)],
    ["ask 100", (r) => ({ ...r, asked: true })],
    [
      "lease-too-small",
      (r) => withFacts({ graceUsedCents: 300 }, withReport({ online: false }, r)),
    ],
    ["lease-too-small-offline", (r) => withFacts({ graceUsedCents: 200 }, r)],
    ["sell 100, grace 100", (r) => withFacts({ leaseCents: 30 }, r)],
    ["sell 100, grace 70", (r) => withFacts({ leaseCents: 100 }, r)],
    ["sell 100, grace 0", (r) => r],
  ];

  test("each reason hides those below it", () => {
    let current = wrong;
    const seen: string[] = [];
    for (const [, mend] of mendings) {
      seen.push(outcome(decideSale(current)));
      current = mend(current);
    }
    expect(seen).toEqual(mendings.map(([expected]) => expected));
  });
});

describe("what keeps a sale from the journal", () => {
  test.each([
    ["room for the sale and its void", { room: ENTRIES_KEPT }, "sell 100, grace 0"],
    ["one entry less", { room: ENTRIES_KEPT - 1 }, "journal-full"],
    ["a nonce for the sale and one for its void", { nonces: 2 }, "sell 100, grace 0"],
    ["one nonce less", { nonces: 1 }, "no-nonces"],
  ])("%s", (_, report, expected) => {
    expect(outcome(decideSale(withReport(report)))).toBe(expected);
  });

  test("without a price list there is nothing to sell", () => {
    expect(outcome(decideSale(request({ catalogue: undefined })))).toBe("no-product");
  });

  test("a product of 0 cents is no sale, for an entry of 0 cents cannot be signed", () => {
    expect(outcome(decideSale(request({ lines: [line(product(1, 0))] })))).toBe("no-product");
  });
});

describe("leases and grace", () => {
  const offline = withReport({ online: false });

  test.each([
    ["the last cent of the lease", { leaseCents: 100 }, [line(soup)], "sell 100, grace 0"],
    [
      "essential, nothing left of the lease",
      { leaseCents: 0 },
      [line(soup)],
      "sell 100, grace 100",
    ],
    ["not essential", { leaseCents: 349 }, [line(sandwich)], "lease-too-small-offline"],
    [
      "grace reaches no further than the essential part",
      { leaseCents: 349 },
      [line(soup), line(sandwich)],
      "lease-too-small-offline",
    ],
    [
      "the lease pays what is not essential",
      { leaseCents: 350 },
      [line(soup), line(sandwich)],
      "sell 450, grace 100",
    ],
    ["three soups on a grace of 3.00", { leaseCents: 0 }, [line(soup, 3)], "sell 300, grace 300"],
    ["a fourth", { leaseCents: 0 }, [line(soup, 4)], "lease-too-small-offline"],
    [
      "what was used today counts",
      { leaseCents: 0, graceUsedCents: 201 },
      [line(soup)],
      "lease-too-small-offline",
    ],
  ])("offline: %s", (_, facts, lines, expected) => {
    expect(outcome(decideSale(withFacts(facts, { ...offline, lines })))).toBe(expected);
  });

  test("no grace while the gateway can be asked: it knows the wallet", () => {
    expect(outcome(decideSale(withFacts({ leaseCents: 0 })))).toBe("ask 100");
    expect(outcome(decideSale({ ...withFacts({ leaseCents: 0 }), asked: true }))).toBe(
      "lease-too-small",
    );
  });

  test("a sale never takes more than the lease and the grace that is left", () => {
    const cents = fc.nat({ max: 2000 });
    fc.assert(
      fc.property(
        cents,
        cents,
        cents,
        fc.nat({ max: 5 }),
        fc.nat({ max: 5 }),
        fc.boolean(),
        fc.boolean(),
        (leaseCents, graceUsedCents, graceCents, soups, sandwiches, online, asked) => {
          const lines = [line(soup, soups), line(sandwich, sandwiches)].filter((l) => l.quantity);
          const base = withFacts({ leaseCents, graceUsedCents }, withReport({ online }));
          const till = { language: "fr" as const, soup: 1, keys: [], graceCents };
          const products = { 1: soup, 2: sandwich };
          const decision = decideSale({
            ...base,
            lines,
            asked,
            catalogue: { version: 4, till, products },
          });
          const total = soups * 100 + sandwiches * 350;
          if (decision.kind !== "sell") return;
          expect(decision.totalCents).toBe(total);
          expect(total - decision.graceCents).toBeLessThanOrEqual(leaseCents);
          expect(decision.graceCents).toBeLessThanOrEqual(soups * 100);
          if (decision.graceCents) {
            expect(online).toBe(false);
            expect(decision.graceCents + graceUsedCents).toBeLessThanOrEqual(graceCents);
            expect(decision.graceCents).toBe(total - leaseCents);
          }
        },
      ),
    );
  });
});
