// Goal: each night the head of the chain leaves the house once, and what left it stays. Method: a school whose committee
// speaks two languages, and nights that are asked for again.

import { beforeEach, expect, test } from "vitest";
import type { LedgerStage } from "#sim/ledger-stage.ts";
import { LINA, NOON, SCHOOL, openLedgerStage, topUp } from "#sim/ledger-stage.ts";
import { toHex } from "#protocol/bytes.ts";
import { publishHead } from "./heads.ts";
import { readHead } from "./ledger/ledger.ts";
import { schoolDay } from "./order-lists.ts";

/** 0:10 in the night after the school's Monday. */
const NIGHT_MS = (NOON + 12 * 3600 + 600) * 1000;
const DAY_MS = 86_400_000;
const MONDAY = schoolDay(NOON * 1000);

let stage: LedgerStage;

beforeEach(async () => {
  stage = await openLedgerStage();
  await stage.ledger.client.batch(
    [
      { sql: "insert into school(id, slug, name) values(1, ?, 'Collège Test')", args: [SCHOOL] },
      "insert into committee values('association@parents.test', 'nl'), ('comite@ecole.test', 'fr')",
    ],
    "write",
  );
  await topUp(stage, LINA, 2500);
});

async function rowsOf(sql: string): Promise<unknown[][]> {
  const { rows } = await stage.ledger.client.execute(sql);
  return rows.map((row) => Object.values(row).slice(0, row.length));
}

test("the head of the day that has ended is published once, however often it is asked for", async () => {
  expect(await publishHead(stage.ledger, NIGHT_MS)).toBe(true);
  expect(await publishHead(stage.ledger, NIGHT_MS + 30_000)).toBe(false);
  const { no, hash } = await readHead(stage.ledger);
  expect(await rowsOf("select day, block, lower(hex(hash)) from head")).toEqual([
    [MONDAY, no, toHex(hash)],
  ]);
});

test("a day on which nothing moved has no head; the next one that moves has", async () => {
  await publishHead(stage.ledger, NIGHT_MS);
  expect(await publishHead(stage.ledger, NIGHT_MS + DAY_MS)).toBe(false);
  await topUp(stage, LINA, 100);
  expect(await publishHead(stage.ledger, NIGHT_MS + 2 * DAY_MS)).toBe(true);
  expect(await rowsOf("select day from head")).toEqual([[MONDAY], [MONDAY + 2]]);
});

test("the committee is written to with it, each in their language, once", async () => {
  await publishHead(stage.ledger, NIGHT_MS);
  await publishHead(stage.ledger, NIGHT_MS + 30_000);
  const { hash } = await readHead(stage.ledger);
  const mails = await rowsOf("select address, subject, body from mail order by address");
  expect(mails.map(([address, subject]) => [address, subject])).toEqual([
    [
      "association@parents.test",
      "Collège Test: vingerafdruk van het grootboek van 23 november 2026",
    ],
    ["comite@ecole.test", "Collège Test : empreinte du registre du 23 novembre 2026"],
  ]);
  for (const [, , body] of mails) expect(body).toContain(`--head ${toHex(hash)}`);
});

test.each([
  ["update head set hash = zeroblob(32)", "a published head stays"],
  ["delete from head", "a published head stays"],
  ["insert or replace into head select * from head", "heads follow one another"],
  ["insert into head values(99999, 1, zeroblob(32), 0)", "a head is a block"],
])("%s: %s", async (sql, reason) => {
  await publishHead(stage.ledger, NIGHT_MS);
  await expect(stage.ledger.client.execute(sql)).rejects.toThrow(reason);
});
