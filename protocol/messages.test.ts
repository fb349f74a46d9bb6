// What travels inside the seal, and where: every message comes back as it was, and no other bytes are a message.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concat, fromHex, fromLatin1, toHex } from "./bytes.ts";
import { encode } from "./cbor.ts";
import type { Downlink } from "./downlink.ts";
import {
  CHUNK_BYTES,
  DOWNLINK_BYTES_MAX,
  LEASES_PER_MESSAGE,
  PRODUCTS_MAX,
  decodeDownlink,
  encodeDownlink,
} from "./downlink.ts";
import type { Order } from "./orders.ts";
import { ORDERS_PER_PART, ORDER_BYTES, encodeOrder, findOrders } from "./orders.ts";
import {
  RECORDS_PER_PAGE,
  RECORD_BYTES,
  compareCard,
  decodeRecord,
  encodeRecord,
  findRecord,
} from "./roster.ts";
import type { RosterRecord } from "./roster.ts";
import { downTopic, hereTopic, parseTopic, rosterTopic, schoolTopics, upTopic } from "./topics.ts";
import type { Uplink } from "./uplink.ts";
import { UPLINK_BYTES_MAX, UPLINK_TOKENS_MAX, decodeUplink, encodeUplink } from "./uplink.ts";

const U32 = 0xffffffff;

describe("uplink", () => {
  const backlog = { unsent: 3, oldest: 1_795_433_514 };
  const versions = { roster: 1, prices: 2, blocks: 3, orders: 4, acked: 900 };
  const status: Uplink = { kind: "status", sequence: 2 ** 50, ...versions, unsent: 0, oldest: 0 };
  const messages: Uplink[] = [
    { kind: "tokens", tokens: [fromHex("d284"), fromHex("")], ...backlog },
    { kind: "ask", student: 42, cents: 550, ...backlog },
    status,
    {
      ...status,
      health: {
        firmware: 7,
        chunk: 12,
        errors: 1,
        variables: 9_000,
        erases: 3,
        lastError: fromLatin1("reader: no such card"),
      },
    },
  ];

  it.each(messages)("$kind comes back as it was", (message) => {
    expect(decodeUplink(encodeUplink(message))).toEqual(message);
  });

  it("holds its number of the longest tokens", () => {
    const tokens = Array.from({ length: UPLINK_TOKENS_MAX }, () => new Uint8Array(320));
    const bytes = encodeUplink({ kind: "tokens", tokens, unsent: U32, oldest: U32 });
    expect(bytes.length).toBeLessThanOrEqual(UPLINK_BYTES_MAX);
  });

  it.each([
    ["not CBOR", "ff"],
    ["not an array", "01"],
    ["empty", "80"],
    ["an unknown kind", toHex(encode([9, 0, 0], 100))],
    ["a negative count", toHex(encode([2, -1, 0, 1, 1], 100))],
    ["a field too few", toHex(encode([2, 0, 0, 1], 100))],
    ["a token that is no byte string", toHex(encode([1, 0, 0, [5]], 100))],
    [
      "too many tokens",
      toHex(encode([1, 0, 0, Array.from({ length: 11 }, () => fromHex(""))], 100)),
    ],
  ])("%s is no message", (_, hex) => {
    expect(decodeUplink(fromHex(hex))).toBeUndefined();
  });
});

describe("downlink", () => {
  const product = {
    product: 1,
    revision: 1,
    unitCents: 100,
    essential: true,
    allergens: 0x2001,
    name: fromLatin1("Potage du jour"),
  };
  const messages: Downlink[] = [
    { kind: "ack", seq: 17, block: 5, head: new Uint8Array(32), nonce: 1018 },
    {
      kind: "leases",
      asOf: 16,
      leases: [
        { student: 42, ceilingCents: 2_000, version: 3 },
        { student: 43, ceilingCents: 0, version: 1, besideCents: 1_450 },
      ],
    },
    {
      kind: "prices",
      version: 4,
      till: { language: "nl", soup: 1, keys: [1, 0, 300], graceCents: 150 },
      products: [product],
    },
    {
      kind: "prices",
      version: 5,
      till: { language: "fr", soup: 0, keys: [], graceCents: 0, badge: true },
      products: [],
    },
    { kind: "orders", version: 9, day: 20_780, part: 0, parts: 1, records: new Uint8Array(16) },
    { kind: "blocks", version: 2, cards: [fromHex("04a1b2c3d4e5f6")] },
    { kind: "time", seconds: 1_795_433_514 },
    { kind: "resend", fromSeq: 18 },
    { kind: "lower", leases: [{ student: 42, ceilingCents: 0, version: 4 }] },
    { kind: "recall", seq: 17, reopen: true },
    { kind: "recall", seq: 17, reopen: false },
    { kind: "roster", version: 7, records: 200, sha256: new Uint8Array(32) },
    { kind: "page", version: 7, page: 2, records: new Uint8Array(RECORD_BYTES) },
    {
      kind: "firmware",
      version: 4,
      minimum: 3,
      bytes: 130_000,
      sha256: new Uint8Array(32),
      signature: new Uint8Array(64),
    },
    { kind: "chunk", version: 4, chunk: 63, data: new Uint8Array(7) },
  ];

  it.each(messages)("$kind comes back as it was", (message) => {
    expect(decodeDownlink(encodeDownlink(message))).toEqual(message);
  });

  it("fits the terminal's memory at its largest", () => {
    const lease = { student: U32, ceilingCents: U32, version: U32, besideCents: U32 };
    const till = {
      language: "fr" as const,
      soup: U32,
      keys: Array.from({ length: 8 }, () => U32),
      graceCents: U32,
    };
    const name = new Uint8Array(20);
    const wide = { ...product, product: U32, revision: 65_535, unitCents: 100_000, name };
    const largest: Downlink[] = [
      {
        kind: "leases",
        asOf: U32,
        leases: Array.from({ length: LEASES_PER_MESSAGE }, () => lease),
      },
      {
        kind: "prices",
        version: U32,
        till,
        products: Array.from({ length: PRODUCTS_MAX }, () => wide),
      },
      {
        kind: "page",
        version: U32,
        page: 63,
        records: new Uint8Array(RECORDS_PER_PAGE * RECORD_BYTES),
      },
      { kind: "chunk", version: U32, chunk: 255, data: new Uint8Array(CHUNK_BYTES) },
      {
        kind: "orders",
        version: U32,
        day: U32,
        part: 2,
        parts: 3,
        records: new Uint8Array(ORDERS_PER_PART * ORDER_BYTES),
      },
    ];
    for (const message of largest)
      expect(encodeDownlink(message).length).toBeLessThanOrEqual(DOWNLINK_BYTES_MAX);
  });

  it("of a later protocol is no message", () => {
    expect(decodeDownlink(encode([99, 1], 100))).toBeUndefined();
  });
});

