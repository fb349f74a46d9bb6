// `npm run check`: format, lint and types of everything, each to its end, so that one run names all that is wrong.

import { spawnSync } from "node:child_process";

const CHECKS: string[][] = [
  ["oxfmt", "--check", "."],
  ["oxlint", "--type-aware", "--deny-warnings"],
  ...[".", "firmware", "firmware/boards", "edge", "sim"].map((project) => ["tsc", "-p", project]),
];

const failed = CHECKS.filter(([command = "", ...args]) => {
  const { status } = spawnSync(command, args, { stdio: "inherit" });
  return status !== 0;
});
for (const check of failed) console.error(`check: ${check.join(" ")} failed`);
process.exit(failed.length ? 1 : 0);
