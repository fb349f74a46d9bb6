// Goal: what a terminal is granted follows what the student really spends there. Method: sales of
// several days at two counters, on a real ledger; then the gateway's own grants a day later.

import { expect, test } from "vitest";
import { LINA, NOON, SOUP, give, openLedgerStage, topUp } from "#sim/ledger-stage.ts";
import type { PaperTerminal } from "#sim/paper-terminal.ts";
import { sayToken, sayTokens } from "#sim/paper-terminal.ts";
import { needOf, readHabits } from "./habits.ts";
import { grantLeases } from "./leasing.ts";

const DAY = 86_400;

test.each([
  [100, 150],
  [230, 350],
  [334, 550],
  [1, 50],
])("a dearest day of %i cents is a need of %i", (most, need) => expect(needOf(most)).toBe(need));

function buy(paper: PaperTerminal, cents: number, daysAgo: number) {
  const lines = [{ product: SOUP, revision: 1, quantity: 1, unitCents: cents }];
  const sale = { kind: "purchase", student: LINA, lines } as const;
  return sayTokens(paper, [sayToken(paper, sale, NOON - daysAgo * DAY)]);
}

test("the dearest day of four weeks counts, the counter used most comes first, today does not count", async () => {
  const stage = await openLedgerStage();
  await topUp(stage, LINA, 9000);
  const { first, second } = stage;
  await give(stage, [
    buy(first, 900, 29),
    buy(first, 200, 3),
    buy(first, 130, 3),
    buy(first, 300, 2),
    buy(second, 400, 3),
    buy(first, 100, 1),
    buy(second, 800, 0),
  ]);
  const now = NOON * 1000;
  expect((await readHabits(stage.ledger, now)).get(LINA)).toEqual([
    { terminal: 1, needCents: 500 },
    { terminal: 2, needCents: 600 },
  ]);
  const { grants } = await grantLeases(stage.ledger, [LINA], [], new Set(), now);
  expect(grants.map(({ terminal, ceilingCents }) => [terminal, ceilingCents])).toEqual([
    [1, 500],
    [2, 600],
  ]);
});
