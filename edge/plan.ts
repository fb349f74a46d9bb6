// Decides a batch of tokens one after the other against the books, and collects what must be
// written for them. Pure but for the books, which it moves on: it can be run again from fresh books
// whenever a write has failed.

import type { Entry } from "#protocol/entry.ts";
import type { Arrived, Refusal, Verdict } from "./admission.ts";
import { admit } from "./admission.ts";
import type { Books, Chain, Sale } from "./books.ts";
import { chainKey, draw, entryKey, leaseKey, move, nonceKey } from "./books.ts";
import type { Batch } from "./ledger/batch.ts";
import { beginStretch, giveBack } from "./giving-back.ts";
import { hexOf } from "./hex.ts";
import { counterOf, pointOf } from "./open-books.ts";
import type { Booking, Postings } from "./postings.ts";
import { postEntry } from "./postings.ts";
import { checkSignature } from "./vouching.ts";

/** Why bytes are kept in quarantine: not booked, or booked although their own signature is bad, or
 * signed with a nonce that has signed another entry. */
export type Alarm = Refusal | "poison" | "booked-unsigned" | "nonce-reused";
export type Outcome = Booking | "replayed" | Refusal | "poison";

/** Appends to batch what the token causes, and says what became of it. */
export function planToken(arrived: Arrived, books: Books, batch: Batch): Outcome {
  const { terminal, epoch } = arrived;
  const chain = books.chains.get(chainKey(terminal, epoch));
  const entry = arrived.decoded.ok ? arrived.decoded.token.entry : undefined;
  const verdict = admit(arrived, {
    terminalKnown: books.terminals.has(terminal),
    chain,
    booked: entry && books.entries.get(entryKey(terminal, epoch, entry.seq)),
    isSigned: () => checkSignature(arrived, chain),
  });
  if (isSignedFor(verdict)) noteNonce(arrived, books, batch);
  if (verdict === "book" && entry && chain) return book(arrived, entry, chain, books, batch);
  if (verdict === "book") throw new Error("plan: a token without entry or chain was admitted");
  if (verdict !== "replayed" && verdict !== "gap") quarantine(arrived, verdict, batch);
  return verdict;
}

/** Verdicts that only the terminal's key can have brought about. */
function isSignedFor(verdict: Verdict): boolean {
  return verdict === "book" || verdict === "conflict" || verdict === "broken-chain";
}

/** Two signatures under one nonce give the key to whoever has both, so somebody must know; the
 * money moves all the same. What is not booked is compared, too: a copied box shows itself so. */
function noteNonce(arrived: Arrived, books: Books, batch: Batch): void {
  if (!arrived.decoded.ok) return;
  const { token } = arrived.decoded;
  const { terminal, epoch, nonce } = token.entry;
  const names = [nonce, pointOf(token)].map((name) => nonceKey(terminal, epoch, name));
  if (names.some((name) => books.nonces.has(name))) quarantine(arrived, "nonce-reused", batch);
  for (const name of names) books.nonces.add(name);
}

export function quarantine(arrived: Arrived, reason: Alarm, batch: Batch): void {
  const { terminal, bytes, hash } = arrived;
  batch.quarantined.push({ terminal, reason, body: bytes, hash });
}

function book(arrived: Arrived, entry: Entry, chain: Chain, books: Books, batch: Batch): Booking {
  const { terminal, epoch, seq } = entry;
  const money = entry.kind === "purchase" || entry.kind === "void" ? entry : undefined;
  const student = entry.kind === "lowered" ? entry.student : (money?.student ?? 0);
  const lease = books.leases.get(leaseKey(terminal, epoch, student));
  const posted = postEntry(entry, {
    house: books.house,
    wallet: books.wallets.get(student),
    lease,
    isStopped: isStopped(entry, books),
    isWrittenOff: chain.isWrittenOff,
    salesOf: (product) => books.sales.get(product) ?? books.house.unknownProducts,
    sale: entry.kind === "void" ? takeSale(entry.voids, entry, books) : undefined,
    order: entry.kind === "collect" ? books.orders.get(entry.order) : undefined,
  });
  if (entry.kind === "collect" && posted.outcome === "collected") collect(entry, books, batch);
  const leasedCents = lease && posted.drawnCents ? posted.drawnCents : 0;
  if (posted.postings.length || leasedCents) beginStretch(books, batch);
  if (lease && leasedCents) draw(books, student, lease, leasedCents);
  addTransfers(arrived, entry, student, posted, books, batch);
  giveBack(entry, posted.outcome, lease, books, batch);
  batch.entries.push({
    terminal,
    epoch,
    seq,
    kind: entry.kind,
    student: "student" in entry ? entry.student : 0,
    totalCents: money?.totalCents ?? 0,
    leasedCents,
    at: entry.time,
    outcome: posted.outcome,
    hash: arrived.hash,
    token: arrived.bytes,
    nonce: entry.nonce,
  });
  books.entries.set(entryKey(terminal, epoch, seq), arrived.hash);
  chain.lastSeq = seq;
  chain.lastHash = arrived.hash;
  chain.lastNonce = Math.max(chain.lastNonce, entry.nonce);
  return posted.outcome;
}

/** Whether, when it was laid, the card was blocked, taken back or already another's: the counter had not heard of it. What
 * became of it since, and when the entry arrives, change nothing. */
function isStopped(entry: Entry, books: Books): boolean {
  if (entry.kind !== "purchase") return false;
  const history = books.cards.get(hexOf(entry.card)) ?? [];
  const then = history.findLast((event) => event.at <= entry.time);
  return !!then && (!then.maySpend || then.student !== entry.student);
}

/** With the entry that says so, or not at all. */
function collect(entry: Entry & { kind: "collect" }, books: Books, batch: Batch): void {
  books.orders.set(entry.order, { student: entry.student, state: "collected", held: [] });
  batch.also.push({
    sql: "update pre_order set state = 'collected', collected_at = ? where id = ?",
    args: [entry.time, entry.order],
  });
}

/** The purchase that a void names; it can be taken once. */
function takeSale(voids: number, entry: Entry & { kind: "void" }, books: Books): Sale | undefined {
  const key = entryKey(entry.terminal, entry.epoch, voids);
  const sale = books.undoable.get(key);
  if (sale?.student === entry.student && sale.totalCents === entry.totalCents)
    books.undoable.delete(key);
  return sale;
}

function addTransfers(
  arrived: Arrived,
  entry: Entry,
  student: number,
  posted: Postings,
  books: Books,
  batch: Batch,
): void {
  const { terminal, epoch, seq } = entry;
  const sold = move(books, student, posted.postings);
  for (const [line, transfer] of sold.entries())
    batch.transfers.push({
      ...transfer,
      source: terminal,
      counter: counterOf(epoch, seq),
      line,
      at: entry.time,
      reverses: posted.postings[line]?.reverses ?? 0,
      evidence: arrived.hash,
    });
  if (entry.kind === "purchase")
    books.undoable.set(entryKey(terminal, epoch, seq), {
      student,
      totalCents: entry.totalCents,
      leasedCents: posted.drawnCents,
      postings: sold,
    });
}
