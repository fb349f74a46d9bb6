// Goal: some 2,000 commands of all kinds that arrive at once leave the books as if they had come one by
// one: each is done once or refused by name, and nothing diverges. Method: a whole demonstration with
// workerd and sqld; a bursar's forms over HTTP in many lanes, each second one sent twice, while terminals
// on paper open, ask for leases and sell over Mosquitto; then the ledger is compared with the answers.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { connectAsync } from "mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytesIn } from "#edge/ledger/row.ts";
import { fromHex, toHex } from "#protocol/bytes.ts";
import { UPLINK_TOKENS_MAX } from "#protocol/uplink.ts";
import {
  ASSIGNMENTS,
  FIRST_TERMINAL,
  GIFTS,
  LOST,
  REVERSALS,
  STUDENTS,
  TOP_UPS,
  cancelForms,
  correctionForms,
  earlyOrders,
  finalForms,
  moneyForms,
  orderForms,
  shuffle,
} from "./concurrent-forms.ts";
import type { Form } from "./concurrent-forms.ts";
import { checkLedger } from "./check-ledger.ts";
import { findProgram } from "./debian.ts";
import type { Demonstration } from "./demonstration.ts";
import { demonstrate } from "./demonstration.ts";
import type { Mosquitto } from "./mosquitto.ts";
import { startMosquitto } from "./mosquitto.ts";
import type { PaperTerminal, Said } from "./paper-terminal.ts";
import { paperTerminal, sayMessage, sayToken, sayTokens } from "./paper-terminal.ts";
import { nodePrimitives } from "./primitives.ts";
import { BURSAR } from "./school.ts";
import type { Secrets } from "./secrets.ts";

const SCHOOL = "college-demo";
const TERMINALS = 10;
const SALES_EACH = 60;
const STRANGER = 9_000;
const LANES = 16;
const SOUP = { product: 1, revision: 1, quantity: 1, unitCents: 100 };
const AGAIN_MAX = 20;
const AGAIN_MS = 250;

let mosquitto: Mosquitto;
let demonstration: Demonstration;
let cookie = "";
let again = 0;