describe("orders of a day", () => {
  const line = fc.record({
    product: fc.integer({ min: 1, max: 65_535 }),
    quantity: fc.integer({ min: 1, max: 99 }),
  });
  const anOrder = fc.record({
    student: fc.integer({ min: 1, max: 5 }),
    lines: fc.array(line, { minLength: 1, maxLength: 8 }),
    collected: fc.boolean(),
  });

  it("are found by student, whole, in their order, however many lines they have", () => {
    fc.assert(
      fc.property(fc.array(anOrder, { maxLength: 20 }), (wanted) => {
        const orders: Order[] = wanted
          .toSorted((a, b) => a.student - b.student)
          .map((one, i) => ({ ...one, order: i + 1 }));
        const records = concat(orders.map(encodeOrder));
        for (const student of [1, 2, 3, 4, 5, 6])
          expect(findOrders(records, student)).toEqual(
            orders.filter((order) => order.student === student),
          );
      }),
    );
  });

  it("cannot be of a student or product beyond 65,535", () => {
    const order = {
      order: 1,
      student: 1,
      lines: [{ product: 65_536, quantity: 1 }],
      collected: false,
    };
    expect(() => encodeOrder(order)).toThrow(/65536 does not fit/);
  });
});

describe("roster records", () => {
  const record: RosterRecord = {
    card: fromHex("04a1b2c3d4e5f6"),
    student: 42,
    allergens: 0x2001,
    name: fromLatin1("Zo\xeb Lefebvre"),
    group: fromLatin1("3B"),
    key: undefined,
  };

  it("come back as they were, with and without a card key", () => {
    const withKey = { ...record, key: { epoch: 9, secret: new Uint8Array(16).fill(7) } };
    expect(decodeRecord(encodeRecord(record))).toEqual(record);
    expect(decodeRecord(encodeRecord(withKey))).toEqual(withKey);
  });

  it("are found by card among any others, and only when they are there", () => {
    const cards = fc.uniqueArray(fc.uint8Array({ minLength: 4, maxLength: 10 }), {
      selector: toHex,
      maxLength: 60,
    });
    fc.assert(
      fc.property(cards, fc.uint8Array({ minLength: 4, maxLength: 10 }), (each, other) => {
        const records = each
          .map((card, student) => encodeRecord({ ...record, card, student }))
          .toSorted((a, b) => compareCard(a, 0, b.subarray(1, 1 + (b[0] as number))));
        const readKey = (i: number) => (records[i] as Uint8Array).subarray(0, 11);
        for (const card of each) {
          const found = records[findRecord(records.length, readKey, card)] as Uint8Array;
          expect(toHex(decodeRecord(found).card)).toBe(toHex(card));
        }
        const known = each.some((card) => toHex(card) === toHex(other));
        expect(findRecord(records.length, readKey, other) >= 0).toBe(known);
      }),
    );
  });

  it("tell the badge of a member of staff from a student's card", () => {
    const badge = { ...record, student: 0, operator: 7 };
    expect(decodeRecord(encodeRecord(badge))).toEqual(badge);
    expect(decodeRecord(encodeRecord(record))).not.toHaveProperty("operator");
  });

  it("refuse a card of 3 bytes", () => {
    expect(() => encodeRecord({ ...record, card: new Uint8Array(3) })).toThrow(
      /4 to 10 bytes, not 3/,
    );
  });
});

describe("topics", () => {
  it("are read back as they were built", () => {
    expect(parseTopic(upTopic("college-demo", 3))).toEqual({
      school: "college-demo",
      terminal: 3,
      channel: "up",
      page: 0,
    });
    expect(parseTopic(downTopic("a", 1))?.channel).toBe("down");
    expect(parseTopic(hereTopic("a", 1))?.channel).toBe("here");
    expect(parseTopic(rosterTopic("a", 1, 12))).toMatchObject({ channel: "roster", page: 12 });
    expect(schoolTopics("a")).toEqual(["obole/1/a/+/up", "obole/1/a/+/here"]);
  });

  it.each([
    "",
    "obole/2/a/1/up",
    "obole/1/a/x/up",
    "obole/1/a/1/up/2",
    "obole/1/a/1/roster",
    "obole/1/A/1/up",
  ])("%j is none of ours", (topic) => {
    expect(parseTopic(topic)).toBeUndefined();
  });
});
