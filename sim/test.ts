// `npm test`: installs the Debian programs it may, runs every test, and closes with one line that counts the skips too.
// With CI=true a skipped test fails the run: nothing that could have been checked goes unchecked.

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { installPrograms } from "./debian.ts";

const RESULTS = ".obole/test-results.json";
type Results = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  success: boolean;
};

installPrograms();
mkdirSync(".obole", { recursive: true });
rmSync(RESULTS, { force: true });
const { status } = spawnSync(
  "vitest",
  [
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile=${RESULTS}`,
    ...process.argv.slice(2),
  ],
  { stdio: "inherit" },
);
const results = JSON.parse(readFileSync(RESULTS, "utf8")) as Results;
const skipped = results.numPendingTests + results.numTodoTests;
if (skipped)
  console.error(`\nSKIPPED: ${skipped} tests did not run; what they need is named above.`);
console.log(
  `\n${results.numPassedTests} passed, ${results.numFailedTests} failed, ${skipped} skipped`,
);
const isSkipForbidden = process.env["CI"] === "true" && skipped > 0;
process.exit(status !== 0 || !results.success || isSkipForbidden ? 1 : 0);
