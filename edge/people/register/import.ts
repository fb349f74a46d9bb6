// A register file on its way into the register: looked at first, kept, and carried out only when somebody confirms
// exactly what they saw. If the register has changed in between, they look again.

import { randomUUID } from "node:crypto";
import type { Client, InStatement } from "@libsql/client/web";
import { sha256 } from "#edge/crypto.ts";
import type { Command } from "#edge/ledger/commands.ts";
import { runCommands } from "#edge/ledger/commands.ts";
import type { Ledger } from "#edge/ledger/ledger.ts";
import { inTurn } from "#edge/ledger/ledger.ts";
import { bytesIn, numberIn, textIn } from "#edge/ledger/row.ts";
import { audit } from "#edge/people/audit.ts";
import { sameBytes } from "#protocol/bytes.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { decodeFile } from "./decode.ts";
import type { Known, Plan } from "./plan.ts";
import { planImport } from "./plan.ts";
import type { Register } from "./read-register.ts";
import { readRegister } from "./read-register.ts";
import { statementsOf } from "./write-plan.ts";

/** An import that nobody confirmed is of no use a day later. */
const STAGED_SECONDS = 24 * 3600;

export type Preview = { id: string; year: number; register: Register; plan: Plan };
export type ImportResult =
  | { ok: true; added: number; changed: number; guardians: number; left: number }
  | { ok: false; reason: "unknown-import" | "register-changed" };

/** Reads the file and keeps it for its confirmation. by: a person; at: seconds since 1970. */
export async function stageImport(
  ledger: Ledger,
  order: { file: Bytes; year: number; by: number; at: number },
): Promise<Preview> {
  const { file, year, by, at } = order;
  const body = decodeFile(file);
  const register = readRegister(body);
  const plan = planImport(register.students, await readKnown(ledger.client));
  const id = randomUUID();
  await inTurn(ledger, () =>
    ledger.client.batch(
      [
        {
          sql: "delete from import where confirmed_at = 0 and at < ?",
          args: [at - STAGED_SECONDS],
        },
        {
          sql: "insert into import(id, by, at, year, body, plan) values(?, ?, ?, ?, ?, ?)",
          args: [id, by, at, year, body, hashOf(plan)],
        },
      ],
      "write",
    ),
  );
  return { id, year, register, plan };
}

/** leavers: of those whom the file no longer has, the students who have left on `day` (days since 1970). Sent twice, it
 * is done once. */
export async function confirmImport(
  ledger: Ledger,
  order: { id: string; leavers: number[]; day: number; by: number; at: number },
): Promise<ImportResult> {
  const staged = await readStaged(ledger.client, order.id);
  if (!staged) return { ok: false, reason: "unknown-import" };
  const { register, year } = staged;
  const plan = planImport(register.students, await readKnown(ledger.client));
  const left = order.leavers.filter((id) => plan.missing.some((one) => one.id === id));
  const counts = {
    added: plan.added.length,
    changed: plan.changed.length,
    guardians: plan.guardiansAdded.length + plan.guardiansChanged.length,
    left: left.length,
  };
  if (staged.isConfirmed) return { ok: true, ...counts };
  if (!sameBytes(hashOf(plan), staged.plan)) return { ok: false, reason: "register-changed" };
  const accounts = await openWallets(ledger, plan, order.at);
  const trace = { author: order.by, at: order.at, subject: `import/${order.id}`, after: counts };
  const statements: InStatement[] = [
    // First of all, and in the same batch: two who confirm at once confirm once.
    {
      sql: `insert into import(id, by, at, year, body, plan)
        select id, by, at, year, body, plan from import where id = ? and confirmed_at <> 0`,
      args: [order.id],
    },
    { sql: "update import set confirmed_at = ? where id = ?", args: [order.at, order.id] },
    ...statementsOf(plan, { accounts, year, left, day: order.day, at: order.at }),
    audit({ ...trace, action: "student.import" }),
  ];
  await inTurn(ledger, () => ledger.client.batch(statements, "write"));
  return { ok: true, ...counts };
}

/** The wallets of new students, by student; a wallet that a broken import left behind is found again by its id. */
async function openWallets(ledger: Ledger, plan: Plan, at: number): Promise<Map<number, number>> {
  const commands = plan.added.map(({ id }): Command => {
    const ref = String(id);
    return {
      id: `register/open/${id}`,
      author: "register",
      at,
      kind: "openAccount",
      account: "wallet",
      ref,
    };
  });
  const results = commands.length ? await runCommands(ledger, commands, at * 1000) : [];
  return new Map(
    plan.added.map(({ id }, i) => {
      const result = results[i];
      if (!result?.ok) throw new Error(`import: no wallet for student ${id}`);
      return [id, result.account];
    }),
  );
}

async function readStaged(client: Client, id: string) {
  const found = await client.execute({ sql: "select * from import where id = ?", args: [id] });
  const row = found.rows[0];
  if (!row) return undefined;
  return {
    register: readRegister(textIn(row, "body")),
    year: numberIn(row, "year"),
    plan: bytesIn(row, "plan"),
    isConfirmed: numberIn(row, "confirmed_at") > 0,
  };
}

/** As it was looked at, again. */
export async function readPreview(client: Client, id: string): Promise<Preview | undefined> {
  const staged = await readStaged(client, id);
  if (!staged || staged.isConfirmed) return undefined;
  const plan = planImport(staged.register.students, await readKnown(client));
  return { id, year: staged.year, register: staged.register, plan };
}

async function readKnown(client: Client): Promise<Known> {
  const [students, people, ties, next] = await client.batch(
    [
      "select id, number, first_name, last_name, class, allergens, left_on from student order by id",
      "select id, username, name, address, language, role from person order by id",
      "select person, student from guardianship order by person, student",
      `select max(coalesce((select max(id) from student), 0),
          coalesce((select max(cast(ref as integer)) from account where kind = 'wallet'), 0)) as student,
        (select coalesce(max(id), 0) from person) as person`,
    ],
    "read",
  );
  const everybody = people?.rows ?? [];
  return {
    students: (students?.rows ?? []).map((row) => ({
      id: numberIn(row, "id"),
      number: row["number"] === null ? null : textIn(row, "number"),
      firstName: textIn(row, "first_name"),
      lastName: textIn(row, "last_name"),
      class: textIn(row, "class"),
      allergens: numberIn(row, "allergens"),
      leftOn: numberIn(row, "left_on"),
    })),
    usernames: everybody.map((row) => textIn(row, "username")),
    guardians: everybody
      .filter((row) => row["role"] === "guardian")
      .map((row) => ({
        id: numberIn(row, "id"),
        username: textIn(row, "username"),
        name: textIn(row, "name"),
        address: textIn(row, "address"),
        language: textIn(row, "language") as "fr",
      })),
    ties: (ties?.rows ?? []).map((row) => ({
      person: numberIn(row, "person"),
      student: numberIn(row, "student"),
    })),
    nextStudent: numberIn(next?.rows[0], "student") + 1,
    nextPerson: numberIn(next?.rows[0], "person") + 1,
  };
}

function hashOf(plan: Plan): Bytes {
  return sha256(JSON.stringify(plan));
}
