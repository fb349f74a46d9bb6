// Goal: a terminal always ends up with what it needs to sell alone, whatever it missed, and is told
// nothing twice. Method: messages from a terminal on paper into a real ledger; what the gateway
// says back is unsealed and read as the terminal would read it.

import { beforeEach, expect, test } from "vitest";
import type { Downlink } from "#protocol/downlink.ts";
import { decodeRecord } from "#protocol/roster.ts";
import { toLatin1 } from "#protocol/bytes.ts";
import type { Uplink } from "#protocol/uplink.ts";
import type { LedgerStage } from "#sim/ledger-stage.ts";
import { LINA, NOON, ZOE, checkBooks, give, openLedgerStage, topUp } from "#sim/ledger-stage.ts";
import type { Heard } from "#sim/overhearing.ts";
import { overhear } from "#sim/overhearing.ts";
import type { Said } from "#sim/paper-terminal.ts";
import { sayMessage, sayToken, sayTokens } from "#sim/paper-terminal.ts";
import type { Message } from "./border.ts";
import { connectLedger } from "./ledger/ledger.ts";
import type { Service } from "./service.ts";
import { answer, createService, noteMoved, serve, watchVersions } from "./service.ts";
import { readVersions } from "./supplies.ts";

let stage: LedgerStage;
let service: Service;
let heard: Heard[];
let sequences: number[];
let now: number;

beforeEach(async () => {
  stage = await openLedgerStage();
  now = NOON * 1000;
  sequences = [];
  await stage.ledger.client.batch(
    [
      "insert into card(uid, student, status, since) values(unhex('04a1b2c3d4e5f6'), 1, 'active', 0)",
      "insert into card(uid, student, status, since) values(unhex('0102030405'), 2, 'active', 0)",
      "insert into product_revision values(1, 1, 'Œuf', 100, 1, 4)",
      "insert into price values(1, 1, 1)",
      `update terminal set till = '{"language":"fr","soup":1,"keys":[1],"graceCents":200}'`,
    ],
    "write",
  );
  await topUp(stage, LINA, 1200);
  start();
});

/** A gateway that has just been started: it remembers nothing. */
function start(): void {
  const overheard = overhear(() => now);
  heard = overheard.heard;
  service = createService(stage.ledger, overheard.voice, () => now);
}

/** What the terminal hears after these messages, without the time. */
async function hear(messages: Message[]): Promise<Downlink[]> {
  heard.splice(0);
  if (messages.length) answer(service, await give(stage, messages));
  await serve(service);
  await checkBooks(stage);
  sequences.push(...heard.map(({ sequence }) => sequence));
  return heard.map(({ message }) => message).filter(({ kind }) => kind !== "time");
}

const say = (said: Said): Message => sayTokens(stage.first, [sayToken(stage.first, said, NOON)]);
const tell = (uplink: Uplink): Message => sayMessage(stage.first, uplink);
const status = (
  held: { roster: number; blocks: number; prices: number },
  sequence: number,
): Message =>
  tell({ kind: "status", unsent: 0, oldest: 0, sequence, orders: 0, acked: 0, ...held });
const NOTHING = { roster: 0, blocks: 0, prices: 0 };
const soup: Said & { kind: "purchase" } = {
  kind: "purchase",
  student: LINA,
  lines: [{ product: 1, revision: 1, quantity: 1, unitCents: 100 }],
};
const kinds = (messages: Downlink[]): string[] => messages.map((message) => message.kind);

test("a terminal that opens gets an ack, then a lease on everybody who has a card", async () => {
  const messages = await hear([say({ kind: "open" })]);
  expect(kinds(messages)).toEqual(["ack", "leases", "leases"]);
  expect(messages[1]).toEqual({
    kind: "leases",
    asOf: 1,
    leases: [{ student: LINA, ceilingCents: 600, version: 1, besideCents: 600 }],
  });
  expect(await hear([])).toEqual([]);
});

test("a terminal that holds nothing gets prices and roster, readable on its display", async () => {
  const messages = await hear([status(NOTHING, 0)]);
  expect(kinds(messages)).toEqual(["prices", "roster", "page"]);
  const [prices, roster, page] = messages;
  expect(prices).toMatchObject({
    till: { soup: 1, keys: [1], graceCents: 200 },
    products: [{ unitCents: 100, essential: true, allergens: 4 }],
  });
  if (prices?.kind === "prices" && prices.products[0])
    expect(toLatin1(prices.products[0].name)).toBe("OEuf");
  if (page?.kind !== "page" || roster?.kind !== "roster") throw new Error("test: no roster");
  expect(roster.records).toBe(2);
  // Shorter cards first: the order that the terminal searches in.
  expect(decodeRecord(page.records).student).toBe(ZOE);
  expect(toLatin1(decodeRecord(page.records.subarray(64)).name)).toBe("Lina Lambert");
});

