// Goal: only firmware that the office has signed goes out, a few chunks for each sign of life, to whoever runs an older
// one; and what terminals say of their condition is kept. Method: a release in a real ledger, statuses as terminals send
// them, and what the gateway then says.

import { beforeEach, expect, test } from "vitest";
import type { Bytes } from "#protocol/bytes.ts";
import { concat, fromLatin1, sameBytes } from "#protocol/bytes.ts";
import type { Downlink } from "#protocol/downlink.ts";
import type { Health } from "#protocol/uplink.ts";
import type { LedgerStage } from "#sim/ledger-stage.ts";
import { NOON, give, openLedgerStage } from "#sim/ledger-stage.ts";
import type { Heard } from "#sim/overhearing.ts";
import { overhear } from "#sim/overhearing.ts";
import { sayMessage } from "#sim/paper-terminal.ts";
import { announce, newReleaseKey, publicKeyOf } from "#sim/signed-release.ts";
import type { Releasing } from "./releases.ts";
import { offerReleases } from "./releases.ts";

const office = newReleaseKey();
const releaseKey = publicKeyOf(office);
const script = new Uint8Array(50_001).map((_, i) => i & 127);

let stage: LedgerStage;
let releasing: Releasing;
let told: Heard[];

beforeEach(async () => {
  stage = await openLedgerStage();
  const { voice, heard } = overhear(() => NOON * 1000);
  told = heard;
  releasing = { client: stage.ledger.client, voice, releaseKey, newest: undefined };
});

async function release(version: number, signedAs = version, minimum = 0): Promise<void> {
  const { sha256, signature } = announce(office, signedAs, script, 0);
  await stage.ledger.client.execute({
    sql: `insert into release(version, minimum, script, sha256, signature, released_at)
      values(?, ?, ?, ?, ?, 0)`,
    args: [version, minimum, script, sha256, signature],
  });
}

const WELL: Health = {
  firmware: 0,
  chunk: 0,
  errors: 0,
  variables: 0,
  erases: 0,
  lastError: new Uint8Array(0),
};

function statusOf(health: Health) {
  const held = {
    sequence: 0,
    roster: 0,
    prices: 0,
    blocks: 0,
    orders: 0,
    acked: 0,
    unsent: 0,
    oldest: 0,
  };
  return sayMessage(stage.first, { kind: "status", ...held, health });
}

/** Terminal 1 says what runs there and which chunk it wants. */
async function status(firmware: number, chunk: number): Promise<Downlink[]> {
  const message = statusOf({ ...WELL, firmware, chunk });
  told.splice(0);
  await offerReleases(releasing, (await give(stage, [message])).results);
  return told.map((heard) => heard.message);
}

test("a terminal that asks on gets all of it, in parts, and then nothing more", async () => {
  await release(4);
  const chunks: Bytes[] = [];
  for (let rounds = 0; chunks.length < 25; rounds++) {
    expect(rounds).toBeLessThan(3);
    const [first, ...rest] = await status(0, chunks.length);
    expect(first).toMatchObject({ kind: "firmware", version: 4, bytes: script.length });
    for (const message of rest) if (message.kind === "chunk") chunks.push(message.data);
  }
  expect(sameBytes(concat(chunks), script)).toBe(true);
  // Who has all of it, but may not run it, is sent nothing but the announcement.
  expect(await status(0, 25)).toHaveLength(1);
  expect(await status(4, 0)).toEqual([]);
  const found = await stage.ledger.client.execute("select firmware from terminal where id = 1");
  expect(found.rows[0]?.["firmware"]).toBe(4);
});

test("a release under another version's signature, or another minimum, or without the office's key, goes to nobody", async () => {
  await release(5, 4);
  expect(await status(0, 0)).toEqual([]);
  await release(6, 6, 5);
  expect(await status(0, 0)).toEqual([]);
  await release(7);
  expect(await status(0, 0)).not.toEqual([]);
  releasing.releaseKey = undefined;
  expect(await status(0, 0)).toEqual([]);
});

test("what went out can never be changed", async () => {
  await release(8);
  await expect(stage.ledger.client.execute("update release set version = 7")).rejects.toThrow(
    "never changed",
  );
});

test("what a terminal says of its condition stands beside it; an older word changes nothing", async () => {
  const older = statusOf({ ...WELL, errors: 1, lastError: fromLatin1("first") });
  const newer = statusOf({
    ...WELL,
    errors: 2,
    variables: 5809,
    erases: 3,
    lastError: fromLatin1("caf\xe9"),
  });
  for (const message of [newer, older]) await give(stage, [message]);
  const found = await stage.ledger.client.execute(
    "select errors, last_error, variables, erases from terminal where id = 1",
  );
  expect(found.rows[0]).toMatchObject({
    errors: 2,
    last_error: "caf\xe9",
    variables: 5809,
    erases: 3,
  });
});
