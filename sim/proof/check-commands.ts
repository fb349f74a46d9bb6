// Commands: numbered without a gap, each under an id of its own, and each moved what it says from where it says. That the
// evidence of every transfer of a command is the hash of its body is checked with the transfers.

import type { RowOf } from "./export-format.ts";
import type { Books, Report } from "./read-export.ts";
import { accountName, sourceKey } from "./read-export.ts";

/** The fields of all kinds of commands; which are there follows from the kind. */
type Body = {
  student: number;
  to: number;
  cents: number;
  means: string;
  source: number;
  counter: number;
  line: number;
  account: string;
  order: number;
  lines: { quantity: number; unitCents: number }[];
};
type Index = {
  names: Map<number, string>;
  posted: Map<string, RowOf<"transfer">[]>;
  /** The command of each pre-order. */
  placed: Map<number, number | null>;
};

export function checkCommands(books: Books, report: Report): void {
  const posted = new Map<string, RowOf<"transfer">[]>();
  for (const row of books.transfer) {
    const key = sourceKey(row.source, row.counter);
    const rows = posted.get(key);
    if (rows) rows.push(row);
    else posted.set(key, [row]);
  }
  const names = new Map(books.account.map((account) => [account.id, accountName(account)]));
  const placed = new Map(books.pre_order.map((order) => [order.id, order.command]));
  const ids = new Set<string>();
  let last = 0;
  for (const command of books.command) {
    const { no, id, kind } = command;
    if (no !== last + 1) report("command", no, `expected command ${last + 1}`);
    last = no;
    if (ids.has(id)) report("command", no, `a second command ${id}`);
    ids.add(id);
    const index = { names, posted, placed };
    const found = (posted.get(sourceKey(0, no)) ?? []).map((row) => said(row, index)).join("; ");
    const expected = expectedOf(kind, JSON.parse(command.body) as Body, no, index);
    if (expected !== found)
      report(
        "command",
        no,
        `${kind}: expected ${expected || "nothing"}, found ${found || "nothing"}`,
      );
  }
  checkWriteOffs(books, report);
}

const pays = (debit: string, credit: string, cents: number): string =>
  `${debit} pays ${credit} ${cents}`;

function said({ debit, credit, amount, reverses }: RowOf<"transfer">, { names }: Index): string {
  const words = pays(names.get(debit) ?? "?", names.get(credit) ?? "?", amount);
  return reverses === null ? words : `${words} for ${reverses}`;
}

/** What a command of this kind moves, in the words of its postings. */
function expectedOf(kind: string, body: Body, no: number, index: Index): string {
  const { student, cents, means, account } = body;
  const wallet = `wallet/${student}`;
  if (kind === "topUp") {
    const house = means === "correction" ? "equity/correction" : `bank/${means}`;
    return cents > 0 ? pays(house, wallet, cents) : pays(wallet, house, -cents);
  }
  if (kind === "goodwill") return pays("equity/goodwill", wallet, cents);
  if (kind === "refund") return pays(wallet, "refund/requested", cents);
  if (kind === "gift") return pays(wallet, "solidarity/grace", cents);
  if (kind === "toSibling") return pays(wallet, `wallet/${body.to}`, cents);
  if (kind === "preOrder") return pays(wallet, "hold/orders", totalOf(body));
  if (kind === "cancelPreOrder") return turnedRound(heldBy(body.order, index), index);
  if (kind === "coverLoss") return pays("equity/losses", account, cents);
  const cause = (index.posted.get(sourceKey(body.source, body.counter)) ?? []).filter(isBefore(no));
  if (kind === "reverse") return turnedRound(cause, index);
  if (kind === "assign") {
    const row = cause.find(({ line }) => line === body.line);
    const suspense = "suspense/cards";
    const isPaidBack = row && index.names.get(row.credit) === suspense;
    const [from, to] = isPaidBack ? [suspense, wallet] : [wallet, suspense];
    return row ? pays(from, to, row.amount) : "a transfer to assign";
  }
  // openAccount, registerTerminal, writeOff, closePeriod, and what later versions add without moving money.
  return "";
}

const totalOf = ({ lines }: Body): number =>
  lines.reduce((sum, { quantity, unitCents }) => sum + quantity * unitCents, 0);

/** What was set aside when this order was made. */
function heldBy(order: number, { placed, posted }: Index): RowOf<"transfer">[] {
  return posted.get(sourceKey(0, placed.get(order) ?? -1)) ?? [];
}

function turnedRound(rows: RowOf<"transfer">[], index: Index): string {
  return rows
    .map((row) => ({ ...row, debit: row.credit, credit: row.debit, reverses: row.seq }))
    .map((row) => said(row, index))
    .join("; ");
}

/** A command puts right what came before it, never itself. */
const isBefore =
  (no: number) =>
  ({ source, counter }: RowOf<"transfer">): boolean =>
    source !== 0 || counter < no;

function checkWriteOffs(books: Books, report: Report): void {
  const kinds = new Map(books.command.map(({ no, kind }) => [no, kind]));
  for (const { terminal, epoch, command } of books.write_off)
    if (kinds.get(command) !== "writeOff")
      report("write_off", `${terminal}/${epoch}`, `no command ${command} gave it up`);
}
