// Goal: leases never promise more than a wallet holds, and money too small to divide stays free for
// whoever asks. Method: a table of wallets, then random ones against the one rule that must hold
// for all.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Held, Purse, Selling } from "./grants.ts";
import { GRANT_CENTS_MAX, decideGrants } from "./grants.ts";

const seller = (terminal: number): Selling => ({ terminal, epoch: 1, versionMin: 0 });
const held = (terminal: number, remainingCents: number): Held => ({
  ...seller(terminal),
  remainingCents,
  ceilingCents: remainingCents + 50,
  version: 3,
});
const purse = (balanceCents: number, leases: Held[]): Purse => ({
  student: 1,
  account: 8,
  balanceCents,
  reservedCents: leases.reduce((sum, lease) => sum + lease.remainingCents, 0),
  held: leases,
});
const raisesOf = (
  wallet: Purse,
  sellers: number[],
  asked?: { terminal: number; cents: number },
) => {
  const asks = asked ? [{ ...seller(asked.terminal), student: 1, cents: asked.cents }] : [];
  return decideGrants([wallet], sellers.map(seller), asks, new Set()).grants.map((grant) => [
    grant.terminal,
    grant.ceilingCents,
    grant.version,
  ]);
};

test("every selling terminal gets an equal share, and one share stays free", () => {
  expect(raisesOf(purse(1200, []), [1, 2, 3])).toEqual([
    [1, 300, 1],
    [2, 300, 1],
    [3, 300, 1],
  ]);
});

test("a share is never more than the most a silent terminal may sell", () => {
  expect(raisesOf(purse(100_000, []), [1])).toEqual([[1, GRANT_CENTS_MAX, 1]]);
});

test("a wallet too small to divide is left whole, and an ask takes from it what it needs", () => {
  expect(raisesOf(purse(500, []), [1, 2])).toEqual([]);
  expect(raisesOf(purse(500, []), [1, 2], { terminal: 2, cents: 350 })).toEqual([[2, 350, 1]]);
});

test("an ask is met whole or not at all, before any sharing", () => {
  expect(raisesOf(purse(500, []), [1, 2], { terminal: 2, cents: 501 })).toEqual([]);
  expect(raisesOf(purse(900, [held(1, 300)]), [1, 2], { terminal: 2, cents: 600 })).toEqual([
    [2, 600, 1],
  ]);
});

test("a terminal that does not sell, or an old device, is granted nothing on asking", () => {
  expect(raisesOf(purse(300, []), [1], { terminal: 2, cents: 100 })).toEqual([]);
});

test("a lease is raised when it is down to half, and left alone before", () => {
  expect(raisesOf(purse(1000, [held(1, 251)]), [1])).toEqual([]);
  expect(raisesOf(purse(1000, [held(1, 250)]), [1])).toEqual([[1, 550, 4]]);
});

test("no raise ever exceeds what is free", () => {
  const wallets = fc.record({
    balanceCents: fc.integer({ min: 0, max: 5000 }),
    leases: fc.array(fc.integer({ min: 0, max: 1500 }), { maxLength: 4 }),
    asked: fc.integer({ min: 1, max: 3000 }),
    sellers: fc.integer({ min: 0, max: 5 }),
  });
  fc.assert(
    fc.property(wallets, ({ balanceCents, leases, asked, sellers }) => {
      const all = leases.map((cents, index) => held(index + 1, cents));
      const wallet = purse(balanceCents, all);
      fc.pre(wallet.reservedCents <= balanceCents);
      const names = Array.from({ length: sellers }, (_, index) => index + 1);
      const ask = { ...seller(1), student: 1, cents: asked };
      const { grants } = decideGrants([wallet], names.map(seller), [ask], new Set());
      const raised = grants.reduce((sum, grant) => {
        const before = all.find((lease) => lease.terminal === grant.terminal)?.ceilingCents ?? 0;
        expect(grant.ceilingCents).toBeGreaterThan(before);
        return sum + grant.ceilingCents - before;
      }, 0);
      expect(raised).toBeLessThanOrEqual(balanceCents - wallet.reservedCents);
    }),
  );
});
