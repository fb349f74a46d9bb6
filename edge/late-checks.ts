// The signatures that a later one vouched for, checked one by one when nobody waits. What is found
// bad was booked all the same, because the terminal's key stands behind it; it goes to quarantine
// as an alarm for the school. What is owed stands in the ledger, written with the entries themselves, so
// that a gateway which dies leaves it to the next.

import type { KeyObject } from "node:crypto";
import type { InStatement, Row } from "@libsql/client/web";
import { decodeToken, signedBytes } from "#protocol/token.ts";
import type { Arrived } from "./admission.ts";
import { chainKey } from "./books.ts";
import { verifySignature } from "./crypto.ts";
import type { Batch } from "./ledger/batch.ts";
import { emptyBatch } from "./ledger/batch.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { commit, inTurn } from "./ledger/ledger.ts";
import { bytesIn, numberIn } from "./ledger/row.ts";
import type { KeyRing } from "./open-books.ts";
import { keyIn } from "./open-books.ts";
import { quarantine } from "./plan.ts";

/** A check takes less than 0.1 ms natively: a slice of these delays a waiting batch by a few
 * milliseconds. */
const SLICE = 32;

/** How long a busy gateway is left alone before it is asked again whether it is idle. */
const BUSY_MS = 50;

export type LateChecks = {
  ledger: Ledger;
  owed: Owed[];
  running: boolean;
  /** Milliseconds since 1970. */
  now: () => number;
  isIdle: () => boolean;
};
export type Owed = { token: Arrived; key: KeyObject };
/** Terminal, epoch, and the seq of the first and the last entry; by chainKey. */
type Runs = Map<string, [number, number, number, number]>;

const PAGE_ROWS = 2_000;
const OWE = `insert or ignore into late_check(terminal, epoch, first, last)
  select value->>0, value->>1, value->>2, value->>3 from json_each(?)`;
const PAID = `delete from late_check where exists(select 1 from json_each(?) j
  where terminal = j.value->>0 and epoch = j.value->>1
    and first >= j.value->>2 and last <= j.value->>3)`;
const OWED = `select e.terminal, e.epoch, e.seq, e.hash, e.token, k.public_key
  from late_check c
  join entry e on e.terminal = c.terminal and e.epoch = c.epoch and e.seq between c.first and c.last
  join terminal_key k on k.terminal = e.terminal and k.epoch = e.epoch
  where (e.terminal, e.epoch, e.seq) > (?, ?, ?) order by e.terminal, e.epoch, e.seq limit ?`;

export function createLateChecks(
  ledger: Ledger,
  now: () => number,
  isIdle: () => boolean,
): LateChecks {
  return { ledger, owed: [], running: false, now, isIdle };
}

/** What goes with a batch: from where to where each of its chains was vouched for. */
export function oweChecks(tokens: Arrived[]): InStatement[] {
  const runs: Runs = new Map();
  for (const token of tokens) if (token.signed === "vouched") extend(runs, token);
  return runs.size ? [{ sql: OWE, args: [JSON.stringify([...runs.values()])] }] : [];
}

function extend(runs: Runs, { terminal, epoch, decoded }: Arrived): void {
  if (!decoded.ok) return;
  const { seq } = decoded.token.entry;
  const key = chainKey(terminal, epoch);
  const [, , first, last] = runs.get(key) ?? [terminal, epoch, seq, seq];
  runs.set(key, [terminal, epoch, Math.min(first, seq), Math.max(last, seq)]);
}

/** Takes up what the gateway before this one still owed, all of it at once, so that nothing that comes
 * meanwhile settles what was not read yet; pageRows: entries read at a time. */
export async function resumeLate(
  late: LateChecks,
  ring: KeyRing,
  pageRows: number = PAGE_ROWS,
): Promise<void> {
  const owed: Owed[] = [];
  let from = [0, 0, 0];
  for (;;) {
    const found = await late.ledger.client.execute({ sql: OWED, args: [...from, pageRows] });
    const last = found.rows.at(-1);
    if (!last) break;
    from = ["terminal", "epoch", "seq"].map((column) => numberIn(last, column));
    for (const row of found.rows) owed.push(owedOfRow(row, ring));
  }
  await checkLate(late, owed);
}

function owedOfRow(row: Row, ring: KeyRing): Owed {
  const bytes = bytesIn(row, "token");
  const token: Arrived = {
    terminal: numberIn(row, "terminal"),
    epoch: numberIn(row, "epoch"),
    decoded: decodeToken(bytes),
    hash: bytesIn(row, "hash"),
    bytes,
    signed: "vouched",
  };
  return { token, key: keyIn(ring, bytesIn(row, "public_key")) };
}

/** Checks all that is owed, in slices between which everything else runs, and only while nothing
 * else waits. Throws when the ledger is away: then what was not checked stays owed, and `verify`
 * would find it as well. */
export async function checkLate(late: LateChecks, owed: Owed[]): Promise<void> {
  for (const one of owed) late.owed.push(one);
  if (late.running) return;
  late.running = true;
  const done: Runs = new Map();
  try {
    while (late.owed.length) {
      if (!late.isIdle()) {
        await sleep(BUSY_MS);
        continue;
      }
      const slice = late.owed.slice(0, SLICE);
      const bad = slice.filter((one) => !isSigned(one));
      if (bad.length) await report(late, bad);
      late.owed.splice(0, SLICE);
      for (const { token } of slice) extend(done, token);
      await sleep(0);
    }
    if (done.size) await settle(late, done);
  } finally {
    late.running = false;
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function isSigned({ token, key }: Owed): boolean {
  if (!token.decoded.ok) return false;
  const { payload, signature } = token.decoded.token;
  return verifySignature(key, signedBytes(payload), signature);
}

function report(late: LateChecks, bad: Owed[]): Promise<unknown> {
  return write(late, (batch) => {
    for (const { token } of bad) quarantine(token, "booked-unsigned", batch);
  });
}

/** Entries of a chain are checked in order, so whatever was owed between its first and its last is done. */
function settle(late: LateChecks, done: Runs): Promise<unknown> {
  const paid = { sql: PAID, args: [JSON.stringify([...done.values()])] };
  return write(late, (batch) => batch.also.push(paid));
}

function write({ ledger, now }: LateChecks, fill: (batch: Batch) => unknown): Promise<unknown> {
  const batch = emptyBatch(Math.floor(now() / 1000));
  fill(batch);
  return inTurn(ledger, () => commit(ledger, batch));
}
