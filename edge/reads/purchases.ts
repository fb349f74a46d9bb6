// The bursar's first page: what the school sold today, what it owes its students, and the purchases as they arrive.

import { and, desc, eq, gte, sql } from "drizzle-orm";
import { account, entry, student, terminal } from "#edge/ledger/schema.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { decodeToken } from "#protocol/token.ts";
import type { Database } from "./database.ts";
import type { Item, ProductNames } from "./products.ts";
import { itemOf, namesOf, productRows } from "./products.ts";
import type { Source } from "./source.ts";
import { sourceOfEntry } from "./source.ts";

/** Cents; unsent counts entries that terminals said they still hold. */
export type Figures = {
  salesTodayCents: number;
  purchasesToday: number;
  walletsCents: number;
  reservedCents: number;
  unsent: number;
  terminalsHere: number;
  terminals: number;
};
/** at is the terminal's clock, in seconds; cents is negative for a void; student is undefined for an unknown card. */
export type Purchase = Source & {
  at: number;
  kind: "purchase" | "void";
  student: { id: number; name: string; class: string } | undefined;
  items: Item[];
  cents: number;
  place: string;
};

/** A void that found nothing to undo moved no money. */
const IS_SALE = sql`${entry.kind} in ('purchase', 'void') and ${entry.outcome} <> 'nothing-to-void'`;
const SIGN = sql`iif(${entry.kind} = 'void', -1, 1)`;

/** dayStart in seconds since 1970: midnight where the school is. */
export async function readDay(database: Database, dayStart: number, limit: number) {
  const [today, wallets, tills, entries, products] = await database.batch([
    database
      .select({
        cents: sql<number>`coalesce(sum(${SIGN} * ${entry.total}), 0)`,
        count: sql<number>`coalesce(sum(${SIGN}), 0)`,
      })
      .from(entry)
      .where(and(gte(entry.at, dayStart), IS_SALE)),
    database
      .select({
        cents: sql<number>`coalesce(sum(${account.balance}), 0)`,
        reserved: sql<number>`coalesce(sum(${account.reserved}), 0)`,
      })
      .from(account)
      .where(eq(account.kind, "wallet")),
    database.select({ here: terminal.here, unsent: terminal.unsent }).from(terminal),
    latestEntries(database, limit),
    productRows(database),
  ]);
  const names = namesOf(products);
  const figures: Figures = {
    salesTodayCents: today[0]?.cents ?? 0,
    purchasesToday: today[0]?.count ?? 0,
    walletsCents: wallets[0]?.cents ?? 0,
    reservedCents: wallets[0]?.reserved ?? 0,
    unsent: tills.reduce((sum, till) => sum + till.unsent, 0),
    terminalsHere: tills.filter((till) => till.here).length,
    terminals: tills.length,
  };
  return { figures, purchases: entries.map((row) => purchaseOf(row, names)) };
}

/** In the order of arrival, newest first: a terminal that was long offline shows up on top, with its true times. */
function latestEntries(database: Database, limit: number) {
  return database
    .select({
      terminal: entry.terminal,
      epoch: entry.epoch,
      seq: entry.seq,
      kind: entry.kind,
      total: entry.total,
      at: entry.at,
      token: entry.token,
      student: student.id,
      firstName: student.firstName,
      lastName: student.lastName,
      class: student.class,
      place: terminal.name,
    })
    .from(entry)
    .leftJoin(student, eq(student.id, entry.student))
    .leftJoin(terminal, eq(terminal.id, entry.terminal))
    .where(IS_SALE)
    .orderBy(desc(sql`${entry}.rowid`))
    .limit(limit);
}

type LatestRow = Awaited<ReturnType<typeof latestEntries>>[number];

function purchaseOf(row: LatestRow, names: ProductNames): Purchase {
  const isVoid = row.kind === "void";
  return {
    ...sourceOfEntry(row),
    at: row.at,
    kind: isVoid ? "void" : "purchase",
    student:
      row.student === null
        ? undefined
        : { id: row.student, name: `${row.firstName} ${row.lastName}`, class: row.class ?? "" },
    items: itemsOfToken(row.token, names),
    cents: isVoid ? -row.total : row.total,
    place: row.place ?? String(row.terminal),
  };
}

/** The lines of a purchase; none for every other entry. */
export function itemsOfToken(token: Bytes, names: ProductNames): Item[] {
  const decoded = decodeToken(token);
  if (!decoded.ok) throw new Error("entry: a booked token does not decode: " + decoded.fault);
  const { entry: signed } = decoded.token;
  return signed.kind === "purchase" ? signed.lines.map((line) => itemOf(line, names)) : [];
}
