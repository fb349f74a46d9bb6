// What people and jobs ask of the ledger is decided here, all of a batch in one transaction. A form
// sent twice, or a job run again, changes nothing; the same id with another content is refused,
// because one of the two is a mistake.

import { sha256 } from "#edge/crypto.ts";
import type { Posting } from "#edge/postings.ts";
import type { Batch } from "./batch.ts";
import { emptyBatch } from "./batch.ts";
import type { Command, CommandRefusal, CommandResult, Order } from "./commands/command.ts";
import { isId } from "./commands/command.ts";
import { assign, coverLoss, goodwill, reverse } from "./commands/corrections.ts";
import type { Family, Known } from "./commands/known.ts";
import { readKnown } from "./commands/known.ts";
import { gift, toSibling } from "./commands/leaving.ts";
import { openAccount, refund, topUp } from "./commands/money.ts";
import { cancelPreOrder, preOrder } from "./commands/pre-orders.ts";
import type { Ledger } from "./ledger.ts";
import { commit, inTurn, readHead } from "./ledger.ts";

export type { Command, CommandRefusal, CommandResult, Means } from "./commands/command.ts";

const FAMILIES: { [K in Order["kind"]]: Family<Extract<Order, { kind: K }>> } = {
  topUp,
  refund,
  openAccount,
  preOrder,
  cancelPreOrder,
  reverse,
  goodwill,
  assign,
  coverLoss,
  gift,
  toSibling,
};

/** Does all that can be done, in one batch; a result for each command, in order. */
export function runCommands(
  ledger: Ledger,
  commands: Command[],
  nowMs: number = Date.now(),
): Promise<CommandResult[]> {
  return inTurn(ledger, async () => {
    const { batch, results } = await prepareCommands(ledger, commands, nowMs);
    await commit(ledger, batch);
    return results;
  });
}

/** The batch that does them, not yet written: whoever is in the ledger's turn may add rows that belong to it. */
export async function prepareCommands(
  ledger: Ledger,
  commands: Command[],
  nowMs: number,
): Promise<{ batch: Batch; results: CommandResult[] }> {
  const known = await readKnown(ledger, commands);
  const { lastSeq } = await readHead(ledger);
  const batch = emptyBatch(Math.floor(nowMs / 1000));
  const results = commands.map((command) => decide(command, known, batch, lastSeq));
  return { batch, results };
}

function decide(command: Command, known: Known, batch: Batch, lastSeq: number): CommandResult {
  if (!isId(command.id)) return refuse("bad-id");
  const family: Family<Order> = FAMILIES[command.kind];
  // What was asked, without who and when: the form sent a second later is the same command.
  const body = JSON.stringify(command, family.fields);
  const before = known.bodies.get(command.id);
  if (before !== undefined && before !== body) return refuse("other-content");
  if (before !== undefined)
    return { ok: true, replayed: true, account: family.accountOf(command, known) };
  const decision = family.decide(command, known);
  if (typeof decision === "string") return refuse(decision);
  const short = takeCover(decision.postings, known);
  if (short) return { ok: false, ...short };
  decision.moveOn?.();
  const { id, kind, author, at } = command;
  const no = ++known.lastNo;
  known.bodies.set(id, body);
  batch.commands.push({ no, id, kind, author, at, body });
  batch.accounts.push(...(decision.opened ?? []));
  for (const [line, posting] of decision.postings.entries()) {
    const seq = lastSeq + batch.transfers.length + 1;
    const evidence = sha256(body);
    batch.transfers.push({ ...posting, seq, source: 0, counter: no, line, at, evidence });
  }
  if (decision.also) batch.also.push(decision.also(no));
  const done = { ok: true as const, replayed: false, account: family.accountOf(command, known) };
  const student = command.kind === "reverse" ? ownerOf(decision.postings, known) : undefined;
  return student === undefined ? done : { ...done, student };
}

/** The student whose wallet these move. */
function ownerOf(postings: Posting[], known: Known): number | undefined {
  const accounts = postings.flatMap(({ debit, credit }) => [debit, credit]);
  const wallet = accounts.find((account) => known.wallets.has(account));
  return wallet === undefined ? undefined : known.wallets.get(wallet)?.student;
}

const refuse = (reason: CommandRefusal): CommandResult => ({ ok: false, reason });

type Short = { reason: "recovering" | "not-covered"; student: number };

/** A wallet gives only what no terminal may still spend, and nothing while nobody knows what that
 * is; the ledger would refuse more. */
function takeCover(postings: Posting[], known: Known): Short | undefined {
  const changes = new Map<number, number>();
  for (const { debit, credit, amountCents } of postings) {
    changes.set(debit, (changes.get(debit) ?? 0) - amountCents);
    changes.set(credit, (changes.get(credit) ?? 0) + amountCents);
  }
  for (const [account, cents] of changes) {
    const wallet = known.wallets.get(account);
    if (!wallet || cents >= 0) continue;
    if (known.isRecovering) return { reason: "recovering", student: wallet.student };
    if (wallet.freeCents + cents < 0) return { reason: "not-covered", student: wallet.student };
  }
  for (const [account, cents] of changes) {
    const wallet = known.wallets.get(account);
    if (wallet) wallet.freeCents += cents;
  }
  return undefined;
}
