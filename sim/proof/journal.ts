// An export as a plain-text journal for hledger, a program of others that shares nothing with us: one transaction for each
// cause, dated when it was booked, and at the end an assertion of every stored balance. Accounts are named as an
// accountant expects: what we owe families is a liability, so a debit is written as a positive amount.

import type { Books } from "./read-export.ts";
import { accountName, entryOfCounter, entrySource, sourceKey } from "./read-export.ts";

const ROOTS: Record<string, string> = {
  wallet: "liabilities:wallets",
  hold: "liabilities:orders",
  refund: "liabilities:refunds",
  suspense: "liabilities:suspense",
  bank: "assets",
  receivable: "assets:receivable",
  sales: "income:sales",
  risk: "expenses:risk",
  solidarity: "expenses:solidarity",
  equity: "equity",
};
/** sv-SE writes a date as ISO 8601 does. */
const DAY = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Brussels" });

/** What the account is called in the journal; of what ends an account's name there, nothing is kept. */
export function journalName(account: { kind: string; ref: string }): string {
  const root = ROOTS[account.kind];
  if (!root) throw new Error(`journal: no place for ${accountName(account)}`);
  return `${root}:${account.ref.replace(/[:;\s]+/g, " ").trim()}`;
}

export function* journalOf(books: Books): Generator<string> {
  const names = new Map(books.account.map((account) => [account.id, journalName(account)]));
  yield `; ${books.header.school}, head ${books.header.head.block} ${books.header.head.hash}`;
  yield "commodity 1000.00 EUR";
  for (const name of names.values()) yield `account ${name}`;
  const titles = titlesOf(books);
  let open = "";
  let day = DAY.format(books.header.at * 1000);
  for (const [row, at] of dated(books)) {
    const cause = sourceKey(row.source, row.counter);
    day = DAY.format(at * 1000);
    if (cause !== open) yield `\n${day} (${cause}) ${titles.get(cause) ?? "unknown"}`;
    open = cause;
    yield `  ${names.get(row.debit)}  ${euro(row.amount)}  ; ${row.seq}`;
    yield `  ${names.get(row.credit)}  ${euro(-row.amount)}`;
  }
  yield `\n${day} closing balances`;
  for (const { id, balance } of books.account)
    yield `  ${names.get(id)}  0.00 EUR = ${euro(-balance)}`;
}

/** Each transfer with the time at which its block was written. */
function* dated(books: Books): Generator<[Books["transfer"][number], number]> {
  let block = 0;
  for (const row of books.transfer) {
    while ((books.block[block]?.last_seq ?? Infinity) < row.seq) block++;
    yield [row, books.block[block]?.at ?? row.at];
  }
}

/** What caused it, in one line. */
function titlesOf(books: Books): Map<string, string> {
  const titles = new Map<string, string>();
  for (const entry of books.entry) {
    const source = entrySource(entry);
    const [terminal = "", counter = ""] = source.split("/");
    titles.set(source, `${entry.kind} ${entryOfCounter(Number(terminal), Number(counter))}`);
  }
  for (const { no, kind } of books.command) titles.set(sourceKey(0, no), `${kind} ${no}`);
  return titles;
}

function euro(cents: number): string {
  const whole = Math.floor(Math.abs(cents) / 100);
  const rest = String(Math.abs(cents) % 100).padStart(2, "0");
  return `${cents < 0 ? "-" : ""}${whole}.${rest} EUR`;
}
