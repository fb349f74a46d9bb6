// Goal: a badge opens a counter until its last day, or its bearer's, and not after it. Method: badges of several ends on one
// stage; the gateway's look at the moment before and at the moment; the roster says what terminals are told.

import { beforeEach, expect, test } from "vitest";
import { endIn } from "#edge/calendar.ts";
import { readSupplies } from "#edge/supplies.ts";
import { RECORD_BYTES, decodeRecord } from "#protocol/roster.ts";
import type { LedgerStage } from "#sim/ledger-stage.ts";
import { NOON, openLedgerStage } from "#sim/ledger-stage.ts";
import { endBadges, runBadgeAct } from "./badges.ts";

let stage: LedgerStage;
const MIDNIGHT = endIn("2026-11-23") ?? 0;

beforeEach(async () => {
  stage = await openLedgerStage();
  await stage.ledger.client.batch(
    [
      "insert into person(id, username, name, role) values(6, 'b', 'Béatrice', 'bursar')",
      "insert into person(id, username, name, role) values(7, 's', 'Sophie', 'counter')",
      `insert into person(id, username, name, role, ends_at)
        values(8, 'i', 'Inès', 'counter', ${MIDNIGHT})`,
      `update terminal set till = '{"language":"fr","soup":1,"keys":[1],"graceCents":0}'`,
    ],
    "write",
  );
});

const give = (person: number, uid: string, lastDay: string) =>
  runBadgeAct(stage.ledger, { kind: "giveBadge", person, uid, lastDay, by: 6, at: NOON });

async function operators(): Promise<(number | undefined)[]> {
  const { roster } = await readSupplies(stage.ledger.client, NOON * 1000);
  const count = roster.length / RECORD_BYTES;
  return Array.from({ length: count }, (_, i) => decodeRecord(roster.slice(i * RECORD_BYTES)))
    .map(({ operator }) => operator)
    .filter(Boolean);
}

test("a day is the day in Brussels, to its last second", async () => {
  await give(7, "04bada01", "2026-11-23");
  await give(7, "04bada02", "");
  await give(8, "04bada03", "2026-12-24");
  expect(await operators()).toEqual([7, 7, 8]);
  expect(await endBadges(stage.ledger, (MIDNIGHT - 1) * 1000)).toBe(0);
  expect(await endBadges(stage.ledger, MIDNIGHT * 1000)).toBe(2);
  expect(await operators()).toEqual([7]);
  expect(await endBadges(stage.ledger, MIDNIGHT * 1000)).toBe(0);
  const log = await stage.ledger.client.execute(
    "select author, subject from audit where action = 'badge.expire' order by subject",
  );
  expect(log.rows).toMatchObject([
    { author: 6, subject: "card/04bada01" },
    { author: 6, subject: "card/04bada03" },
  ]);
});

test("given again with another day, it has that day, and terminals are told", async () => {
  await give(7, "04bada01", "2026-11-23");
  const version = "select version from supply where name = 'roster'";
  const [before] = (await stage.ledger.client.execute(version)).rows;
  expect(await give(7, "04bada01", "2026-11-23")).toEqual({ ok: true });
  expect((await stage.ledger.client.execute(version)).rows[0]).toEqual(before);
  await give(7, "04bada01", "2027-06-30");
  expect((await stage.ledger.client.execute(version)).rows[0]).not.toEqual(before);
  expect(await endBadges(stage.ledger, MIDNIGHT * 1000)).toBe(0);
});

test.each([
  ["of somebody else", 8, "04bada01", "in-use"],
  ["of nobody who works here", 99, "04bada09", "not-staff"],
])("a badge %s", async (_, person, uid, reason) => {
  await give(7, "04bada01", "");
  expect(await give(person, uid, "")).toEqual({ ok: false, reason });
});
