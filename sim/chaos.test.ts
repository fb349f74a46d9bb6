// Goal: kill -9 of broker, workerd, sqld and terminals under load loses no beep and no payment, and books none twice.
// Method: `npm run chaos`, one minute and a few terminals: real processes, real Mosquitto, cut networks; the audit
// throws at the first disagreement. Here the accidents are counted, so that a minute in which none happens fails.

import { describe, expect, test } from "vitest";
import { runChaos, total } from "./chaos.ts";
import { findProgram } from "./debian.ts";

const TERMINALS = 8;

describe.skipIf(!findProgram("mosquitto"))("a minute of chaos", () => {
  test("every beep and every payment is in the ledger once", async () => {
    const report = await runChaos({ minutes: 1, seed: 3, terminals: TERMINALS });
    const sum = (of: string): number => total(report.counts, of);
    for (const part of ["terminal", "broker", "sqld", "workerd"])
      expect(sum(`kill -9: ${part}`), part).toBeGreaterThan(0);
    expect(sum("kill -9: ")).toBeGreaterThan(15);
    expect(sum("cut: ") + sum("silent: ")).toBeGreaterThan(5);
    expect(report.beeps).toBe(sum("beep: "));
    expect(report.beeps).toBeGreaterThan(50);
    expect(report.payments).toBeGreaterThan(5);
  }, 480_000);
});
