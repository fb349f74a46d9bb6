// How much of a wallet each terminal may spend on its own. Pure; the ledger's CHECK has the last
// word. Counters that a student uses get what a dear day there takes, and a good part of the balance
// stays free for orders at home and for whoever asks.

import { chainKey } from "./books.ts";
import type { Habit } from "./habits.ts";
import type { Grant } from "./ledger/batch.ts";

/** What one terminal may sell to one student while it hears nothing: about two lunches. */
export const GRANT_CENTS_MAX = 1000;
/** A wallet whose share is less than a sandwich is not cut up: all of it stays free for whoever
 * asks. */
export const SHARE_CENTS_MIN = 200;
/** At a counter that a student never uses: a soup and something with it. */
export const NEWCOMER_CENTS = 300;
/** Less is not worth a message, unless it is all that lacks. */
const RAISE_CENTS_MIN = 100;

export type Seller = { terminal: number; epoch: number };
/** A terminal that may be granted leases. versionMin: of those it may once have had, should the ledger have
 * forgotten them. */
export type Selling = Seller & { versionMin: number };
export type Held = Seller & { ceilingCents: number; remainingCents: number; version: number };
export type Purse = {
  student: number;
  account: number;
  balanceCents: number;
  reservedCents: number;
  held: Held[];
  /** What the student usually spends where, the counter used most first. */
  habits: Habit[];
};
/** A terminal says that its lease is so many cents too small. */
export type Ask = Seller & { student: number; cents: number };

/** An ask that what is free does not meet. */
export type Unmet = { ask: Ask; freeCents: number };
export type Decision = { grants: Grant[]; unmet: Unmet[] };

/** Raises that fit into what is free; asks before shares, since a person stands at the counter, and
 * no shares for those whose money is kept for something else. */
export function decideGrants(
  purses: Purse[],
  sellers: Selling[],
  asks: Ask[],
  kept: Set<number>,
): Decision {
  const unmet: Unmet[] = [];
  const grants = purses.flatMap((purse) => {
    const leases = new Map<string, Raised>();
    const raised = { purse, leases, freeCents: purse.balanceCents - purse.reservedCents };
    // Half a meal helps nobody: an ask is met whole or not at all.
    for (const ask of asks) {
      const seller = sellerOf(ask, sellers);
      if (ask.student !== purse.student || !seller) continue;
      if (ask.cents <= raised.freeCents) raise(raised, seller, ask.cents);
      else unmet.push({ ask, freeCents: raised.freeCents });
    }
    const isWanted = unmet.some(({ ask }) => ask.student === purse.student);
    if (!isWanted && !kept.has(purse.student)) share(raised, sellers);
    return [...leases.values()].filter((lease) => lease.raised).map((lease) => lease.grant);
  });
  return { grants, unmet };
}

/** The device of an old epoch, or one that has closed, gets nothing. */
function sellerOf(ask: Ask, sellers: Selling[]): Selling | undefined {
  return sellers.find((one) => one.terminal === ask.terminal && one.epoch === ask.epoch);
}

type Raised = { grant: Grant; remainingCents: number; raised: boolean };
type Raising = { purse: Purse; leases: Map<string, Raised>; freeCents: number };

function share(raising: Raising, sellers: Selling[]): void {
  const { balanceCents, habits } = raising.purse;
  if (!habits.length) return shareEqually(raising, sellers);
  if (balanceCents < SHARE_CENTS_MIN) {
    const [only] = sellers;
    if (only && sellers.length === 1) raiseTo(raising, only, balanceCents, 0);
    return;
  }
  const keptCents = Math.ceil(balanceCents / 3);
  for (const { terminal, needCents } of habits) {
    const seller = sellers.find((one) => one.terminal === terminal);
    if (seller) raiseTo(raising, seller, Math.min(needCents, GRANT_CENTS_MAX), keptCents);
  }
  for (const seller of sellers)
    if (!habits.some(({ terminal }) => terminal === seller.terminal))
      raiseTo(raising, seller, NEWCOMER_CENTS, Math.ceil(balanceCents / 2));
}

/** For a student of whom nothing is known. */
function shareEqually(raising: Raising, sellers: Selling[]): void {
  const shareCents = Math.floor(raising.purse.balanceCents / (sellers.length + 1));
  if (shareCents < SHARE_CENTS_MIN) return;
  for (const seller of sellers) raiseTo(raising, seller, Math.min(GRANT_CENTS_MAX, shareCents), 0);
}

/** Only a lease that is down to half its target is raised, and by no trifle, so that not every sale
 * costs a message. */
function raiseTo(raising: Raising, seller: Selling, targetCents: number, keptCents: number): void {
  const { remainingCents } = leaseOf(raising, seller);
  if (remainingCents * 2 > targetCents) return;
  const lackingCents = targetCents - remainingCents;
  const cents = Math.min(lackingCents, raising.freeCents - keptCents);
  if (cents >= Math.min(RAISE_CENTS_MIN, lackingCents)) raise(raising, seller, cents);
}

function raise(raising: Raising, seller: Selling, cents: number): void {
  if (cents <= 0) return;
  const lease = leaseOf(raising, seller);
  raising.freeCents -= cents;
  lease.remainingCents += cents;
  lease.grant.ceilingCents += cents;
  lease.raised = true;
}

/** The lease of a seller as it would be written: one version on, whatever is added to it. */
function leaseOf(raising: Raising, seller: Selling): Raised {
  const { terminal, epoch } = seller;
  const key = chainKey(terminal, epoch);
  const known = raising.leases.get(key);
  if (known) return known;
  const { student, account, held } = raising.purse;
  const now = held.find((one) => one.terminal === terminal && one.epoch === epoch);
  const version = Math.max(now?.version ?? 0, seller.versionMin) + 1;
  const ceilingCents = now?.ceilingCents ?? 0;
  const grant = { terminal, epoch, student, account, ceilingCents, version };
  const lease = { grant, remainingCents: now?.remainingCents ?? 0, raised: false };
  raising.leases.set(key, lease);
  return lease;
}
