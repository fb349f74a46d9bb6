// Goal: for whoever has left, counters are granted nothing more and are asked for what they hold, while the wallet stays
// right. Method: leases lent by hand in a real sqld; the gateway's own grants and looks; what it says is overheard.

import { beforeEach, expect, test } from "vitest";
import type { LedgerStage } from "#sim/ledger-stage.ts";
import { LINA, NOON, ZOE, lend, openLedgerStage, topUp } from "#sim/ledger-stage.ts";
import { checkLedger } from "#sim/check-ledger.ts";
import type { Overhearing } from "#sim/overhearing.ts";
import { overhear } from "#sim/overhearing.ts";
import { grantLeases } from "./leasing.ts";
import { recallLeavers } from "./leavers.ts";
import { runAct } from "./people/acts.ts";

let stage: LedgerStage;
let air: Overhearing;

beforeEach(async () => {
  stage = await openLedgerStage();
  air = overhear(() => NOON * 1000);
  await stage.ledger.client.batch([
    `insert into person(id, username, name, role)
      values(1, 'beatrice', 'Béatrice', 'bursar')`,
    "insert into card(uid, student, status, since) values(x'04a1b2c3', 1, 'active', 0)",
    "update terminal set selling = 1, here = 1",
  ]);
  await topUp(stage, LINA, 2000);
  await topUp(stage, ZOE, 2000);
  await lend(stage, 1, LINA, 500);
});

const leave = () =>
  runAct(stage.ledger, { by: 1, at: NOON, kind: "leave", student: LINA, reason: "départ" });
const grants = async (students: number[], terminal = 2) => {
  const asks = students.map((student) => ({ terminal, epoch: 1, student, cents: 300 }));
  const granted = await grantLeases(stage.ledger, students, asks, new Set(), NOON * 1000);
  return granted.grants.map(({ student }) => student);
};

test("nothing is granted any more, though a counter asks", async () => {
  expect(await leave()).toEqual({ ok: true });
  expect(await grants([LINA, ZOE])).toEqual([ZOE, ZOE]);
  await checkLedger(stage.ledger);
});

test("a counter that holds something is asked for it, at each look, and nobody else", async () => {
  const look = () => recallLeavers({ ledger: stage.ledger, voice: air.voice });
  expect(await look()).toBe(0);
  await leave();
  expect(await look()).toBe(1);
  expect(air.heard.map(({ terminal, message }) => [terminal, message])).toEqual([
    [1, { kind: "lower", leases: [{ student: LINA, ceilingCents: 0, version: 2 }] }],
  ]);
  await stage.ledger.client.execute("update terminal set here = 0");
  expect(await look()).toBe(0);
});

test("who comes back is granted again", async () => {
  await leave();
  await runAct(stage.ledger, {
    by: 1,
    at: NOON,
    kind: "comeBack",
    student: LINA,
    reason: "retour",
  });
  expect(await grants([LINA])).toContain(LINA);
});
