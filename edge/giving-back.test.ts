// Goal: what a terminal signs away is free at once, for the next entry, and for nobody twice; what
// it was granted since stays. Method: a table of entries, one a line, with the lease and the wallet
// as they must stand afterwards; then random days at two terminals, cut into batches at random.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { LedgerStage } from "#sim/ledger-stage.ts";
import {
  LINA,
  NOON,
  SOUP,
  ZOE,
  checkBooks,
  countRefusals,
  give,
  lend,
  openLedgerStage,
  readBalances,
  topUp,
} from "#sim/ledger-stage.ts";
import type { Said } from "#sim/paper-terminal.ts";
import { sayToken, sayTokens } from "#sim/paper-terminal.ts";

// Terminal 1 and Lina. lend: the gateway sets the ceiling. lower: the terminal leaves itself a
// ceiling under a version. Expected: the outcome, then the lease, then all that is reserved of
// Lina's 20.00 (terminal 2 holds 5.00 of it throughout, but for its own close) and her balance.
const TABLE = `
do    cents version | outcome         | ceiling left version reserved balance
lend  800   -       | -               | 800     800  1       1300     2000
buy   300   -       | booked          | 800     500  1       1000     1700
lower 300   2       | lowered         | 300     0    2       500      1700
lower 300   2       | lowered         | 300     0    3       500      1700
lend  900   -       | -               | 900     600  4       1100     1700
lower 300   3       | noted           | 900     600  4       1100     1700
lower 0     4       | lowered         | 300     0    5       500      1700
lend  900   -       | -               | 900     600  6       1100     1700
lower 5000  9       | lowered         | 900     600  9       1100     1700
void  300   2       | booked          | 900     900  9       1400     2000
lower 200   10      | lowered         | 200     200  10      700      2000
buy   100   -       | booked          | 200     100  10      600      1900
close -     -       | closed          | 100     0    11      500      1900
buy   400   -       | booked          | 100     0    11      500      1500
void  100   10      | booked          | 100     100  11      600      1600
close -     -       | closed          | 0       0    12      500      1600
close -     -       | closed          | 0       0    12      500      1600
lower 0     99      | lowered         | 0       0    99      500      1600
`;

test("what is given back is free, and what was granted since stays granted", async () => {
  const stage = await openLedgerStage();
  await topUp(stage, LINA, 2000);
  await lend(stage, 2, LINA, 500);
  await give(stage, [sayTokens(stage.first, [sayToken(stage.first, { kind: "open" }, NOON)])]);
  for (const step of TABLE.trim().split("\n").slice(1)) {
    const [doing = "", outcome = "", after = ""] = step.split("|").map((part) => part.trim());
    const [verb = "", ...numbers] = doing.split(/ +/);
    const [cents = 0, version = 0] = numbers.map((n) => Number(n) || 0);
    if (verb === "lend") await lend(stage, 1, LINA, cents);
    else {
      const token = sayToken(stage.first, saidOf(verb, cents, version), NOON);
      expect(await outcomesOf(stage, [sayTokens(stage.first, [token])]), step).toEqual([outcome]);
      expect(await outcomesOf(stage, [sayTokens(stage.first, [token])]), step).toEqual([
        "replayed",
      ]);
    }
    expect(await readStep(stage), step).toEqual(after.split(/ +/).map(Number));
  }
});

function saidOf(verb: string, cents: number, number: number, student = LINA): Said {
  const lines = [{ product: SOUP, revision: 1, quantity: 1, unitCents: cents }];
  if (verb === "buy") return { kind: "purchase", student, lines };
  if (verb === "void") return { kind: "void", student, totalCents: cents, voids: number };
  if (verb === "lower") return { kind: "lowered", student, lease: number, ceilingCents: cents };
  return { kind: "close" };
}

async function outcomesOf(
  stage: LedgerStage,
  messages: Parameters<typeof give>[1],
): Promise<string[]> {
  const { results } = await give(stage, messages);
  await checkBooks(stage);
  return results.flatMap((result) => result.outcomes);
}

