// A school under load, on paper: students with money and leases, terminals with keys, and their signed and sealed
// sales. The same numbers give the same rows, so that two databases can be compared.

import type { Client } from "@libsql/client/web";
import { primitives } from "#edge/crypto.ts";
import type { Intake } from "#edge/ingest.ts";
import type { Message } from "#edge/border.ts";
import { emptyBatch } from "#edge/ledger/batch.ts";
import { runCommands } from "#edge/ledger/commands.ts";
import type { Command } from "#edge/ledger/commands.ts";
import type { Ledger } from "#edge/ledger/ledger.ts";
import { commit, inTurn, openLedger } from "#edge/ledger/ledger.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { toHex } from "#protocol/bytes.ts";
import { UPLINK_TOKENS_MAX } from "#protocol/uplink.ts";
import type { PaperTerminal } from "../paper-terminal.ts";
import { paperTerminal, sayToken, sayTokens } from "../paper-terminal.ts";

export const TERMINALS = 50;
export const STUDENTS = 1_000;
/** Whose school is loaded, and above which numbers its students and terminals are ours. */
export type Cast = { school: string; secret: Bytes; above: number };
const ON_PAPER: Cast = { school: "college-bench", secret: new Uint8Array(32).fill(7), above: 0 };
/** Seconds since 1970, in November 2026. */
const NOON = 1_795_431_600;
const WALLET_CENTS = 100_000;
const LEASE_CENTS = 50_000;
const SOUP = { product: 1, revision: 1, quantity: 1, unitCents: 100 };
const COMMANDS_PER_BATCH = 500;

export type School = { ledger: Ledger; intake: Intake; terminals: PaperTerminal[] };

export async function openSchool(client: Client, cast = ON_PAPER): Promise<School> {
  const { school, secret, above } = cast;
  const ledger = await openLedger(client, school);
  const terminals = Array.from({ length: TERMINALS }, (_, i) =>
    paperTerminal(school, above + i + 1, 1, secret),
  );
  await order(ledger, [
    open("sales", "repas"),
    ...studentNumbers(above).map((id) => open("wallet", `${id}`)),
  ]);
  await client.batch(
    [
      {
        sql: `insert into student(id, first_name, last_name, class, allergens, account)
          select cast(ref as integer), 'Lina', 'Lambert', '3B', 0, id
          from account where kind = 'wallet' and cast(ref as integer) > ?`,
        args: [above],
      },
      "insert into product select 1, 'repas' where not exists(select 1 from product where id = 1)",
      {
        sql: `insert into terminal(id, name, till, epoch)
          select value->>0, 'Comptoir', '{}', 1 from json_each(?)`,
        args: [JSON.stringify(terminals.map(({ terminal }) => [terminal]))],
      },
      {
        sql: `insert into terminal_key select value->>0, 1, unhex(value->>1), 0 from json_each(?)`,
        args: [JSON.stringify(terminals.map((one) => [one.terminal, toHex(one.publicKey)]))],
      },
    ],
    "write",
  );
  await order(ledger, studentNumbers(above).map(fill));
  await lend(ledger, above);
  const border = { school, primitives, secret, keys: new Map() };
  const intake = { ledger, border, ring: new Map(), now: () => NOON * 1000 };
  return { ledger, intake, terminals };
}

/** One message per visit of a terminal, each with as many sales of soup as a message may carry. */
export function sellSoup({ terminals }: School, sales: number): Message[] {
  const messages: Message[] = [];
  for (let sold = 0; sold < sales; sold += UPLINK_TOKENS_MAX) {
    const paper = terminals[(sold / UPLINK_TOKENS_MAX) % terminals.length] as PaperTerminal;
    const tokens = Array.from({ length: UPLINK_TOKENS_MAX }, () => sellOne(paper, NOON));
    messages.push(sayTokens(paper, tokens));
  }
  return messages;
}

/** A terminal sells to its own students in turn. */
export function sellOne(paper: PaperTerminal, time: number): Bytes {
  const visit = Math.floor(paper.seq % (STUDENTS / TERMINALS));
  const student = visit * TERMINALS + paper.terminal;
  return sayToken(paper, { kind: "purchase", student, lines: [SOUP] }, time);
}

const studentNumbers = (above: number): number[] =>
  Array.from({ length: STUDENTS }, (_, i) => above + i + 1);

function open(account: "wallet" | "sales", ref: string): Command {
  return {
    id: `open/${account}/${ref}`,
    author: "bench",
    at: NOON,
    kind: "openAccount",
    account,
    ref,
  };
}

function fill(student: number): Command {
  const said = { kind: "topUp", means: "cash", note: "" } as const;
  return {
    id: `fill/${student}`,
    author: "bench",
    at: NOON,
    ...said,
    student,
    cents: WALLET_CENTS,
  };
}

async function order(ledger: Ledger, commands: Command[]): Promise<void> {
  for (let from = 0; from < commands.length; from += COMMANDS_PER_BATCH) {
    const results = await runCommands(ledger, commands.slice(from, from + COMMANDS_PER_BATCH));
    const refused = results.find((result) => !result.ok);
    if (refused) throw new Error(`bench: a command was refused: ${JSON.stringify(refused)}`);
  }
}

/** Student n buys at the terminal that n leaves when divided by TERMINALS: one lease each, large enough
 * for all that is sold. */
async function lend(ledger: Ledger, above: number): Promise<void> {
  const rows = await ledger.client.execute({
    sql: "select id, account from student where id > ? order by id",
    args: [above],
  });
  await inTurn(ledger, async () => {
    const batch = emptyBatch(NOON);
    batch.grants = rows.rows.map((row) => ({
      terminal: above + ((Number(row["id"]) - above - 1) % TERMINALS) + 1,
      epoch: 1,
      student: Number(row["id"]),
      account: Number(row["account"]),
      ceilingCents: LEASE_CENTS,
      version: 1,
    }));
    await commit(ledger, batch);
  });
}