/** A connection that breaks, or a page that could not be made: the same form is sent again. */
async function post(form: Form): Promise<number> {
  for (let left = AGAIN_MAX; ; left--) {
    const status = await postOnce(form).catch(() => 0);
    if (status === 303 || status === 422 || !left) return status;
    again++;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

async function postOnce({ id, path, fields }: Form): Promise<number> {
  const { dashboard } = demonstration.ready;
  const answer = await fetch(dashboard + path, {
    method: "POST",
    redirect: "manual",
    headers: { origin: dashboard, cookie },
    body: new URLSearchParams({ id, ...fields }),
  });
  await answer.body?.cancel();
  return answer.status;
}

/** All forms, LANES at a time; the statuses in the order of the forms. */
async function postAll(forms: Form[]): Promise<number[]> {
  const statuses: number[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < forms.length; at = next++) {
      const form = forms[at];
      if (form) statuses[at] = await post(form);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return statuses;
}

async function rowsOf(sql: string): Promise<Record<string, unknown>[]> {
  return (await demonstration.ledger.execute(sql)).rows;
}

async function numberOf(sql: string): Promise<number> {
  return Number(Object.values((await rowsOf(sql))[0] ?? {})[0]);
}

async function registerTerminals(): Promise<PaperTerminal[]> {
  const path = join(demonstration.stateFolder, "secrets.json");
  const { sealSecret } = JSON.parse(readFileSync(path, "utf8")) as Secrets;
  const terminals = Array.from({ length: TERMINALS }, (_, i) =>
    paperTerminal(SCHOOL, FIRST_TERMINAL + i, 1, fromHex(sealSecret)),
  );
  await demonstration.ledger.batch(
    terminals.flatMap(({ terminal, publicKey }) => [
      {
        sql: `insert into terminal(id, name, till, epoch)
          select ?, 'Papier', till, 1 from terminal where id = 1`,
        args: [terminal],
      },
      { sql: "insert into terminal_key values(?, 1, ?, 0)", args: [terminal, publicKey] },
    ]),
    "write",
  );
  return terminals;
}

type Message = { topic: string; payload: Uint8Array };

/** Sales of one terminal to the students in turn, and the hash of each token. */
function sell(paper: PaperTerminal, students: number[], hashes: string[]): Message[] {
  const now = Math.floor(Date.now() / 1000);
  const messages: Message[] = [];
  for (let from = 0; from < students.length; from += UPLINK_TOKENS_MAX) {
    const tokens = students.slice(from, from + UPLINK_TOKENS_MAX).map((one) => {
      const said: Said = one ? { kind: "purchase", student: one, lines: [SOUP] } : { kind: "open" };
      return sayToken(paper, said, now);
    });
    for (const token of tokens) hashes.push(toHex(nodePrimitives.sha256(token)));
    messages.push(sayTokens(paper, tokens));
  }
  return messages;
}

const OURS = `terminal >= ${FIRST_TERMINAL}`;
const untilBooked = (count: number) =>
  expect
    .poll(() => numberOf(`select count(*) from entry where ${OURS}`), { timeout: 120_000 })
    .toBe(count);

/** Students whose name the page finds without doubt. */
async function nameable(): Promise<{ id: number; name: string }[]> {
  const rows = await rowsOf("select id, first_name || ' ' || last_name as name from student");
  const all = rows.map((row) => ({
    id: Number(row["id"]),
    name: JSON.stringify(row["name"]).slice(1, -1),
  }));
  return all.filter((one) => {
    const words = one.name.split(" ");
    return all.filter((other) => words.every((word) => other.name.includes(word))).length === 1;
  });
}

describe.skipIf(!findProgram("mosquitto"))("2,000 commands of all kinds at once", () => {
  beforeAll(async () => {
    mosquitto = await startMosquitto({ keepsSessions: true });
    demonstration = await demonstrate("--broker", mosquitto.url);
    cookie = await demonstration.cookieOf(BURSAR.username);
  }, 120_000);
  afterAll(async () => {
    await demonstration.discard();
    await mosquitto.stop();
  });

  test("each is done once or refused, and the books agree with the answers", async () => {
    const terminals = await registerTerminals();
    const client = await connectAsync(mosquitto.url);
    const say = async ({ topic, payload }: Message): Promise<void> => {
      await client.publishAsync(topic, Buffer.from(payload), { qos: 1 });
    };
    const hashes: string[] = [];
    const [first, second] = terminals as [PaperTerminal, PaperTerminal];
    const regulars = Array.from({ length: REVERSALS }, (_, i) => 1 + i);
    const strangers = Array.from({ length: ASSIGNMENTS }, (_, i) => STRANGER + i);
    for (const message of sell(first, [0, ...regulars], hashes)) await say(message);
    for (const message of sell(second, [0, ...strangers], hashes)) await say(message);
    await untilBooked(hashes.length);

    const early = await postAll(earlyOrders());
    const paid = early.filter((status) => status === 303).length;
    const placed = await rowsOf("select id, student from pre_order where command is not null");
    const forms = shuffle([
      ...moneyForms(),
      ...orderForms(),
      ...cancelForms(
        placed.map((row) => ({ id: Number(row["id"]), student: Number(row["student"]) })),
      ),
      ...correctionForms(await nameable()),
      ...finalForms(TERMINALS),
    ]);
    const sales = terminals.slice(2).flatMap((paper) => {
      const students = Array.from(
        { length: SALES_EACH },
        (_, i) => 1 + ((i * paper.terminal) % STUDENTS),
      );
      const asks = students
        .slice(0, 10)
        .map((one) =>
          sayMessage(paper, { kind: "ask", student: one, cents: 100, unsent: 0, oldest: 0 }),
        );
      return [...sell(paper, [0, ...students], hashes), ...asks];
    });
    const saidAll = (async () => {
      for (const message of sales) await say(message);
    })();
    const startedAt = performance.now();
    const statuses = await postAll(forms);
    await saidAll;
    await untilBooked(hashes.length);
    const seconds = (performance.now() - startedAt) / 1000;
    await client.endAsync();

    const done = new Set(forms.filter((_, i) => statuses[i] === 303).map((form) => form.id));
    const doneOf = (kind: string): number => [...done].filter((id) => id.startsWith(kind)).length;
    const tokens = hashes.length;
    const kinds = [
      "in",
      "gift",
      "out",
      "back",
      "order",
      "cancel",
      "undo",
      "assign",
      "close",
      "lost",
    ];
    const counts = Object.fromEntries(kinds.map((kind) => [kind, doneOf(`${kind}/`)]));
    console.log(JSON.stringify({ requests: forms.length, again, tokens, ...counts, seconds }));
    expect(forms.length + tokens).toBeGreaterThan(2_000);
    expect(new Set(statuses)).toEqual(new Set([303, 422]));
    const kept = await rowsOf(`select id from command
      where id like '%/%' and id not like 'early/%' and author = 'beatrice'`);
    expect(new Set(kept.map((row) => row["id"]))).toEqual(done);
    expect(kept).toHaveLength(done.size);
    expect(counts).toMatchObject({ in: TOP_UPS, gift: GIFTS, undo: REVERSALS, lost: LOST });
    expect(paid).toBeGreaterThan(0);
    expect(counts["cancel"]).toBe(paid);
    expect(counts["close"]).toBeGreaterThan(0);

    const seqs = `select count(*) from transfer where reverses is not null
      and source = 0`;
    expect(await numberOf(seqs)).toBeGreaterThanOrEqual(REVERSALS + paid);
    expect(await numberOf("select count(*) from assignment")).toBe(counts["assign"]);
    const balance = (name: string): Promise<number> =>
      numberOf(`select balance from account where kind || '/' || ref = '${name}'`);
    expect(await balance("bank/cash")).toBe(-300 * TOP_UPS);
    expect(await balance("equity/goodwill")).toBe(-50 * GIFTS);
    expect(await balance("equity/correction")).toBe(200 * (counts["out"] ?? 0));
    expect(await balance("refund/requested")).toBe(150 * (counts["back"] ?? 0));
    expect(await balance("hold/orders")).toBe(100 * (counts["order"] ?? 0));
    expect(
      await numberOf(
        "select count(*) from pre_order where command is not null and state = 'ordered'",
      ),
    ).toBe(counts["order"]);
    expect(await balance("suspense/cards")).toBe(100 * ((counts["assign"] ?? 0) - ASSIGNMENTS));
    const found = (await demonstration.ledger.execute(`select hash from entry where ${OURS}`)).rows;
    expect(found.map((row) => toHex(bytesIn(row, "hash"))).toSorted()).toEqual(hashes.toSorted());
    const books = { client: demonstration.ledger, school: SCHOOL, head: undefined };
    await checkLedger({ ...books, turn: Promise.resolve() });
  }, 400_000);
});