async function readStep(stage: LedgerStage): Promise<number[]> {
  const found = await stage.ledger.client.execute(
    `select ceiling, ceiling + voided - spent as remaining, version from lease
      where terminal = 1 and student = ${LINA}`,
  );
  const balances = await readBalances(stage);
  const lease = Object.values(found.rows[0] ?? {}).map(Number);
  return [...lease, balances["wallet/1/reserved"] ?? 0, balances["wallet/1"] ?? 0];
}

test("a close frees what all students had at that terminal, and at no other", async () => {
  const stage = await openLedgerStage();
  for (const student of [LINA, ZOE]) {
    await topUp(stage, student, 1000);
    await lend(stage, 1, student, 600);
    await lend(stage, 2, student, 300);
  }
  const tokens = [sayToken(stage.first, saidOf("close", 0, 0), NOON)];
  expect(await outcomesOf(stage, [sayTokens(stage.first, tokens)])).toEqual(["closed"]);
  expect(await readBalances(stage)).toMatchObject({
    "wallet/1/reserved": 300,
    "wallet/2/reserved": 300,
  });
});

test("of two voids of one sale in one batch, only the first gives back", async () => {
  const stage = await openLedgerStage();
  await topUp(stage, LINA, 1000);
  await lend(stage, 1, LINA, 600);
  const said = [saidOf("buy", 412, 0), saidOf("void", 412, 1), saidOf("void", 412, 1)];
  const [buy, ...voids] = said.map((one) =>
    sayTokens(stage.first, [sayToken(stage.first, one, NOON)]),
  );
  const refusals = countRefusals(stage);
  expect(await outcomesOf(stage, buy ? [buy] : [])).toEqual(["booked"]);
  expect(await outcomesOf(stage, voids)).toEqual(["booked", "nothing-to-void"]);
  expect(await readBalances(stage)).toMatchObject({ "wallet/1": 1000, "wallet/1/reserved": 600 });
  expect(refusals()).toBe(0);
});

type Deed = { verb: string; terminal: 1 | 2; student: number; cents: number; version: number };
const deed: fc.Arbitrary<Deed> = fc.record({
  verb: fc.constantFrom("buy", "buy", "buy", "void", "lower", "lower", "close"),
  terminal: fc.constantFrom(1 as const, 2 as const),
  student: fc.constantFrom(LINA, ZOE),
  cents: fc.integer({ min: 1, max: 500 }),
  version: fc.integer({ min: 1, max: 4 }),
});

test("however a day is cut into batches, it ends the same, and no batch is refused", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(deed, { minLength: 2, maxLength: 16 }),
      fc.integer({ min: 2, max: 16 }),
      async (day, size) => {
        const oneByOne = await play(day, 1);
        expect(await play(day, size)).toEqual(oneByOne);
      },
    ),
    // Shrinking a day of a real database takes longer than the test may.
    { numRuns: 20, endOnFailure: true },
  );
}, 120_000);

async function play(day: Deed[], size: number): Promise<unknown> {
  const stage = await openLedgerStage();
  for (const student of [LINA, ZOE]) {
    await topUp(stage, student, 1000);
    await lend(stage, 1, student, 600);
    await lend(stage, 2, student, 400);
  }
  const sold: (Deed & { seq: number })[] = [];
  const messages = day.flatMap((one) => {
    const paper = one.terminal === 1 ? stage.first : stage.second;
    const undone = sold.findLast(({ terminal }) => terminal === one.terminal);
    if (one.verb === "void" && !undone) return [];
    const { student, cents } = one.verb === "void" && undone ? undone : one;
    const number = one.verb === "void" ? (undone?.seq ?? 0) : one.version;
    const token = sayToken(paper, saidOf(one.verb, cents, number, student), NOON);
    if (one.verb === "buy") sold.push({ ...one, seq: paper.seq });
    return [sayTokens(paper, [token])];
  });
  const refusals = countRefusals(stage);
  const outcomes: string[] = [];
  for (let from = 0; from < messages.length; from += size)
    outcomes.push(...(await outcomesOf(stage, messages.slice(from, from + size))));
  expect(refusals()).toBe(0);
  const leases = await stage.ledger.client.execute(
    "select * from lease order by terminal, epoch, student",
  );
  const rows = leases.rows.map((row) => Object.values(row));
  return { outcomes, rows, balances: await readBalances(stage) };
}
