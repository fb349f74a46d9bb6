// Goal: a school whose database is lost goes on from an older copy, and the terminals bring back what it
// lacks: nothing sold is missing, nothing is booked twice, and the head that the copy had stands in the
// new chain. Method: the drill of docs/restore.md on a whole demonstration with its own sqld, by the very
// commands.

import type { ChildProcess } from "node:child_process";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Client } from "@libsql/client/web";
import { connectLedger } from "#edge/ledger/ledger.ts";
import { checkLedger } from "../check-ledger.ts";
import type { Demonstration } from "../demonstration.ts";
import { demonstrate, freePorts } from "../demonstration.ts";
import { answersHttp } from "../processes.ts";
import { findSqld } from "../sqld.ts";

const folder = mkdtempSync(join(tmpdir(), "obole-restore-"));
const copy = join(folder, "yesterday.jsonl");
let url = "";
let client: Client;
let sqld: ChildProcess;
let demonstration: Demonstration | undefined;

async function startSqld(name: string): Promise<void> {
  const listen = new URL(url).host;
  const options = ["-d", join(folder, name), "--http-listen-addr", listen, "--no-welcome"];
  sqld = spawn(findSqld(), options, { stdio: "ignore" });
  for (let tries = 0; !(await answersHttp(`${url}/health`, 500)); tries++) {
    if (tries > 200) throw new Error(`restore: no sqld at ${url}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function loseDatabase(): Promise<void> {
  const gone = new Promise((resolve) => sqld.once("exit", resolve));
  sqld.kill("SIGKILL");
  await gone;
}

function run(script: string, ...words: string[]): string {
  const path = join(import.meta.dirname, script);
  return execFileSync(process.execPath, [path, ...words, "--ledger", url], { encoding: "utf8" });
}

beforeAll(async () => {
  url = `http://127.0.0.1:${(await freePorts()) + 100}`;
  client = connectLedger(url, undefined);
  await startSqld("first");
  demonstration = await demonstrate("--ledger", url);
}, 120_000);
afterAll(async () => {
  await demonstration?.discard();
  await loseDatabase();
  rmSync(folder, { recursive: true, force: true });
});

async function numberOf(sql: string): Promise<number> {
  return Number(Object.values((await client.execute(sql)).rows[0] ?? {})[0]);
}

const sales = (): Promise<number> => numberOf("select count(*) from entry where kind = 'purchase'");
const tokens = async (): Promise<string[]> =>
  (await client.execute("select hex(token) as token from entry order by 1")).rows.map((row) =>
    JSON.stringify(row["token"]),
  );
const headOf = async (): Promise<unknown> =>
  (await client.execute("select no, hex(hash) as hash from block order by no desc limit 1"))
    .rows[0];

async function sell(school: Demonstration, from: number, count: number): Promise<void> {
  const before = await sales();
  const cards = school.ready.cards.filter((card) => card.student > 0);
  let sold = 0;
  for (const { uid } of cards.slice(from)) {
    if (sold === count) break;
    const { heard } = await school.tap(1, uid);
    if (heard === "accepted") sold++;
  }
  await expect.poll(sales, { timeout: 30_000 }).toBe(before + count);
}

test("yesterday's copy is restored, terminals resend, the ledger is whole again", async () => {
  if (!demonstration) throw new Error("restore: no demonstration");
  await sell(demonstration, 0, 3);
  run("backup.ts", "--to", copy);
  const copied = await headOf();
  await sell(demonstration, 20, 4);
  const before = { tokens: await tokens(), sales: await sales() };
  await demonstration.end("SIGTERM");
  await loseDatabase();

  await startSqld("second");
  expect(run("restore.ts", "--from", copy)).toContain("as of ");
  expect(await headOf()).toEqual(copied);
  expect(await sales()).toBe(before.sales - 4);
  expect(() => run("restore.ts", "--from", copy)).toThrow("not empty");
  demonstration = await demonstration.again();

  const open = (): Promise<number> => numberOf("select count(*) from recovery where ended = 0");
  await expect.poll(open, { timeout: 150_000, interval: 500 }).toBe(0);
  expect(await sales()).toBe(before.sales);
  expect(await tokens()).toEqual(expect.arrayContaining(before.tokens));
  const { no, hash } = copied as { no: number; hash: string };
  expect(await numberOf(`select hex(hash) = '${hash}' from block where no = ${no}`)).toBe(1);
  await checkLedger({ client, school: "college-demo", head: undefined, turn: Promise.resolve() });
  await sell(demonstration, 60, 1);
}, 300_000);
