// Goal: in the evening every terminal that is there gives back what it holds, and nobody is closed
// twice who opens again. Method: a table of moments; then shifts opened at different times, on a
// real ledger, with the clock moved by hand.

import { expect, test } from "vitest";
import {
  LINA,
  NOON,
  SCHOOL,
  checkBooks,
  give,
  lend,
  openLedgerStage,
  readBalances,
  topUp,
} from "#sim/ledger-stage.ts";
import { overhear } from "#sim/overhearing.ts";
import { sayToken, sayTokens } from "#sim/paper-terminal.ts";
import { lastClosing, recallShifts } from "./recall.ts";

const CLOSES_AT = 18 * 60;

test.each([
  ["2026-11-23T12:00:30+01:00", "2026-11-23T00:00:00+01:00", "by day: last night's midnight"],
  ["2026-11-23T17:59:59+01:00", "2026-11-23T00:00:00+01:00", "a second before closing"],
  ["2026-11-23T18:00:00+01:00", "2026-11-23T18:00:00+01:00", "at closing time"],
  ["2026-11-23T23:59:00+01:00", "2026-11-23T18:00:00+01:00", "late in the evening"],
  ["2026-11-24T00:00:00+01:00", "2026-11-24T00:00:00+01:00", "at midnight"],
  ["2026-06-23T18:30:00+02:00", "2026-06-23T18:00:00+02:00", "in summer"],
])("at %s shifts from before %s are over (%s)", (now, moment) => {
  expect(lastClosing(Date.parse(now), CLOSES_AT)).toBe(Date.parse(moment) / 1000);
});

test("an evening: recalled until it has closed, left alone when it opens again, until midnight", async () => {
  const stage = await openLedgerStage();
  const { first } = stage;
  let now = NOON * 1000;
  stage.intake.now = () => now;
  const { voice, heard } = overhear(() => now);
  const recalling = { ledger: stage.ledger, voice, now: () => now };
  const say = (kind: "open" | "close") =>
    give(stage, [sayTokens(first, [sayToken(first, { kind }, NOON)])]);
  const at = (hours: number): void => {
    now = (NOON + (hours - 12) * 3600) * 1000;
  };
  await stage.ledger.client.execute({
    sql: "insert into school(id, slug, name) values(1, ?, 'Test')",
    args: [SCHOOL],
  });
  await topUp(stage, LINA, 1000);
  await lend(stage, 1, LINA, 600);
  await say("open");
  at(19);
  expect(await recallShifts(recalling), "it is not there").toBe(0);
  await stage.ledger.client.execute("update terminal set here = 1 where id = 1");
  at(17);
  expect(await recallShifts(recalling), "before closing time").toBe(0);
  at(19);
  expect(await recallShifts(recalling)).toBe(1);
  expect(await recallShifts(recalling), "it was being served").toBe(1);
  const message = { kind: "recall", seq: 1, reopen: false };
  expect(heard.at(-1)).toMatchObject({ terminal: 1, message });
  await say("close");
  expect(await recallShifts(recalling)).toBe(0);
  expect((await readBalances(stage))["wallet/1/reserved"] ?? 0).toBe(0);
  at(20);
  await say("open");
  expect(await recallShifts(recalling), "a feast in the evening").toBe(0);
  at(24.5);
  expect(await recallShifts(recalling), "after midnight").toBe(1);
  await checkBooks(stage);
});
