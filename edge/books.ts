// What admission knows while it decides: the rows a batch of tokens touches, read once, and moved
// on in memory as each entry is booked, so that the second sale of a student sees what the first
// has left.

import type { KeyObject } from "node:crypto";
import type { Bytes } from "#protocol/bytes.ts";
import type { Posting } from "./postings.ts";

/** One epoch of a terminal: its key, and the last entry of its chain (seq 0 and 32 zero bytes
 * before any), the highest nonce index of all its entries, and whether the school has given the device
 * up. */
export type Chain = {
  key: KeyObject;
  lastSeq: number;
  lastHash: Bytes;
  lastNonce: number;
  isWrittenOff: boolean;
};
/** balance - reserved is what no terminal may spend offline: the free balance. */
export type Wallet = { account: number; balanceCents: number; reservedCents: number };
/** remaining = ceiling + voided - spent. The draws since the last lowering are kept beside it, for
 * the write. */
export type Lease = {
  ceilingCents: number;
  version: number;
  remainingCents: number;
  drawnSpentCents: number;
  drawnVoidedCents: number;
  deepestCents: number;
};
/** A purchase that may still be undone: what it posted, and how much of it the lease had paid. */
export type Sale = { student: number; totalCents: number; leasedCents: number; postings: Sold[] };
export type Sold = { seq: number; debit: number; credit: number; amountCents: number };
/** held: what was set aside when it was ordered, by the account that earns it; empty when nothing was. */
export type PreOrder = {
  student: number;
  state: "ordered" | "collected" | "cancelled";
  held: { account: number; cents: number }[];
};
/** From at on (seconds since 1970) the card is this student's, and may buy; or not. */
export type CardEvent = { student: number; maySpend: boolean; at: number };
export type House = {
  risk: number;
  solidarity: number;
  unknownCards: number;
  unknownProducts: number;
  /** Opened by the first order. */
  orders: number | undefined;
};

export type Books = {
  house: House;
  terminals: Set<number>;
  /** By chainKey. */
  chains: Map<string, Chain>;
  /** SHA-256 of the entries already in the ledger, by entryKey. */
  entries: Map<string, Bytes>;
  /** Nonces of entries in the ledger that the tokens at hand use as well, by nonceKey. */
  nonces: Set<string>;
  wallets: Map<number, Wallet>;
  /** By leaseKey. */
  leases: Map<string, Lease>;
  /** The sales account that a product's category earns on. */
  sales: Map<number, number>;
  /** By entryKey of the purchase. */
  undoable: Map<string, Sale>;
  /** What became of cards that were ever blocked or taken back, by their UID in hex, in order. */
  cards: Map<string, CardEvent[]>;
  /** Pre-orders by their number. */
  orders: Map<number, PreOrder>;
  lastSeq: number;
};

export const chainKey = (terminal: number, epoch: number): string => `${terminal}/${epoch}`;
export const entryKey = (terminal: number, epoch: number, seq: number): string =>
  `${terminal}/${epoch}/${seq}`;
/** What names a nonce: its index, and its point R in hex. */
export const nonceKey = (terminal: number, epoch: number, name: number | string): string =>
  `${terminal}/${epoch}/${name}`;
export const leaseKey = (terminal: number, epoch: number, student: number): string =>
  `${terminal}/${epoch}/${student}`;

/** Moves money between accounts, and numbers the transfers; those that touch no wallet only get a
 * number. */
export function move(books: Books, student: number, postings: Posting[]): Sold[] {
  const wallet = books.wallets.get(student);
  return postings.map((posting) => {
    if (wallet && posting.debit === wallet.account) wallet.balanceCents -= posting.amountCents;
    if (wallet && posting.credit === wallet.account) wallet.balanceCents += posting.amountCents;
    const { debit, credit, amountCents } = posting;
    return { seq: ++books.lastSeq, debit, credit, amountCents };
  });
}

/** Takes cents from a lease (or gives them back, below zero) together with the wallet's
 * reservation. */
export function draw(books: Books, student: number, lease: Lease, cents: number): void {
  const wallet = books.wallets.get(student);
  lease.remainingCents -= cents;
  if (wallet) wallet.reservedCents -= cents;
  if (cents > 0) lease.drawnSpentCents += cents;
  else lease.drawnVoidedCents -= cents;
  const netCents = lease.drawnSpentCents - lease.drawnVoidedCents;
  lease.deepestCents = Math.max(lease.deepestCents, netCents);
}

/** Lets a ceiling fall as far as a terminal has signed, never below what was spent: what its lease
 * no longer holds is free. */
export function lower(books: Books, student: number, lease: Lease, ceilingCents: number): void {
  const spentCents = lease.ceilingCents - lease.remainingCents;
  const leftCents = Math.max(0, Math.min(lease.ceilingCents, ceilingCents) - spentCents);
  const wallet = books.wallets.get(student);
  if (wallet) wallet.reservedCents -= lease.remainingCents - leftCents;
  lease.ceilingCents = spentCents + leftCents;
  lease.remainingCents = leftCents;
}
