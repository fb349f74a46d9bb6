// That each entry moved exactly the money that its token says: a purchase its total, to what its lines sell, paid by the
// student's wallet, then solidarity (no more than the grace that the terminal signed), then risk; a void the opposite of
// its purchase; a collect what was set aside for its order, to what that sells; anything else nothing.

import type { RowOf } from "./export-format.ts";
import { keyOf } from "./export-format.ts";
import type { Heard } from "./check-journals.ts";
import type { Books, Report } from "./read-export.ts";
import { accountName, entrySource, sourceKey } from "./read-export.ts";
import type { Line, Said } from "./signed-token.ts";

type Posted = RowOf<"transfer">[];
type Ordered = { student: number; lines: Line[] };
/** names: accounts by their id; ids: by kind/ref. */
type Index = {
  names: Map<number, string>;
  ids: Map<string, number>;
  posted: Map<string, Posted>;
  entries: Map<string, RowOf<"entry">>;
  categories: Map<number, string>;
  /** The lines of each pre-order that was paid when it was made, and whose it is. */
  ordered: Map<number, Ordered>;
  collected: Set<number>;
  reversedBy: Map<number, number>;
  writtenOff: Set<string>;
};

/** An entry, what its token says, and what was posted for it. */
type Case = {
  entry: RowOf<"entry">;
  said: Said;
  posted: Posted;
  index: Index;
  report: Report;
};

const PAYERS = ["wallet", "solidarity/grace", "risk/terminals"];
const HOLD = "hold/orders";
const UNKNOWN_CARD = "suspense/cards";
const UNKNOWN_PRODUCT = "suspense/products";

export function checkPostings(books: Books, heard: Heard[], report: Report): void {
  const index = indexOf(books);
  for (const { entry, said } of heard) {
    const posted = index.posted.get(entrySource(entry)) ?? [];
    const one = { entry, said, posted, index, report };
    if (said.kind === "purchase") checkPurchase(one);
    else if (said.kind === "void") checkVoid(one);
    else if (said.kind === "collect") checkCollect(one);
    else if (posted.length)
      report("entry", keyOf("entry", entry), `a ${said.kind} moves nothing, but money was posted`);
  }
}

function indexOf(books: Books): Index {
  const posted = new Map<string, Posted>();
  const reversedBy = new Map<number, number>();
  for (const row of books.transfer) {
    const key = sourceKey(row.source, row.counter);
    const rows = posted.get(key);
    if (rows) rows.push(row);
    else posted.set(key, [row]);
    if (row.reverses !== null) reversedBy.set(row.reverses, row.seq);
  }
  return {
    names: new Map(books.account.map((account) => [account.id, accountName(account)])),
    ids: new Map(books.account.map((account) => [accountName(account), account.id])),
    posted,
    entries: new Map(books.entry.map((entry) => [entrySource(entry), entry])),
    categories: new Map(books.product.map(({ id, category }) => [id, category])),
    ordered: orderedIn(books),
    collected: new Set(),
    reversedBy,
    writtenOff: new Set(books.write_off.map(({ terminal, epoch }) => `${terminal}/${epoch}`)),
  };
}

function orderedIn(books: Books): Map<number, Ordered> {
  const bodies = new Map(books.command.map(({ no, body }) => [no, body]));
  return new Map(
    books.pre_order.flatMap(({ id, student, command }) => {
      const body = bodies.get(command ?? 0);
      return body ? [[id, { student, lines: linesIn(body) }] as const] : [];
    }),
  );
}

type OrderedLine = { product: number; quantity: number; unitCents: number };

function linesIn(body: string): Line[] {
  const { lines } = JSON.parse(body) as { lines: OrderedLine[] };
  return lines.map(({ product, quantity, unitCents }) => ({
    product,
    cents: quantity * unitCents,
  }));
}

/** Once, as its outcome says; nobody's order and one that was cancelled earn nothing. */
function checkCollect({ entry, said, posted, index, report }: Case): void {
  const at = keyOf("entry", entry);
  const order = index.ordered.get(said.order);
  if (!order || entry.outcome !== "collected") {
    if (posted.length) report("entry", at, `${entry.outcome} moves nothing, but money was posted`);
    return;
  }
  if (order.student !== said.student)
    report("entry", at, `collected order ${said.order} of student ${order.student}`);
  const payers = new Set(posted.map(({ debit }) => index.names.get(debit)));
  const earned = earnedBy(posted, index);
  if (payers.size !== 1 || !payers.has(HOLD) || !isEarned(order.lines, earned, index))
    report("entry", at, `earned ${listed(earned)}, not what ${HOLD} has of order ${said.order}`);
  if (index.collected.has(said.order)) report("entry", at, `order ${said.order} a second time`);
  index.collected.add(said.order);
}

const sumOf = (rows: { amount: number }[]): number =>
  rows.reduce((sum, { amount }) => sum + amount, 0);