test("what it said it holds is not told again, and an old status asks for nothing", async () => {
  const old = status(NOTHING, 0);
  const [prices, roster] = await hear([status(NOTHING, 0)]);
  if (prices?.kind !== "prices" || roster?.kind !== "roster") throw new Error("test: no supplies");
  expect(
    await hear([status({ roster: roster.version, blocks: 0, prices: prices.version }, 9)]),
  ).toEqual([]);
  expect(await hear([old])).toEqual([]);
});

test("cards are read only for a terminal that is behind", async () => {
  // The service has no CARD_SECRET: whoever reads this card cannot derive its key, and throws.
  await stage.ledger.client.execute("update card set key_epoch = 1 where student = 1");
  const { roster, blocks, prices } = await readVersions(stage.ledger.client, now);
  expect(await hear([status({ roster, blocks, prices }, 0)])).toEqual([]);
  expect(heard.map(({ message }) => message.kind)).toEqual(["time"]);
  await expect(hear([status({ roster: roster - 1, blocks, prices }, 0)])).rejects.toThrow(
    "no CARD_SECRET",
  );
});

test("a card that is blocked is told at once, to a terminal that has already spoken", async () => {
  const [prices, roster] = await hear([status(NOTHING, 0)]);
  if (prices?.kind !== "prices" || roster?.kind !== "roster") throw new Error("test: no supplies");
  await hear([status({ roster: roster.version, blocks: 0, prices: prices.version }, 9)]);
  now += 60_000;
  await stage.ledger.client.execute("update card set status = 'blocked' where student = 1");
  await watchVersions(service);
  const messages = await hear([]);
  expect(kinds(messages)).toEqual(["blocks"]);
  const card = Uint8Array.of(4, 0xa1, 0xb2, 0xc3, 0xd4, 0xe5, 0xf6);
  expect(messages[0]).toMatchObject({ cards: [card] });
});

test("sales draw the lease down; it is raised again when half of it is gone", async () => {
  await hear([say({ kind: "open" })]);
  for (let sale = 1; sale <= 3; sale++) expect(kinds(await hear([say(soup)]))).toEqual(["ack"]);
  const messages = await hear([say(soup)]);
  expect(messages[1]).toEqual({
    kind: "leases",
    asOf: 5,
    leases: [{ student: LINA, ceilingCents: 800, version: 2, besideCents: 400 }],
  });
});

test("an ask is answered with a larger lease, once; a top-up is divided", async () => {
  await hear([say({ kind: "open" })]);
  const ask = tell({ kind: "ask", unsent: 0, oldest: 0, student: LINA, cents: 300 });
  expect(await hear([ask])).toEqual([
    {
      kind: "leases",
      asOf: 1,
      leases: [{ student: LINA, ceilingCents: 900, version: 2, besideCents: 300 }],
    },
  ]);
  expect(await hear([ask])).toEqual([]);
  await topUp(stage, ZOE, 800);
  noteMoved(service, ZOE);
  expect(await hear([])).toEqual([
    {
      kind: "leases",
      asOf: 1,
      leases: [{ student: ZOE, ceilingCents: 400, version: 1, besideCents: 400 }],
    },
  ]);
});

const ask = (student: number, cents: number): Message =>
  tell({ kind: "ask", unsent: 0, oldest: 0, student, cents });

test("an ask that the wallet cannot meet is answered with the lease as it stands", async () => {
  await hear([say({ kind: "open" })]);
  expect(await hear([ask(LINA, 90_000)])).toEqual([
    {
      kind: "leases",
      asOf: 1,
      leases: [{ student: LINA, ceilingCents: 600, version: 1, besideCents: 600 }],
    },
  ]);
  expect(await hear([ask(9_999, 100)])).toEqual([
    { kind: "leases", asOf: 1, leases: [{ student: 9_999, ceilingCents: 0, version: 0 }] },
  ]);
});

test("after a restart of the gateway the first status brings every lease again", async () => {
  await hear([say({ kind: "open" })]);
  start();
  const messages = await hear([status({ roster: 9, blocks: 9, prices: 9 }, 0)]);
  expect(messages).toEqual([
    {
      kind: "leases",
      asOf: 1,
      leases: [{ student: LINA, ceilingCents: 600, version: 1, besideCents: 600 }],
    },
  ]);
});

test("with the ledger away what is due stays due", async () => {
  answer(service, await give(stage, [say({ kind: "open" })]));
  service.ledger = { ...stage.ledger, client: connectLedger("http://127.0.0.1:9", undefined) };
  await expect(serve(service)).rejects.toThrow();
  service.ledger = stage.ledger;
  expect(kinds(await hear([]))).toEqual(["leases", "leases"]);
});

test("sequence numbers only grow, even when the clock runs back", async () => {
  await hear([status(NOTHING, 0)]);
  now -= 3_600_000;
  await hear([status(NOTHING, 2 ** 52)]);
  expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
  expect(new Set(sequences).size).toBe(sequences.length);
  expect(sequences.at(-1)).toBeGreaterThan(2 ** 52);
});
