// Goal: whatever fails at the counters, on the way and at the gateway, what was seen and heard there and what is in the
// ledger agree. Method: the soak of `npm run soak`, short: whole terminals from source, the gateway's own code, a real
// sqld; it throws at the first disagreement. Here the faults are counted, so that a soak in which none happens fails.

import { expect, test } from "vitest";
import { runSoak } from "./soak.ts";

const TAPS = 2000;

test("2,000 taps under random faults: journal, ledger and display agree", async () => {
  const { counts, lines } = await runSoak(TAPS, 7);
  const total = (of: string): number =>
    [...counts].reduce((sum, [name, times]) => sum + (name.startsWith(of) ? times : 0), 0);
  expect(total("tap: ")).toBeGreaterThan(TAPS * 0.9);
  expect(total("tap: accepted")).toBeGreaterThan(TAPS / 4);
  for (const fault of ["power ", "network ", "reader: ", "card pulled", "two cards", "message "])
    expect(total(fault), fault).toBeGreaterThan(10);
  const given = lines.find((line) => line.includes("gave leases back")) ?? "";
  expect(Number.parseInt(given, 10)).toBeGreaterThan(30);
  expect(lines[0]).toContain("accepted taps, each in the ledger once");
}, 120_000);
