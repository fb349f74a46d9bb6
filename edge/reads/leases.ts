// Where balances are reserved: the leases of one student with the terminals that hold them, and all that each device of
// the school still holds, the lost ones too.

import { and, asc, count, eq, sql } from "drizzle-orm";
import { lease, recovery, terminal, terminalKey, writeOff } from "#edge/ledger/schema.ts";
import type { Database } from "./database.ts";

/** Times in seconds since 1970, 0 for never. isOld: of a device that was replaced. */
export type Reserved = {
  terminal: string;
  remainingCents: number;
  grantedAt: number;
  lastSeen: number;
  here: boolean;
  isOld: boolean;
};
/** One device: an epoch of a terminal. writtenOffAt and recoveringSince: 0 when it is neither. */
export type Device = {
  terminal: number;
  epoch: number;
  name: string;
  isOld: boolean;
  students: number;
  heldCents: number;
  writtenOffAt: number;
  recoveringSince: number;
};

const remaining = sql<number>`${lease.ceiling} + ${lease.voided} - ${lease.spent}`;
const isOldLease = sql`${lease.epoch} <> ${terminal.epoch}`.mapWith(Boolean);
const isOldKey = sql`${terminalKey.epoch} <> ${terminal.epoch}`.mapWith(Boolean);

/** A select, also for a batch; its rows are Reserved. */
export function reservedQuery(database: Database, student: number) {
  return database
    .select({
      terminal: terminal.name,
      remainingCents: remaining,
      grantedAt: lease.grantedAt,
      lastSeen: terminal.lastSeen,
      here: terminal.here,
      isOld: isOldLease,
    })
    .from(lease)
    .innerJoin(terminal, eq(terminal.id, lease.terminal))
    .where(and(eq(lease.student, student), sql`${remaining} > 0`))
    .orderBy(asc(terminal.id), asc(lease.epoch));
}

export async function readReserved(database: Database, student: number): Promise<Reserved[]> {
  return reservedQuery(database, student);
}

/** Every device that ever had a key, the newest of each terminal first. */
export async function readDevices(database: Database): Promise<Device[]> {
  return database
    .select({
      terminal: terminalKey.terminal,
      epoch: terminalKey.epoch,
      name: terminal.name,
      isOld: isOldKey,
      students: count(lease.student),
      heldCents: sql<number>`coalesce(sum(${remaining}), 0)`,
      writtenOffAt: sql<number>`coalesce(max(${writeOff.at}), 0)`,
      recoveringSince: sql<number>`coalesce((select max(${recovery.since}) from ${recovery}
        where ${recovery.terminal} = ${terminalKey.terminal}
        and ${recovery.epoch} = ${terminalKey.epoch} and ${recovery.ended} = 0), 0)`,
    })
    .from(terminalKey)
    .innerJoin(terminal, eq(terminal.id, terminalKey.terminal))
    .leftJoin(
      lease,
      and(
        eq(lease.terminal, terminalKey.terminal),
        eq(lease.epoch, terminalKey.epoch),
        sql`${remaining} > 0`,
      ),
    )
    .leftJoin(
      writeOff,
      and(eq(writeOff.terminal, terminalKey.terminal), eq(writeOff.epoch, terminalKey.epoch)),
    )
    .groupBy(terminalKey.terminal, terminalKey.epoch)
    .orderBy(asc(terminalKey.terminal), sql`${terminalKey.epoch} desc`);
}
