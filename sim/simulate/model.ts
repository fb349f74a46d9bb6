// The model ledger: another mind's idea of what every entry does, in plain maps, without SQL and without a line of
// edge/. It is told what terminals have signed, and which of that is booked, in which order; the books must agree
// with it to the cent.

import type { Entry } from "#protocol/entry.ts";
import { Broken } from "./story.ts";

export type ModelLease = { ceiling: number; net: number; version: number };
type Chain = { booked: number; isWrittenOff: boolean; sold: Map<number, Sold> };
/** What a purchase took from whom; undone by a void. */
type Sold = {
  student: number;
  total: number;
  wallet: number;
  grace: number;
  risk: number;
  leased: number;
};

export type Model = {
  wallets: Map<number, number>;
  /** By student, then by terminal and epoch. */
  leases: Map<number, Map<string, ModelLease>>;
  chains: Map<string, Chain>;
  house: { bank: number; sales: number; grace: number; risk: number; correction: number };
  /** Blocked since, by card in hex. */
  blocked: Map<string, number>;
  /** When each card was blocked and un-blocked (seconds since 1970), in that order. */
  stops: Map<string, { at: number; stop: boolean }[]>;
  /** While a ledger that was set back does not know all: then a family's money may be bespoken twice. */
  isRecovering: boolean;
  /** The most that the school's risk may come to. */
  riskBound: number;
};

const SOLD_KEPT = 500;

export function createModel(students: number[]): Model {
  return {
    wallets: new Map(students.map((student) => [student, 0])),
    leases: new Map(),
    chains: new Map(),
    house: { bank: 0, sales: 0, grace: 0, risk: 0, correction: 0 },
    blocked: new Map(),
    stops: new Map(),
    isRecovering: false,
    riskBound: 0,
  };
}

export const chainName = (terminal: number, epoch: number): string => `${terminal}/${epoch}`;

export function leaseOf(model: Model, chain: string, student: number): ModelLease {
  const mine = model.leases.get(student) ?? new Map<string, ModelLease>();
  model.leases.set(student, mine);
  const lease = mine.get(chain) ?? { ceiling: 0, net: 0, version: 0 };
  mine.set(chain, lease);
  return lease;
}

function leasesOfChain(model: Model, chain: string): ModelLease[] {
  return [...model.leases.values()].flatMap((mine) => mine.get(chain) ?? []);
}

export function chainOf(model: Model, terminal: number, epoch: number): Chain {
  const name = chainName(terminal, epoch);
  const chain = model.chains.get(name) ?? { booked: 0, isWrittenOff: false, sold: new Map() };
  model.chains.set(name, chain);
  return chain;
}

export function reservedOf(model: Model, student: number): number {
  let sum = 0;
  for (const lease of model.leases.get(student)?.values() ?? []) sum += lease.ceiling - lease.net;
  return sum;
}

export function payIn(
  model: Model,
  student: number,
  cents: number,
  means: "bank" | "correction",
): void {
  model.wallets.set(student, (model.wallets.get(student) ?? 0) + cents);
  model.house[means] -= cents;
}

/** A device is given up: what its leases still allowed is the most that it can cost, beside grace. */
export function giveUp(model: Model, terminal: number, epoch: number): void {
  const chain = chainOf(model, terminal, epoch);
  for (const lease of leasesOfChain(model, chainName(terminal, epoch))) {
    model.riskBound += lease.ceiling - lease.net;
    endLease(lease);
  }
  chain.isWrittenOff = true;
}

function endLease(lease: ModelLease): void {
  if (lease.ceiling === lease.net) return;
  lease.ceiling = lease.net;
  lease.version++;
}

