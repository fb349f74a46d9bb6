// Goal: a terminal gets the key of each card that can prove itself, and of no other, and the
// database helps nobody to copy a card. Method: cards with and without a key in a real ledger, the
// records they become, and what the tables refuse.

import { expect, test } from "vitest";
import { fromHex, toHex } from "#protocol/bytes.ts";
import { cardMaster, terminalKey } from "#protocol/card-key.ts";
import type { RosterRecord } from "#protocol/roster.ts";
import { RECORD_BYTES, decodeRecord } from "#protocol/roster.ts";
import type { LedgerStage } from "#sim/ledger-stage.ts";
import { NOON, LINA, SCHOOL, ZOE, openLedgerStage } from "#sim/ledger-stage.ts";
import { primitives } from "./crypto.ts";
import { readSupplies, readVersions } from "./supplies.ts";

const MASTER = cardMaster(primitives.hmacSha256, new Uint8Array(32).fill(9), SCHOOL, "terminal");
const PROVING = "04782e21801d80";
const PLAIN = "8a4d694f";
const TILL = { language: "fr", soup: 1, keys: [1], graceCents: 0, badge: false };

async function openSchool(): Promise<LedgerStage> {
  const stage = await openLedgerStage();
  await stage.ledger.client.batch(
    [
      `insert into card(uid, student, status, since) values
        (x'${PROVING}', ${LINA}, 'active', 0), (x'${PLAIN}', ${ZOE}, 'active', 0)`,
      { sql: "update terminal set till = ?", args: [JSON.stringify(TILL)] },
    ],
    "write",
  );
  return stage;
}

const raise = (stage: LedgerStage, uid: string, epoch: number) =>
  stage.ledger.client.execute(`update card set key_epoch = ${epoch} where uid = x'${uid}'`);

async function recordsOf(stage: LedgerStage): Promise<RosterRecord[]> {
  const { roster } = await readSupplies(stage.ledger.client, NOON * 1000, MASTER);
  return Array.from({ length: roster.length / RECORD_BYTES }, (_, i) =>
    decodeRecord(roster.slice(i * RECORD_BYTES, (i + 1) * RECORD_BYTES)),
  );
}

test("cards are known by their UID until they were personalised, then by the key of their epoch", async () => {
  const stage = await openSchool();
  expect((await recordsOf(stage)).map(({ key }) => key)).toEqual([undefined, undefined]);
  const uid = fromHex(PROVING);
  for (const epoch of [1, 2]) {
    const before = await readVersions(stage.ledger.client, NOON * 1000);
    await raise(stage, PROVING, epoch);
    const after = await readVersions(stage.ledger.client, NOON * 1000);
    expect(after.roster).toBe(before.roster + 1);
    expect((await recordsOf(stage)).map(({ card, key }) => [toHex(card), key])).toEqual([
      [PLAIN, undefined],
      [PROVING, terminalKey(primitives.encryptCbc, MASTER, uid, epoch)],
    ]);
  }
});

test("a card with a key is never told without it", async () => {
  const stage = await openSchool();
  await raise(stage, PROVING, 1);
  await expect(readSupplies(stage.ledger.client, NOON * 1000)).rejects.toThrow(
    `key of card ${PROVING}`,
  );
});

test("only a UID of 7 bytes can have a key, and epochs end at 255", async () => {
  const stage = await openSchool();
  await expect(raise(stage, PLAIN, 1)).rejects.toThrow("CHECK");
  await expect(raise(stage, PROVING, 256)).rejects.toThrow("CHECK");
});

test("no key is in the database", async () => {
  const stage = await openSchool();
  await raise(stage, PROVING, 1);
  const columns = await stage.ledger.client.execute("select name from pragma_table_info('card')");
  expect(columns.rows.map((row) => row["name"])).toEqual([
    "uid",
    "student",
    "status",
    "since",
    "key_epoch",
    "author",
    "reason",
  ]);
});
