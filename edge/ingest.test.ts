// Goal: whatever arrives has one outcome with a name, loses nothing, and can be sent again. Method:
// real bytes from a terminal on paper, damaged one way at a time, into a real ledger; faults of the
// ledger are real too: an address where no server is, a rival writer, a row the database refuses.

import { beforeEach, expect, test } from "vitest";
import type { Bytes } from "#protocol/bytes.ts";
import { fromHex, toHex } from "#protocol/bytes.ts";
import { rosterTopic, upTopic } from "#protocol/topics.ts";
import type { LedgerStage } from "#sim/ledger-stage.ts";
import {
  LINA,
  NOON,
  SCHOOL,
  SEAL_SECRET,
  checkBooks,
  give,
  lend,
  openLedgerStage,
  topUp,
} from "#sim/ledger-stage.ts";
import type { PaperTerminal } from "#sim/paper-terminal.ts";
import {
  entryOf,
  paperTerminal,
  sayMessage,
  sayToken,
  sayTokens,
  signEntry,
} from "#sim/paper-terminal.ts";
import type { Message } from "./border.ts";
import { connectLedger, isRefused, readHead } from "./ledger/ledger.ts";
import { numberIn, textIn } from "./ledger/row.ts";

let stage: LedgerStage;
let paper: PaperTerminal;

beforeEach(async () => {
  stage = await openLedgerStage();
  paper = stage.first;
  await topUp(stage, LINA, 1000);
});

const soup = (): Bytes => {
  const lines = [{ product: 1, revision: 1, quantity: 1, unitCents: 100 }];
  return sayToken(paper, { kind: "purchase", student: LINA, lines }, NOON);
};

/** The outcomes of each message, or its fault. */
async function outcomesOf(messages: Message[]): Promise<string[]> {
  const { results } = await give(stage, messages);
  await checkBooks(stage);
  return results.flatMap(({ arrival, outcomes }) =>
    arrival.kind === "fault" ? [arrival.fault] : outcomes,
  );
}

async function quarantineOf(): Promise<string[]> {
  const found = await stage.ledger.client.execute(
    "select terminal, reason, times from quarantine order by id",
  );
  return found.rows.map(
    (row) => `${numberIn(row, "terminal")} ${textIn(row, "reason")} ${numberIn(row, "times")}`,
  );
}

async function seqsOf(terminal: number): Promise<number[]> {
  const found = await stage.ledger.client.execute({
    sql: "select seq from entry where terminal = ? order by seq",
    args: [terminal],
  });
  return found.rows.map((row) => numberIn(row, "seq"));
}

test("the same message twice, in one batch or in two, is booked once", async () => {
  const message = sayTokens(paper, [soup(), soup()]);
  expect(await outcomesOf([message, message])).toEqual([
    "booked",
    "booked",
    "replayed",
    "replayed",
  ]);
  const again = await give(stage, [message]);
  expect(again.results[0]?.outcomes).toEqual(["replayed", "replayed"]);
  // The ack was lost: it is said again, with the same seq.
  expect(again.standings).toEqual([{ terminal: 1, epoch: 1, seq: 2, nonce: 2, gap: false }]);
});

test("after a gap the missing entries are asked for, and all are booked in order", async () => {
  const tokens = [soup(), soup(), soup()];
  const late = sayTokens(paper, tokens.slice(1));
  expect(await outcomesOf([late])).toEqual(["gap", "gap"]);
  const { standings } = await give(stage, [late]);
  expect(standings).toEqual([{ terminal: 1, epoch: 1, seq: 0, nonce: 0, gap: true }]);
  expect(await outcomesOf([sayTokens(paper, tokens)])).toEqual(["booked", "booked", "booked"]);
  expect(await seqsOf(1)).toEqual([1, 2, 3]);
  expect(await quarantineOf()).toEqual([]);
});

