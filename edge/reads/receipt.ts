// A receipt: all that is needed to check one movement without us. The signed token and its terminal's key (or the
// command), the transfers it caused, the leaves of the block that sealed them, and what leads from that block to the
// next head that was published. Of others it holds hashes only.

import { and, asc, eq, gte, lte } from "drizzle-orm";
import { sha256 } from "#edge/crypto.ts";
import { leafHash } from "#edge/ledger/chain.ts";
import { block, command, entry, head, school, terminalKey, transfer } from "#edge/ledger/schema.ts";
import { concat, toHex } from "#protocol/bytes.ts";
import type { Database } from "./database.ts";
import type { Source } from "./source.ts";
import { entryOfSource } from "./source.ts";

/** A head is published every day, and no school moves more in one. */
const PATH_TRANSFERS_MAX = 20_000;

type Row = typeof transfer.$inferSelect;
type BlockRow = typeof block.$inferSelect;
/** Bytes in hex throughout; reverses is 0 for none. */
export type Receipt = {
  format: "obole/receipt/1";
  school: string;
  token: string;
  publicKey: string;
  command: string;
  transfers: (Omit<Row, "evidence" | "reverses"> & { evidence: string; reverses: number })[];
  /** leaves: of every transfer of the block, in order. */
  block: { no: number; first: number; last: number; prev: string; leaves: string[] } | undefined;
  /** The blocks after it, up to the head; leaves: the SHA-256 of all leaves of that block. */
  path: { no: number; first: number; last: number; leaves: string }[];
  /** The first one published after it; undefined until then. */
  head: { day: number; block: number; hash: string } | undefined;
};

/** undefined when nothing in the ledger has this source. */
export async function readReceipt(database: Database, of: Source): Promise<Receipt | undefined> {
  const cause = of.source ? await causeOfToken(database, of) : await causeOfCommand(database, of);
  if (!cause) return undefined;
  const [schools, rows] = await database.batch([
    database.select({ slug: school.slug }).from(school),
    database
      .select()
      .from(transfer)
      .where(and(eq(transfer.source, of.source), eq(transfer.counter, of.counter)))
      .orderBy(asc(transfer.seq)),
  ]);
  const transfers = rows.map((row) => ({
    ...row,
    evidence: toHex(row.evidence),
    reverses: row.reverses ?? 0,
  }));
  const sealed = await sealOf(database, rows[0]);
  return {
    format: "obole/receipt/1",
    school: schools[0]?.slug ?? "",
    ...cause,
    transfers,
    ...sealed,
  };
}

type Cause = Pick<Receipt, "token" | "publicKey" | "command">;

async function causeOfCommand(database: Database, of: Source): Promise<Cause | undefined> {
  const [row] = await database.select().from(command).where(eq(command.no, of.counter));
  return row && { token: "", publicKey: "", command: row.body };
}

async function causeOfToken(database: Database, of: Source): Promise<Cause | undefined> {
  const key = entryOfSource(of);
  const [row] = await database
    .select({ token: entry.token, publicKey: terminalKey.publicKey })
    .from(entry)
    .innerJoin(
      terminalKey,
      and(eq(terminalKey.terminal, entry.terminal), eq(terminalKey.epoch, entry.epoch)),
    )
    .where(
      and(eq(entry.terminal, key.terminal), eq(entry.epoch, key.epoch), eq(entry.seq, key.seq)),
    );
  return row && { token: toHex(row.token), publicKey: toHex(row.publicKey), command: "" };
}

type Seal = Pick<Receipt, "block" | "path" | "head">;

async function sealOf(database: Database, first: Row | undefined): Promise<Seal> {
  const none: Seal = { block: undefined, path: [], head: undefined };
  if (!first) return none;
  const [own] = await database
    .select()
    .from(block)
    .where(gte(block.lastSeq, first.seq))
    .orderBy(asc(block.no))
    .limit(1);
  if (!own) return none;
  const [published] = await database
    .select()
    .from(head)
    .where(gte(head.block, own.no))
    .orderBy(asc(head.day))
    .limit(1);
  const blocks = await database
    .select()
    .from(block)
    .where(and(gte(block.no, own.no), lte(block.no, published?.block ?? own.no)))
    .orderBy(asc(block.no));
  const isFar = (blocks.at(-1)?.lastSeq ?? 0) - own.firstSeq > PATH_TRANSFERS_MAX;
  const [mine, ...after] = await leavesOf(database, isFar ? [own] : blocks);
  if (!mine) return none;
  const { no, firstSeq, lastSeq } = own;
  const leaves = mine.leaves.map(toHex);
  const place = { no, first: firstSeq, last: lastSeq, prev: toHex(own.prev), leaves };
  if (!published || isFar) return { ...none, block: place };
  return {
    block: place,
    path: after.map((one) => ({
      no: one.block.no,
      first: one.block.firstSeq,
      last: one.block.lastSeq,
      leaves: toHex(sha256(concat(one.leaves))),
    })),
    head: { day: published.day, block: published.block, hash: toHex(published.hash) },
  };
}

type Leaves = { block: BlockRow; leaves: ReturnType<typeof sha256>[] };

async function leavesOf(database: Database, blocks: BlockRow[]): Promise<Leaves[]> {
  const [from, to] = [blocks[0]?.firstSeq ?? 0, blocks.at(-1)?.lastSeq ?? 0];
  const rows = await database
    .select()
    .from(transfer)
    .where(and(gte(transfer.seq, from), lte(transfer.seq, to)))
    .orderBy(asc(transfer.seq));
  return blocks.map((one) => ({
    block: one,
    leaves: rows
      .slice(one.firstSeq - from, one.lastSeq - from + 1)
      .map((row) => leafHash({ ...row, amountCents: row.amount, reverses: row.reverses ?? 0 })),
  }));
}
