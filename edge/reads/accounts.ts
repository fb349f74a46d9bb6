// The books as an accountant reads them: every account with its balance at the end of any day, and the transfers that
// make it. A day ends at the school's midnight: in the order in which the ledger booked, or by when things happened.

import { eq, sql } from "drizzle-orm";
import { midnightOf } from "#edge/calendar.ts";
import { account, student } from "#edge/ledger/schema.ts";
import type { Database } from "./database.ts";
import type { AccountName } from "./evidence.ts";
import { accountNames } from "./evidence.ts";
import type { Source } from "./source.ts";

/** booked: what the ledger had by then. happened: what had been sold, paid in or corrected by then. */
export type Order = "booked" | "happened";
/** date as 2026-11-30, included; anything else is the present. */
export type Until = { date: string; order: Order };
export type AccountBalance = AccountName & { id: number; balanceCents: number };
/** cents: what the account gained. other: the other side. balanceCents: after it, in the order asked for. */
export type AccountLine = Source & {
  seq: number;
  at: number;
  other: AccountName;
  cents: number;
  balanceCents: number;
};

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const FOREVER = Number.MAX_SAFE_INTEGER;

/** The condition on a transfer t that it was there at the end of the day. */
function upTo({ date, order }: Until) {
  const [, year, month, day] = DATE.exec(date) ?? [];
  const end = year ? midnightOf(Number(year), Number(month), Number(day) + 1) : FOREVER;
  if (order === "happened") return sql`t.at < ${end}`;
  return sql`t.seq <= (select max(last_seq) from block where no <
    coalesce((select min(no) from block where no > 0 and at >= ${end}), ${FOREVER}))`;
}

/** Every account of the school, wallets too. */
export async function readAccounts(database: Database, until: Until): Promise<AccountBalance[]> {
  const moved = (side: "debit" | "credit") => sql`coalesce((select sum(t.amount) from transfer t
    where t.${sql.raw(side)} = ${account.id} and ${upTo(until)}), 0)`;
  return database
    .select({
      id: account.id,
      kind: account.kind,
      ref: account.ref,
      student: student.id,
      name: sql<string>`coalesce(${student.firstName} || ' ' || ${student.lastName}, '')`,
      balanceCents: sql<number>`${moved("credit")} - ${moved("debit")}`,
    })
    .from(account)
    .leftJoin(student, eq(student.account, account.id))
    .orderBy(account.id);
}

type LineRow = Source & { seq: number; at: number; other: number; cents: number; balance: number };

/** The newest lines before the transfer `before` (0: from the end), of one account; undefined when there is none. */
export async function readAccount(
  database: Database,
  id: number,
  until: Until,
  before: number,
  limit: number,
): Promise<
  { account: AccountName; balanceCents: number; lines: AccountLine[]; older: boolean } | undefined
> {
  const found = (await accountNames(database, [id])).get(id);
  if (!found) return undefined;
  const rank = until.order === "happened" ? sql`at, seq` : sql`seq`;
  const rows = await database.all<LineRow>(sql`
    select *, sum(cents) over (order by ${rank}) as balance from (
      select t.seq, t.source, t.counter, t.at, t.credit as other, -t.amount as cents
        from transfer t where t.debit = ${id} and ${upTo(until)}
      union all select t.seq, t.source, t.counter, t.at, t.debit, t.amount
        from transfer t where t.credit = ${id} and ${upTo(until)})
    order by ${until.order === "happened" ? sql`at desc, seq desc` : sql`seq desc`}`);
  const from = before ? rows.findIndex((row) => row.seq === before) + 1 : 0;
  const shown = rows.slice(from, from + limit);
  const names = await accountNames(
    database,
    shown.map((row) => row.other),
  );
  return {
    account: found,
    balanceCents: rows[0]?.balance ?? 0,
    lines: shown.map(({ other, balance, ...row }) => ({
      ...row,
      balanceCents: balance,
      other: names.get(other) ?? found,
    })),
    older: rows.length > from + limit,
  };
}
