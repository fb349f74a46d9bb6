// What commands are decided with: the rows that a batch of them touches, read in one round trip and
// moved on as each is decided, so that the second of two withdrawals sees what the first has left.

import type { InStatement, Row } from "@libsql/client/web";
import type { Sold } from "#edge/books.ts";
import type { Posting } from "#edge/postings.ts";
import { IS_RECOVERING } from "#edge/recovery.ts";
import type { AccountRow } from "../batch.ts";
import type { Ledger } from "../ledger.ts";
import { numberIn, textIn } from "../row.ts";
import type { Command, CommandRefusal } from "./command.ts";

/** A transfer in the ledger; isCorrection: it undoes another; isReversed: it is undone itself. */
export type Booked = Sold & {
  line: number;
  isCorrection: boolean;
  isReversed: boolean;
  isAssigned: boolean;
};
/** A pre-order, and the transfers that set its money aside. */
export type Placed = { student: number; state: string; held: Sold[] };
export type Wallet = { student: number; freeCents: number };
export type Known = {
  bodies: Map<string, string>;
  /** By kind and ref: the school's own, and those that commands name. */
  accounts: Map<string, number>;
  /** What the school's own accounts stand at. */
  balances: Map<number, number>;
  /** The account of each student. */
  students: Map<number, number>;
  /** By account: only wallets stand here. */
  wallets: Map<number, Wallet>;
  /** By sourceKey. */
  sources: Map<string, Booked[]>;
  /** The newest price list, by product; only when something is ordered. */
  prices: Map<number, { revision: number; cents: number }>;
  /** By number. */
  orders: Map<number, Placed>;
  lastNo: number;
  lastAccount: number;
  /** The ledger was set back, and does not know yet what wallets hold. */
  isRecovering: boolean;
};
/** What a command writes; also takes the number that its row gets. moveOn notes it for the rest of
 * the batch, once the wallets are known to cover it. */
export type Decision = {
  postings: Posting[];
  opened?: AccountRow[];
  also?: (no: number) => InStatement;
  moveOn?: () => void;
};
/** One kind of command. fields: its content, in the order in which it is kept. */
export type Family<C> = {
  fields: string[];
  /** The account it is about, 0 when there are several or it is not known. */
  accountOf(order: C, known: Known): number;
  decide(order: C, known: Known): Decision | CommandRefusal;
};

export const sourceKey = (source: number, counter: number): string => `${source}/${counter}`;

const BODIES = "select id, body from command where id in (select value from json_each(?))";
const STUDENTS = `select id, account from student
  where id in (select value from json_each(?))`;
// An assignment that was itself undone leaves its transfer in suspense again.
const SOURCES = `select t.*, t.reverses is not null as corrects,
    exists(select 1 from transfer r where r.reverses = t.seq) as reversed,
    exists(select 1 from assignment a where a.transfer = t.seq and not exists(
      select 1 from transfer p join transfer r on r.reverses = p.seq
        where p.source = 0 and p.counter = a.command)) as assigned
  from (select distinct value->>0 as source, value->>1 as counter from json_each(?)) j
  join transfer t on t.source = j.source and t.counter = j.counter order by t.seq`;
const WALLETS = `select s.id as student, a.id, a.balance - a.reserved as free
  from account a join student s on s.account = a.id
  where s.id in (select value from json_each(?1)) or a.id in (select t.debit from json_each(?2) j
      join transfer t on t.source = j.value->>0 and t.counter = j.value->>1
    union select t.credit from json_each(?2) j
      join transfer t on t.source = j.value->>0 and t.counter = j.value->>1)`;
const ACCOUNTS = `select id, kind || '/' || ref as name, balance from account
  where kind in ('bank', 'equity', 'suspense', 'risk', 'solidarity', 'hold', 'refund')
    or ref in (select value from json_each(?))`;
const PRICES = `select p.product, p.revision, r.cents
  from price p join product_revision r on r.product = p.product and r.revision = p.revision
  where p.version = (select max(version) from price)
    and p.product in (select value from json_each(?))`;
const ORDERS = `select o.id, o.student, o.state, t.seq, t.debit, t.credit, t.amount
  from pre_order o left join transfer t on t.source = 0 and t.counter = o.command
  where o.id in (select value from json_each(?))`;
const LAST = `select (select coalesce(max(no), 0) from command) as no,
  (select coalesce(max(id), 0) from account) as account`;

