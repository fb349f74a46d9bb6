// Goal: what the demo school sold can be checked by two programs that are not the ledger: verify, and hledger, which is not
// even ours. Method: npm start, real taps, the commands of the README as people type them, and hledger from Debian.

import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { findProgram } from "#sim/debian.ts";
import type { Demonstration } from "#sim/demonstration.ts";
import { demonstrate } from "#sim/demonstration.ts";
import { journalName } from "./journal.ts";

const TAPS = 6;
/** Its counter sells a soup to whoever taps. */
const REFECTORY = 1;
const START_MS_MAX = 120_000;

let demonstration: Demonstration;

beforeAll(async () => {
  demonstration = await demonstrate();
  const { cards } = demonstration.ready;
  for (const { uid } of cards.slice(0, TAPS)) await demonstration.tap(REFECTORY, uid);
  const sold = async () =>
    (await demonstration.ledger.execute("select 1 from entry where total > 0")).rows.length;
  await vi.waitUntil(async () => (await sold()) > 2, { timeout: 30_000 });
}, START_MS_MAX);
afterAll(() => demonstration.discard());

const inFolder = (name: string): string => join(demonstration.stateFolder, name);

function run(script: string, ...words: string[]): { status: number | null; said: string } {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...words], {
    encoding: "utf8",
    env: { ...process.env, LEDGER_URL: demonstration.ready.ledger },
  });
  return { status, said: stdout + stderr };
}

test("its export is in order; with one cent changed it is not, and verify says where", () => {
  const file = inFolder("export.jsonl");
  expect(run("./export.ts", "--to", file)).toMatchObject({ status: 0 });
  const { status, said } = run("./verify.ts", file);
  expect(said).toMatch(/college-demo: in order[^]*\d+ signed tokens[^]*head \d+ [0-9a-f]{64}/);
  expect(status).toBe(0);
  const text = readFileSync(file, "utf8");
  const changed = text.replace(/("table":"transfer".*?"amount":)2500/, "$12501");
  writeFileSync(file, changed);
  const tampered = run("./verify.ts", file);
  expect(tampered.said).toMatch(
    /command \d+: topUp: expected [^ ]+ pays [^ ]+ 2500, found .* 2501/,
  );
  expect(tampered.status).toBe(1);
});

const hledger = (...words: string[]) =>
  spawnSync(findProgram("hledger") ?? "", words, { encoding: "utf8" });

test("its first head is published to visitors, and mailed; verify finds it in the chain", async () => {
  const visit = await fetch(`${demonstration.ready.dashboard}/heads`, {
    headers: { "accept-language": "fr" },
  });
  const [, published = ""] =
    /bloc \d+[^]*bloc \d+[^]*?([0-9a-f]{64})/.exec(await visit.text()) ?? [];
  const bursar = await demonstration.logIn("beatrice");
  expect(await (await bursar("/outbox")).text()).toContain(`--head ${published}`);
  const file = inFolder("again.jsonl");
  run("./export.ts", "--to", file);
  expect(run("./verify.ts", file, "--head", published)).toMatchObject({ status: 0 });
  const other = run("./verify.ts", file, "--head", "00".repeat(32));
  expect(other.said).toContain("none has the published head 0000");
  expect(other.status).toBe(1);
});

describe.skipIf(!findProgram("hledger"))("hledger", () => {
  test("accepts the journal with its closing assertions, and has the ledger's own sum of every account", async () => {
    const file = inFolder("export.journal");
    expect(run("./export.ts", "--hledger", "--to", file)).toMatchObject({ status: 0 });
    expect(hledger("-f", file, "check", "-s", "ordereddates").stderr).toBe("");
    const { stdout } = hledger("-f", file, "balance", "-N", "-E", "--flat", "-O", "csv");
    const sums = new Map(
      stdout
        .split("\n")
        .slice(1)
        .map((line) => /^"(.*)","(-?[\d.]+)/.exec(line))
        .flatMap((found) => (found ? [[found[1], Math.round(Number(found[2]) * 100)]] : [])),
    );
    const { rows } = await demonstration.ledger.execute("select kind, ref, balance from account");
    expect(rows.length).toBeGreaterThan(200);
    for (const { kind, ref, balance } of rows) {
      const name = journalName({ kind: kind as string, ref: ref as string });
      expect([name, sums.get(name)]).toEqual([name, 0 - Number(balance)]);
    }
    expect(sums.size).toBe(rows.length);
  });

  test("refuses it with one cent changed", () => {
    const file = inFolder("export.journal");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace(/= (-?)(\d+)\.00 EUR\n/, "= $1$2.01 EUR\n"));
    expect(hledger("-f", file, "check").status).not.toBe(0);
  });
});
