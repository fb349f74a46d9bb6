// What people and jobs ask of the ledger. The author chooses the id of a command, so a form sent
// twice, or a job run again, changes nothing; the same id with another content is refused, because
// one of the two is a mistake.

import { sha256 } from "#edge/crypto.ts";
import { IS_RECOVERING } from "#edge/recovery.ts";
import type { AccountRow, Batch, CommandRow } from "./batch.ts";
import { emptyBatch } from "./batch.ts";
import type { Ledger } from "./ledger.ts";
import { commit, inTurn, readHead } from "./ledger.ts";
import { numberIn, textIn } from "./row.ts";

/** A family pays a term in advance at most; a slip of the keyboard should not pass. */
export const TOP_UP_CENTS_MAX = 100_000;
const ID_LENGTH_MAX = 100;

export type Means = "cash" | "transfer" | "correction";
export type Command = { id: string; author: string; at: number } & (
  | { kind: "topUp"; student: number; cents: number; means: Means; note: string }
  | { kind: "openAccount"; account: "wallet" | "sales"; ref: string }
);
export type CommandRefusal =
  | "bad-id"
  | "other-content"
  | "unknown-student"
  | "cents-out-of-range"
  | "not-covered"
  | "recovering"
  | "bad-ref";
/** account: the one credited or opened. */
export type CommandResult =
  | { ok: true; replayed: boolean; account: number }
  | { ok: false; reason: CommandRefusal };

type Wallet = { account: number; freeCents: number };
type Known = {
  bodies: Map<string, string>;
  accounts: Map<string, number>;
  wallets: Map<number, Wallet>;
  lastNo: number;
  lastAccount: number;
  /** The ledger was set back, and does not know yet what wallets hold. */
  isRecovering: boolean;
};

/** Does all that can be done, in one batch; a result for each command, in order. */
export function runCommands(ledger: Ledger, commands: Command[]): Promise<CommandResult[]> {
  return inTurn(ledger, async () => {
    const known = await readKnown(ledger, commands);
    const { lastSeq } = await readHead(ledger);
    const batch = emptyBatch(Math.floor(Date.now() / 1000));
    const results = commands.map((command) => decide(command, known, batch, lastSeq));
    await commit(ledger, batch);
    return results;
  });
}

export const isId = (id: string): boolean => id !== "" && id.length <= ID_LENGTH_MAX;

function decide(command: Command, known: Known, batch: Batch, lastSeq: number): CommandResult {
  if (!isId(command.id)) return { ok: false, reason: "bad-id" };
  const body = bodyOf(command);
  const before = known.bodies.get(command.id);
  if (before !== undefined && before !== body) return { ok: false, reason: "other-content" };
  const replayed = before !== undefined;
  const account = accountOf(command, known, batch.accounts);
  if (typeof account === "string") return { ok: false, reason: account };
  if (replayed) return { ok: true, replayed, account };
  if (known.isRecovering && lowers(command)) return { ok: false, reason: "recovering" };
  if (!takeCover(command, known)) return { ok: false, reason: "not-covered" };
  known.bodies.set(command.id, body);
  const { id, kind, author, at } = command;
  const row: CommandRow = { no: ++known.lastNo, id, kind, author, at, body };
  batch.commands.push(row);
  if (command.kind === "topUp") {
    const { means } = command;
    const from = means === "correction" ? "equity/correction" : `bank/${means}`;
    const house = houseAccount(known, from);
    batch.transfers.push({
      seq: lastSeq + batch.transfers.length + 1,
      source: 0,
      counter: row.no,
      line: 0,
      debit: command.cents > 0 ? house : account,
      credit: command.cents > 0 ? account : house,
      amountCents: Math.abs(command.cents),
      at,
      reverses: 0,
      evidence: sha256(body),
    });
  }
  return { ok: true, replayed, account };
}

/** The account a command is about; opens the one it asks for, when there is none yet. */
function accountOf(command: Command, known: Known, opened: AccountRow[]): number | CommandRefusal {
  if (command.kind === "topUp") {
    const { cents, student } = command;
    const leastCents = command.means === "correction" ? -TOP_UP_CENTS_MAX : 1;
    if (!Number.isSafeInteger(cents) || !cents || cents < leastCents || cents > TOP_UP_CENTS_MAX)
      return "cents-out-of-range";
    return known.wallets.get(student)?.account ?? "unknown-student";
  }
  if (!isId(command.ref)) return "bad-ref";
  const name = `${command.account}/${command.ref}`;
  const account = known.accounts.get(name) ?? ++known.lastAccount;
  if (!known.accounts.has(name)) {
    opened.push({ id: account, kind: command.account, ref: command.ref });
    known.accounts.set(name, account);
  }
  return account;
}

/** A correction downwards takes only what no terminal may still spend; the ledger would refuse
 * more. */
function takeCover(command: Command, known: Known): boolean {
  const wallet = command.kind === "topUp" ? known.wallets.get(command.student) : undefined;
  if (command.kind !== "topUp" || !wallet) return true;
  if (command.cents < 0 && wallet.freeCents + command.cents < 0) return false;
  wallet.freeCents += command.cents;
  return true;
}

function houseAccount(known: Known, name: string): number {
  const account = known.accounts.get(name);
  if (account === undefined) throw new Error(`commands: the ledger has no account ${name}`);
  return account;
}

const lowers = (command: Command): boolean => command.kind === "topUp" && command.cents < 0;

/** What was asked, without who and when: the form sent a second later is the same command. */
function bodyOf(command: Command): string {
  if (command.kind === "topUp") {
    const { kind, student, cents, means, note } = command;
    return JSON.stringify({ kind, student, cents, means, note });
  }
  return JSON.stringify({ kind: command.kind, account: command.account, ref: command.ref });
}

async function readKnown(ledger: Ledger, commands: Command[]): Promise<Known> {
  const ids = JSON.stringify(commands.map((command) => command.id));
  const students = JSON.stringify(
    commands.map((command) => (command.kind === "topUp" ? command.student : 0)),
  );
  const refs = JSON.stringify(
    commands.map((command) => (command.kind === "openAccount" ? command.ref : "")),
  );
  const [asked, wallets, accounts, last, open] = await ledger.client.batch(
    [
      {
        sql: "select id, body from command where id in (select value from json_each(?))",
        args: [ids],
      },
      {
        sql: `select s.id, s.account, a.balance - a.reserved as free from student s
          join account a on a.id = s.account where s.id in (select value from json_each(?))`,
        args: [students],
      },
      {
        sql: `select id, kind || '/' || ref as name from account
          where kind in ('bank', 'equity') or ref in (select value from json_each(?))`,
        args: [refs],
      },
      `select (select coalesce(max(no), 0) from command) as no,
        (select coalesce(max(id), 0) from account) as account`,
      IS_RECOVERING,
    ],
    "read",
  );
  return {
    bodies: new Map(asked?.rows.map((row) => [textIn(row, "id"), textIn(row, "body")])),
    wallets: new Map(
      wallets?.rows.map((row) => [
        numberIn(row, "id"),
        { account: numberIn(row, "account"), freeCents: numberIn(row, "free") },
      ]),
    ),
    accounts: new Map(accounts?.rows.map((row) => [textIn(row, "name"), numberIn(row, "id")])),
    lastNo: numberIn(last?.rows[0], "no"),
    lastAccount: numberIn(last?.rows[0], "account"),
    isRecovering: numberIn(open?.rows[0], "recovering") > 0,
  };
}