/** Only within the ledger's turn. */
export async function readKnown(ledger: Ledger, commands: Command[]): Promise<Known> {
  const ids = JSON.stringify(commands.map((command) => command.id));
  const students = JSON.stringify(
    commands.flatMap((one) => [
      ...("student" in one ? [one.student] : []),
      ...("to" in one ? [one.to] : []),
    ]),
  );
  const sources = JSON.stringify(
    commands.flatMap((one) => ("source" in one ? [[one.source, one.counter]] : [])),
  );
  const refs = JSON.stringify(commands.flatMap((one) => ("ref" in one ? one.ref : [])));
  const products = JSON.stringify(
    commands.flatMap((one) => (one.kind === "preOrder" ? one.lines.map((of) => of.product) : [])),
  );
  const orders = JSON.stringify(commands.flatMap((one) => ("order" in one ? one.order : [])));
  const [asked, pupils, booked, wallets, accounts, prices, placed, last, open] =
    await ledger.client.batch(
      [
        { sql: BODIES, args: [ids] },
        { sql: STUDENTS, args: [students] },
        { sql: SOURCES, args: [sources] },
        { sql: WALLETS, args: [students, sources] },
        { sql: ACCOUNTS, args: [refs] },
        { sql: PRICES, args: [products] },
        { sql: ORDERS, args: [orders] },
        LAST,
        IS_RECOVERING,
      ],
      "read",
    );
  const own = accounts?.rows ?? [];
  return {
    bodies: new Map(asked?.rows.map((row) => [textIn(row, "id"), textIn(row, "body")])),
    accounts: new Map(own.map((row) => [textIn(row, "name"), numberIn(row, "id")])),
    balances: new Map(own.map((row) => [numberIn(row, "id"), numberIn(row, "balance")])),
    students: new Map(pupils?.rows.map((row) => [numberIn(row, "id"), numberIn(row, "account")])),
    wallets: new Map(
      wallets?.rows.map((row) => [
        numberIn(row, "id"),
        { student: numberIn(row, "student"), freeCents: numberIn(row, "free") },
      ]),
    ),
    sources: sourcesOf(booked?.rows ?? []),
    prices: new Map(
      prices?.rows.map((row) => [
        numberIn(row, "product"),
        { revision: numberIn(row, "revision"), cents: numberIn(row, "cents") },
      ]),
    ),
    orders: ordersOf(placed?.rows ?? []),
    lastNo: numberIn(last?.rows[0], "no"),
    lastAccount: numberIn(last?.rows[0], "account"),
    isRecovering: numberIn(open?.rows[0], "recovering") > 0,
  };
}

function sourcesOf(rows: Row[]): Map<string, Booked[]> {
  const sources = new Map<string, Booked[]>();
  for (const row of rows) {
    const key = sourceKey(numberIn(row, "source"), numberIn(row, "counter"));
    const booked = sources.get(key) ?? [];
    booked.push({
      ...postedIn(row),
      line: numberIn(row, "line"),
      isCorrection: numberIn(row, "corrects") > 0,
      isReversed: numberIn(row, "reversed") > 0,
      isAssigned: numberIn(row, "assigned") > 0,
    });
    sources.set(key, booked);
  }
  return sources;
}

function ordersOf(rows: Row[]): Map<number, Placed> {
  const orders = new Map<number, Placed>();
  for (const row of rows) {
    const id = numberIn(row, "id");
    const student = numberIn(row, "student");
    const placed = orders.get(id) ?? { student, state: textIn(row, "state"), held: [] };
    orders.set(id, placed);
    if (row["seq"] !== null) placed.held.push(postedIn(row));
  }
  return orders;
}

function postedIn(row: Row): Sold {
  return {
    seq: numberIn(row, "seq"),
    debit: numberIn(row, "debit"),
    credit: numberIn(row, "credit"),
    amountCents: numberIn(row, "amount"),
  };
}

/** An account of the school's own that every ledger has. */
export function houseAccount(known: Known, name: string): number {
  const account = known.accounts.get(name);
  if (account === undefined) throw new Error(`commands: the ledger has no account ${name}`);
  return account;
}

/** An account by its name, with the row that opens it when there is none yet. */
export function findOrOpen(
  known: Known,
  kind: string,
  ref: string,
): { account: number; opened: AccountRow[] } {
  const name = `${kind}/${ref}`;
  const found = known.accounts.get(name);
  if (found !== undefined) return { account: found, opened: [] };
  const account = ++known.lastAccount;
  known.accounts.set(name, account);
  return { account, opened: [{ id: account, kind, ref }] };
}
