// The movements of one student, newest in the ledger first: every purchase and void at a terminal, whoever paid it,
// and every command that touched the wallet. A movement is all transfers of one source.

import type { SQL } from "drizzle-orm";
import { sql } from "drizzle-orm";
import type { Means } from "#edge/ledger/commands.ts";
import type { Bytes } from "#protocol/bytes.ts";
import type { Database } from "./database.ts";
import type { Item, ProductNames } from "./products.ts";
import { namesOf, productRows } from "./products.ts";
import { itemsOfToken } from "./purchases.ts";
import type { Source } from "./source.ts";
import { commandNote, commandKind } from "./commands.ts";
import type { Reader } from "./payers.ts";
import { isPrivate } from "./payers.ts";

export type MovementKind =
  | "purchase"
  | "void"
  | Means
  | "payment"
  | "reversal"
  | "goodwill"
  | "refund"
  | "preOrder"
  | "cancelPreOrder"
  | "assignment"
  | "loss"
  | "gift"
  | "toSibling"
  | "other";
/** "payment" is what a guardian is told of money that may be another guardian's: the sum, not who paid, how or why.
 * seq is that of its last transfer; at in seconds by the source's clock; place is undefined for a command. walletCents is
 * what the wallet gained; schoolCents what the school paid of a purchase (or took back with a void). */
export type Movement = Source & {
  seq: number;
  at: number;
  kind: MovementKind;
  items: Item[];
  place: string | undefined;
  note: string;
  walletCents: number;
  schoolCents: number;
  balanceCents: number;
};

/** As SQLite gives it: a blob is an ArrayBuffer. */
type Row = Source & {
  seq: number;
  at: number;
  wallet: number;
  total: number;
  balance: number;
  entry: "purchase" | "void" | null;
  token: ArrayBuffer | null;
  place: string | null;
  command: string | null;
  body: string | null;
};

/** Those before the transfer `before` (0: the newest); older tells whether there are more. reader: the guardian who reads,
 * undefined for the school and the student. */
export async function readMovements(
  database: Database,
  student: { id: number; account: number },
  before: number,
  limit: number,
  reader?: Reader,
): Promise<{ movements: Movement[]; older: boolean }> {
  const newest = before || Number.MAX_SAFE_INTEGER;
  const [rows, products] = await Promise.all([
    database.all<Row>(movementRows(student, newest, limit + 1)),
    productRows(database),
  ]);
  const names = namesOf(products);
  let balanceCents = rows[0]?.balance ?? 0;
  const movements = rows.slice(0, limit).map((row) => {
    const movement = { ...movementOf(row, names, reader), balanceCents };
    balanceCents -= row.wallet;
    return movement;
  });
  return { movements, older: rows.length > limit };
}

function movementRows(
  student: { id: number; account: number },
  newest: number,
  limit: number,
): SQL {
  return sql`
    with key as (
      select source, counter from transfer where debit = ${student.account}
      union select source, counter from transfer where credit = ${student.account}
      union select terminal, epoch * 4294967296 + seq from entry
        where student = ${student.id} and kind in ('purchase', 'void')
    ), movement as (
      select source, counter, max(t.seq) as seq, t.at, sum(amount) as total,
        sum(iif(credit = ${student.account}, amount, 0) - iif(debit = ${student.account}, amount, 0)) as wallet
      from key join transfer t using(source, counter)
      group by source, counter having max(t.seq) < ${newest}
      order by 3 desc limit ${limit}
    )
    select m.source, m.counter, m.seq, m.at, m.wallet, m.total,
      ${balanceBefore(student.account, newest)} as balance,
      e.kind as entry, e.token, terminal.name as place, command.kind as command, command.body
    from movement m
    left join entry e on e.terminal = m.source
      and e.epoch = m.counter / 4294967296 and e.seq = m.counter % 4294967296
    left join terminal on terminal.id = m.source
    left join command on m.source = 0 and command.no = m.counter
    order by m.seq desc`;
}

/** What the wallet held when the transfers from newest on had not come yet. */
function balanceBefore(account: number, newest: number): SQL {
  return sql`(select balance
      - (select coalesce(sum(amount), 0) from transfer where credit = ${account} and seq >= ${newest})
      + (select coalesce(sum(amount), 0) from transfer where debit = ${account} and seq >= ${newest})
    from account where id = ${account})`;
}

function movementOf(
  row: Row,
  names: ProductNames,
  reader: Reader | undefined,
): Omit<Movement, "balanceCents"> {
  const own = row.entry ?? commandKind(row.command, row.body);
  const isHidden = isPrivate(own, row.body, reader);
  const kind = isHidden ? "payment" : own;
  return {
    source: row.source,
    counter: row.counter,
    seq: row.seq,
    at: row.at,
    kind,
    items: row.token ? itemsOfToken(new Uint8Array(row.token) as Bytes, names) : [],
    place: row.place ?? undefined,
    note: isHidden ? "" : commandNote(row.body),
    walletCents: row.wallet,
    schoolCents: row.entry ? row.total - Math.abs(row.wallet) : 0,
  };
}
