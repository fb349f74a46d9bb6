// Everything that can be derived again from an export, from the most particular to the most general, so that the first
// finding is the one to look at.

import { checkAccounts } from "./check-accounts.ts";
import { checkBlocks } from "./check-blocks.ts";
import { checkCommands } from "./check-commands.ts";
import { checkJournals } from "./check-journals.ts";
import { checkLeases } from "./check-leases.ts";
import { checkPeriods } from "./check-periods.ts";
import { checkPostings } from "./check-postings.ts";
import { checkTransfers } from "./check-transfers.ts";
import { keyOf } from "./export-format.ts";
import type { Books, Finding, Report } from "./read-export.ts";
import { readBooks } from "./read-export.ts";

export type Checked = { books: Books; findings: Finding[] };

/** Throws when the lines are no export; everything else that is wrong is a finding. heads: hashes in hex that were
 * published, each of which must be a block's. */
export async function checkExport(
  lines: AsyncIterable<string> | Iterable<string>,
  heads: string[],
): Promise<Checked> {
  const findings: Finding[] = [];
  const report: Report = (table, key, problem) =>
    void findings.push({ table, key: String(key), problem });
  const books = await readBooks(lines, report);
  const heard = await checkJournals(books, report);
  checkCommands(books, report);
  checkPostings(books, heard, report);
  const versions = heard.map(({ entry, said }) => [keyOf("entry", entry), said.lease] as const);
  checkLeases(books, new Map(versions), report);
  checkTransfers(books, report);
  checkAccounts(books, report);
  checkPeriods(books, report);
  checkBlocks(books, report);
  const hashes = new Set(books.block.map(({ hash }) => hash));
  for (const head of heads)
    if (!hashes.has(head)) report("block", "?", `none has the published head ${head}`);
  return { books, findings };
}
