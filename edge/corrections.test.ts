// Goal: whatever went wrong is put right once, by new transfers that name the old ones, and no
// wallet pays what it does not have. Method: each correction against a small school on a real
// ledger, asked twice, asked of the wrong thing, and all at once; the books are checked after each.

import { beforeEach, expect, test } from "vitest";
import type { LedgerStage } from "#sim/ledger-stage.ts";
import {
  LINA,
  NOON,
  SOUP,
  ZOE,
  checkBooks,
  give,
  lend,
  openLedgerStage,
  readBalances,
  topUp,
} from "#sim/ledger-stage.ts";
import { sayToken, sayTokens } from "#sim/paper-terminal.ts";
import type { CommandResult } from "./ledger/commands.ts";
import { runCommands } from "./ledger/commands.ts";
import type { Order } from "./ledger/commands/command.ts";
import { counterOf } from "./open-books.ts";

const STRANGER = 99;
let stage: LedgerStage;

beforeEach(async () => {
  stage = await openLedgerStage();
  await topUp(stage, LINA, 2000);
});

async function demand(id: string, order: Order): Promise<CommandResult | undefined> {
  const [result] = await runCommands(stage.ledger, [{ id, author: "bursar", at: NOON, ...order }]);
  await checkBooks(stage);
  return result;
}

async function buy(student: number, cents: number): Promise<{ source: number; counter: number }> {
  const lines = [{ product: SOUP, revision: 1, quantity: 1, unitCents: cents }];
  const token = sayToken(stage.first, { kind: "purchase", student, lines }, NOON);
  await give(stage, [sayTokens(stage.first, [token])]);
  return { source: 1, counter: counterOf(1, stage.first.seq) };
}

/** What the last command booked is itself a source. */
async function lastCommand(): Promise<{ source: number; counter: number }> {
  const found = await stage.ledger.client.execute("select max(no) as no from command");
  return { source: 0, counter: Number(found.rows[0]?.["no"]) };
}

const done = { ok: true, replayed: false };
const refused = (reason: string, student?: number): object => ({ ok: false, reason, student });
const REASON = "froid";

test("a purchase is undone whole, once, and names what it undoes", async () => {
  const sale = await buy(LINA, 300);
  const order: Order = { kind: "reverse", ...sale, reason: REASON };
  expect(await demand("r1", order)).toMatchObject(done);
  expect(await readBalances(stage)).toEqual({ "wallet/1": 2000, "bank/cash": -2000 });
  expect(await demand("r1", order)).toMatchObject({ ok: true, replayed: true });
  expect(await demand("r1", { ...order, reason: "x" })).toEqual(refused("other-content"));
  expect(await demand("r2", order)).toEqual(refused("reversed"));
  const named = await stage.ledger.client.execute(
    "select count(*) as n from transfer a join transfer b on b.reverses = a.seq where a.source = 1",
  );
  expect(named.rows[0]?.["n"]).toBe(1);
});

test("a void that comes after the bursar's reversal finds nothing to undo", async () => {
  const sale = await buy(LINA, 300);
  await demand("r1", { kind: "reverse", ...sale, reason: REASON });
  const undo = { kind: "void", student: LINA, totalCents: 300, voids: 1 } as const;
  const { results } = await give(stage, [
    sayTokens(stage.first, [sayToken(stage.first, undo, NOON)]),
  ]);
  expect(results[0]?.outcomes).toEqual(["nothing-to-void"]);
  expect(await readBalances(stage)).toMatchObject({ "wallet/1": 2000 });
});

test("a top-up is undone only as far as the wallet is free of leases", async () => {
  const cash = await lastCommand();
  await lend(stage, 1, LINA, 500);
  const order: Order = { kind: "reverse", ...cash, reason: REASON };
  expect(await demand("r1", order)).toEqual(refused("not-covered", LINA));
  await topUp(stage, LINA, 500);
  expect(await demand("r1", order)).toMatchObject(done);
  expect(await readBalances(stage)).toMatchObject({ "wallet/1": 500, "bank/cash": -500 });
});

test("what undoes is not undone; nothing, and nobody's, cannot be", async () => {
  const sale = await buy(LINA, 300);
  await demand("r1", { kind: "reverse", ...sale, reason: REASON });
  const back = await lastCommand();
  const again: Order = { kind: "reverse", ...back, reason: REASON };
  expect(await demand("r2", again)).toEqual(refused("is-correction"));
  const none: Order = { kind: "reverse", source: 1, counter: 7, reason: REASON };
  expect(await demand("r3", none)).toEqual(refused("unknown-source"));
  expect(await demand("r4", { ...none, reason: " " })).toEqual(refused("no-reason"));
});

