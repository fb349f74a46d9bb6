// Once the script has started, nothing is left of what only its start needed, and all that it left behind still runs.

import { createContext, runInContext } from "node:vm";
import { expect, test } from "vitest";
import { forgetStart } from "./build-start.ts";

/** What the script has left at `later` says when it is called, and the names that it forgot. */
function run(script: string): { later: unknown; forgotten: string[] } {
  const code = forgetStart(script);
  const forgotten = [...code.matchAll(/^delete (\w+);$/gm)].map((match) => match[1] ?? "");
  const scope = createContext({ later: () => undefined });
  // Espruino deletes what Node keeps: a function that was declared.
  const undeclared = forgotten.map((name) => `${name} = undefined;`).join("");
  runInContext(code + undeclared, scope);
  return { later: runInContext("later()", scope), forgotten: forgotten.toSorted() };
}

test.each([
  [
    "functions that only the start calls, and what they alone call",
    "function start() { return add(1) } function add(n) { return n + 1 } var two = start(); later = () => two;",
    2,
    ["add", "start"],
  ],
  [
    "not what a function calls that is left behind",
    "function make() { return () => add(1) } function add(n) { return one() + n } function one() { return 1 } later = make();",
    2,
    ["make"],
  ],
  [
    "what is called by a list before its maker returns",
    "function sum(list) { var all = 0; list.forEach((n) => { all += twice(n) }); return all } function twice(n) { return 2 * n } var six = sum([1, 2]); later = () => six;",
    6,
    ["sum", "twice"],
  ],
  [
    "what an errand declares within itself",
    "function decode(n) { function inner() { return helper() + n } return inner() } function helper() { return 1 } var two = decode(1); later = () => two;",
    2,
    ["decode", "helper"],
  ],
  [
    "not what any other function declares within itself and may leave behind",
    "function make() { function inner() { return helper() } return inner } function helper() { return 1 } later = make();",
    1,
    ["make"],
  ],
  [
    "nothing of a function that calls itself later",
    "function again(n) { later = () => n ? n : again(n + 1) } again(0);",
    undefined,
    [],
  ],
  [
    "constants that are part of others, but not figures, whose values stand in the place of their names",
    "var SEVEN = 7; var list = [1, 2]; var table = { list: list }; later = () => table.list.length + SEVEN;",
    9,
    ["list"],
  ],
])("%s", (_, script, later, forgotten) => {
  expect(run(script)).toEqual({ later, forgotten });
});
