// Leases that terminals give back, in the plan of a batch: what one entry has freed is there for the
// next. The database must see it in the same order, so a batch is written in stretches: money moves,
// then ceilings fall, and then money moves again. Pure but for the books and the batch.

import type { Entry } from "#protocol/entry.ts";
import type { Books, Lease } from "./books.ts";
import { leaseKey, lower } from "./books.ts";
import type { Batch, Lowering } from "./ledger/batch.ts";
import { emptyStretch } from "./ledger/batch.ts";
import type { Booking } from "./postings.ts";

/** What an entry gives back is free for every entry after it. */
export function giveBack(
  entry: Entry,
  outcome: Booking,
  lease: Lease | undefined,
  books: Books,
  batch: Batch,
): void {
  const { terminal, epoch } = entry;
  if (entry.kind === "lowered" && outcome === "lowered" && lease) {
    const { student } = entry;
    lower(books, student, lease, entry.ceilingCents);
    lease.version = Math.max(lease.version + 1, entry.lease);
    const { ceilingCents, version } = lease;
    const key = leaseKey(terminal, epoch, student);
    batch.lowerings = batch.lowerings.filter((one) => keyOf(one) !== key);
    batch.lowerings.push({ terminal, epoch, student, ceilingCents, version });
  }
  if (entry.kind !== "close") return;
  for (const [student] of books.wallets) {
    const held = books.leases.get(leaseKey(terminal, epoch, student));
    if (!held?.remainingCents) continue;
    lower(books, student, held, 0);
    held.version++;
  }
  batch.closed.push({ terminal, epoch });
}

const keyOf = (one: Lowering): string => leaseKey(one.terminal, one.epoch, one.student);

/** Money that was given back must be free in the database, too, before it moves again. */
export function beginStretch(books: Books, batch: Batch): void {
  if (!batch.lowerings.length && !batch.closed.length) return;
  collectDraws(books, batch);
  const { draws, transfers, lowerings, closed } = batch;
  batch.earlier.push({ draws, transfers, lowerings, closed });
  Object.assign(batch, emptyStretch());
}

/** The draws of all leases that the plan has touched since they were collected last. */
export function collectDraws(books: Books, batch: Batch): void {
  for (const [key, lease] of books.leases) {
    if (!lease.drawnSpentCents && !lease.drawnVoidedCents) continue;
    const [terminal = 0, epoch = 0, student = 0] = key.split("/").map(Number);
    batch.draws.push({
      terminal,
      epoch,
      student,
      spentCents: lease.drawnSpentCents,
      voidedCents: lease.drawnVoidedCents,
      deepestCents: lease.deepestCents,
    });
    Object.assign(lease, { drawnSpentCents: 0, drawnVoidedCents: 0, deepestCents: 0 });
  }
}
