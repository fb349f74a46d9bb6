// What only an errand or a loader needs is declared within it, and everything still means what it meant.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { ERRANDS, LOADERS } from "./build-errands.ts";
import { nestFunctions } from "./build-nesting.ts";

/** What code tells `out`, and the functions that are declared once it has run. */
function run(code: string): { told: unknown[]; declared: string[] } {
  const told: unknown[] = [];
  const scope: { [name: string]: unknown } = { out: (value: unknown) => told.push(value) };
  runInNewContext(code, scope);
  const declared = Object.keys(scope).filter((name) => typeof scope[name] === "function");
  return { told, declared: declared.filter((name) => name !== "out").toSorted() };
}

test.each([
  [
    "helpers of an errand, and theirs",
    "function add(a, b) { return a + one(b) } function one(n) { return n + 1 } function decode(n) { return add(n, 1) } out(decode(2))",
    ["decode"],
  ],
  [
    "not what others need as well, nor what that needs",
    "function add(a, b) { return a + one(b) } function one(n) { return n } function decode(n) { return add(n, two()) } function two() { return 2 } out(decode(2)); out(add(1, 1))",
    ["add", "decode", "one"],
  ],
  [
    "not what an errand leaves behind: it would hold the errand",
    "function maker(n) { return () => n + two() } function two() { return 2 } function three() { return 3 } function decode() { return maker(three()) } out(decode()())",
    ["decode", "maker", "two"],
  ],
  [
    "functions that are done when their maker returns",
    "function all(list) { return list.map((n) => n + 1) } function decode(list) { return all(list) } out(decode([1, 2])[1])",
    ["decode"],
  ],
  [
    "with a loader its constants, and what it leaves behind",
    "var SEVEN = 7; function seven() { return SEVEN } function openCurve(n) { return () => seven() + n } out(openCurve(1)())",
    ["openCurve"],
  ],
  [
    "whatever the host's own names are",
    "var n = 5; function helper() { return n } function decode(n) { var helped = helper(); return helped + n } out(decode(1)); out(n)",
    ["decode"],
  ],
  [
    "several errands in one function, with what they share; among themselves they call each other by name",
    "function grow(n, m) { return n + m + one() } function one() { return 1 } function setLease() { return grow(one(), 1) } out(setLease()); out(grow(setLease(), 5)); out([1].map((n) => grow(n, 0))[0])",
    ["setLease$together"],
  ],
])("%s", (_, code, declared) => {
  const nested = run(nestFunctions(code));
  expect(nested.told).toEqual(run(code).told);
  expect(nested.declared).toEqual(declared);
});

test("no errand is more than called, or leaves functions behind", () => {
  const pair = "function setLease() { return 1 }";
  expect(() => nestFunctions(`${pair} function grow() { return 2 } out(grow)`)).toThrow(
    /more with grow/,
  );
  expect(() => nestFunctions(`${pair} function grow() { return () => 2 } out(grow())`)).toThrow(
    /grow is no/,
  );
});

test("every errand and loader is a function of the terminal", () => {
  const folders = ["", "boards", "curve", "drivers", "../protocol"];
  const sources = folders.flatMap((name) => {
    const folder = join(fileURLToPath(new URL(".", import.meta.url)), name);
    const files = readdirSync(folder).filter((file) => /(?<!\.test)\.ts$/.test(file));
    return files.map((file) => readFileSync(join(folder, file), "utf8"));
  });
  const text = sources.join("\n");
  const missing = [...LOADERS, ...ERRANDS.flat()].filter(
    (name) => !text.includes(`function ${name}(`),
  );
  expect(missing).toEqual([]);
});
