// The terminals as the gateway knows them, and what arrived and could not be booked.

import { and, asc, desc, eq, max, sql } from "drizzle-orm";
import { entry, quarantine, terminal } from "#edge/ledger/schema.ts";
import type { Database } from "./database.ts";

/** Seconds since 1970, 0 for never. lastSeq is the last entry of this epoch in the ledger, 0 for none. */
export type Terminal = {
  id: number;
  name: string;
  here: boolean;
  lastSeen: number;
  unsent: number;
  oldest: number;
  epoch: number;
  lastSeq: number;
  /** Version that runs, 0 for the script it was built with. */
  firmware: number;
  /** What nobody caught, since it was set up; and the last text. */
  errors: number;
  lastError: string;
};
/** terminal as the message claimed it; bytes counts the body that is kept. */
export type Quarantined = {
  id: number;
  terminal: number;
  reason: string;
  firstSeen: number;
  lastSeen: number;
  times: number;
  bytes: number;
};

export async function readTerminals(
  database: Database,
  quarantineMax: number,
): Promise<{ terminals: Terminal[]; quarantined: Quarantined[] }> {
  const [terminals, quarantined] = await database.batch([
    database
      .select({
        id: terminal.id,
        name: terminal.name,
        here: terminal.here,
        lastSeen: terminal.lastSeen,
        unsent: terminal.unsent,
        oldest: terminal.oldest,
        epoch: terminal.epoch,
        lastSeq: max(entry.seq),
        firmware: terminal.firmware,
        errors: terminal.errors,
        lastError: terminal.lastError,
      })
      .from(terminal)
      .leftJoin(entry, and(eq(entry.terminal, terminal.id), eq(entry.epoch, terminal.epoch)))
      .groupBy(terminal.id)
      .orderBy(asc(terminal.id)),
    database
      .select({
        id: quarantine.id,
        terminal: quarantine.terminal,
        reason: quarantine.reason,
        firstSeen: quarantine.firstSeen,
        lastSeen: quarantine.lastSeen,
        times: quarantine.times,
        bytes: sql<number>`length(${quarantine.body})`,
      })
      .from(quarantine)
      .orderBy(desc(quarantine.lastSeen), desc(quarantine.id))
      .limit(quarantineMax),
  ]);
  return {
    terminals: terminals.map((row) => ({ ...row, lastSeq: row.lastSeq ?? 0 })),
    quarantined,
  };
}
