// The office's tool as the office starts it, at an emulated reader: three new cards, the second
// pulled away too early.

import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "obole-card-"));
afterAll(() => rmSync(folder, { recursive: true }));
const secrets = join(folder, "office.json");
const transcript = join(folder, "cards.jsonl");

async function run(...words: string[]): Promise<string> {
  const script = new URL("./card.ts", import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...words]);
  return stdout;
}

test("secrets are made once, for nobody else to read, and the Worker gets one of the two", async () => {
  const printed = await run("secrets", "--secrets", secrets);
  const kept = JSON.parse(readFileSync(secrets, "utf8")) as { card: string; office: string };
  expect(printed).toContain(kept.card);
  expect(printed).not.toContain(kept.office);
  expect(kept.card).toMatch(/^[0-9a-f]{64}$/);
  expect(statSync(secrets).mode & 0o077).toBe(0);
  await expect(run("secrets", "--secrets", secrets)).rejects.toThrow("cards may depend on it");
});

test("cards are personalised as they are laid, one after the other", async () => {
  const words = ["--school", "college-demo", "--secrets", secrets, "--transcript", transcript];
  const printed = await run("personalise", "--emulated", ...words);
  const lines = printed
    .trim()
    .split("\n")
    .map((line) => line.slice(16));
  expect(lines).toEqual([
    "personalised for epoch 1: 5 keys changed, all 5 tried",
    "pulled away too early: lay it again",
    "personalised for epoch 1: 1 keys changed, all 5 tried",
    "personalised for epoch 1: 5 keys changed, all 5 tried",
  ]);
}, 60_000);

test("cards are told apart", async () => {
  const printed = await run("enrol", "--emulated");
  const lines = printed
    .trim()
    .split("\n")
    .map((line) => line.slice(16));
  expect(lines).toContain("NTAG 424 DNA, original");
  expect(new Set(printed.match(/^[0-9a-f]{14}/gm)).size).toBe(3);
}, 60_000);

test.each([
  [["personalise", "--emulated"], "needs --school"],
  [["enrol"], "needs --port"],
  [["clone"], "npm run card"],
])("what is missing is said: %s", async (words, said) => {
  await expect(run(...words)).rejects.toThrow(said);
});
