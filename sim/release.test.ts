// Goal: what `npm run release` puts into the ledger comes to run on a terminal, which checks it by itself. Method: `npm
// start` with real processes, the tool as the office runs it, and a terminal whose network comes and goes, because each
// time it says how it is and gets the next part.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decodeToken } from "#protocol/token.ts";
import { toHex } from "#protocol/bytes.ts";
import type { Demonstration } from "./demonstration.ts";
import { demonstrate } from "./demonstration.ts";

const START_MS_MAX = 60_000;
const STORY_MS_MAX = 240_000;
const PAUSE_MS = 4000;
const ROUNDS_MAX = 40;
const TERMINAL = 1;

let demonstration: Demonstration;
beforeAll(async () => {
  demonstration = await demonstrate();
}, START_MS_MAX);
afterAll(() => demonstration.discard());

/** Runs the tool and gives the hash that it prints. */
function release(version: number): string {
  const tool = fileURLToPath(new URL("./release.ts", import.meta.url));
  const key = join(demonstration.stateFolder, "release.key");
  const words = [
    "--version",
    String(version),
    "--key",
    key,
    "--ledger",
    demonstration.ready.ledger,
  ];
  const run = spawnSync(process.execPath, [tool, ...words], { encoding: "utf8" });
  expect(run.stderr).toBe("");
  return /hash ([0-9a-f]{64})/.exec(run.stdout)?.[1] ?? run.stdout;
}

/** The hashes that the starts of the terminal name, the newest last. */
async function started(): Promise<string[]> {
  const found = await demonstration.ledger.execute({
    sql: "select token from entry where terminal = ? and kind = 'open' order by seq",
    args: [TERMINAL],
  });
  return found.rows.map((row) => {
    const decoded = decodeToken(new Uint8Array(row["token"] as ArrayBuffer));
    return decoded.ok && decoded.token.entry.kind === "open"
      ? toHex(decoded.token.entry.firmware)
      : "";
  });
}

/** The version that it said it runs. */
async function running(): Promise<unknown> {
  const sql = "select firmware from terminal where id = ?";
  const found = await demonstration.ledger.execute({ sql, args: [TERMINAL] });
  return found.rows[0]?.["firmware"];
}

const pause = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

test(
  "the office releases; the terminal fetches, checks, restarts, and its open entry names the hash",
  async () => {
    const hash = release(1);
    expect(await started()).not.toContain(hash);
    const before = (await started()).length;
    for (let round = 0; round < ROUNDS_MAX && (await started()).length === before; round++) {
      await demonstration.network(TERMINAL, false);
      await demonstration.network(TERMINAL, true);
      await pause();
    }
    expect((await started()).at(-1)).toBe(hash);
    await expect.poll(running, { timeout: 90_000, interval: 1000 }).toBe(1);
  },
  STORY_MS_MAX,
);
