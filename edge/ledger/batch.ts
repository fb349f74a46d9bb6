// What one write to the ledger may consist of, and the SQL that writes it. Rows travel as one JSON
// parameter per table (json_each), because a statement per row is several times slower over HTTP.
// The bytes of many rows travel one behind the other in one BLOB, of which each row takes its part.

import type { InStatement, InValue } from "@libsql/client/web";
import { hexOf } from "#edge/hex.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { concat } from "#protocol/bytes.ts";
import type { Kind } from "#protocol/entry.ts";
import type { Head, Transfer } from "./chain.ts";

export type AccountRow = { id: number; kind: string; ref: string };
export type CommandRow = {
  no: number;
  id: string;
  kind: string;
  author: string;
  at: number;
  body: string;
};
export type EntryRow = {
  terminal: number;
  epoch: number;
  seq: number;
  kind: Kind;
  student: number;
  totalCents: number;
  leasedCents: number;
  at: number;
  outcome: string;
  hash: Bytes;
  token: Bytes;
  nonce: number;
};
/** What a batch draws from a lease and gives back. deepestCents: the most that was drawn, net, at
 * any moment. */
export type Draw = {
  terminal: number;
  epoch: number;
  student: number;
  spentCents: number;
  voidedCents: number;
  deepestCents: number;
};
/** The new ceiling of a lease; the first for this terminal and student opens it. */
export type Grant = {
  terminal: number;
  epoch: number;
  student: number;
  account: number;
  ceilingCents: number;
  version: number;
};
/** A lease as a signed entry leaves it: with less than it had. */
export type Lowering = Omit<Grant, "account">;
/** Money moves, and what has lowered a ceiling after it: that is free for all that comes later. */
export type Stretch = {
  draws: Draw[];
  transfers: Transfer[];
  lowerings: Lowering[];
  /** Terminals that give all their leases back. */
  closed: { terminal: number; epoch: number }[];
};
export type Quarantined = { terminal: number; reason: string; body: Bytes; hash: Bytes };

export type Batch = Stretch & {
  /** Seconds since 1970: when the gateway wrote this. */
  at: number;
  accounts: AccountRow[];
  commands: CommandRow[];
  entries: EntryRow[];
  /** What comes before the batch's own stretch, the last. */
  earlier: Stretch[];
  grants: Grant[];
  quarantined: Quarantined[];
  /** Rows outside the books that must be written with them or not at all. */
  also: InStatement[];
};

export function emptyBatch(at: number): Batch {
  return {
    at,
    accounts: [],
    commands: [],
    entries: [],
    earlier: [],
    ...emptyStretch(),
    grants: [],
    quarantined: [],
    also: [],
  };
}

export function emptyStretch(): Stretch {
  return { draws: [], transfers: [], lowerings: [], closed: [] };
}

/** All transfers of a batch, in order. */
export function transfersOf(batch: Batch): Transfer[] {
  if (!batch.earlier.length) return batch.transfers;
  return [...batch.earlier.flatMap((stretch) => stretch.transfers), ...batch.transfers];
}

/** A hostile broker can invent bytes without end; the newest of more kinds than this are only
 * logged. */
export const QUARANTINE_ROWS_MAX = 10_000;

const INSERT_ACCOUNTS = `insert into account(id, kind, ref)
  select value->>0, value->>1, value->>2 from json_each(?)`;
const INSERT_COMMANDS = `insert into command(no, id, kind, author, at, body)
  select value->>0, value->>1, value->>2, value->>3, value->>4, value->>5 from json_each(?)`;
const INSERT_ENTRIES = `insert into entry(terminal, epoch, seq, kind, student, total, leased, at,
    outcome, hash, token, nonce, received_at)
  select value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7,
    value->>8, substr(?2, key * 32 + 1, 32), substr(?3, value->>9, value->>10), value->>11, ?4
  from json_each(?1)`;
const INSERT_TRANSFERS = `insert into transfer(seq, source, counter, line, debit, credit, amount,
    at, reverses, evidence)
  select value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7,
    nullif(value->>8, 0), substr(?2, key * 32 + 1, 32) from json_each(?1)`;
const INSERT_BLOCK = `insert into block(no, first_seq, last_seq, at, prev, hash)
  values(?, ?, ?, ?, ?, ?)`;
const DRAW = `update lease set spent = lease.spent + d.spent, voided = lease.voided + d.voided
  from (select value->>0 as terminal, value->>1 as epoch, value->>2 as student,
    value->>3 as spent, value->>4 as voided from json_each(?)) d
  where lease.terminal = d.terminal and lease.epoch = d.epoch and lease.student = d.student`;
const RAISE = `update lease set ceiling = g.ceiling, version = g.version, granted_at = ?2
  from (select value->>0 as terminal, value->>1 as epoch, value->>2 as student,
    value->>3 as ceiling, value->>4 as version from json_each(?1)) g
  where lease.terminal = g.terminal and lease.epoch = g.epoch and lease.student = g.student`;
