// Goal: whatever fails anywhere between a tap and the books, no sale is lost, none is booked twice, and no wallet is
// overdrawn; and a simulation that says so would have noticed. Method: `npm run simulate`, short, as a process of its
// own: under its adversary; twice with one seed; on libSQL; and with bugs planted in the real code as it is loaded.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { BUGS } from "./plant.ts";
import type { Simulated } from "./simulate.ts";

const run = promisify(execFile);
const TAPS = 20_000;
/** A planted bug must be found within so many taps. */
const MUTANT_TAPS = 8000;

async function simulate(options: string[]): Promise<Simulated> {
  const { stdout } = await run(process.execPath, ["sim/simulate/simulate.ts", ...options]);
  return JSON.parse(stdout) as Simulated;
}

describe("under its adversary", () => {
  test("20,000 taps: nothing is lost, nothing booked twice, no wallet below zero", async () => {
    const { lost, doubled, negative, faults, entries } = await simulate([
      "--taps",
      `${TAPS}`,
      "--seed",
      "7",
    ]);
    expect({ lost, doubled, negative }).toEqual({ lost: 0, doubled: 0, negative: 0 });
    expect(entries).toBeGreaterThan(TAPS / 2);
    // Those that a million taps must each meet a thousand times.
    const frequent = Object.values(faults).filter((times) => times >= TAPS / 1000);
    expect(frequent.length).toBeGreaterThanOrEqual(10);
    for (const rare of ["box written off", "ledger set back to its backup", "box off for days"])
      expect(faults[rare], rare).toBeGreaterThan(0);
  }, 300_000);
});

describe("the same seed", () => {
  test("is the same story and the same ledger, byte for byte, on SQLite and on libSQL", async () => {
    const options = ["--taps", "600", "--seed", "9"];
    const [one, again, other] = await Promise.all([
      simulate(options),
      simulate(options),
      simulate([...options, "--engine", "libsql"]),
    ]);
    expect([again.story, again.head]).toEqual([one.story, one.head]);
    expect([other.story, other.head]).toEqual([one.story, one.head]);
    const different = await simulate(["--taps", "600", "--seed", "10"]);
    expect(different.story).not.toBe(one.story);
  }, 300_000);
});

describe("a planted bug is found", () => {
  test.each(Object.keys(BUGS))(
    "%s",
    async (name) => {
      const script = ["--import", "./sim/simulate/plant.ts", "sim/simulate/simulate.ts"];
      const found = await run(
        process.execPath,
        [...script, "--taps", `${MUTANT_TAPS}`, "--seed", "3"],
        {
          env: { ...process.env, PLANT: name },
        },
      ).then(
        () => "",
        (error: unknown) => String((error as { stderr?: string }).stderr),
      );
      expect(found).toMatch(/^step \d+: /m);
      expect(found).toMatch(/^again: npm run simulate -- --taps 8000 --seed 3 --until \d+$/m);
    },
    300_000,
  );
});
