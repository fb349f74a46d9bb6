// Goal: a ledger that was set back to a backup promises nobody anything until it knows again what all
// terminals have sold; then it goes on as if nothing had happened. Method: a terminal on paper sells
// into one ledger, and its later entries never reach a second one, which is the first as it was
// restored.

import { beforeEach, expect, test } from "vitest";
import type { Bytes } from "#protocol/bytes.ts";
import type { LedgerStage } from "#sim/ledger-stage.ts";
import {
  LINA,
  NOON,
  SOUP,
  checkBooks,
  give,
  lend,
  openLedgerStage,
  readBalances,
  topUp,
} from "#sim/ledger-stage.ts";
import type { Heard } from "#sim/overhearing.ts";
import { overhear } from "#sim/overhearing.ts";
import type { PaperTerminal, Said } from "#sim/paper-terminal.ts";
import { sayMessage, sayToken, sayTokens } from "#sim/paper-terminal.ts";
import type { Message } from "./border.ts";
import { runCommands } from "./ledger/commands.ts";
import { numberIn } from "./ledger/row.ts";
import { writeOff } from "./ledger/write-offs.ts";
import { VERSIONS_PER_RECOVERY, beginRecovery } from "./recovery.ts";
import type { Service } from "./service.ts";
import { answer, createService, serve } from "./service.ts";

let stage: LedgerStage;
let service: Service;
let heard: Heard[];
/** Entries of the first terminal that only the lost ledger had: sold, closed, opened, sold. */
let lost: Bytes[];
const SOLD: Said = {
  kind: "purchase",
  student: LINA,
  lines: [{ product: SOUP, revision: 1, quantity: 1, unitCents: 300 }],
};

beforeEach(async () => {
  stage = await openLedgerStage();
  const overheard = overhear(now);
  heard = overheard.heard;
  service = createService(stage.ledger, overheard.voice, now);
  await topUp(stage, LINA, 2000);
  await lend(stage, 1, LINA, 300);
  await lend(stage, 2, LINA, 500);
  await stage.ledger.client.execute(
    `update terminal set here = 1, till = '{"language":"fr","soup":1,"keys":[],"graceCents":0}'`,
  );
  const say = (said: Said): Bytes => sayToken(stage.first, said, NOON);
  await give(stage, [sayTokens(stage.first, [say({ kind: "open" }), say(SOLD)])]);
  lost = [say(SOLD), say({ kind: "close" }), say({ kind: "open" }), say(SOLD)];
});

/** What terminals are told, without the time and acks. */
function wordsOf({ terminal, message }: Heard): string[] {
  if (message.kind === "resend") return [`${terminal} resend ${message.fromSeq}`];
  if (message.kind === "recall") return [`${terminal} recall ${message.seq} ${message.reopen}`];
  if (message.kind !== "leases") return [];
  return message.leases.map((lease) => `${terminal} lease ${lease.ceilingCents} v${lease.version}`);
}

async function hear(...messages: Message[]): Promise<string[]> {
  heard.splice(0);
  answer(service, await give(stage, messages));
  await serve(service);
  await checkBooks(stage);
  return heard.flatMap(wordsOf).filter((word) => !word.includes("lease"));
}

function status(paper: PaperTerminal, acked: number): Message {
  const held = { roster: 9, prices: 9, blocks: 9, orders: 9 };
  return sayMessage(paper, { kind: "status", unsent: 0, oldest: 0, sequence: 0, ...held, acked });
}

const close = (paper: PaperTerminal): Message =>
  sayTokens(paper, [sayToken(paper, { kind: "close" }, NOON)]);

async function openRows(): Promise<number[]> {
  const found = await stage.ledger.client.execute(
    "select terminal from recovery where ended = 0 order by terminal",
  );
  return found.rows.map((row) => numberIn(row, "terminal"));
}

async function refund(): Promise<string> {
  const order = { id: `refund/${Math.random()}`, author: "test", at: NOON, note: "back" };
  const [result] = await runCommands(stage.ledger, [
    { ...order, kind: "topUp", student: LINA, cents: -100, means: "correction" },
  ]);
  return result?.ok ? "ok" : (result?.reason ?? "");
}

const now = (): number => NOON * 1000;

test("a terminal that knows more than the ledger is asked for it, and nobody is granted anything", async () => {
  expect(await hear(status(stage.first, 6))).toEqual(["1 resend 3"]);
  expect(await openRows()).toEqual([1, 2]);
  const asked = { kind: "ask" as const, unsent: 0, oldest: 0, student: LINA, cents: 100 };
  await hear(sayMessage(stage.first, asked));
  expect(heard.flatMap(wordsOf)).toContain("1 lease 300 v1");
  expect(await refund()).toBe("recovering");
  await topUp(stage, LINA, 100);
  const raise = "update lease set ceiling = ceiling + 1, version = version + 1";
  await expect(stage.ledger.client.execute(raise)).rejects.toThrow("recovering");
});

test("a close of the days that were lost ends nothing; one that follows them all does", async () => {
  await hear(status(stage.first, 6));
  await hear(sayTokens(stage.first, lost));
  expect(await openRows()).toEqual([1, 2]);
  expect(await hear(status(stage.first, 6))).toEqual(["1 recall 6 true"]);
  await hear(close(stage.first));
  expect(await openRows()).toEqual([2]);
  expect(await readBalances(stage)).toMatchObject({ "wallet/1": 1100, "wallet/1/reserved": 500 });
});

test("before a terminal has said what was acknowledged to it, no close counts", async () => {
  await beginRecovery(stage.ledger, NOON);
  await hear(sayTokens(stage.first, lost));
  expect(await openRows()).toEqual([1, 2]);
});

test("one that is away for days holds all up, until it comes or is given up", async () => {
  await hear(status(stage.first, 6));
  await hear(sayTokens(stage.first, lost), status(stage.first, 6));
  await hear(close(stage.first));
  expect(await refund()).toBe("recovering");
  const order = { id: "lost", author: "bursar", at: NOON, terminal: 2, epoch: 1 };
  expect(await writeOff(stage.ledger, order)).toMatchObject({ ok: true, freedCents: 500 });
  expect(await openRows()).toEqual([]);
  expect(await refund()).toBe("ok");
});

test("afterwards leases have versions that no terminal can have heard of", async () => {
  await hear(status(stage.first, 6));
  await hear(sayTokens(stage.first, lost), status(stage.first, 6), status(stage.second, 0));
  const reopened = sayToken(stage.first, { kind: "close" }, NOON);
  const open = sayToken(stage.first, { kind: "open" }, NOON);
  await hear(close(stage.second), sayTokens(stage.first, [reopened, open]));
  expect(await openRows()).toEqual([]);
  service.students.add(LINA);
  await hear();
  const found = await stage.ledger.client.execute("select version from lease where terminal = 1");
  expect(numberIn(found.rows[0], "version")).toBe(VERSIONS_PER_RECOVERY + 1);
});

test("a terminal that knows no more than the ledger sets nothing off", async () => {
  expect(await hear(status(stage.first, 2))).toEqual([]);
  expect(await openRows()).toEqual([]);
});
