// Leases: what each has spent is the sum of what its terminal's entries took from it, never more than its ceiling, and it
// reserves in the wallet of its own student. What was given up reserves nothing.

import { keyOf } from "./export-format.ts";
import type { Books, Report } from "./read-export.ts";

type Drawn = { spent: number; voided: number; version: number };

export function checkLeases(books: Books, said: Map<string, number>, report: Report): void {
  const drawn = drawnBy(books, said);
  const wallets = new Map(books.student.map(({ id, account }) => [id, account]));
  const gone = new Set(books.write_off.map(({ terminal, epoch }) => `${terminal}/${epoch}`));
  for (const lease of books.lease) {
    const key = keyOf("lease", lease);
    const { spent, voided, version } = drawn.get(key) ?? { spent: 0, voided: 0, version: 0 };
    drawn.delete(key);
    if (lease.spent !== spent)
      report("lease", key, `spent ${lease.spent}, its entries took ${spent}`);
    if (lease.voided !== voided)
      report("lease", key, `voided ${lease.voided}, its entries gave back ${voided}`);
    if (lease.spent - lease.voided > lease.ceiling)
      report("lease", key, `spent ${lease.spent - lease.voided} of a ceiling of ${lease.ceiling}`);
    if (lease.version < version)
      report("lease", key, `version ${lease.version}, its terminal has signed version ${version}`);
    if (lease.account !== wallets.get(lease.student))
      report("lease", key, `reserves in account ${lease.account}, not its student's`);
    const left = lease.ceiling + lease.voided - lease.spent;
    if (gone.has(`${lease.terminal}/${lease.epoch}`) && left)
      report("lease", key, `reserves ${left} for a device that was given up`);
  }
  for (const key of drawn.keys()) report("lease", key, "is not there, but entries draw on it");
}

/** What entries have taken, by the key of the lease. said: the lease version in each token, by the key of its entry. */
function drawnBy(books: Books, said: Map<string, number>): Map<string, Drawn> {
  const drawn = new Map<string, Drawn>();
  for (const entry of books.entry) {
    if (!entry.leased) continue;
    const key = keyOf("lease", entry);
    const sums = drawn.get(key) ?? { spent: 0, voided: 0, version: 0 };
    if (entry.leased > 0) sums.spent += entry.leased;
    else sums.voided -= entry.leased;
    sums.version = Math.max(sums.version, said.get(keyOf("entry", entry)) ?? 0);
    drawn.set(key, sums);
  }
  return drawn;
}