test("another signed token under a known seq is a conflict: kept, never posted", async () => {
  const copy = { ...paper };
  expect(await outcomesOf([sayTokens(paper, [soup()])])).toEqual(["booked"]);
  const forged = sayToken(copy, { kind: "close" }, NOON);
  expect(await outcomesOf([sayTokens(paper, [forged]), sayTokens(paper, [forged])])).toEqual([
    "conflict",
    "conflict",
  ]);
  expect(await quarantineOf()).toEqual(["1 nonce-reused 2", "1 conflict 2"]);
});

test("an entry that does not follow the last one breaks the chain and stops there", async () => {
  await outcomesOf([sayTokens(paper, [soup()])]);
  paper.prev = new Uint8Array(32);
  expect(await outcomesOf([sayTokens(paper, [soup(), soup()])])).toEqual(["broken-chain", "gap"]);
  expect(await seqsOf(1)).toEqual([1]);
});

test("bytes that are no token of this terminal are quarantined under their reason", async () => {
  const good = signEntry(paper, { ...entryOf(paper, { kind: "close" }, NOON), seq: 1 });
  const flipped = good.map((byte, index) => (index === good.length - 1 ? byte ^ 1 : byte));
  const strange = signEntry(paper, {
    ...entryOf(paper, { kind: "close" }, NOON),
    seq: 1,
    terminal: 2,
  });
  const message = sayTokens(paper, [flipped, good.subarray(0, 40), strange]);
  expect(await outcomesOf([message])).toEqual([
    "bad-signature",
    "malformed:not-cose-sign1",
    "foreign-token",
  ]);
  expect(await outcomesOf([sayTokens(paper, [good])])).toEqual(["closed"]);
  expect(await quarantineOf()).toEqual([
    "1 bad-signature 1",
    "1 malformed:not-cose-sign1 1",
    "1 foreign-token 1",
  ]);
});

test("a terminal or an epoch that was never registered is quarantined", async () => {
  const stranger = paperTerminal(SCHOOL, 9, 1, SEAL_SECRET);
  const renewed = paperTerminal(SCHOOL, 1, 2, SEAL_SECRET);
  const said = [stranger, renewed].map((who) =>
    sayTokens(who, [sayToken(who, { kind: "close" }, NOON)]),
  );
  expect(await outcomesOf(said)).toEqual(["unknown-terminal", "unknown-epoch"]);
});

test("what is not sealed by this terminal on its own topic stops at the border", async () => {
  const message = sayTokens(paper, [soup()]);
  const { payload } = message;
  const flip = (at: number): Bytes =>
    payload.map((byte, index) => (index === at ? byte ^ 1 : byte));
  const thief = paperTerminal(SCHOOL, 1, 1, new Uint8Array(32).fill(8));
  const faulty: [string, Message][] = [
    ["wrong-topic", { topic: "obole/1/other-school/1/up", payload }],
    ["wrong-topic", { topic: "obole/2/college-test/1/up", payload }],
    ["wrong-topic", { topic: rosterTopic(SCHOOL, 1, 0), payload }],
    ["wrong-terminal", { topic: upTopic(SCHOOL, 2), payload }],
    ["not-sealed", { topic: message.topic, payload: new Uint8Array(0) }],
    ["not-sealed", { topic: message.topic, payload: payload.subarray(0, 47) }],
    ["bad-seal", { topic: message.topic, payload: flip(20) }],
    ["bad-seal", { topic: message.topic, payload: flip(payload.length - 1) }],
    ["bad-seal", { topic: message.topic, payload: flip(3) }],
    [
      "bad-seal",
      {
        topic: message.topic,
        payload: sayTokens(thief, [sayToken(thief, { kind: "close" }, NOON)]).payload,
      },
    ],
  ];
  expect(await outcomesOf(faulty.map(([, one]) => one))).toEqual(faulty.map(([fault]) => fault));
  expect(await outcomesOf([message])).toEqual(["booked"]);
});

