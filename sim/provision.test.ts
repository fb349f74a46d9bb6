// Goal: what the office types for a new box works against a running school. Method: `npm start` in a folder of its own, and
// the program behind `npm run provision`, as a process, with the secret from the environment.

import { spawn } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readBoxFolder } from "#firmware/provision/box-folder.ts";
import { toHex } from "#protocol/bytes.ts";
import type { Demonstration } from "./demonstration.ts";
import { demonstrate } from "./demonstration.ts";
import { openSecrets } from "./secrets.ts";

const START_MS_MAX = 60_000;
let demonstration: Demonstration;
let out: string;

beforeAll(async () => {
  demonstration = await demonstrate();
  out = join(demonstration.stateFolder, "boxes");
}, START_MS_MAX);
afterAll(() => demonstration.discard(), START_MS_MAX);

async function provision(
  words: string[],
  secret = openSecrets(demonstration.stateFolder).sealSecret,
): Promise<{ code: number | null; said: string }> {
  const program = fileURLToPath(new URL("../firmware/provision/office.ts", import.meta.url));
  const env = { ...process.env, SEAL_SECRET: secret };
  const args = [program, "--url", demonstration.ready.dashboard, ...words];
  const child = spawn(process.execPath, args, { env });
  let said = "";
  child.stdout.on("data", (data) => (said += String(data)));
  child.stderr.on("data", (data) => (said += String(data)));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, said };
}

const orderOf = (terminal: number): string[] =>
  ["--terminal", String(terminal), "--name", "Bar", "--school", "college-demo"].concat([
    "--broker",
    "broker.example:1883",
    "--nonces",
    "5",
    "--out",
    out,
  ]);

async function keysOf(terminal: number): Promise<[epoch: number, key: string][]> {
  const found = await demonstration.ledger.execute({
    sql: "select epoch, public_key from terminal_key where terminal = ? order by epoch",
    args: [terminal],
  });
  return found.rows.map((row) => [
    Number(row["epoch"]),
    toHex(new Uint8Array(row["public_key"] as ArrayBuffer)),
  ]);
}

test("a new box has a folder, and the ledger its public key", async () => {
  const { code, said } = await provision([...orderOf(9), "--like", "1"]);
  expect([code, said]).toEqual([0, expect.stringContaining("terminal 9, epoch 1")]);
  const { publicKey } = readBoxFolder(join(out, "terminal-9", "epoch-1"));
  expect(await keysOf(9)).toEqual([[1, publicKey]]);
  const tills = await demonstration.ledger.execute("select till from terminal where id in (1, 9)");
  expect(tills.rows[0]?.["till"]).toBe(tills.rows[1]?.["till"]);
  const again = await provision(["--register", join(out, "terminal-9", "epoch-1")]);
  expect(again.said).toContain("terminal 9, epoch 1 was known already");
});

test("a terminal whose folders are elsewhere gets the epoch after the ledger's", async () => {
  const before = await keysOf(9);
  expect(before.map(([epoch]) => epoch)).toEqual([1]);
  const elsewhere = join(demonstration.stateFolder, "elsewhere");
  const { code } = await provision([...orderOf(9), "--out", elsewhere]);
  expect(code).toBe(0);
  expect(readdirSync(join(elsewhere, "terminal-9"))).toEqual(["epoch-2"]);
  const { publicKey } = readBoxFolder(join(elsewhere, "terminal-9", "epoch-2"));
  expect(await keysOf(9)).toEqual([...before, [2, publicKey]]);
});

test("who has not the school's secret registers nothing", async () => {
  const { code, said } = await provision(orderOf(10), "00".repeat(32));
  expect([code === 0, said]).toEqual([false, expect.stringContaining("another SEAL_SECRET")]);
  expect(await keysOf(10)).toEqual([]);
});

test(
  "a terminal of an older make is kept aside, and its counter starts as a new device",
  async () => {
    const folder = join(demonstration.stateFolder, "terminals", "3");
    const [first] = await keysOf(3);
    await demonstration.end("SIGTERM");
    writeFileSync(join(folder, "state.flash"), new Uint8Array(4096));
    demonstration = await demonstration.again();
    expect(existsSync(`${folder}.epoch-1`)).toBe(true);
    expect(await keysOf(3)).toEqual([first, [2, expect.not.stringMatching(first?.[1] ?? "")]]);
  },
  START_MS_MAX,
);
