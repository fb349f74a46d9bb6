// How much of a wallet each terminal may spend on its own. Pure; the ledger's CHECK has the last
// word. A share of the balance goes to every selling terminal, and one share stays free for whoever
// asks first.

import type { Grant } from "./ledger/batch.ts";

/** What one terminal may sell to one student while it hears nothing: about two lunches. */
export const GRANT_CENTS_MAX = 1000;
/** A wallet whose share is less than a sandwich is not cut up: all of it stays free for whoever
 * asks. */
export const SHARE_CENTS_MIN = 200;

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
  const shareCents = Math.floor(raising.purse.balanceCents / (sellers.length + 1));
  if (shareCents < SHARE_CENTS_MIN) return;
  const targetCents = Math.min(GRANT_CENTS_MAX, shareCents);
  for (const seller of sellers) {
    const { remainingCents } = leaseOf(raising, seller);
    // Only a lease that is down to half its target is raised, so that not every sale costs a
    // message.
    if (remainingCents * 2 <= targetCents)
      raise(raising, seller, Math.min(targetCents - remainingCents, raising.freeCents));
  }
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
  const key = `${terminal}/${epoch}`;
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
