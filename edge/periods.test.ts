// Goal: a closed month never changes, its statements add up with those before and after, and what
// comes late is booked in the open month with its true time. Method: two months of a small school
// with the clock moved by hand; then each way of closing wrongly.

import { beforeEach, expect, test } from "vitest";
import type { LedgerStage } from "#sim/ledger-stage.ts";
import { LINA, SOUP, ZOE, checkBooks, give, openLedgerStage } from "#sim/ledger-stage.ts";
import { sayToken, sayTokens } from "#sim/paper-terminal.ts";
import { endOfMonth } from "./calendar.ts";
import { runCommands } from "./ledger/commands.ts";
import type { Closing, ClosingResult } from "./ledger/periods.ts";
import { closePeriod } from "./ledger/periods.ts";

const OCTOBER = endOfMonth(202610);
const NOVEMBER = endOfMonth(202611);
const DAY = 24 * 3600;
let stage: LedgerStage;
let topUps = 0;

beforeEach(async () => {
  stage = await openLedgerStage();
});

async function topUp(student: number, cents: number, at: number): Promise<void> {
  const order = { author: "test", at, kind: "topUp", means: "cash", note: "" } as const;
  const id = `cash/${++topUps}`;
  await runCommands(stage.ledger, [{ ...order, id, student, cents }], at * 1000);
}

/** Sold at one moment, booked at another. */
async function buy(cents: number, soldAt: number, bookedAt: number): Promise<void> {
  const lines = [{ product: SOUP, revision: 1, quantity: 1, unitCents: cents }];
  const token = sayToken(stage.first, { kind: "purchase", student: LINA, lines }, soldAt);
  const intake = { ...stage.intake, now: () => bookedAt * 1000 };
  await give({ ...stage, intake }, [sayTokens(stage.first, [token])]);
}

async function close(change: Partial<Closing>, now: number): Promise<ClosingResult> {
  const { month = 202610 } = change;
  const order = { id: `close/${month}`, author: "bursar", at: now, month, acknowledged: [] };
  const result = await closePeriod(stage.ledger, { ...order, ...change }, now * 1000);
  await checkBooks(stage);
  return result;
}

async function twoMonths(): Promise<void> {
  await topUp(LINA, 2000, OCTOBER - 20 * DAY);
  await topUp(ZOE, 500, OCTOBER - 19 * DAY);
  await buy(300, OCTOBER - 5 * DAY, OCTOBER - 5 * DAY);
  // Sold in October at a counter that was off until November.
  await buy(200, OCTOBER - 60, OCTOBER + DAY);
  await topUp(LINA, 1000, OCTOBER + 2 * DAY);
}

async function statements(): Promise<string[]> {
  const found = await stage.ledger.client.execute(
    `select s.*, a.kind || '/' || a.ref as name from statement s join account a on a.id = s.account
      order by no`,
  );
  return found.rows.map((row) =>
    ["no", "month", "name", "opening", "debits", "credits", "closing"]
      .map((column) => JSON.stringify(row[column]))
      .join(" "),
  );
}

const done = { ok: true, replayed: false };

test("two months close one after the other; what came late is in the second, with its time", async () => {
  await twoMonths();
  expect(await close({}, OCTOBER + 3 * DAY)).toEqual(done);
  expect(await statements()).toEqual([
    '1 202610 "bank/cash" 0 2500 0 -2500',
    '2 202610 "wallet/1" 0 300 2000 1700',
    '3 202610 "wallet/2" 0 0 500 500',
    '4 202610 "sales/repas" 0 0 300 300',
  ]);
  const { client } = stage.ledger;
  await client.execute("update terminal set last_seen = 2000000000");
  expect(await close({ month: 202611 }, NOVEMBER)).toEqual(done);
  expect((await statements()).slice(4)).toEqual([
    '5 202611 "bank/cash" -2500 1000 0 -3500',
    '6 202611 "wallet/1" 1700 200 1000 2500',
    '7 202611 "wallet/2" 500 0 0 500',
    '8 202611 "sales/repas" 300 0 200 500',
  ]);
  const late = await client.execute(`select t.at from transfer t join period p
    on t.seq between p.first_seq and p.last_seq where p.month = 202611 and t.source = 1`);
  expect(late.rows.map((row) => row["at"])).toEqual([OCTOBER - 60]);
});

test("the sum of all closings is zero, and the frozen head is the block of the month's end", async () => {
  await twoMonths();
  await close({}, OCTOBER + 3 * DAY);
  const found = await stage.ledger.client.execute(
    `select (select sum(closing) from statement) as sum, last_seq,
      (select max(no) from block where no > 0 and at < ${OCTOBER}) = block as isLast,
      hash = (select hash from block where no = block) as isHead from period`,
  );
  expect(found.rows[0]).toMatchObject({ sum: 0, last_seq: 3, isLast: 1, isHead: 1 });
});

test("asked twice it is closed once, and never again under another id", async () => {
  await twoMonths();
  await close({}, OCTOBER + 3 * DAY);
  expect(await close({}, OCTOBER + 3 * DAY)).toEqual({ ok: true, replayed: true });
  const changed = await close({ acknowledged: [1] }, OCTOBER + 3 * DAY);
  expect(changed).toEqual({ ok: false, reason: "other-content" });
  const again = await close({ id: "again" }, OCTOBER + 3 * DAY);
  expect(again).toEqual({ ok: false, reason: "closed" });
  expect(await statements()).toHaveLength(4);
});

test("a month that is not over, is none, or has an open one before it is not closed", async () => {
  await twoMonths();
  expect(await close({}, OCTOBER - 1)).toEqual({ ok: false, reason: "not-over" });
  expect(await close({ month: 202613 }, NOVEMBER)).toEqual({ ok: false, reason: "bad-month" });
  expect(await close({ id: "" }, NOVEMBER)).toEqual({ ok: false, reason: "bad-id" });
  const early = await close({ month: 202611 }, NOVEMBER);
  expect(early).toEqual({ ok: false, reason: "earlier-open" });
});

test("a terminal that may still hold sales of the month is named, and must be acknowledged", async () => {
  await twoMonths();
  const now = OCTOBER + 3 * DAY;
  const { client } = stage.ledger;
  await client.execute(
    `update terminal set last_seen = ${now}, unsent = 4, oldest = ${OCTOBER - 9}`,
  );
  const name = "Réfectoire";
  expect(await close({}, now)).toEqual({
    ok: false,
    reason: "gaps",
    gaps: [{ terminal: 1, name, lastSeen: now, unsent: 4 }],
  });
  expect(await close({ acknowledged: [1] }, now)).toEqual(done);
  const kept = await client.execute("select body from command where kind = 'closePeriod'");
  expect(kept.rows[0]?.["body"]).toBe('{"kind":"closePeriod","month":202610,"acknowledged":[1]}');
});

test("while the ledger waits for what terminals sold, no month is closed", async () => {
  await twoMonths();
  await stage.ledger.client.execute("insert into recovery(terminal, epoch, since) values(1, 1, 0)");
  expect(await close({}, NOVEMBER)).toEqual({ ok: false, reason: "recovering" });
});
