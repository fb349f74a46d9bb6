// The heads that were published, and the one that stands now; and the mail that waits, for the bursar.

import { desc } from "drizzle-orm";
import { block, head, mail } from "#edge/ledger/schema.ts";
import type { Bytes } from "#protocol/bytes.ts";
import type { Database } from "./database.ts";

const HEADS_MAX = 400;
const MAILS_MAX = 100;

/** day: days since 1970, the one that ended; at: when it was published. */
export type PublishedHead = { day: number; block: number; hash: Bytes; at: number };
export type Heads = { now: { no: number; hash: Bytes } | undefined; published: PublishedHead[] };

export async function readHeads(database: Database): Promise<Heads> {
  const [now, published] = await database.batch([
    database
      .select({ no: block.no, hash: block.hash })
      .from(block)
      .orderBy(desc(block.no))
      .limit(1),
    database.select().from(head).orderBy(desc(head.day)).limit(HEADS_MAX),
  ]);
  return { now: now[0], published };
}

export type QueuedMail = typeof mail.$inferSelect;

/** The newest first. */
export function readMail(database: Database): Promise<QueuedMail[]> {
  return database.select().from(mail).orderBy(desc(mail.queuedAt), mail.id).limit(MAILS_MAX);
}
