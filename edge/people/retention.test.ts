// Goal: what is over its time goes, at midnight and once, and nothing else goes. Method: rows on both sides of each limit, and
// a clock that is turned.

import { beforeEach, expect, test } from "vitest";
import { textIn } from "#edge/ledger/row.ts";
import type { Stage } from "#sim/page-stage.ts";
import { NOON, openStage } from "#sim/page-stage.ts";
import { removeOutdated } from "./retention.ts";

const DAY = 86_400;
const OLD_HASH = "11".repeat(32);
const NEW_HASH = "22".repeat(32);

let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
});

const at = (seconds: number) => removeOutdated(stage.ledger, seconds * 1000);
async function namesIn(sql: string): Promise<string[]> {
  const found = await stage.ledger.client.execute(sql);
  return found.rows.map((row) => textIn(row, "name"));
}

test.each([
  [
    "mail of a year ago",
    `insert into mail(id, address, subject, body, queued_at) values
      ('old', 'a@b.test', '', '', ${NOON - 365 * DAY}), ('new', 'a@b.test', '', '', ${NOON - 364 * DAY})`,
    "select id as name from mail",
  ],
  [
    "sessions that are over",
    `insert into session(user_id, token, expires_at, created_at, updated_at) values
      (1, 'old', ${NOON}, 0, 0), (1, 'new', ${NOON + 1}, 0, 0)`,
    "select token as name from session",
  ],
  [
    "invitations that ended 90 days ago",
    `insert into invitation(hash, person, created_at, expires_at) values
      (x'${OLD_HASH}', 1, 0, ${NOON - 90 * DAY}), (x'${NEW_HASH}', 1, 0, ${NOON - 89 * DAY})`,
    `select iif(hash = x'${NEW_HASH}', 'new', 'old') as name from invitation`,
  ],
  [
    "proofs of an address that are over",
    `insert into verification(id, identifier, value, expires_at, created_at, updated_at) values
      (1, 'old', '', ${NOON}, 0, 0), (2, 'new', '', ${NOON + 1}, 0, 0)`,
    "select identifier as name from verification",
  ],
])("%s are removed, younger ones stay", async (_, insert, select) => {
  await stage.ledger.client.execute(insert);
  expect((await namesIn(select)).toSorted()).toEqual(["new", "old"]);
  expect(await at(NOON)).toBe(true);
  expect(await namesIn(select)).toEqual(["new"]);
});

test("it is done once a day, at the first look after midnight", async () => {
  const midnight = NOON + 12 * 3600;
  const asked = [NOON, NOON + 1, midnight - 1, midnight, midnight + 1, midnight + DAY];
  const done: boolean[] = [];
  for (const seconds of asked) done.push(await at(seconds));
  expect(done).toEqual([true, false, false, true, false, true]);
});

test("a clock that goes back removes nothing", async () => {
  await at(NOON);
  await stage.ledger.client.execute(
    "insert into mail(id, address, subject, body, queued_at) values('old', 'a@b.test', '', '', 0)",
  );
  expect(await at(NOON - 3 * DAY)).toBe(false);
  expect(await namesIn("select id as name from mail")).toEqual(["old"]);
});

test("the log, the books and people themselves have no date on which they go", async () => {
  const count =
    "select (select count(*) from person) || '/' || (select count(*) from transfer) as name";
  const before = await namesIn(count);
  await at(NOON + 20 * 365 * DAY);
  expect(await namesIn(count)).toEqual(before);
});
