// Transfers one by one: in gapless order, between accounts that exist, each with its cause, and each reversal the exact
// opposite of one earlier transfer that nobody else has reversed.

import type { RowOf } from "./export-format.ts";
import type { Books, Report } from "./read-export.ts";
import { entryOfCounter, entrySource, sourceKey } from "./read-export.ts";
import { hex, sha256 } from "./signed-token.ts";

const AMOUNT_MAX = 10_000_000;

/** What a transfer must carry from its cause. */
type Cause = { hash: string; at: number };

export function checkTransfers(books: Books, report: Report): void {
  const accounts = new Set(books.account.map(({ id }) => id));
  const causes = causesOf(books);
  const lines = new Map<string, number>();
  const earlier = new Map<number, RowOf<"transfer">>();
  const reversed = new Set<number>();
  let last = 0;
  for (const row of books.transfer) {
    const { seq, source, counter, line, debit, credit, amount } = row;
    if (seq !== last + 1) report("transfer", seq, `expected transfer ${last + 1}`);
    last = seq;
    if (amount < 1 || amount > AMOUNT_MAX) report("transfer", seq, `moves ${amount} cents`);
    for (const account of [debit, credit])
      if (!accounts.has(account)) report("transfer", seq, `names account ${account}, not there`);
    if (debit === credit) report("transfer", seq, "debits and credits the same account");
    const cause = sourceKey(source, counter);
    const expected = lines.get(cause) ?? 0;
    if (line !== expected) report("transfer", seq, `line ${line}, expected ${expected}`);
    lines.set(cause, expected + 1);
    checkCause(row, causes.get(cause), report);
    if (row.reverses !== null) checkReversal(row, earlier, reversed, report);
    earlier.set(seq, row);
  }
}

function causesOf(books: Books): Map<string, Cause> {
  const causes = new Map<string, Cause>();
  for (const entry of books.entry)
    causes.set(entrySource(entry), { hash: hashOf(entry.token), at: entry.at });
  for (const { no, body, at } of books.command)
    causes.set(sourceKey(0, no), { hash: hex(sha256(body)), at });
  return causes;
}

const hashOf = (token: string): string => hex(sha256(Buffer.from(token, "hex")));

function checkCause(row: RowOf<"transfer">, cause: Cause | undefined, report: Report): void {
  const { seq, source, counter, evidence, at } = row;
  const name = source ? `entry ${entryOfCounter(source, counter)}` : `command ${counter}`;
  if (!cause) return report("transfer", seq, `its cause is not there: ${name}`);
  if (evidence !== cause.hash)
    report("transfer", seq, `its evidence is not the hash of ${name} (${cause.hash.slice(0, 16)})`);
  if (at !== cause.at) report("transfer", seq, `at ${at}, ${name} was at ${cause.at}`);
}

function checkReversal(
  row: RowOf<"transfer">,
  earlier: Map<number, RowOf<"transfer">>,
  reversed: Set<number>,
  report: Report,
): void {
  const { seq, debit, credit, amount } = row;
  const names = row.reverses ?? 0;
  const undone = earlier.get(names);
  if (!undone) return report("transfer", seq, `reverses ${names}, not before it`);
  if (undone.debit !== credit || undone.credit !== debit || undone.amount !== amount)
    report("transfer", seq, `is not the opposite of transfer ${names}`);
  if (reversed.has(names)) report("transfer", seq, `reverses transfer ${names} a second time`);
  reversed.add(names);
}