/** The ledger has booked this entry. cardHex: of a purchase. */
export function book(model: Model, entry: Entry, cardHex: string): void {
  const { terminal, epoch, seq } = entry;
  const chain = chainOf(model, terminal, epoch);
  if (seq !== chain.booked + 1)
    throw new Broken(`entry ${seq} was booked after entry ${chain.booked}`, terminal);
  chain.booked = seq;
  if (entry.kind === "purchase") bookPurchase(model, chain, entry, cardHex);
  if (entry.kind === "void") bookVoid(model, chain, entry);
  if (entry.kind === "lowered") {
    const lease = model.leases.get(entry.student)?.get(chainName(terminal, epoch));
    if (!lease || lease.version > entry.lease) return;
    lease.ceiling = Math.max(lease.net, Math.min(lease.ceiling, entry.ceilingCents));
    lease.version = Math.max(lease.version + 1, entry.lease);
  }
  if (entry.kind === "close")
    for (const lease of leasesOfChain(model, chainName(terminal, epoch))) endLease(lease);
}

function bookPurchase(
  model: Model,
  chain: Chain,
  entry: Entry & { kind: "purchase" },
  cardHex: string,
): void {
  const { terminal, epoch, student, totalCents } = entry;
  const balance = model.wallets.get(student);
  if (balance === undefined) throw new Broken("a sale to nobody we know", terminal, student);
  const lease = leaseOf(model, chainName(terminal, epoch), student);
  const isBlocked = !!model.stops.get(cardHex)?.findLast(({ at }) => at <= entry.time)?.stop;
  const free = chain.isWrittenOff ? 0 : Math.max(0, balance - reservedOf(model, student));
  const leased = isBlocked
    ? 0
    : Math.max(0, Math.min(totalCents - entry.graceCents, lease.ceiling - lease.net));
  const wallet = isBlocked ? 0 : leased + Math.min(totalCents - leased, free);
  const grace = isBlocked ? 0 : Math.min(totalCents - wallet, entry.graceCents);
  const risk = totalCents - wallet - grace;
  if (isBlocked || model.isRecovering) model.riskBound += risk;
  else if (risk && !chain.isWrittenOff)
    throw new Broken(`${risk} cents of an honest sale fall on the school`, terminal, student);
  lease.net += leased;
  model.wallets.set(student, balance - wallet);
  model.house.grace -= grace;
  model.house.risk -= risk;
  model.house.sales += totalCents;
  chain.sold.set(entry.seq, { student, total: totalCents, wallet, grace, risk, leased });
  if (chain.sold.size > 2 * SOLD_KEPT)
    for (const seq of chain.sold.keys()) if (seq < entry.seq - SOLD_KEPT) chain.sold.delete(seq);
}

function bookVoid(model: Model, chain: Chain, entry: Entry & { kind: "void" }): void {
  const sold = chain.sold.get(entry.voids);
  if (!sold || sold.student !== entry.student || sold.total !== entry.totalCents) return;
  chain.sold.delete(entry.voids);
  const lease = leaseOf(model, chainName(entry.terminal, entry.epoch), entry.student);
  // Its lease has ended, so all of it is free; but whoever has the box may sell that much again.
  if (chain.isWrittenOff) model.riskBound += sold.leased;
  else lease.net -= sold.leased;
  model.wallets.set(sold.student, (model.wallets.get(sold.student) ?? 0) + sold.wallet);
  model.house.grace += sold.grace;
  model.house.risk += sold.risk;
  model.house.sales -= sold.total;
}

/** The office undoes a purchase: everybody has back what they paid, and its lease stays as it is. Whether it could. */
export function reverse(model: Model, terminal: number, epoch: number, seq: number): boolean {
  const { sold } = chainOf(model, terminal, epoch);
  const sale = sold.get(seq);
  if (!sale) return false;
  sold.delete(seq);
  model.wallets.set(sale.student, (model.wallets.get(sale.student) ?? 0) + sale.wallet);
  model.house.grace += sale.grace;
  model.house.risk += sale.risk;
  model.house.sales -= sale.total;
  return true;
}

/** A copy that goes its own way: the model of a backup. */
export function copyModel(model: Model): Model {
  return structuredClone(model);
}