const SET_CEILING = `update lease set ceiling = g.ceiling, version = g.version
  from (select value->>0 as terminal, value->>1 as epoch, value->>2 as student,
    value->>3 as ceiling, value->>4 as version from json_each(?)) g
  where lease.terminal = g.terminal and lease.epoch = g.epoch and lease.student = g.student`;
// What is spent stays covered; a lease with nothing left is as it would be.
const CLOSE = `update lease set ceiling = spent - voided, version = version + 1
  where spent - voided < ceiling
    and (terminal, epoch) in (select value->>0, value->>1 from json_each(?))`;
const OPEN_LEASES = `insert into lease(terminal, epoch, student, account, ceiling, version, granted_at)
  select value->>0, value->>1, value->>2, value->>5, value->>3, value->>4, ?2 from json_each(?1)
  where not exists(select 1 from lease where terminal = value->>0 and epoch = value->>1
    and student = value->>2)`;
const QUARANTINE = `insert into quarantine(terminal, reason, body, hash, first_seen, last_seen)
  select value->>0, value->>1, unhex(value->>2), unhex(value->>3), ?2, ?2 from json_each(?1)
  where (select count(*) from quarantine) < ${QUARANTINE_ROWS_MAX}
  on conflict(terminal, reason, hash) do update
    set times = times + 1, last_seen = excluded.last_seen`;

/** The statements of a batch, for one transaction. next is the head after its transfers, if there
 * are any. */
export function statementsOf(batch: Batch, head: Head, next: Head): InStatement[] {
  const list: InStatement[] = [];
  const insert = (sql: string, rows: unknown[][], ...more: InValue[]): void => {
    if (rows.length) list.push({ sql, args: [JSON.stringify(rows), ...more] });
  };
  insert(
    INSERT_ACCOUNTS,
    batch.accounts.map((row) => [row.id, row.kind, row.ref]),
  );
  insert(INSERT_COMMANDS, batch.commands.map(columnsOfCommand));
  const { entries } = batch;
  const hashes = concat(entries.map((row) => row.hash));
  const tokens = concat(entries.map((row) => row.token));
  insert(INSERT_ENTRIES, columnsOfEntries(entries), hashes, tokens, batch.at);
  for (const { draws, transfers, lowerings, closed } of [...batch.earlier, batch]) {
    // A wallet may never look short between two statements: its leases first go down to the deepest
    // point they reach in this stretch, then the postings move money, then the leases rise to where
    // they end.
    insert(DRAW, draws.filter((draw) => draw.deepestCents > 0).map(deepestOfDraw));
    const evidence = concat(transfers.map((row) => row.evidence));
    insert(INSERT_TRANSFERS, transfers.map(columnsOfTransfer), evidence);
    insert(
      DRAW,
      draws.map(restOfDraw).filter((row) => row[3] || row[4]),
    );
    insert(SET_CEILING, lowerings.map(columnsOfLowering));
    insert(
      CLOSE,
      closed.map(({ terminal, epoch }) => [terminal, epoch]),
    );
  }
  if (next.no > head.no)
    list.push({
      sql: INSERT_BLOCK,
      args: [next.no, head.lastSeq + 1, next.lastSeq, batch.at, head.hash, next.hash],
    });
  insert(RAISE, batch.grants.map(columnsOfGrant), batch.at);
  insert(OPEN_LEASES, batch.grants.map(columnsOfGrant), batch.at);
  insert(QUARANTINE, batch.quarantined.map(columnsOfQuarantined), batch.at);
  return list.concat(batch.also);
}

function columnsOfCommand(row: CommandRow): unknown[] {
  return [row.no, row.id, row.kind, row.author, row.at, row.body];
}

/** A token's columns are where it begins in the BLOB of all tokens, counted from 1, and its length. */
function columnsOfEntries(rows: EntryRow[]): unknown[][] {
  let start = 1;
  return rows.map((row) => {
    const { terminal, epoch, seq, kind, student, totalCents, leasedCents, at, outcome } = row;
    const said = [terminal, epoch, seq, kind, student, totalCents, leasedCents, at, outcome];
    const { length } = row.token;
    const from = start;
    start += length;
    return [...said, from, length, row.nonce];
  });
}

function columnsOfTransfer(row: Transfer): unknown[] {
  const { seq, source, counter, line, debit, credit, amountCents, at, reverses } = row;
  return [seq, source, counter, line, debit, credit, amountCents, at, reverses];
}

function deepestOfDraw(row: Draw): number[] {
  return [row.terminal, row.epoch, row.student, row.deepestCents, 0];
}

function restOfDraw(row: Draw): number[] {
  const spentCents = row.spentCents - row.deepestCents;
  return [row.terminal, row.epoch, row.student, spentCents, row.voidedCents];
}

function columnsOfLowering(row: Lowering): number[] {
  return [row.terminal, row.epoch, row.student, row.ceilingCents, row.version];
}

function columnsOfGrant(row: Grant): unknown[] {
  return [...columnsOfLowering(row), row.account];
}

function columnsOfQuarantined(row: Quarantined): unknown[] {
  return [row.terminal, row.reason, hexOf(row.body), hexOf(row.hash)];
}
