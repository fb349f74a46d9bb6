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
import { toHex } from "#protocol/bytes.ts";
import { UPLINK_TOKENS_MAX } from "#protocol/uplink.ts";
import type { PaperTerminal } from "../paper-terminal.ts";
import { paperTerminal, sayToken, sayTokens } from "../paper-terminal.ts";

export const SCHOOL = "college-bench";
export const TERMINALS = 50;
export const STUDENTS = 1_000;
const SECRET = new Uint8Array(32).fill(7);
/** Seconds since 1970, in November 2026. */
const NOON = 1_795_431_600;
const WALLET_CENTS = 100_000;
const LEASE_CENTS = 50_000;
const SOUP = { product: 1, revision: 1, quantity: 1, unitCents: 100 };
const COMMANDS_PER_BATCH = 500;

export type School = { ledger: Ledger; intake: Intake; terminals: PaperTerminal[] };

export async function openSchool(client: Client): Promise<School> {
  const ledger = await openLedger(client, SCHOOL);
  const terminals = Array.from({ length: TERMINALS }, (_, i) =>
    paperTerminal(SCHOOL, i + 1, 1, SECRET),
  );
  await order(ledger, [
    open("sales", "repas"),
    ...studentNumbers().map((id) => open("wallet", `${id}`)),
  ]);
  await client.batch(
    [
      `insert into student select cast(ref as integer), 'Lina', 'Lambert', '3B', 0, id
        from account where kind = 'wallet'`,
      "insert into product values(1, 'repas')",
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
  await order(ledger, studentNumbers().map(fill));
  await lend(ledger);
  const border = { school: SCHOOL, primitives, secret: SECRET, keys: new Map() };
  const intake = { ledger, border, ring: new Map(), now: () => NOON * 1000 };
  return { ledger, intake, terminals };
}

/** One message per visit of a terminal, each with as many sales of soup as a message may carry. */
export function sellSoup(terminals: PaperTerminal[], sales: number): Message[] {
  const messages: Message[] = [];
  for (let sold = 0; sold < sales; sold += UPLINK_TOKENS_MAX) {
    const paper = terminals[(sold / UPLINK_TOKENS_MAX) % terminals.length] as PaperTerminal;
    const tokens = Array.from({ length: UPLINK_TOKENS_MAX }, () => {
      const visit = Math.floor(paper.seq % (STUDENTS / TERMINALS));
      const student = visit * TERMINALS + paper.terminal;
      return sayToken(paper, { kind: "purchase", student, lines: [SOUP] }, NOON);
    });
    messages.push(sayTokens(paper, tokens));
  }
  return messages;
}

const studentNumbers = (): number[] => Array.from({ length: STUDENTS }, (_, i) => i + 1);

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

/** Student n buys at terminal n mod TERMINALS: one lease each, large enough for all that is sold. */
async function lend(ledger: Ledger): Promise<void> {
  const rows = await ledger.client.execute("select id, account from student order by id");
  await inTurn(ledger, async () => {
    const batch = emptyBatch(NOON);
    batch.grants = rows.rows.map((row) => ({
      terminal: ((Number(row["id"]) - 1) % TERMINALS) + 1,
      epoch: 1,
      student: Number(row["id"]),
      account: Number(row["account"]),
      ceilingCents: LEASE_CENTS,
      version: 1,
    }));
    await commit(ledger, batch);
  });
}
