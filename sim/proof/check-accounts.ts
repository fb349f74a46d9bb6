// Accounts: every one was opened by a command or is the school's own, and holds exactly what its transfers say. No wallet
// was below zero after any transfer, and none has more reserved than it holds.

import type { RowOf } from "./export-format.ts";
import type { Books, Report } from "./read-export.ts";
import { accountName } from "./read-export.ts";

/** Those that every school has from the start, without a command. */
const HOUSE = [
  "bank/cash",
  "bank/transfer",
  "equity/correction",
  "suspense/cards",
  "suspense/products",
  "risk/terminals",
  "solidarity/grace",
];

/** What the first command of a kind opens by the way. */
const OPENED_BY = new Map([
  ["goodwill", "equity/goodwill"],
  ["coverLoss", "equity/losses"],
  ["refund", "refund/requested"],
  ["preOrder", "hold/orders"],
]);

type Sums = { debits: number; credits: number };

export function checkAccounts(books: Books, report: Report): void {
  checkNames(books, report);
  const wallets = new Set(books.account.filter(isWallet).map(({ id }) => id));
  const sums = new Map<number, Sums>(
    books.account.map(({ id }) => [id, { debits: 0, credits: 0 }]),
  );
  for (const { seq, debit, credit, amount } of books.transfer) {
    const [payer, payee] = [sums.get(debit), sums.get(credit)];
    if (!payer || !payee) continue;
    payer.debits += amount;
    payee.credits += amount;
    if (wallets.has(debit) && payer.credits < payer.debits)
      report("transfer", seq, `takes wallet ${debit} below zero`);
  }
  for (const account of books.account) checkSums(account, sums.get(account.id), report);
  checkReserved(books, report);
}

const isWallet = ({ kind }: { kind: string }): boolean => kind === "wallet";

function checkNames(books: Books, report: Report): void {
  const opened = new Set<string>();
  for (const { no, kind, body } of books.command) {
    const byTheWay = OPENED_BY.get(kind);
    if (byTheWay) opened.add(byTheWay);
    if (kind !== "openAccount") continue;
    const { account, ref } = JSON.parse(body) as { account: string; ref: string };
    const name = accountName({ kind: account, ref });
    opened.add(name);
    if (!books.account.some((row) => accountName(row) === name))
      report("command", no, `opened the account ${name}, which is not there`);
  }
  const known = new Set([...HOUSE, ...opened]);
  const names = new Set<string>();
  let last = 0;
  for (const account of books.account) {
    const name = accountName(account);
    if (account.id !== last + 1) report("account", account.id, `expected account ${last + 1}`);
    last = account.id;
    if (!known.has(name)) report("account", account.id, `${name} was opened by no command`);
    if (names.has(name)) report("account", account.id, `a second ${name}`);
    names.add(name);
  }
  const accounts = new Map(books.account.map((account) => [account.id, account]));
  for (const { id, account } of books.student) {
    const wallet = accounts.get(account);
    const name = wallet && accountName(wallet);
    if (name !== `wallet/${id}`)
      report("student", id, `expected account wallet/${id}, found ${name ?? "none"}`);
  }
}

function checkSums(account: RowOf<"account">, sums: Sums | undefined, report: Report): void {
  const { id, debits, credits, balance } = account;
  if (!sums) return;
  const expected = { debits: sums.debits, credits: sums.credits };
  if (debits !== expected.debits)
    report("account", id, `debits ${debits}, its transfers sum to ${expected.debits}`);
  if (credits !== expected.credits)
    report("account", id, `credits ${credits}, its transfers sum to ${expected.credits}`);
  if (balance !== expected.credits - expected.debits)
    report(
      "account",
      id,
      `balance ${balance}, its transfers sum to ${expected.credits - expected.debits}`,
    );
}

function checkReserved(books: Books, report: Report): void {
  const reserved = new Map<number, number>();
  for (const { account, ceiling, spent, voided } of books.lease)
    reserved.set(account, (reserved.get(account) ?? 0) + ceiling + voided - spent);
  for (const account of books.account) {
    const expected = reserved.get(account.id) ?? 0;
    if (account.reserved !== expected)
      report("account", account.id, `reserved ${account.reserved}, its leases sum to ${expected}`);
    if (isWallet(account) && account.balance < account.reserved)
      report("account", account.id, `balance ${account.balance} below reserved ${expected}`);
  }
}
