// Puts the made-up school into an empty ledger: accounts and opening top-ups as commands, people
// and products as rows. Runs before the gateway, so there is still one writer. Every step may be
// done twice, so a start that was interrupted here is simply started again.

import type { Client } from "@libsql/client/web";
import type { Command, CommandResult } from "#edge/ledger/commands.ts";
import { runCommands } from "#edge/ledger/commands.ts";
import type { Ledger } from "#edge/ledger/ledger.ts";
import { openLedger } from "#edge/ledger/ledger.ts";
import { schoolDay } from "#edge/order-lists.ts";
import type { School, Student } from "./school.ts";
import { BURSAR, PRODUCTS, STAFF, ordersOf } from "./school.ts";

const AUTHOR = "demo";
const PRICE_LIST = 1;
/** Who keeps the published heads; a name that no mail server delivers to (RFC 2606). */
const MAIL_HOST = "@familles.example";
const COMMITTEE = "comite@sainte-aldegonde.example";

/** Migrates the ledger, fills it when it is empty, and returns it. Throws when it belongs to
 * another school. */
export async function seedSchool(client: Client, school: School): Promise<Ledger> {
  const ledger = await openLedger(client, school.slug);
  const known = await client.execute("select 1 from school");
  if (known.rows.length) {
    await orderForToday(client, school);
    return ledger;
  }
  const wallets = await openAccounts(ledger, school);
  await client.batch(rowsOf(school, wallets), "write");
  await demand(ledger, school.students.filter(hasOpening).map(openingTopUp));
  await client.execute({
    sql: "insert or ignore into committee(address, language) values(?, 'fr')",
    args: [COMMITTEE],
  });
  // The mark of a complete school comes last.
  await client.execute({
    sql: "insert into school(id, slug, name) values(1, ?, ?)",
    args: [school.slug, school.name],
  });
  await orderForToday(client, school);
  return ledger;
}

/** Until there is a shop: each day on which the demonstration starts has its orders. */
async function orderForToday(client: Client, school: School): Promise<void> {
  const rows = ordersOf(school).map(({ student, lines }) => [student, JSON.stringify(lines)]);
  const day = schoolDay(Date.now());
  await client.execute({
    sql: `insert into pre_order(id, student, day, lines)
      select (select coalesce(max(id), 0) from pre_order) + row_number() over (),
        value->>0, ?1, value->>1 from json_each(?2)
      where not exists(select 1 from pre_order where day = ?1)`,
    args: [day, JSON.stringify(rows)],
  });
}

/** Returns the account of each student's wallet, in the order of the students. */
async function openAccounts(ledger: Ledger, school: School): Promise<number[]> {
  const categories = [...new Set(PRODUCTS.map((product) => product.category))];
  await demand(
    ledger,
    categories.map((ref) => openAccount("sales", ref)),
  );
  const wallets = school.students.map(({ id }) => openAccount("wallet", String(id)));
  return demand(ledger, wallets);
}

function openAccount(account: "wallet" | "sales", ref: string): Command {
  return {
    id: `demo/open/${account}/${ref}`,
    author: AUTHOR,
    at: now(),
    kind: "openAccount",
    account,
    ref,
  };
}

function hasOpening(student: Student): boolean {
  return student.openingCents > 0;
}

function openingTopUp({ id, openingCents }: Student): Command {
  return {
    id: `demo/opening/${id}`,
    author: AUTHOR,
    at: now(),
    kind: "topUp",
    student: id,
    cents: openingCents,
    means: "transfer",
    note: "Solde d'ouverture",
  };
}

async function demand(ledger: Ledger, commands: Command[]): Promise<number[]> {
  const results = await runCommands(ledger, commands);
  return results.map((result, i) => accountOf(result, commands[i]?.id));
}

function accountOf(result: CommandResult, id: string | undefined): number {
  if (!result.ok) throw new Error(`seed: command ${id} was refused: ${result.reason}`);
  return result.account;
}

const CARD_COLUMNS = ["uid", "student", "status", "keyEpoch"] as const;

type Statement = { sql: string; args: string[] };

function rowsOf(school: School, wallets: number[]): Statement[] {
  const { students, guardians, cards } = school;
  const people = guardians.map((guardian, i) => ({ ...guardian, id: i + 2, role: "guardian" }));
  const staff = people.length + 2;
  return [
    insert("student(id, first_name, last_name, class, allergens, account)", students, (one, i) => [
      one.id,
      one.firstName,
      one.lastName,
      one.class,
      one.allergens,
      wallets[i] ?? 0,
    ]),
    insert(
      "person(id, username, name, role, address)",
      [{ id: 1, role: "bursar", ...BURSAR }, ...people, { id: staff, role: "counter", ...STAFF }],
      ({ id, username, name, role }) => [id, username, name, role, username + MAIL_HOST],
    ),
    insert(
      "guardianship(person, student)",
      people.flatMap(({ id, students: children }) => children.map((child) => [id, child])),
      (pair) => pair,
    ),
    {
      sql: `insert or ignore into card(uid, student, status, key_epoch, since)
        select unhex(value->>0), value->>1, value->>2, value->>3, unixepoch() from json_each(?)`,
      args: [JSON.stringify(cards.map((card) => CARD_COLUMNS.map((column) => card[column])))],
    },
    {
      sql: `insert or ignore into badge(uid, person, since) select unhex(value->>0), value->>1,
        unixepoch() from json_each(?)`,
      args: [JSON.stringify([[STAFF.badge, staff]])],
    },
    insert("product(id, category)", PRODUCTS, ({ id, category }) => [id, category]),
    insert(
      "product_revision(product, revision, name, cents, essential, allergens)",
      PRODUCTS,
      ({ id, name, cents, essential, allergens }) => [
        id,
        1,
        name,
        cents,
        Number(essential),
        allergens,
      ],
    ),
    insert("price(version, product, revision)", PRODUCTS, ({ id }) => [PRICE_LIST, id, 1]),
  ];
}

/** One statement for all rows. */
function insert<T>(
  table: string,
  items: T[],
  rowOf: (item: T, index: number) => (number | string)[],
): Statement {
  const rows = items.map(rowOf);
  const columns = (rows[0] ?? []).map((_, i) => `value->>${i}`).join(", ");
  return {
    sql: `insert or ignore into ${table} select ${columns} from json_each(?)`,
    args: [JSON.stringify(rows)],
  };
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
