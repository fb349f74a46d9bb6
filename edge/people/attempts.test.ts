// Goal: a password cannot be guessed by trying. Method: a table of attempts of one username at given seconds.

import { expect, test } from "vitest";
import type { Attempts } from "./attempts.ts";
import { countFailure, forgiveFailures, mayTry } from "./attempts.ts";

function failTimes(attempts: Attempts, key: string, times: number, now: number): void {
  for (let i = 0; i < times; i++) countFailure(attempts, key, now);
}

test.each([
  ["no failure yet", 0, 0, true],
  ["seven failures", 7, 0, true],
  ["eight failures", 8, 0, false],
  ["eight failures, 599 seconds ago", 8, 599, false],
  ["eight failures, ten minutes ago", 8, 600, true],
])("after %s the next attempt is weighed", (_, failures, secondsLater, allowed) => {
  const attempts: Attempts = new Map();
  failTimes(attempts, "paul", failures, 1000);
  expect(mayTry(attempts, "paul", 1000 + secondsLater)).toBe(allowed);
});

test("one username's failures do not stop another", () => {
  const attempts: Attempts = new Map();
  failTimes(attempts, "paul", 20, 1000);
  expect(mayTry(attempts, "victor", 1000)).toBe(true);
});

test("a good password forgives the failures before it", () => {
  const attempts: Attempts = new Map();
  failTimes(attempts, "paul", 7, 1000);
  forgiveFailures(attempts, "paul");
  failTimes(attempts, "paul", 7, 1000);
  expect(mayTry(attempts, "paul", 1000)).toBe(true);
});

test("a flood of invented usernames does not grow the memory without end", () => {
  const attempts: Attempts = new Map();
  for (let i = 0; i < 25_000; i++) countFailure(attempts, "nobody" + i, 1000);
  expect(attempts.size).toBeLessThanOrEqual(10_000);
});
