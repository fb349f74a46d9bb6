// Goal: what a family orders is paid once when it is ordered, earned once when it is handed over, and paid back
// once when it is cancelled; and money asked back is owed, not spent. Method: commands and signed entries
// against a small school on a real ledger; the books are checked after each.

import { beforeEach, describe, expect, test } from "vitest";
import type { LedgerStage } from "#sim/ledger-stage.ts";
import {
  COPY,
  LINA,
  NOON,
  SOUP,
  ZOE,
  checkBooks,
  give,
  lend,
  offer,
  openLedgerStage,
  readBalances,
  topUp,
} from "#sim/ledger-stage.ts";
import { sayToken, sayTokens } from "#sim/paper-terminal.ts";
import type { CommandResult } from "./ledger/commands.ts";
import { runCommands } from "./ledger/commands.ts";
import type { Order, OrderedLine } from "./ledger/commands/command.ts";

const DAY = 20_784;
const SOUPS: OrderedLine = { product: SOUP, revision: 1, quantity: 2, unitCents: 100 };
const COPIES: OrderedLine = { product: COPY, revision: 1, quantity: 5, unitCents: 10 };
const MEAL: Order = { kind: "preOrder", student: LINA, day: DAY, lines: [SOUPS, COPIES] };
const CANCEL: Order = { kind: "cancelPreOrder", order: 1, student: LINA };
let stage: LedgerStage;

beforeEach(async () => {
  stage = await openLedgerStage();
  await offer(stage);
  await topUp(stage, LINA, 1000);
});

async function demandAll(...orders: Order[]): Promise<CommandResult[]> {
  const head = { author: "bursar", at: NOON };
  const results = await runCommands(
    stage.ledger,
    orders.map((order, i) => ({
      ...head,
      id: `${JSON.stringify(order)}/${i}`.slice(-90),
      ...order,
    })),
  );
  await checkBooks(stage);
  return results;
}

async function demand(order: Order, id = "one"): Promise<CommandResult | undefined> {
  const [result] = await runCommands(stage.ledger, [{ id, author: "bursar", at: NOON, ...order }]);
  await checkBooks(stage);
  return result;
}

async function collect(order: number, student = LINA): Promise<string | undefined> {
  const token = sayToken(stage.first, { kind: "collect", student, order }, NOON);
  const { results } = await give(stage, [sayTokens(stage.first, [token])]);
  await checkBooks(stage);
  return results[0]?.outcomes[0];
}

async function stateOf(order: number): Promise<unknown> {
  const found = await stage.ledger.client.execute({
    sql: "select state from pre_order where id = ?",
    args: [order],
  });
  return found.rows[0]?.["state"];
}

const CASH = { "bank/cash": -1000 };
const UNTOUCHED = { ...CASH, "wallet/1": 1000 };
const HELD = { ...CASH, "wallet/1": 750, "hold/orders": 250 };

describe("an order", () => {
  test("is paid by the wallet into the hold, once, and listed for its day", async () => {
    expect(await demand(MEAL)).toMatchObject({ ok: true, replayed: false });
    expect(await demand(MEAL)).toMatchObject({ ok: true, replayed: true });
    expect(await readBalances(stage)).toEqual(HELD);
    const found = await stage.ledger.client.execute("select * from pre_order");
    expect(found.rows).toMatchObject([
      { id: 1, student: LINA, day: DAY, lines: "[[1,2],[2,5]]", state: "ordered" },
    ]);
  });

  test("takes only what no terminal may spend", async () => {
    await lend(stage, 1, LINA, 800);
    expect(await demand(MEAL)).toEqual({ ok: false, reason: "not-covered", student: LINA });
    expect(await stateOf(1)).toBeUndefined();
  });

  test("of two that the wallet covers one of, the second is refused in the same batch", async () => {
    const lines = [{ ...SOUPS, quantity: 6 }];
    const order: Order = { kind: "preOrder", student: LINA, day: DAY, lines };
    const results = await demandAll(order, { ...order, day: DAY + 1 });
    expect(results.map(({ ok }) => ok)).toEqual([true, false]);
    expect(await readBalances(stage)).toMatchObject({ "wallet/1": 400, "hold/orders": 600 });
  });

  test.each<[string, string, Partial<Order & { kind: "preOrder" }>]>([
    ["of a price that is no more", "price-changed", { lines: [{ ...SOUPS, unitCents: 90 }] }],
    ["of a revision that is no more", "price-changed", { lines: [{ ...SOUPS, revision: 2 }] }],
    ["of what nobody sells", "price-changed", { lines: [{ ...SOUPS, product: 77 }] }],
    ["of nothing", "bad-lines", { lines: [] }],
    ["of none", "bad-lines", { lines: [{ ...SOUPS, quantity: 0 }] }],
    ["of less than none", "bad-lines", { lines: [SOUPS, { ...COPIES, quantity: -3 }] }],
    ["of half a soup", "bad-lines", { lines: [{ ...SOUPS, quantity: 0.5 }] }],
    ["of a hundred", "bad-lines", { lines: [{ ...SOUPS, quantity: 100 }] }],
    [
      "of more lines than a terminal is told",
      "bad-lines",
      { lines: Array.from({ length: 13 }, () => COPIES) },
    ],
    ["for no day", "bad-day", { day: 0 }],
    ["for half a day", "bad-day", { day: 1.5 }],
    ["for nobody", "unknown-student", { student: 99 }],
  ])("%s is refused as %s", async (_, reason, change) => {
    expect(await demand({ ...MEAL, ...change } as Order)).toEqual({ ok: false, reason });
    expect(await readBalances(stage)).toEqual(UNTOUCHED);
  });
});

