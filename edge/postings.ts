// From a signed entry to the money it moves: who pays a purchase, which sales it earns, what a void
// gives back. Pure. A token that verifies is never rejected: what nobody else covers falls on the
// school's risk account.

import type { Collect, Entry, Line, Purchase, Void } from "#protocol/entry.ts";
import type { House, Lease, PreOrder, Sale, Sold, Wallet } from "./books.ts";

/** What became of an entry: who paid in the end, or that it moved nothing. Shown on the pages by
 * name. */
export type Booking =
  | "booked"
  | "grace"
  | "risk"
  | "suspense"
  | "nothing-to-void"
  | "collected"
  | "collected-twice"
  | "lowered"
  | "closed"
  | "noted";

/** `debit` pays `credit`; reverses is the seq of the transfer undone, 0 for none. */
export type Posting = { debit: number; credit: number; amountCents: number; reverses: number };
/** drawnCents: what the lease of this terminal pays (below zero: is given back). */
export type Postings = { outcome: Booking; drawnCents: number; postings: Posting[] };

export type Surroundings = {
  house: House;
  wallet: Wallet | undefined;
  lease: Lease | undefined;
  /** Whether the card had been blocked, or was no longer this student's, when the entry was made. */
  isStopped: boolean;
  /** Whether the school has given the terminal's device up: then no wallet pays. */
  isWrittenOff: boolean;
  salesOf: (product: number) => number;
  /** The purchase that a void names, unless it was never booked or is undone already. */
  sale: Sale | undefined;
  /** The pre-order that a `collect` names. */
  order: PreOrder | undefined;
};

const NOTHING: Postings = { outcome: "noted", drawnCents: 0, postings: [] };

export function postEntry(entry: Entry, around: Surroundings): Postings {
  if (entry.kind === "purchase") return postPurchase(entry, around);
  if (entry.kind === "void") return postVoid(entry, around);
  if (entry.kind === "collect") return postCollect(entry, around);
  // The terminal was granted more since, and has that lease or will.
  if (entry.kind === "lowered" && around.lease && around.lease.version <= entry.lease)
    return { ...NOTHING, outcome: "lowered" };
  if (entry.kind === "close") return { ...NOTHING, outcome: "closed" };
  return NOTHING;
}

/** What was set aside when it was ordered is earned when it is handed over. An order that we do not
 * know, of somebody else or cancelled is only noted: what was handed over was. */
function postCollect(collect: Collect, { house, order }: Surroundings): Postings {
  if (order?.student !== collect.student || order.state === "cancelled") return NOTHING;
  if (order.state === "collected") return { ...NOTHING, outcome: "collected-twice" };
  const { orders: hold } = house;
  if (hold === undefined) return { ...NOTHING, outcome: "collected" };
  const cents = order.held.reduce((sum, earner) => sum + earner.cents, 0);
  const postings = pair([{ account: hold, cents }], order.held);
  return { outcome: "collected", drawnCents: 0, postings };
}

type Payer = { account: number; cents: number };

function postPurchase(purchase: Purchase, around: Surroundings): Postings {
  const { house, wallet } = around;
  const { totalCents } = purchase;
  if (!wallet)
    return settle(
      "suspense",
      0,
      [{ account: house.unknownCards, cents: totalCents }],
      purchase,
      around,
    );
  // The family said stop: what a terminal sold before it heard is the school's loss, not theirs.
  if (around.isStopped)
    return settle("risk", 0, [{ account: house.risk, cents: totalCents }], purchase, around);
  // The lease first: it was set aside for exactly this. The terminal never counted the grace part
  // on it.
  const leaseCents = Math.min(
    totalCents - purchase.graceCents,
    Math.max(0, around.lease?.remainingCents ?? 0),
  );
  // What a lost or stolen device sells nobody can stop, and no family pays: its leases are ended.
  const freeCents = around.isWrittenOff
    ? 0
    : Math.max(0, wallet.balanceCents - wallet.reservedCents);
  const walletCents = leaseCents + Math.min(totalCents - leaseCents, freeCents);
  const graceCents = Math.min(totalCents - walletCents, purchase.graceCents);
  const riskCents = totalCents - walletCents - graceCents;
  const payers = [
    { account: wallet.account, cents: walletCents },
    { account: house.solidarity, cents: graceCents },
    { account: house.risk, cents: riskCents },
  ];
  const outcome = riskCents > 0 ? "risk" : graceCents > 0 ? "grace" : "booked";
  return settle(outcome, leaseCents, payers, purchase, around);
}

function settle(
  outcome: Booking,
  drawnCents: number,
  payers: Payer[],
  purchase: Purchase,
  around: Surroundings,
): Postings {
  return { outcome, drawnCents, postings: pair(payers, earnersOf(purchase.lines, around)) };
}

/** Cents per sales account, in the order of the lines. */
function earnersOf(lines: Line[], around: Surroundings): Payer[] {
  const cents = new Map<number, number>();
  for (const line of lines) {
    const account = around.salesOf(line.product);
    cents.set(account, (cents.get(account) ?? 0) + line.quantity * line.unitCents);
  }
  return [...cents].map(([account, sum]) => ({ account, cents: sum }));
}

/** Both sides sum to the same total: the first payer pays the first earner until one of them is
 * done. */
function pair(payers: Payer[], earners: Payer[]): Posting[] {
  const postings: Posting[] = [];
  const owed = earners.map((earner) => ({ ...earner }));
  for (const payer of payers) {
    let leftCents = payer.cents;
    for (const earner of owed) {
      const amountCents = Math.min(leftCents, earner.cents);
      if (amountCents === 0) continue;
      leftCents -= amountCents;
      earner.cents -= amountCents;
      postings.push({ debit: payer.account, credit: earner.account, amountCents, reverses: 0 });
    }
  }
  return postings;
}

/** A void undoes one whole purchase of the same student and total, once; anything else moves
 * nothing. */
function postVoid(undo: Void, { sale, isWrittenOff }: Surroundings): Postings {
  if (!sale || sale.student !== undo.student || sale.totalCents !== undo.totalCents)
    return { ...NOTHING, outcome: "nothing-to-void" };
  const postings = turnedRound(sale.postings);
  // The lease of a device that was given up never rises again: all of it is free.
  return { outcome: "booked", drawnCents: isWrittenOff ? 0 : -sale.leasedCents, postings };
}

/** The same transfers the other way, each naming the one that it undoes. */
export function turnedRound(booked: Sold[]): Posting[] {
  return booked.map(({ seq, debit, credit, amountCents }) => ({
    debit: credit,
    credit: debit,
    amountCents,
    reverses: seq,
  }));
}
