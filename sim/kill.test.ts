// Goal: kill -9 of workerd and of sqld in the middle of 5,000 tokens loses none and books none
// twice. Method: 50 terminals on paper sign with keys of their own and publish through a real
// Mosquitto; real processes are killed twice while they do; then the ledger is compared with what
// was signed, token by token.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { connectAsync } from "mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytesIn } from "#edge/ledger/row.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { fromHex, toHex } from "#protocol/bytes.ts";
import { UPLINK_TOKENS_MAX } from "#protocol/uplink.ts";
import { findProgram } from "./debian.ts";
import type { Demonstration } from "./demonstration.ts";
import { demonstrate } from "./demonstration.ts";
import type { Mosquitto } from "./mosquitto.ts";
import { startMosquitto } from "./mosquitto.ts";
import type { PaperTerminal } from "./paper-terminal.ts";
import { paperTerminal, sayToken, sayTokens } from "./paper-terminal.ts";
import { nodePrimitives } from "./primitives.ts";
import type { Secrets } from "./secrets.ts";

const TERMINALS = 50;
const TOKENS_EACH = 100;
const FIRST_TERMINAL = 101;
const STUDENTS = 200;
/** Slow enough that both deaths fall into the stream. */
const MESSAGE_MS = 10;
const SOUP = { product: 1, revision: 1, quantity: 1, unitCents: 100 };

let mosquitto: Mosquitto;
let demonstration: Demonstration;

describe.skipIf(!findProgram("mosquitto"))("5,000 tokens while processes are killed", () => {
  beforeAll(async () => {
    mosquitto = await startMosquitto({ keepsSessions: true });
    demonstration = await demonstrate("--broker", mosquitto.url);
  }, 60_000);
  afterAll(async () => {
    await demonstration.discard();
    await mosquitto.stop();
  });

  test("every token is in the ledger once, sums are zero, no wallet is below zero", async () => {
    const terminals = await registerTerminals();
    const { messages, hashes } = signEverything(terminals);
    const client = await connectAsync(mosquitto.url);
    for (const [index, { topic, payload }] of messages.entries()) {
      await client.publishAsync(topic, Buffer.from(payload), { qos: 1 });
      if (index === Math.floor(messages.length / 3)) demonstration.kill("workerd serve");
      if (index === Math.floor((messages.length * 2) / 3)) demonstration.kill("/sqld ");
      await new Promise((resolve) => setTimeout(resolve, MESSAGE_MS));
    }
    await client.endAsync();

    await expect
      .poll(() => countTokens().catch(() => 0), { timeout: 90_000, interval: 250 })
      .toBe(hashes.length);
    expect(await hashesInLedger()).toEqual(hashes.toSorted());
    expect(await facts()).toEqual({
      posted: (TOKENS_EACH - 1) * TERMINALS * SOUP.unitCents,
      sum: 0,
      overdrawn: 0,
      gaps: 0,
      quarantined: 0,
    });
    expect(demonstration.said.join("\n")).toMatch(/sqld: was killed/);
  }, 180_000);
});

async function registerTerminals(): Promise<PaperTerminal[]> {
  const path = join(demonstration.stateFolder, "secrets.json");
  const { sealSecret } = JSON.parse(readFileSync(path, "utf8")) as Secrets;
  const terminals = Array.from({ length: TERMINALS }, (_, i) =>
    paperTerminal("college-demo", FIRST_TERMINAL + i, 1, fromHex(sealSecret)),
  );
  await demonstration.ledger.batch(
    terminals.flatMap(({ terminal, publicKey }) => [
      {
        sql: `insert into terminal(id, name, till, epoch)
          select ?, 'Papier', till, 1 from terminal where id = 1`,
        args: [terminal],
      },
      {
        sql: "insert into terminal_key values(?, 1, ?, unixepoch())",
        args: [terminal, publicKey],
      },
    ]),
    "write",
  );
  return terminals;
}

/** The messages of all terminals, mixed as at lunch but each terminal's in order; and the hash of
 * every token. */
function signEverything(terminals: PaperTerminal[]): {
  messages: { topic: string; payload: Bytes }[];
  hashes: string[];
} {
  const messages: { topic: string; payload: Bytes }[] = [];
  const hashes: string[] = [];
  const now = Math.floor(Date.now() / 1000);
  for (let from = 0; from < TOKENS_EACH; from += UPLINK_TOKENS_MAX)
    for (const paper of terminals) {
      const tokens = Array.from({ length: UPLINK_TOKENS_MAX }, () => {
        if (paper.seq === 0) return sayToken(paper, { kind: "open" }, now);
        const student = 1 + ((paper.terminal * 31 + paper.seq * 7) % STUDENTS);
        return sayToken(paper, { kind: "purchase", student, lines: [SOUP] }, now + paper.seq);
      });
      for (const token of tokens) hashes.push(toHex(nodePrimitives.sha256(token)));
      messages.push(sayTokens(paper, tokens));
    }
  return { messages, hashes };
}

const OURS = `terminal >= ${FIRST_TERMINAL}`;

async function countTokens(): Promise<number> {
  const found = await demonstration.ledger.execute(
    `select count(*) as tokens from entry where ${OURS}`,
  );
  return Number(found.rows[0]?.["tokens"]);
}

async function hashesInLedger(): Promise<string[]> {
  const found = await demonstration.ledger.execute(`select hash from entry where ${OURS}`);
  return found.rows.map((row) => toHex(bytesIn(row, "hash"))).toSorted();
}

async function facts(): Promise<{ [name: string]: number }> {
  const found = await demonstration.ledger.execute(
    `select
      (select sum(amount) from transfer where source >= ${FIRST_TERMINAL}) as posted,
      (select sum(balance) from account) as sum,
      (select count(*) from account where kind = 'wallet' and balance < reserved) as overdrawn,
      (select count(*) from (select max(seq) as last, count(*) as n from entry group by terminal)
        where last <> n) as gaps,
      (select count(*) from quarantine) as quarantined`,
  );
  return Object.fromEntries(
    Object.entries(found.rows[0] ?? {}).map(([name, value]) => [name, Number(value)]),
  );
}