test("goodwill is given by the school, and can be taken back once", async () => {
  const gift: Order = { kind: "goodwill", student: LINA, cents: 150, reason: REASON };
  expect(await demand("g1", gift)).toMatchObject(done);
  expect(await demand("g1", gift)).toMatchObject({ ok: true, replayed: true });
  expect(await readBalances(stage)).toMatchObject({ "wallet/1": 2150, "equity/goodwill": -150 });
  expect(await demand("g2", { ...gift, cents: 0 })).toEqual(refused("cents-out-of-range"));
  expect(await demand("g3", { ...gift, student: 9 })).toEqual(refused("unknown-student"));
  const given = { source: 0, counter: (await lastCommand()).counter };
  expect(await demand("r1", { kind: "reverse", ...given, reason: REASON })).toMatchObject(done);
  expect(await readBalances(stage)).toEqual({ "wallet/1": 2000, "bank/cash": -2000 });
});

test("what a stranger's card bought is paid by the student whose card it was, once", async () => {
  const sale = await buy(STRANGER, 250);
  const order: Order = { kind: "assign", ...sale, line: 0, student: LINA, reason: REASON };
  const poor: Order = { ...order, student: ZOE };
  expect(await demand("a0", poor)).toEqual(refused("not-covered", ZOE));
  expect(await demand("a1", order)).toMatchObject(done);
  expect(await demand("a2", order)).toEqual(refused("assigned"));
  const undo: Order = { kind: "reverse", ...sale, reason: REASON };
  expect(await demand("r1", undo)).toEqual(refused("assigned"));
  expect(await readBalances(stage)).toEqual({
    "wallet/1": 1750,
    "bank/cash": -2000,
    "sales/repas": 250,
  });
});

test("an assignment to the wrong student is undone, and made anew", async () => {
  const sale = await buy(STRANGER, 250);
  const order: Order = { kind: "assign", ...sale, line: 0, student: LINA, reason: REASON };
  await demand("a1", order);
  const wrong = await lastCommand();
  expect(await demand("r1", { kind: "reverse", ...wrong, reason: REASON })).toMatchObject(done);
  await topUp(stage, ZOE, 300);
  expect(await demand("a2", { ...order, student: ZOE })).toMatchObject(done);
  expect(await readBalances(stage)).toMatchObject({ "wallet/1": 2000, "wallet/2": 50 });
});

test("only what waits in suspense is assigned", async () => {
  const sale = await buy(LINA, 300);
  const order: Order = { kind: "assign", ...sale, line: 0, student: ZOE, reason: REASON };
  expect(await demand("a1", order)).toEqual(refused("not-in-suspense"));
  expect(await demand("a2", { ...order, line: 5 })).toEqual(refused("unknown-source"));
});

test("the school bears what fell on its risk, never more", async () => {
  await buy(ZOE, 400);
  const order: Order = { kind: "coverLoss", account: "risk/terminals", cents: 300, reason: REASON };
  expect(await demand("l1", order)).toMatchObject(done);
  expect(await demand("l2", order)).toEqual(refused("cents-out-of-range"));
  expect(await demand("l3", { ...order, cents: 100 })).toMatchObject(done);
  expect(await readBalances(stage)).toMatchObject({ "equity/losses": -400, "sales/repas": 400 });
  expect(await readBalances(stage)).not.toHaveProperty("risk/terminals");
});

test("many corrections in one batch see each other", async () => {
  const sale = await buy(STRANGER, 1500);
  const head = { author: "bursar", at: NOON };
  const mine: Order = { kind: "assign", ...sale, line: 0, student: LINA, reason: REASON };
  const cash = { source: 0, counter: 5 };
  const results = await runCommands(stage.ledger, [
    { ...head, id: "1", ...mine },
    { ...head, id: "2", ...mine },
    { ...head, id: "3", kind: "reverse", ...cash, reason: REASON },
    { ...head, id: "4", kind: "goodwill", student: LINA, cents: 1500, reason: REASON },
    { ...head, id: "5", kind: "reverse", ...cash, reason: REASON },
    { ...head, id: "6", kind: "reverse", ...cash, reason: REASON },
  ]);
  expect(results.map((one) => (one.ok ? "done" : one.reason))).toEqual([
    "done",
    "assigned",
    "not-covered",
    "done",
    "done",
    "reversed",
  ]);
  await checkBooks(stage);
  expect(await readBalances(stage)).toMatchObject({ "equity/goodwill": -1500 });
});
