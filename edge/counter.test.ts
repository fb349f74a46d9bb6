// Goal: terminals hold the badges of staff and the orders of the day, an order is collected once
// whoever says it how often, and balances go to whom they are news. Method: rows and tokens into a
// real ledger; what terminals would be told is read as they read it.

import { beforeEach, describe, expect, test } from "vitest";
import type { OrdersPart } from "#protocol/downlink.ts";
import { ORDERS_PER_PART, findOrders } from "#protocol/orders.ts";
import { RECORD_BYTES, decodeRecord } from "#protocol/roster.ts";
import { sayToken, sayTokens } from "#sim/paper-terminal.ts";
import type { LedgerStage } from "#sim/ledger-stage.ts";
import {
  LINA,
  NOON,
  ZOE,
  checkBooks,
  give,
  lend,
  openLedgerStage,
  topUp,
} from "#sim/ledger-stage.ts";
import { readLeases, readStanding } from "./leasing.ts";
import { schoolDay } from "./order-lists.ts";
import { readSupplies, readVersions, supplyMessages } from "./supplies.ts";

const TODAY = schoolDay(NOON * 1000);
const SOUPS = "[[1, 2]]";
let stage: LedgerStage;

beforeEach(async () => {
  stage = await openLedgerStage();
  await stage.ledger.client.batch(
    [
      "insert into person(id, username, name, role) values(7, 'sophie', 'Sophie Maes', 'counter')",
      "insert into card(uid, student, status, since) values(x'04a1b2c3d4e5f6', 1, 'active', 0)",
      `update terminal set till = '{"language":"fr","soup":1,"keys":[1],"graceCents":0,"badge":true}'`,
    ],
    "write",
  );
});

const run = (sql: string): Promise<unknown> => stage.ledger.client.execute(sql);
const versions = () => readVersions(stage.ledger.client, NOON * 1000);

function order(id: number, student: number, day = TODAY, lines = SOUPS): Promise<unknown> {
  return run(
    `insert into pre_order(id, student, day, lines) values(${id}, ${student}, ${day}, '${lines}')`,
  );
}

async function ordersTold(): Promise<OrdersPart[]> {
  const supplies = await readSupplies(stage.ledger.client, NOON * 1000);
  const held = { ...supplies.versions, orders: 0 };
  return supplyMessages(supplies, 1, held).flatMap((one) => (one.kind === "orders" ? [one] : []));
}

describe("badges", () => {
  test("are in the roster with their operator, and leave it when they are taken back", async () => {
    const before = await versions();
    await run("insert into badge(uid, person, since) values(x'04bada55bada55', 7, 0)");
    const { roster, tills } = await readSupplies(stage.ledger.client, NOON * 1000);
    expect((await versions()).roster).toBe(before.roster + 1);
    expect(tills.get(1)).toMatchObject({ badge: true });
    const records = [0, 1].map((i) => decodeRecord(roster.slice(i * RECORD_BYTES)));
    expect(records.map(({ student, operator }) => [student, operator])).toEqual([
      [LINA, undefined],
      [0, 7],
    ]);
    await run("delete from badge");
    const after = await readSupplies(stage.ledger.client, NOON * 1000);
    expect(after.roster.length).toBe(RECORD_BYTES);
  });
});

