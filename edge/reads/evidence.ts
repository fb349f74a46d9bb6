// What stands behind a figure: the transfers of one source, the block that sealed each, and the signed token or the
// command that caused them. The token's signature is checked at each reading, not remembered.

import { and, eq, gte, inArray, lte, sql } from "drizzle-orm";
import { importPublicKey, verifySignature } from "#edge/crypto.ts";
import {
  account,
  block,
  command,
  entry,
  student,
  terminal,
  terminalKey,
  transfer,
} from "#edge/ledger/schema.ts";
import type { Bytes } from "#protocol/bytes.ts";
import type { Entry } from "#protocol/entry.ts";
import { decodeToken, signedBytes } from "#protocol/token.ts";
import { commandKind, commandNote, commandPayer } from "./commands.ts";
import type { Database } from "./database.ts";
import type { MovementKind } from "./movements.ts";
import type { Item } from "./products.ts";
import { namesOf, productRows } from "./products.ts";
import { itemsOfToken } from "./purchases.ts";
import type { Source } from "./source.ts";
import { entryOfSource } from "./source.ts";

export type AccountKind = (typeof account.$inferSelect)["kind"];
/** student is the id behind a wallet; ref is what any other account is for. */
export type AccountName = { kind: AccountKind; ref: string; student: number | null; name: string };
/** undoes, undoneBy, assignedBy: other sources, as "source/counter". */
export type Posting = {
  seq: number;
  line: number;
  undoes: string | null;
  undoneBy: string | null;
  assignedBy: string | null;
  debit: AccountName;
  credit: AccountName;
  cents: number;
  block: number | undefined;
};
export type TokenEvidence = {
  entry: Entry;
  place: string;
  items: Item[];
  outcome: string;
  /** The part of the total that the lease of this terminal paid; below zero: given back. */
  leasedCents: number;
  receivedAt: number;
  hash: Bytes;
  token: Bytes;
  signatureGood: boolean;
};
/** payer: the guardian who paid, 0 where nobody is named. */
export type CommandEvidence = {
  id: string;
  author: string;
  at: number;
  note: string;
  payer: number;
};
export type Evidence = {
  kind: MovementKind | Entry["kind"];
  postings: Posting[];
  token: TokenEvidence | undefined;
  command: CommandEvidence | undefined;
};

/** Foreign keys forbid it; a page about money would rather show a gap than hide a posting. */
const UNNAMED: AccountName = { kind: "suspense", ref: "", student: null, name: "" };

const UNDONE_BY = sql<string | null>`(select r.source || '/' || r.counter from transfer r
  where r.reverses = ${transfer.seq})`;

/** undefined when nothing in the ledger has this source. */
export async function readEvidence(database: Database, of: Source): Promise<Evidence | undefined> {
  const postings = await postingsOf(database, of);
  if (of.source === 0) {
    const [order] = await database.select().from(command).where(eq(command.no, of.counter));
    if (!order) return undefined;
    const { id, author, at, kind, body } = order;
    return {
      kind: commandKind(kind, body),
      postings,
      token: undefined,
      command: { id, author, at, note: commandNote(body), payer: commandPayer(body) },
    };
  }
  const token = await tokenOf(database, of);
  return token && { kind: token.entry.kind, postings, token, command: undefined };
}

async function postingsOf(database: Database, of: Source): Promise<Posting[]> {
  const rows = await database
    .select({
      seq: transfer.seq,
      debit: transfer.debit,
      credit: transfer.credit,
      cents: transfer.amount,
      block: block.no,
      line: transfer.line,
      undoes: sql<string | null>`(select o.source || '/' || o.counter from transfer o
        where o.seq = ${transfer.reverses})`,
      undoneBy: UNDONE_BY,
      assignedBy: sql<string | null>`(select '0/' || a.command from assignment a
        where a.transfer = ${transfer.seq} and not exists(
          select 1 from transfer p join transfer r on r.reverses = p.seq
            where p.source = 0 and p.counter = a.command))`,
    })
    .from(transfer)
    .leftJoin(block, and(lte(block.firstSeq, transfer.seq), gte(block.lastSeq, transfer.seq)))
    .where(and(eq(transfer.source, of.source), eq(transfer.counter, of.counter)))
    .orderBy(transfer.seq);
  const names = await accountNames(
    database,
    rows.flatMap((row) => [row.debit, row.credit]),
  );
  return rows.map((row) => ({
    ...row,
    debit: names.get(row.debit) ?? UNNAMED,
    credit: names.get(row.credit) ?? UNNAMED,
    block: row.block ?? undefined,
  }));
}

export async function accountNames(
  database: Database,
  ids: number[],
): Promise<Map<number, AccountName>> {
  const rows = await database
    .select({
      id: account.id,
      kind: account.kind,
      ref: account.ref,
      student: student.id,
      name: sql<string>`coalesce(${student.firstName} || ' ' || ${student.lastName}, '')`,
    })
    .from(account)
    .leftJoin(student, eq(student.account, account.id))
    .where(inArray(account.id, ids));
  return new Map(rows.map(({ id, ...name }) => [id, name]));
}

async function tokenOf(database: Database, of: Source): Promise<TokenEvidence | undefined> {
  const key = entryOfSource(of);
  const [rows, products] = await database.batch([
    database
      .select({
        token: entry.token,
        hash: entry.hash,
        outcome: entry.outcome,
        leasedCents: entry.leased,
        receivedAt: entry.receivedAt,
        place: terminal.name,
        publicKey: terminalKey.publicKey,
      })
      .from(entry)
      .innerJoin(terminal, eq(terminal.id, entry.terminal))
      .innerJoin(
        terminalKey,
        and(eq(terminalKey.terminal, entry.terminal), eq(terminalKey.epoch, entry.epoch)),
      )
      .where(
        and(eq(entry.terminal, key.terminal), eq(entry.epoch, key.epoch), eq(entry.seq, key.seq)),
      ),
    productRows(database),
  ]);
  const row = rows[0];
  const decoded = row && decodeToken(row.token);
  if (!row || !decoded?.ok) return undefined;
  const { entry: signed, payload, signature } = decoded.token;
  const { publicKey, ...kept } = row;
  return {
    ...kept,
    entry: signed,
    items: itemsOfToken(row.token, namesOf(products)),
    signatureGood: verifySignature(importPublicKey(publicKey), signedBytes(payload), signature),
  };
}
