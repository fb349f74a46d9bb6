// Goal: whoever uses a nonce twice is found out at once, and the money is booked all the same; and a
// terminal is told the highest index that the ledger knows. Method: a copied box, an index said
// twice, and a point R used under two indices, signed by the firmware's own signer.

import { beforeEach, expect, test } from "vitest";
import { HEADER_BYTES, POINT_BYTES, POINT_RECORD_BYTES } from "#firmware/pool.ts";
import { provisionTerminal } from "#firmware/provision/provision.ts";
import { readSettings } from "#firmware/settings.ts";
import { createSigner } from "#firmware/signer.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { assembleToken, signedBytes } from "#protocol/token.ts";
import { encodeEntry } from "#protocol/write-entry.ts";
import { convolve } from "#sim/board-node.ts";
import type { LedgerStage } from "#sim/ledger-stage.ts";
import { NOON, SCHOOL, SEAL_SECRET, checkBooks, give, openLedgerStage } from "#sim/ledger-stage.ts";
import type { PaperTerminal } from "#sim/paper-terminal.ts";
import { entryOf, paperTerminal, sayToken, sayTokens, signEntry } from "#sim/paper-terminal.ts";
import { sha512 } from "#sim/primitives.ts";
import { primitives, sha256 } from "./crypto.ts";
import { numberIn, textIn } from "./ledger/row.ts";

const CLOSE = { kind: "close" as const };
let stage: LedgerStage;

beforeEach(async () => {
  stage = await openLedgerStage();
});

async function outcomesOf(paper: PaperTerminal, tokens: Bytes[]): Promise<string[]> {
  const { results } = await give(stage, [sayTokens(paper, tokens)]);
  await checkBooks(stage);
  return results.flatMap((result) => result.outcomes);
}

async function alarms(): Promise<string[]> {
  const found = await stage.ledger.client.execute(
    "select terminal, reason, times from quarantine order by id",
  );
  return found.rows.map(
    (row) => `${numberIn(row, "terminal")} ${textIn(row, "reason")} ${numberIn(row, "times")}`,
  );
}

/** The next entry, under an index of the test's choice. */
function sayUnder(paper: PaperTerminal, nonce: number): Bytes {
  paper.seq++;
  const token = signEntry(paper, { ...entryOf(paper, CLOSE, NOON), nonce });
  paper.prev = sha256(token);
  return token;
}

test.each([
  ["in one batch", 1],
  ["in two batches", 2],
])("an index that signs a second entry: booked, and an alarm (%s)", async (_, batches) => {
  const tokens = [5, 6, 5, 7].map((nonce) => sayUnder(stage.first, nonce));
  const parts = batches === 1 ? [tokens] : [tokens.slice(0, 2), tokens.slice(2)];
  for (const part of parts)
    expect(await outcomesOf(stage.first, part)).toEqual(part.map(() => "closed"));
  expect(await alarms()).toEqual(["1 nonce-reused 1"]);
});

test("entries sent again, and the same index of another terminal or epoch, alarm nobody", async () => {
  await stage.ledger.client.execute({
    sql: "insert into terminal_key values(1, 2, ?, 0)",
    args: [paperTerminal(SCHOOL, 1, 2, SEAL_SECRET).publicKey],
  });
  const renewed = paperTerminal(SCHOOL, 1, 2, SEAL_SECRET);
  for (const paper of [stage.first, stage.second, renewed]) {
    const tokens = [1, 2, 3].map(() => sayToken(paper, CLOSE, NOON));
    expect(await outcomesOf(paper, tokens)).toEqual(["closed", "closed", "closed"]);
    expect(await outcomesOf(paper, tokens)).toEqual(["replayed", "replayed", "replayed"]);
  }
  expect(await alarms()).toEqual([]);
});

test("a copied box: its entry conflicts, and the alarm says that the key is lost", async () => {
  const copy = { ...stage.first };
  await outcomesOf(stage.first, [sayToken(stage.first, CLOSE, NOON)]);
  expect(await outcomesOf(copy, [sayToken(copy, CLOSE, NOON + 1)])).toEqual(["conflict"]);
  expect(await alarms()).toEqual(["1 nonce-reused 1", "1 conflict 1"]);
});

test("a point R under two indices: booked, and an alarm", async () => {
  const order = { school: SCHOOL, terminal: 1, epoch: 3, sealSecret: SEAL_SECRET };
  const broker = { host: "broker.example", port: 1883 };
  const made = provisionTerminal({ ...order, broker, nonces: 2 });
  const files: { [name: string]: Bytes } = made.files;
  const read = readSettings(
    { read: (name, offset, length) => files[name]?.slice(offset, offset + length) },
    primitives.sha256,
  );
  if (!read.ok) throw new Error(read.fault);
  const signer = createSigner({ sha512, convolve }, read.signerKeys);
  await stage.ledger.client.execute({
    sql: "insert into terminal_key values(1, 3, ?, 0)",
    args: [made.publicKey],
  });
  const paper = { ...stage.first, epoch: 3 };
  const point = made.files.pool.slice(HEADER_BYTES, HEADER_BYTES + POINT_BYTES);
  const tokens = [0, 1].map((nonce) => {
    paper.seq++;
    const payload = encodeEntry({ ...entryOf(paper, CLOSE, NOON), nonce });
    const token = assembleToken(payload, signer.sign(0, point, signedBytes(payload)));
    paper.prev = sha256(token);
    return token;
  });
  expect(made.files.pool.length).toBe(HEADER_BYTES + 2 * POINT_RECORD_BYTES);
  for (const token of tokens) expect(await outcomesOf(paper, [token])).toEqual(["closed"]);
  expect(await alarms()).toEqual(["1 nonce-reused 1"]);
});

test("the ack names the highest index in the ledger, also when entries come again", async () => {
  const tokens = [7, 40, 12].map((nonce) => sayUnder(stage.first, nonce));
  for (const told of [tokens, tokens.slice(0, 1)]) {
    const { standings } = await give(stage, [sayTokens(stage.first, told)]);
    expect(standings).toEqual([{ terminal: 1, epoch: 1, seq: 3, nonce: 40, gap: false }]);
  }
});