function checkPurchase(one: Case): void {
  const { entry, said, posted, index, report } = one;
  const at = keyOf("entry", entry);
  const total = sumOf(posted);
  if (total !== said.totalCents)
    report("entry", at, `${total} cents were posted, its token says ${said.totalCents}`);
  checkPayers(one);
  const earned = earnedBy(posted, index);
  if (!isEarned(said.lines, earned, index))
    report("entry", at, `earned ${listed(earned)}, which its lines do not say`);
}

function earnedBy(posted: Posted, { names }: Index): Map<string, number> {
  const earned = new Map<string, number>();
  for (const { credit, amount } of posted) {
    const name = names.get(credit) ?? String(credit);
    earned.set(name, (earned.get(name) ?? 0) + amount);
  }
  return earned;
}

const listed = (sums: Map<string, number>): string =>
  [...sums].map(([name, cents]) => `${name} ${cents}`).join(", ") || "nothing";

/** A product that the school did not know then earned on suspense, whatever it is known as today. */
function isEarned(lines: Line[], earned: Map<string, number>, index: Index): boolean {
  const products = [...new Set(lines.map(({ product }) => product))];
  const isUnknownOne = earned.has(UNKNOWN_PRODUCT);
  const ways = isUnknownOne ? 2 ** products.length : 1;
  for (let way = 0; way < ways; way++) {
    const expected = new Map<string, number>();
    for (const { product, cents } of lines) {
      const isUnknown = (way >> products.indexOf(product)) & 1;
      const category = index.categories.get(product);
      const name = isUnknown || !category ? UNKNOWN_PRODUCT : `sales/${category}`;
      if (cents) expected.set(name, (expected.get(name) ?? 0) + cents);
    }
    if (isSame(expected, earned)) return true;
  }
  return false;
}

function isSame(one: Map<string, number>, other: Map<string, number>): boolean {
  return one.size === other.size && [...one].every(([name, cents]) => other.get(name) === cents);
}

function checkPayers({ entry, said, posted, index, report }: Case): void {
  const at = keyOf("entry", entry);
  const cents = [0, 0, 0];
  let last = 0;
  for (const { seq, debit, amount } of posted) {
    const name = index.names.get(debit) ?? "";
    if (entry.outcome === "suspense") {
      if (name !== UNKNOWN_CARD) report("transfer", seq, `expected ${UNKNOWN_CARD} to pay`);
      continue;
    }
    const place = name === `wallet/${said.student}` ? 0 : PAYERS.indexOf(name);
    if (place < 0) report("transfer", seq, `${name || debit} pays for student ${said.student}`);
    else if (place < last) report("transfer", seq, `${name} pays after ${PAYERS[last]}`);
    last = Math.max(last, place);
    cents[place] = (cents[place] ?? 0) + amount;
  }
  const [wallet = 0, grace = 0, risk = 0] = cents;
  const expected = risk ? "risk" : grace ? "grace" : wallet ? "booked" : entry.outcome;
  if (entry.outcome !== expected)
    report("entry", at, `outcome ${entry.outcome}, its postings say ${expected}`);
  if (grace > said.graceCents)
    report("entry", at, `solidarity paid ${grace}, the terminal granted ${said.graceCents}`);
  if (risk && wallet + grace && grace !== said.graceCents)
    report("entry", at, `risk paid before solidarity had paid ${said.graceCents}`);
  if (entry.leased < 0 || entry.leased > Math.min(wallet, said.totalCents - said.graceCents))
    report("entry", at, `its lease paid ${entry.leased} of the ${wallet} that the wallet paid`);
}

function checkVoid({ entry, said, posted, index, report }: Case): void {
  const at = keyOf("entry", entry);
  if (entry.outcome === "nothing-to-void") {
    if (posted.length || entry.leased) report("entry", at, "nothing to void, but money moved");
    return;
  }
  const { terminal, epoch } = said;
  const source = entrySource({ terminal, epoch, seq: said.voids });
  const sale = index.entries.get(source);
  const firstSeq = posted[0]?.seq ?? Infinity;
  const sold = (index.posted.get(source) ?? []).filter(
    ({ seq }) => (index.reversedBy.get(seq) ?? Infinity) >= firstSeq,
  );
  if (sale?.kind !== "purchase" || sale.student !== said.student || sale.total !== said.totalCents)
    return report("entry", at, `voids entry ${terminal}/${epoch}/${said.voids}, no such purchase`);
  const isWhole =
    sold.length === posted.length && sold.every(({ seq }, i) => posted[i]?.reverses === seq);
  if (!isWhole) report("entry", at, `does not undo its purchase ${said.voids} as it was posted`);
  const isGone = index.writtenOff.has(`${terminal}/${epoch}`);
  if (entry.leased !== -sale.leased && !(isGone && entry.leased === 0))
    report("entry", at, `gave its lease back ${-entry.leased}, which had paid ${sale.leased}`);
}