test("the terminals' rows follow the newest message, none that was kept back", async () => {
  const old = sayMessage(paper, {
    kind: "status",
    unsent: 7,
    oldest: NOON,
    sequence: 3,
    roster: 1,
    prices: 1,
    blocks: 1,
    orders: 0,
    acked: 0,
  });
  const recent = sayMessage(paper, {
    kind: "status",
    unsent: 2,
    oldest: NOON,
    sequence: 9,
    roster: 4,
    prices: 5,
    blocks: 6,
    orders: 0,
    acked: 0,
  });
  await give(stage, [recent]);
  await give(stage, [old, { topic: `obole/1/${SCHOOL}/1/here`, payload: fromHex("31") }]);
  const found = await stage.ledger.client.execute("select * from terminal where id = 1");
  expect(found.rows[0]).toMatchObject({
    here: 1,
    unsent: 2,
    down_sequence: 9,
    roster: 4,
    prices: 5,
    blocks: 6,
    orders: 0,
  });
});

test("with the ledger away nothing is decided, and the same message is booked later", async () => {
  const message = sayTokens(paper, [soup()]);
  const { client } = stage.ledger;
  stage.ledger.client = connectLedger("http://127.0.0.1:9", undefined);
  const error: unknown = await give(stage, [message]).catch((away: unknown) => away);
  expect(error).toBeInstanceOf(Error);
  expect(isRefused(error)).toBe(false);
  stage.ledger.client = client;
  expect(await outcomesOf([message])).toEqual(["booked"]);
});

test("an answer that was lost after the commit does no harm", async () => {
  const message = sayTokens(paper, [soup()]);
  const { client } = stage.ledger;
  const batch = client.batch.bind(client);
  client.batch = async (...given) => {
    const results = await batch(...given);
    if (given[1] === "write") throw new TypeError("connection reset");
    return results;
  };
  await expect(give(stage, [message])).rejects.toThrow("connection reset");
  client.batch = batch;
  expect(await outcomesOf([message])).toEqual(["replayed"]);
});

test("a rival writer makes a batch be decided again, not lost", async () => {
  await readHead(stage.ledger);
  const stale = stage.ledger.head;
  await topUp(stage, LINA, 50);
  stage.ledger.head = stale;
  expect(await outcomesOf([sayTokens(paper, [soup(), soup()])])).toEqual(["booked", "booked"]);
});

// A guard that admission knows nothing of, as a later migration might bring; and errors of SQL that are none.
test.each([
  ["a constraint", "raise(abort, 'not today')"],
  ["an integer overflow", "abs(-9223372036854775808)"],
  ["malformed JSON", "json('{')"],
])("a token that the database refuses for %s does not stop the others", async (_, fault) => {
  await stage.ledger.client.execute(
    `create trigger refuse_zoe before insert on entry when new.student = 2 begin
      select ${fault}; end`,
  );
  const zoe = stage.second;
  const lines = [{ product: 1, revision: 1, quantity: 1, unitCents: 100 }];
  const poison = sayToken(zoe, { kind: "purchase", student: 2, lines }, NOON);
  const messages = [
    sayTokens(paper, [soup(), soup()]),
    sayTokens(zoe, [poison]),
    sayTokens(paper, [soup(), soup()]),
  ];
  expect(await outcomesOf(messages)).toEqual(["booked", "booked", "poison", "booked", "booked"]);
  const found = await stage.ledger.client.execute("select reason, body from quarantine");
  const kept = found.rows.map((row) => [
    row["reason"],
    toHex(new Uint8Array(row["body"] as ArrayBuffer)),
  ]);
  expect(kept).toEqual([["poison", toHex(poison)]]);
});

test("what a terminal sells after the family blocked the card is the school's risk", async () => {
  await lend(stage, 1, LINA, 500);
  await stage.ledger.client.execute({
    sql: "insert into card(uid, student, status, since) values(unhex('04a1b2c3d4e5f6'), 1, 'blocked', ?)",
    args: [NOON],
  });
  const lines = [{ product: 1, revision: 1, quantity: 1, unitCents: 100 }];
  const before = sayToken(paper, { kind: "purchase", student: LINA, lines }, NOON - 1);
  const after = sayToken(paper, { kind: "purchase", student: LINA, lines }, NOON);
  expect(await outcomesOf([sayTokens(paper, [before, after])])).toEqual(["booked", "risk"]);
});
