// Goal: a password cannot be guessed by trying, and nobody can be locked out by others who try. Method: tables and
// floods of attempts at given seconds.

import { expect, test } from "vitest";
import type { Attempt, Attempts, Verdict } from "./attempts.ts";
import { forgive, networkOf, weigh } from "./attempts.ts";

const AT = 1000;
const stranger = (address = "198.51.100.7", username = "paul"): Attempt => ({
  username,
  address,
  device: "",
});
const owner: Attempt = { username: "paul", address: "198.51.100.7", device: "2.a-phone" };

function flood(attempts: Attempts, times: number, attemptOf: (i: number) => Attempt): Verdict[] {
  return Array.from({ length: times }, (_, i) => weigh(attempts, attemptOf(i), AT));
}
const tried = (verdicts: Verdict[]): number => verdicts.filter((one) => one === "try").length;

test.each<[string, number, number, Verdict]>([
  ["nothing", 0, 0, "try"],
  ["seven tries", 7, 0, "try"],
  ["eight tries", 8, 0, "later"],
  ["eight tries, 599 seconds ago", 8, 599, "later"],
  ["eight tries, ten minutes ago", 8, 600, "try"],
])("after %s the next one from there is answered so", (_, times, secondsLater, verdict) => {
  const attempts: Attempts = new Map();
  flood(attempts, times, () => stranger());
  expect(weigh(attempts, stranger(), AT + secondsLater)).toBe(verdict);
});

test("of a thousand tries from one address eight are weighed, and the owner gets in from elsewhere", () => {
  const attempts: Attempts = new Map();
  expect(tried(flood(attempts, 1000, () => stranger()))).toBe(8);
  expect(weigh(attempts, stranger("203.0.113.9"), AT)).toBe("try");
});

test("from the same address, too, in a browser that is known", () => {
  const attempts: Attempts = new Map();
  flood(attempts, 1000, () => stranger());
  expect(weigh(attempts, owner, AT)).toBe("try");
});

test("of a thousand tries from as many addresses fifty are weighed; then strangers must come by mail, the owner not", () => {
  const attempts: Attempts = new Map();
  const verdicts = flood(attempts, 1000, (i) => stranger(`198.51.${i >> 8}.${i & 255}`));
  expect([tried(verdicts), verdicts.at(-1)]).toEqual([50, "byMail"]);
  expect(weigh(attempts, stranger("203.0.113.9"), AT)).toBe("byMail");
  expect(weigh(attempts, owner, AT)).toBe("try");
  expect(weigh(attempts, stranger("203.0.113.9"), AT + 3600)).toBe("try");
});

test("a known browser that is in wrong hands may guess as little as any other", () => {
  const attempts: Attempts = new Map();
  expect(tried(flood(attempts, 1000, () => owner))).toBe(8);
});

test("an address that tries many usernames is stopped, others are not", () => {
  const attempts: Attempts = new Map();
  expect(tried(flood(attempts, 1000, (i) => stranger("198.51.100.7", `name${i}`)))).toBe(100);
  expect(weigh(attempts, stranger("203.0.113.9", "victor"), AT)).toBe("try");
});

test("a good password was no failure, and forgives the ones before it", () => {
  const attempts: Attempts = new Map();
  for (let day = 0; day < 200; day++) {
    expect(weigh(attempts, stranger(), AT)).toBe("try");
    forgive(attempts, stranger());
  }
});

test("a flood of invented usernames does not grow the memory without end", () => {
  const attempts: Attempts = new Map();
  flood(attempts, 120_000, (i) => stranger(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, `n${i}`));
  expect(attempts.size).toBeLessThanOrEqual(60_000);
});

test.each([
  ["198.51.100.7", "198.51.100.7"],
  ["2001:db8:1:2:a:b:c:d", "2001:db8:1:2"],
  ["2001:db8:1:2::d", "2001:db8:1:2"],
  ["2001:db8::1:0:0:0:1", "2001:db8:0:1"],
  ["::1", "0:0:0:0"],
  ["", ""],
])("the network of %s is %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});
