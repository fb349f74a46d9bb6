// The stage of the gateway's tests: a school with two students and two terminals in a database of
// its own, and the invariants that must hold after every step of every test.

import { primitives } from "#edge/crypto.ts";
import type { Message } from "#edge/border.ts";
import type { Ingested, Intake } from "#edge/ingest.ts";
import { ingest } from "#edge/ingest.ts";
import { emptyBatch } from "#edge/ledger/batch.ts";
import type { Command } from "#edge/ledger/commands.ts";
import { runCommands } from "#edge/ledger/commands.ts";
import type { Ledger } from "#edge/ledger/ledger.ts";
import { commit, connectLedger, inTurn, openLedger } from "#edge/ledger/ledger.ts";
import { checkLedger } from "./check-ledger.ts";
import { newLedgerUrl } from "./fresh-ledger.ts";
import type { PaperTerminal } from "./paper-terminal.ts";
import { paperTerminal } from "./paper-terminal.ts";
import { numberIn, textIn } from "#edge/ledger/row.ts";

export const SCHOOL = "college-test";
export const SEAL_SECRET = new Uint8Array(32).fill(7);
/** Monday 23 November 2026, 12:00 in Brussels. */
export const NOON = 1795431600;
export const LINA = 1;
export const ZOE = 2;
/** Product 1 earns on "repas", product 2 on "copies"; any other is unknown to the school. */
export const SOUP = 1;
export const COPY = 2;

export type LedgerStage = {
  ledger: Ledger;
  intake: Intake;
  first: PaperTerminal;
  second: PaperTerminal;
};

function open(account: "wallet" | "sales", ref: string): Command {
  return { id: `open/${ref}`, author: "test", at: NOON, kind: "openAccount", account, ref };
}

/** url: an empty database that the caller has; without it, one of the workers project. */
export async function openLedgerStage(url?: string): Promise<LedgerStage> {
  const client = connectLedger(url ?? (await newLedgerUrl()), undefined);
  const ledger = await openLedger(client, SCHOOL);
  const border = { school: SCHOOL, primitives, secret: SEAL_SECRET, keys: new Map() };
  const intake: Intake = { ledger, border, ring: new Map(), now: () => NOON * 1000 };
  const first = paperTerminal(SCHOOL, 1, 1, SEAL_SECRET);
  const second = paperTerminal(SCHOOL, 2, 1, SEAL_SECRET);
  const names = [
    open("wallet", "1"),
    open("wallet", "2"),
    open("sales", "repas"),
    open("sales", "copies"),
  ];
  const [lina, zoe] = (await runCommands(ledger, names)).map((one) => (one.ok ? one.account : 0));
  await ledger.client.batch(
    [
      {
        sql: "insert into student(id, first_name, last_name, class, allergens, account) values(1, 'Lina', 'Lambert', '3B', 0, ?)",
        args: [lina ?? 0],
      },
      {
        sql: "insert into student(id, first_name, last_name, class, allergens, account) values(2, 'Zoé', 'Peeters', '5C', 0, ?)",
        args: [zoe ?? 0],
      },
      "insert into product values(1, 'repas'), (2, 'copies')",
      `insert into terminal(id, name, till, epoch)
        values(1, 'Réfectoire', '{}', 1), (2, 'Bar', '{}', 1)`,
      {
        sql: "insert into terminal_key values(1, 1, ?, 0), (2, 1, ?, 0)",
        args: [first.publicKey, second.publicKey],
      },
    ],
    "write",
  );
  return { ledger, intake, first, second };
}

export function give(stage: LedgerStage, messages: Message[]): Promise<Ingested> {
  return ingest(stage.intake, messages);
}

let topUps = 0;

/** Cash at the bursar's desk; each call is a command of its own. */
export async function topUp(stage: LedgerStage, student: number, cents: number): Promise<void> {
  const id = `cash/${++topUps}`;
  const order = { id, author: "test", at: NOON, kind: "topUp", means: "cash", note: "" } as const;
  const [result] = await runCommands(stage.ledger, [{ ...order, student, cents }]);
  if (!result?.ok) throw new Error(`stage: the top-up was refused: ${result?.reason}`);
}

/** Sets the ceiling of a lease by hand; what the gateway would grant is not what these tests are
 * about. */
export async function lend(
  stage: LedgerStage,
  terminal: number,
  student: number,
  ceilingCents: number,
): Promise<void> {
  const { ledger } = stage;
  await inTurn(ledger, async () => {
    const found = await ledger.client.execute({
      sql: `select s.account, coalesce(max(l.version), 0) as version from student s
        left join lease l on l.student = s.id and l.terminal = ? where s.id = ?`,
      args: [terminal, student],
    });
    const account = numberIn(found.rows[0], "account");
    const version = numberIn(found.rows[0], "version") + 1;
    const batch = emptyBatch(NOON);
    batch.grants.push({ terminal, epoch: 1, student, account, ceilingCents, version });
    await commit(ledger, batch);
  });
}

/** Balances in cents by kind and ref, without those at zero; "reserved" of a wallet after a
 * slash. */
export async function readBalances(stage: LedgerStage): Promise<Record<string, number>> {
  const found = await stage.ledger.client.execute(
    "select kind, ref, balance, reserved from account",
  );
  const balances: Record<string, number> = {};
  for (const row of found.rows) {
    const name = `${textIn(row, "kind")}/${textIn(row, "ref")}`;
    if (row["balance"] !== 0) balances[name] = numberIn(row, "balance");
    if (row["reserved"] !== 0) balances[`${name}/reserved`] = numberIn(row, "reserved");
  }
  return balances;
}

/** Throws, and says which, when anything that must always hold does not. */
export function checkBooks(stage: LedgerStage): Promise<void> {
  return checkLedger(stage.ledger);
}

/** Listens to the database from now on: how many batches it has refused. */
export function countRefusals(stage: LedgerStage): () => number {
  const { client } = stage.ledger;
  const batch = client.batch.bind(client);
  let refusals = 0;
  client.batch = (...given) =>
    batch(...given).catch((error: unknown) => {
      refusals++;
      throw error;
    });
  return () => refusals;
}

/** A price list, so that something can be ordered: soup at 1 euro, a copy at 10 cents. */
export async function offer({ ledger }: LedgerStage): Promise<void> {
  await ledger.client.batch(
    [
      `insert into product_revision(product, revision, name, cents)
        values(1, 1, 'Potage', 100), (2, 1, 'Copie', 10)`,
      "insert into price values(1, 1, 1), (1, 2, 1)",
    ],
    "write",
  );
}
