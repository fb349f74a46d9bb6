// One real sqld for all tests that run in workerd: started before them on a free port, stopped after them.
// Tests find it with inject("ledgerUrl"); each makes its own rows, since the database is shared by a run.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    ledgerUrl: string;
  }
}

const START_MS_MAX = 15_000;

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "obole-ledger-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const sqld = spawn(
    sqldPath(),
    ["-d", join(folder, "ledger"), "--http-listen-addr", `127.0.0.1:${port}`, "--no-welcome"],
    { stdio: "ignore" },
  );
  await untilHealthy(url);
  project.provide("ledgerUrl", url);
  return async () => {
    const gone = new Promise((resolve) => sqld.once("exit", resolve));
    sqld.kill("SIGKILL");
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
}

/** npm 10 links no bin for optional packages, so the server is found by its package. */
function sqldPath(): string {
  const name = `@sqld/${process.platform}-${process.arch}/package.json`;
  return join(dirname(createRequire(import.meta.url).resolve(name)), "sqld");
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

async function untilHealthy(url: string): Promise<void> {
  const deadline = Date.now() + START_MS_MAX;
  while (Date.now() < deadline) {
    const answer = await fetch(`${url}/health`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`sqld: no answer at ${url} within ${START_MS_MAX} ms`);
}
