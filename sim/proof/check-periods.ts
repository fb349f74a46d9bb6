// Closed months and published heads: each stands on a block as it is today, and every statement is what the transfers of
// its month say, from where the last one of its account had closed.

import type { RowOf } from "./export-format.ts";
import type { Books, Report } from "./read-export.ts";

type Sums = { debits: number; credits: number };

export function checkPeriods(books: Books, report: Report): void {
  const hashes = new Map(books.block.map(({ no, hash }) => [no, hash]));
  for (const { day, block, hash } of books.head)
    if (hashes.get(block) !== hash)
      report("head", day, `block ${block} is not what was published: ${hash.slice(0, 16)}`);
  const commands = new Map(books.command.map((command) => [command.no, command]));
  const closing = new Map<number, number>();
  let last = 0;
  let no = 0;
  for (const period of books.period) {
    const { month, first_seq: first, last_seq: end, block, hash, command } = period;
    if (first !== last + 1) report("period", month, `begins at ${first}, expected ${last + 1}`);
    if (hashes.get(block) !== hash) report("period", month, `its head is not block ${block}`);
    if (books.block.find((row) => row.no === block)?.last_seq !== end)
      report("period", month, `ends at ${end}, block ${block} does not`);
    if (monthOf(commands.get(command)) !== month)
      report("period", month, `command ${command} did not close it`);
    no = checkStatements(books, period, { closing, no }, report);
    last = end;
  }
}

function monthOf(command: RowOf<"command"> | undefined): number {
  if (command?.kind !== "closePeriod") return 0;
  return (JSON.parse(command.body) as { month: number }).month;
}

/** closing: of each account, as its last statement said; no: the number of the last one. Returns the new number. */
function checkStatements(
  books: Books,
  { month, first_seq: first, last_seq: end }: RowOf<"period">,
  before: { closing: Map<number, number>; no: number },
  report: Report,
): number {
  const moved = new Map<number, Sums>();
  const sumsOf = (account: number): Sums => {
    const sums = moved.get(account) ?? { debits: 0, credits: 0 };
    moved.set(account, sums);
    return sums;
  };
  for (const { seq, debit, credit, amount } of books.transfer) {
    if (seq < first || seq > end) continue;
    sumsOf(debit).debits += amount;
    sumsOf(credit).credits += amount;
  }
  const due = new Set(moved.keys());
  for (const [account, cents] of before.closing) if (cents) due.add(account);
  let { no } = before;
  for (const row of books.statement.filter((one) => one.month === month)) {
    if (row.no !== no + 1) report("statement", row.no, `expected statement ${no + 1}`);
    no = row.no;
    const { debits, credits } = moved.get(row.account) ?? { debits: 0, credits: 0 };
    const opening = before.closing.get(row.account) ?? 0;
    const expected = { opening, debits, credits, closing: opening + credits - debits };
    for (const [column, cents] of Object.entries(expected))
      if (row[column as keyof typeof expected] !== cents)
        report(
          "statement",
          row.no,
          `${column} ${row[column as keyof typeof expected]}, not ${cents}`,
        );
    before.closing.set(row.account, row.closing);
    due.delete(row.account);
  }
  for (const account of due) report("period", month, `has no statement of account ${account}`);
  return no;
}
