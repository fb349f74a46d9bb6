// A month is closed for good: what the ledger had booked by its last midnight is frozen with the head
// of that moment, and each account that moved or holds something gets a numbered statement. What a
// terminal sends later is booked in the month in which it arrives, with its own time.

import type { Row } from "@libsql/client/web";
import { endOfMonth, monthOf, nextMonth } from "#edge/calendar.ts";
import { IS_RECOVERING } from "#edge/recovery.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { emptyBatch } from "./batch.ts";
import { isId } from "./commands/command.ts";
import type { Ledger } from "./ledger.ts";
import { commit, inTurn } from "./ledger.ts";
import { bytesIn, numberIn, textIn } from "./row.ts";

const KIND = "closePeriod";

/** id is chosen by the author; at in seconds since 1970; month as 202611; acknowledged: terminals that may still hold
 * sales of that month, which the author knows. */
export type Closing = {
  id: string;
  author: string;
  at: number;
  month: number;
  acknowledged: number[];
};
export type ClosingRefusal =
  | "bad-id"
  | "bad-month"
  | "other-content"
  | "recovering"
  | "not-over"
  | "closed"
  | "earlier-open"
  | "gaps";
/** A terminal not heard since the month's end, or with entries of that month still to send. */
export type Gap = { terminal: number; name: string; lastSeen: number; unsent: number };
export type ClosingResult =
  | { ok: true; replayed: boolean }
  | { ok: false; reason: Exclude<ClosingRefusal, "gaps"> }
  | { ok: false; reason: "gaps"; gaps: Gap[] };

// The genesis block has the time at which the database was made.
const HEAD_AT = `select no, last_seq, hash from block where no <
  coalesce((select min(no) from block where no > 0 and at >= ?), 9e15) order by no desc limit 1`;
export const GAPS = `select t.id, t.name, t.last_seen, t.unsent from terminal t
  where exists(select 1 from entry e where e.terminal = t.id and e.epoch = t.epoch)
    and not exists(select 1 from write_off w where w.terminal = t.id and w.epoch = t.epoch)
    and (t.last_seen < ?1 or (t.unsent > 0 and t.oldest < ?1)) order by t.id`;
const STANDING = `select (select coalesce(max(month), 0) from period) as month,
  (select coalesce(max(last_seq), 0) from period) as closed,
  (select coalesce(min(at), 0) from block where no > 0) as begun,
  (select coalesce(max(no), 0) from command) as no`;
const STATEMENTS = `insert into statement(no, month, account, opening, debits, credits, closing)
  select (select coalesce(max(no), 0) from statement) + row_number() over (order by id), ?1, id,
    opening, debits, credits, opening + credits - debits
  from (select a.id,
      coalesce((select closing from statement where account = a.id order by month desc limit 1), 0)
        as opening,
      (select coalesce(sum(amount), 0) from transfer where debit = a.id and seq between ?2 and ?3)
        as debits,
      (select coalesce(sum(amount), 0) from transfer where credit = a.id and seq between ?2 and ?3)
        as credits
    from account a)
  where opening <> 0 or debits > 0 or credits > 0 order by id`;

/** Only a month that is over, in the order of months, each once. */
export function closePeriod(
  ledger: Ledger,
  order: Closing,
  nowMs: number = Date.now(),
): Promise<ClosingResult> {
  const { id, author, at, month } = order;
  if (!isId(id)) return Promise.resolve({ ok: false, reason: "bad-id" });
  if (!isMonth(month)) return Promise.resolve({ ok: false, reason: "bad-month" });
  const acknowledged = order.acknowledged.toSorted((a, b) => a - b);
  const body = JSON.stringify({ kind: KIND, month, acknowledged });
  return inTurn(ledger, async () => {
    const known = await readKnown(ledger, id, endOfMonth(month));
    const { before, head, gaps } = known;
    if (before !== undefined)
      return before === body
        ? { ok: true, replayed: true }
        : { ok: false, reason: "other-content" };
    const reason = reasonAgainst(month, known, nowMs);
    if (reason) return { ok: false, reason };
    const unknown = gaps.filter((gap) => !acknowledged.includes(gap.terminal));
    if (unknown.length) return { ok: false, reason: "gaps", gaps: unknown };
    const batch = emptyBatch(Math.floor(nowMs / 1000));
    const no = known.lastNo + 1;
    const first = known.closedSeq + 1;
    batch.commands.push({ no, id, kind: KIND, author, at, body });
    batch.also.push(
      {
        sql: "insert into period values(?, ?, ?, ?, ?, ?, ?)",
        args: [month, first, head.lastSeq, head.no, head.hash, at, no],
      },
      { sql: STATEMENTS, args: [month, first, head.lastSeq] },
    );
    await commit(ledger, batch);
    return { ok: true, replayed: false };
  });
}

function isMonth(month: number): boolean {
  const isPart = month % 100 >= 1 && month % 100 <= 12;
  return Number.isSafeInteger(month) && isPart && month > 200_000 && month < 1_000_000;
}

function reasonAgainst(
  month: number,
  known: Known,
  nowMs: number,
): Exclude<ClosingRefusal, "gaps"> | undefined {
  if (known.isRecovering) return "recovering";
  if (nowMs / 1000 < endOfMonth(month)) return "not-over";
  if (month <= known.lastMonth) return "closed";
  const next = known.lastMonth ? nextMonth(known.lastMonth) : monthOf(known.begunAt);
  return known.begunAt && month > next ? "earlier-open" : undefined;
}

type Known = {
  before: string | undefined;
  lastMonth: number;
  closedSeq: number;
  /** When the first transfer was booked, 0 for none. */
  begunAt: number;
  lastNo: number;
  head: { no: number; lastSeq: number; hash: Bytes };
  gaps: Gap[];
  isRecovering: boolean;
};

async function readKnown(ledger: Ledger, id: string, end: number): Promise<Known> {
  const [asked, standing, head, gaps, open] = await ledger.client.batch(
    [
      { sql: "select body from command where id = ?", args: [id] },
      STANDING,
      { sql: HEAD_AT, args: [end] },
      { sql: GAPS, args: [end] },
      IS_RECOVERING,
    ],
    "read",
  );
  const before = asked?.rows[0];
  const row = standing?.rows[0];
  const block = head?.rows[0];
  return {
    before: before && textIn(before, "body"),
    lastMonth: numberIn(row, "month"),
    closedSeq: numberIn(row, "closed"),
    begunAt: numberIn(row, "begun"),
    lastNo: numberIn(row, "no"),
    head: {
      no: numberIn(block, "no"),
      lastSeq: numberIn(block, "last_seq"),
      hash: bytesIn(block, "hash"),
    },
    gaps: (gaps?.rows ?? []).map(gapOfRow),
    isRecovering: numberIn(open?.rows[0], "recovering") > 0,
  };
}

function gapOfRow(row: Row): Gap {
  return {
    terminal: numberIn(row, "id"),
    name: textIn(row, "name"),
    lastSeen: numberIn(row, "last_seen"),
    unsent: numberIn(row, "unsent"),
  };
}
