// Closed months and their statements, and the month that can be closed next.

import type { Client } from "@libsql/client/web";
import { endOfMonth, monthOf, nextMonth } from "#edge/calendar.ts";
import type { Gap } from "#edge/ledger/periods.ts";
import { GAPS } from "#edge/ledger/periods.ts";
import { bytesIn, numberIn, textIn } from "#edge/ledger/row.ts";
import type { Bytes } from "#protocol/bytes.ts";

export type Period = {
  month: number;
  block: number;
  hash: Bytes;
  closedAt: number;
  statements: Statement[];
};
/** Cents; account with its kind and what it is for. */
export type Statement = {
  no: number;
  month: number;
  account: number;
  opening: number;
  debits: number;
  credits: number;
  closing: number;
};
/** isOver: it may be closed; gaps: terminals that may still hold sales of it. */
export type Closable = { month: number; isOver: boolean; gaps: Gap[] };

/** now in seconds since 1970. */
export async function readClosable(client: Client, now: number): Promise<Closable> {
  const [standing] = (
    await client.execute(`select (select coalesce(max(month), 0) from period) as month,
      (select coalesce(min(at), 0) from block where no > 0) as begun`)
  ).rows;
  const last = numberIn(standing, "month");
  const month = last ? nextMonth(last) : monthOf(numberIn(standing, "begun") || now);
  const end = endOfMonth(month);
  const gaps = await client.execute({ sql: GAPS, args: [end] });
  return {
    month,
    isOver: now >= end,
    gaps: gaps.rows.map((row) => ({
      terminal: numberIn(row, "id"),
      name: textIn(row, "name"),
      lastSeen: numberIn(row, "last_seen"),
      unsent: numberIn(row, "unsent"),
    })),
  };
}

/** The newest first; account 0: the statements of all accounts. */
export async function readPeriods(client: Client, account: number): Promise<Period[]> {
  const [periods, statements] = await client.batch(
    [
      "select * from period order by month desc",
      {
        sql: "select * from statement where ?1 in (0, account) order by no",
        args: [account],
      },
    ],
    "read",
  );
  const all = (statements?.rows ?? []).map((row) => ({
    no: numberIn(row, "no"),
    month: numberIn(row, "month"),
    account: numberIn(row, "account"),
    opening: numberIn(row, "opening"),
    debits: numberIn(row, "debits"),
    credits: numberIn(row, "credits"),
    closing: numberIn(row, "closing"),
  }));
  return (periods?.rows ?? []).map((row) => ({
    month: numberIn(row, "month"),
    block: numberIn(row, "block"),
    hash: bytesIn(row, "hash"),
    closedAt: numberIn(row, "closed_at"),
    statements: all.filter((one) => one.month === numberIn(row, "month")),
  }));
}
