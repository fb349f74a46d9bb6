// The only writer of a school's ledger. Every write is one batch in one transaction, and writes
// take turns: sqld stops for good under many writers, and a decision must not go stale before it is
// written.

import type { Client } from "@libsql/client/web";
import { LibsqlError, createClient } from "@libsql/client/web";
import { sameBytes } from "#protocol/bytes.ts";
import type { Batch } from "./batch.ts";
import { emptyBatch, statementsOf, transfersOf } from "./batch.ts";
import type { Head } from "./chain.ts";
import { genesisHash, nextHead } from "./chain.ts";
import { migrate } from "./migrate.ts";
import { bytesIn, numberIn, textIn } from "./row.ts";

/** sqld answers in milliseconds or not at all (a wedged server accepts and never replies). */
const ANSWER_MS_MAX = 10_000;

export type Ledger = {
  client: Client;
  school: string;
  /** The head as last seen; undefined after any failure, so that it is read again. */
  head: Head | undefined;
  /** Resolves when the last action in line is done. */
  turn: Promise<void>;
};

/** The accounts that every school has from the start, by kind and ref. */
export const HOUSE_ACCOUNTS = [
  ["bank", "cash"],
  ["bank", "transfer"],
  ["equity", "correction"],
  ["suspense", "cards"],
  ["suspense", "products"],
  ["risk", "terminals"],
  ["solidarity", "grace"],
] as const;

/** In SQL, how far the chain of t is booked: t has a terminal's id, and its epoch. */
export const LAST_SEQ =
  "(select coalesce(max(seq), 0) from entry where terminal = t.id and epoch = t.epoch)";

/** A client that gives up on a server that does not answer. */
export function connectLedger(url: string, authToken: string | undefined): Client {
  return createClient(authToken ? { url, authToken, fetch: patient } : { url, fetch: patient });
}

/** The server is near: packing its answers, as a runtime offers by itself, costs both more than it
 * saves. */
function patient(request: Request): Promise<Response> {
  request.headers.set("accept-encoding", "identity");
  return fetch(request, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
}

/** Migrates, opens the chain and the school's own accounts where missing. Safe to call at each
 * start. Throws when the database belongs to another school. */
export async function openLedger(client: Client, school: string): Promise<Ledger> {
  await migrate(client);
  const ledger: Ledger = { client, school, head: undefined, turn: Promise.resolve() };
  await inTurn(ledger, async () => {
    await client.execute({
      sql: `insert into block select 0, 0, 0, unixepoch(), zeroblob(32), ?
        where not exists(select 1 from block)`,
      args: [genesisHash(school)],
    });
    const genesis = await client.execute("select hash from block where no = 0");
    if (!sameBytes(bytesIn(genesis.rows[0], "hash"), genesisHash(school)))
      throw new Error(`ledger: this database is not that of school ${school}`);
    await openHouseAccounts(ledger);
  });
  return ledger;
}

async function openHouseAccounts(ledger: Ledger): Promise<void> {
  const found = await ledger.client.execute("select id, kind, ref from account");
  const names = new Set(found.rows.map((row) => `${textIn(row, "kind")}/${textIn(row, "ref")}`));
  let id = found.rows.reduce((last, row) => Math.max(last, numberIn(row, "id")), 0);
  const batch = emptyBatch(Math.floor(Date.now() / 1000));
  for (const [kind, ref] of HOUSE_ACCOUNTS)
    if (!names.has(`${kind}/${ref}`)) batch.accounts.push({ id: ++id, kind, ref });
  if (batch.accounts.length) await commit(ledger, batch);
}

/** Runs actions one after the other, in the order asked; what one throws is only its own
 * caller's. */
export function inTurn<T>(ledger: Ledger, action: () => Promise<T>): Promise<T> {
  const mine = ledger.turn.then(action);
  ledger.turn = mine.then(
    () => undefined,
    () => undefined,
  );
  return mine;
}

export async function readHead(ledger: Ledger): Promise<Head> {
  if (ledger.head) return ledger.head;
  const found = await ledger.client.execute(
    "select no, last_seq, hash from block order by no desc limit 1",
  );
  const row = found.rows[0];
  if (!row) throw new Error("ledger: no genesis block");
  const hash = bytesIn(row, "hash");
  ledger.head = { no: numberIn(row, "no"), lastSeq: numberIn(row, "last_seq"), hash };
  return ledger.head;
}

/** Writes a batch, all or nothing, and returns the head after it. Only within inTurn. Throws
 * LibsqlError when the database refuses (isRefused) and whatever fetch throws when it is away:
 * then nobody knows whether it was written, and the caller must decide again from fresh rows. */
export async function commit(ledger: Ledger, batch: Batch): Promise<Head> {
  const head = await readHead(ledger);
  const transfers = transfersOf(batch);
  const next = transfers.length ? nextHead(head, transfers) : head;
  const statements = statementsOf(batch, head, next);
  if (!statements.length) return head;
  ledger.head = undefined;
  await ledger.client.batch(statements, "write");
  ledger.head = next;
  return next;
}

/** What a server says of rows that it cannot write; the rest (busy, full, corrupt) is about itself. Errors
 * of SQL that no constraint raises, such as an integer overflow, come as SQLITE_UNKNOWN. */
const ABOUT_ROWS = ["CONSTRAINT", "UNKNOWN", "ERROR", "MISMATCH", "TOOBIG"];

/** Whether the database said no to these rows (a guard, a CHECK, a key, a value it cannot take), rather
 * than being away. */
export function isRefused(error: unknown): boolean {
  if (!(error instanceof LibsqlError)) return false;
  return ABOUT_ROWS.some((kind) => error.code.startsWith(`SQLITE_${kind}`));
}
