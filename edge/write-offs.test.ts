// Goal: a device that is lost, stolen or replaced costs the school what it still sells, and a family
// nothing. Method: a terminal on paper goes on selling after the school has given it up; its tokens
// come late, in any order of the two; the database itself is asked to break the promise.

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
import { sayToken, sayTokens } from "#sim/paper-terminal.ts";
import { grantLeases } from "./leasing.ts";
import type { WriteOff, WriteOffResult } from "./ledger/write-offs.ts";
import { writeOff } from "./ledger/write-offs.ts";

let stage: LedgerStage;

beforeEach(async () => {
  stage = await openLedgerStage();
  await topUp(stage, LINA, 2000);
  await lend(stage, 1, LINA, 800);
  await lend(stage, 2, LINA, 500);
});

const LOST: WriteOff = { id: "lost-1", author: "bursar", at: NOON, terminal: 1, epoch: 1 };

async function giveUp(change: Partial<WriteOff> = {}): Promise<WriteOffResult> {
  const result = await writeOff(stage.ledger, { ...LOST, ...change });
  await checkBooks(stage);
  return result;
}

function buy(cents: number, graceCents = 0): Bytes {
  const lines = [{ product: SOUP, revision: 1, quantity: 1, unitCents: cents }];
  return sayToken(stage.first, { kind: "purchase", student: LINA, lines, graceCents }, NOON);
}

async function outcomesOf(...tokens: Bytes[]): Promise<string[]> {
  const { results } = await give(stage, [sayTokens(stage.first, tokens)]);
  await checkBooks(stage);
  return results.flatMap((result) => result.outcomes);
}

test("what it held is free at once, for other counters and for home", async () => {
  expect(await outcomesOf(buy(300))).toEqual(["booked"]);
  expect(await giveUp()).toEqual({ ok: true, replayed: false, freedCents: 500 });
  expect(await readBalances(stage)).toMatchObject({
    "wallet/1": 1700,
    "wallet/1/reserved": 500,
  });
});

test("what it sold and nobody knew of falls on the school, its grace on solidarity", async () => {
  await giveUp();
  expect(await outcomesOf(buy(300), buy(200, 50), buy(40, 40))).toEqual(["risk", "risk", "grace"]);
  expect(await readBalances(stage)).toMatchObject({
    "wallet/1": 2000,
    "risk/terminals": -450,
    "solidarity/grace": -90,
    "sales/repas": 540,
  });
});

test("a sale that was paid before can still be undone: the family gets it back, free", async () => {
  expect(await outcomesOf(buy(300))).toEqual(["booked"]);
  await giveUp();
  const undo = { kind: "void", student: LINA, totalCents: 300, voids: 1 } as const;
  expect(await outcomesOf(sayToken(stage.first, undo, NOON))).toEqual(["booked"]);
  expect(await readBalances(stage)).toMatchObject({
    "wallet/1": 2000,
    "wallet/1/reserved": 500,
  });
});

test("it is granted nothing any more, though it goes on selling", async () => {
  await giveUp();
  await outcomesOf(sayToken(stage.first, { kind: "open" }, NOON));
  const asked = { terminal: 1, epoch: 1, student: LINA, cents: 100 };
  expect(await grantLeases(stage.ledger, [LINA], [asked])).toMatchObject({ grants: [], unmet: [] });
  const raise = "update lease set ceiling = ceiling + 1, version = version + 1 where terminal = 1";
  await expect(stage.ledger.client.execute(raise)).rejects.toThrow("written off");
});

test("asked twice it is done once; it is final, and only for a device that is known", async () => {
  await giveUp();
  expect(await giveUp()).toEqual({ ok: true, replayed: true, freedCents: 0 });
  expect(await giveUp({ terminal: 2 })).toEqual({ ok: false, reason: "other-content" });
  expect(await giveUp({ id: "again" })).toEqual({ ok: false, reason: "written-off" });
  expect(await giveUp({ id: "new", epoch: 2 })).toEqual({ ok: false, reason: "unknown-epoch" });
  expect(await giveUp({ id: "" })).toEqual({ ok: false, reason: "bad-id" });
  for (const sql of ["delete from write_off", "update write_off set at = 0"])
    await expect(stage.ledger.client.execute(sql)).rejects.toThrow("final");
});
