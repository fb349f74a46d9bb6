// Real sqlds for the tests that run in workerd. inject("ledgerUrl") is one for the whole run; a test file that wants a
// database of its own asks newLedgerUrl() of fresh-ledger.ts, which fetches inject("ledgersUrl") and gets a new server.

import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import { createServer as createHttpServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { freePort } from "./mosquitto.ts";
import { findSqld } from "./sqld.ts";

declare module "vitest" {
  interface ProvidedContext {
    ledgerUrl: string;
    ledgersUrl: string;
  }
}

const START_MS_MAX = 15_000;

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "obole-ledger-"));
  const started: ChildProcess[] = [];
  let count = 0;
  const start = () => startSqld(join(folder, `ledger-${++count}`), started);
  const ledgers = createHttpServer((_request, response) => {
    start().then(
      (url) => response.end(url),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  project.provide("ledgerUrl", await start());
  project.provide("ledgersUrl", await listen(ledgers));
  return async () => {
    ledgers.close();
    await Promise.all(started.map(stop));
    rmSync(folder, { recursive: true, force: true });
  };
}

/** A server of its own folder, pushed on started; its address. */
export async function startSqld(folder: string, started: ChildProcess[]): Promise<string> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const options = ["-d", folder, "--http-listen-addr", `127.0.0.1:${port}`, "--no-welcome"];
  started.push(spawn(findSqld(), options, { stdio: "ignore" }));
  await untilHealthy(url);
  return url;
}

export async function stop(sqld: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => sqld.once("exit", resolve));
  if (sqld.exitCode === null && sqld.kill("SIGKILL")) await gone;
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      resolve(`http://127.0.0.1:${port}`);
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
