// Goal: one good signature at the end of a run books the whole run, and never more than that run.
// Method: runs in which one signature is spoilt after it was made, so that hashes and numbers still
// fit.

import { beforeEach, expect, test } from "vitest";
import type { Bytes } from "#protocol/bytes.ts";
import type { LedgerStage } from "#sim/ledger-stage.ts";
import { NOON, checkBooks, give, openLedgerStage } from "#sim/ledger-stage.ts";
import { sayToken, sayTokens } from "#sim/paper-terminal.ts";
import { sha256 } from "./crypto.ts";
import { checkLate, createLateChecks, resumeLate } from "./late-checks.ts";
import { numberIn, textIn } from "./ledger/row.ts";

let stage: LedgerStage;

beforeEach(async () => {
  stage = await openLedgerStage();
});

const lateChecks = () =>
  createLateChecks(
    stage.ledger,
    () => NOON * 1000,
    () => true,
  );

/** Three entries of one terminal; the signature of one of them is spoilt before the next one names
 * its hash. */
function run(spoilt: number): Bytes[] {
  return [1, 2, 3].map((seq) => {
    const token = sayToken(stage.first, { kind: "close" }, NOON);
    if (seq !== spoilt) return token;
    const bad = token.map((byte, index) => (index === token.length - 1 ? byte ^ 1 : byte));
    stage.first.prev = sha256(bad);
    return bad;
  });
}

async function outcomesOf(tokens: Bytes[]): Promise<string[]> {
  const { results, owed } = await give(stage, [sayTokens(stage.first, tokens)]);
  await checkLate(lateChecks(), owed);
  await checkBooks(stage);
  return results.flatMap((result) => result.outcomes);
}

async function alarms(): Promise<string[]> {
  const found = await stage.ledger.client.execute(
    "select reason, times from quarantine order by id",
  );
  return found.rows.map((row) => `${textIn(row, "reason")} ${numberIn(row, "times")}`);
}

test("a good run is booked on its last signature; the others are checked afterwards", async () => {
  const { results, owed } = await give(stage, [sayTokens(stage.first, run(0))]);
  expect(results[0]?.outcomes).toEqual(["closed", "closed", "closed"]);
  expect(owed.length).toBe(2);
  await checkLate(lateChecks(), owed);
  expect(await alarms()).toEqual([]);
});

test("a bad signature inside a vouched run is booked and raises an alarm", async () => {
  expect(await outcomesOf(run(2))).toEqual(["closed", "closed", "closed"]);
  expect(await alarms()).toEqual(["booked-unsigned 1"]);
});

test("a bad last signature vouches for nothing: each token is asked for its own", async () => {
  expect(await outcomesOf(run(3))).toEqual(["closed", "closed", "bad-signature"]);
  expect(await alarms()).toEqual(["bad-signature 1"]);
});

test("a token outside the run is not vouched for by it", async () => {
  const [first, second, third] = run(0);
  const stranger = second?.map((byte, index) => (index === second.length - 1 ? byte ^ 1 : byte));
  if (!first || !second || !third || !stranger) throw new Error("test: the run has three tokens");
  expect(await outcomesOf([first, stranger, second, third])).toEqual([
    "closed",
    "bad-signature",
    "closed",
    "closed",
  ]);
});

test("what a gateway owed when it died is checked by the next one, once", async () => {
  await give(stage, [sayTokens(stage.first, run(2))]);
  expect(await alarms()).toEqual([]);
  await resumeLate(lateChecks(), new Map());
  expect(await alarms()).toEqual(["booked-unsigned 1"]);
  await resumeLate(lateChecks(), new Map());
  expect(await alarms()).toEqual(["booked-unsigned 1"]);
});

test("what was checked is owed no more", async () => {
  await outcomesOf(run(0));
  const found = await stage.ledger.client.execute("select * from late_check");
  expect(found.rows).toEqual([]);
});

test("more than one page of it is checked to the end", async () => {
  await give(stage, [sayTokens(stage.first, run(2)), sayTokens(stage.second, secondRun())]);
  await resumeLate(lateChecks(), new Map(), 1);
  expect(await alarms()).toEqual(["booked-unsigned 1"]);
  const found = await stage.ledger.client.execute("select * from late_check");
  expect(found.rows).toEqual([]);
});

/** Three good entries of the other terminal. */
function secondRun(): Bytes[] {
  return [1, 2, 3].map(() => sayToken(stage.second, { kind: "close" }, NOON));
}