describe("orders of a day", () => {
  test("nobody has ordered: there is nothing to tell", async () => {
    await order(1, LINA, TODAY + 1);
    expect(await ordersTold()).toEqual([]);
  });

  test("each change is a newer list; tomorrow's is newer than any of today's", async () => {
    await order(1, LINA);
    await order(2, ZOE);
    const first = (await versions()).orders;
    await run("update pre_order set state = 'cancelled' where id = 2");
    const second = (await versions()).orders;
    await order(3, ZOE, TODAY + 1);
    const tomorrow = await readVersions(stage.ledger.client, (NOON + 86_400) * 1000);
    expect([first, second, tomorrow.orders]).toEqual(
      [first, second, tomorrow.orders].toSorted((a, b) => a - b),
    );
    expect(new Set([first, second, tomorrow.orders]).size).toBe(3);
    const [told] = await ordersTold();
    expect(told).toMatchObject({ day: TODAY, part: 0, parts: 1 });
    expect(told && findOrders(told.records, LINA)).toMatchObject([
      { order: 1, lines: [{ product: 1, quantity: 2 }] },
    ]);
    expect(told && findOrders(told.records, ZOE)).toEqual([]);
  });

  test("many orders come in parts, none cut in two", async () => {
    const lines = JSON.stringify([1, 2, 3, 4].map((product) => [product, 1]));
    const values = Array.from(
      { length: ORDERS_PER_PART },
      (_, i) => `(${i + 1}, ${i % 2 ? ZOE : LINA}, ${TODAY}, '${lines}')`,
    );
    await run(`insert into pre_order(id, student, day, lines) values${values.join(",")}`);
    const parts = await ordersTold();
    expect(parts.map(({ part, parts: of }) => [part, of])).toEqual([
      [0, 2],
      [1, 2],
    ]);
    const found = parts.flatMap(({ records }) =>
      [LINA, ZOE].flatMap((who) => findOrders(records, who)),
    );
    expect(found).toHaveLength(ORDERS_PER_PART);
    for (const { lines: told } of found) expect(told).toHaveLength(4);
  });

  test("the day is the one of the school's calendar", () => {
    const midnight = Date.UTC(2026, 10, 22, 23) / 1000;
    expect([midnight - 1, midnight].map((at) => schoolDay(at * 1000))).toEqual([TODAY - 1, TODAY]);
  });
});

/** The next entry of the first terminal: a collect, signed. */
function collectToken(number: number, student: number): Uint8Array {
  return sayToken(stage.first, { kind: "collect", student, order: number }, NOON);
}

async function outcomesOf(tokens: Uint8Array[]): Promise<string[]> {
  const { results } = await give(stage, [sayTokens(stage.first, tokens)]);
  await checkBooks(stage);
  return results.flatMap(({ outcomes }) => outcomes);
}

describe("a collect", () => {
  test("marks its order, once, in one batch or in two; a strange one is noted", async () => {
    await order(1, LINA);
    await order(2, LINA);
    const first = collectToken(1, LINA);
    expect(await outcomesOf([first, collectToken(1, LINA)])).toEqual([
      "collected",
      "collected-twice",
    ]);
    expect(await outcomesOf([first])).toEqual(["replayed"]);
    expect(await outcomesOf([collectToken(1, LINA)])).toEqual(["collected-twice"]);
    expect(await outcomesOf([collectToken(2, ZOE), collectToken(99, LINA)])).toEqual([
      "noted",
      "noted",
    ]);
    const found = await stage.ledger.client.execute(
      "select id, state, collected_at from pre_order",
    );
    expect(found.rows).toMatchObject([
      { id: 1, state: "collected", collected_at: NOON },
      { id: 2, state: "ordered", collected_at: 0 },
    ]);
  });

  test("makes no new list, but the next list says it", async () => {
    await order(1, LINA);
    const before = await versions();
    await outcomesOf([collectToken(1, LINA)]);
    expect((await versions()).orders).toBe(before.orders);
    const [told] = await ordersTold();
    expect(told && findOrders(told.records, LINA)).toMatchObject([{ order: 1, collected: true }]);
  });
});

test("beside a lease lies the rest of the wallet, whoever else holds a part of it", async () => {
  await topUp(stage, LINA, 2000);
  await lend(stage, 1, LINA, 600);
  await lend(stage, 2, LINA, 500);
  await run("update terminal set selling = 1 where id = 1");
  expect(await readLeases(stage.ledger, { terminal: 2, epoch: 1 })).toMatchObject({
    leases: [{ student: LINA, ceilingCents: 500, version: 1, besideCents: 1500 }],
  });
  const standing = await readStanding(
    stage.ledger,
    [LINA],
    [{ terminal: 1, epoch: 1, student: ZOE, cents: 100 }],
  );
  expect(standing).toEqual([
    {
      terminal: 1,
      epoch: 1,
      asOf: 0,
      leases: [
        { student: LINA, ceilingCents: 600, version: 1, besideCents: 1400 },
        { student: ZOE, ceilingCents: 0, version: 0 },
      ],
    },
  ]);
});