describe("handed over", () => {
  test("its sales are earned by category, once", async () => {
    await demand(MEAL);
    expect(await collect(1)).toBe("collected");
    const earned = { ...CASH, "wallet/1": 750, "sales/repas": 200, "sales/copies": 50 };
    expect(await readBalances(stage)).toEqual(earned);
    expect(await collect(1)).toBe("collected-twice");
    expect(await readBalances(stage)).toEqual(earned);
    expect(await demand(CANCEL, "late")).toEqual({ ok: false, reason: "collected" });
  });

  test("twice in one message, or to somebody else, it earns nothing more", async () => {
    await demand(MEAL);
    expect(await collect(1, ZOE)).toBe("noted");
    expect(await readBalances(stage)).toEqual(HELD);
    const tokens = [1, 2].map(() =>
      sayToken(stage.first, { kind: "collect", student: LINA, order: 1 }, NOON),
    );
    const { results } = await give(stage, [sayTokens(stage.first, tokens)]);
    expect(results[0]?.outcomes).toEqual(["collected", "collected-twice"]);
    await checkBooks(stage);
    expect(await readBalances(stage)).toMatchObject({ "sales/repas": 200, "sales/copies": 50 });
  });

  test("what nobody had paid for earns nothing", async () => {
    await demand(MEAL);
    await stage.ledger.client.execute(
      "insert into pre_order(id, student, day, lines) values(7, 1, 20784, '[[1, 1]]')",
    );
    expect(await collect(7)).toBe("collected");
    expect(await readBalances(stage)).toEqual(HELD);
  });
});

describe("cancelled", () => {
  test("it pays the wallet back, once, whatever counters still believe", async () => {
    await demand(MEAL);
    expect(await demand(CANCEL, "cancel")).toMatchObject({ ok: true, replayed: false });
    expect(await demand(CANCEL, "cancel")).toMatchObject({ ok: true, replayed: true });
    expect(await demand(CANCEL, "again")).toEqual({ ok: false, reason: "cancelled" });
    expect(await readBalances(stage)).toEqual(UNTOUCHED);
    expect(await collect(1)).toBe("noted");
    expect(await readBalances(stage)).toEqual(UNTOUCHED);
    expect(await stateOf(1)).toBe("cancelled");
  });

  test("twice in one batch, or by somebody else, is refused", async () => {
    await demand(MEAL);
    const other: Order = { ...CANCEL, student: ZOE };
    expect(await demand(other, "other")).toEqual({ ok: false, reason: "unknown-order" });
    const head = { author: "bursar", at: NOON };
    const results = await runCommands(stage.ledger, [
      { id: "a", ...head, ...CANCEL },
      { id: "b", ...head, ...CANCEL },
    ]);
    expect(results.map((one) => (one.ok ? "done" : one.reason))).toEqual(["done", "cancelled"]);
    expect(await readBalances(stage)).toEqual(UNTOUCHED);
  });

  test("a bursar's reversal is no way around: neither of the order nor of its handing over", async () => {
    await demand(MEAL);
    const found = await stage.ledger.client.execute("select max(no) as no from command");
    const counter = Number(found.rows[0]?.["no"]);
    const order: Order = { kind: "reverse", source: 0, counter, reason: "non" };
    expect(await demand(order, "undo")).toEqual({ ok: false, reason: "is-order" });
    await collect(1);
    const handed: Order = { ...order, source: 1, counter: 2 ** 32 + stage.first.seq };
    expect(await demand(handed, "undo")).toEqual({ ok: false, reason: "is-order" });
  });
});

describe("a refund", () => {
  const REFUND: Order = { kind: "refund", student: LINA, cents: 400, reason: "départ" };

  test("is owed to the family from then on, once, and may be undone", async () => {
    expect(await demand(REFUND)).toMatchObject({ ok: true, replayed: false });
    expect(await demand(REFUND)).toMatchObject({ ok: true, replayed: true });
    expect(await readBalances(stage)).toEqual({
      ...CASH,
      "wallet/1": 600,
      "refund/requested": 400,
    });
    const found = await stage.ledger.client.execute("select max(no) as no from command");
    const counter = Number(found.rows[0]?.["no"]);
    await demand({ kind: "reverse", source: 0, counter, reason: "reste" }, "undo");
    expect(await readBalances(stage)).toEqual(UNTOUCHED);
  });

  test.each([
    ["without a reason", "no-reason", { reason: " " }],
    ["of nothing", "cents-out-of-range", { cents: 0 }],
    ["of less than nothing", "cents-out-of-range", { cents: -1 }],
    ["of half a cent", "cents-out-of-range", { cents: 0.5 }],
    ["for nobody", "unknown-student", { student: 99 }],
    ["beyond what is free", "not-covered", { cents: 1001 }],
  ])("%s is refused as %s", async (_, reason, change) => {
    expect(await demand({ ...REFUND, ...change })).toMatchObject({ ok: false, reason });
    expect(await readBalances(stage)).toEqual(UNTOUCHED);
  });
});
