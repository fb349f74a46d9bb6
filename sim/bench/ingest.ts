// How fast sealed messages become posted cents: the gateway's own ingest over HTTP to a real sqld, against the very
// same statements run in process by SQLite itself. Both on this machine, in one run: read the ratio.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SQLInputValue, StatementSync } from "node:sqlite";
import { DatabaseSync } from "node:sqlite";
import { createClient as createFileClient } from "@libsql/client";
import type { Client, InStatement } from "@libsql/client/web";
import { ingest } from "#edge/ingest.ts";
import { connectLedger } from "#edge/ledger/ledger.ts";
import { freePorts } from "../demonstration.ts";
import { answersHttp } from "../processes.ts";
import { findSqld } from "../sqld.ts";
import { openSchool, sellSoup } from "./load.ts";

const SALES = 20_000;
/** As many messages as wait at the gateway under full load: 1,000 tokens a batch. */
const MESSAGES_PER_BATCH = 100;
const START_MS_MAX = 15_000;

export type IngestFigures = {
  sales: number;
  ingestPerSecond: number;
  sqlitePerSecond: number;
};

export async function measureIngest(): Promise<IngestFigures> {
  const folder = mkdtempSync(join(tmpdir(), "obole-bench-"));
  const port = await freePorts();
  const url = `http://127.0.0.1:${port}`;
  const sqld = spawn(
    findSqld(),
    ["-d", join(folder, "ledger"), "--http-listen-addr", `127.0.0.1:${port}`, "--no-welcome"],
    { stdio: "ignore" },
  );
  try {
    await untilHealthy(url);
    const written: InStatement[][] = [];
    const ingestPerSecond = await measureGateway(connectLedger(url, undefined), written);
    const sqlitePerSecond = await measureSqlite(join(folder, "raw.db"), written);
    return { sales: SALES, ingestPerSecond, sqlitePerSecond };
  } finally {
    sqld.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Decrypts, decodes, checks signatures and chains, decides, posts and chains blocks. */
async function measureGateway(client: Client, written: InStatement[][]): Promise<number> {
  const { intake, terminals, ledger } = await openSchool(client);
  ledger.client = recording(client, written);
  const messages = sellSoup(terminals, SALES);
  const start = performance.now();
  for (let from = 0; from < messages.length; from += MESSAGES_PER_BATCH) {
    const { results } = await ingest(intake, messages.slice(from, from + MESSAGES_PER_BATCH));
    const odd = results.flatMap(({ outcomes }) => outcomes).find((outcome) => outcome !== "booked");
    if (odd) throw new Error(`bench: a sale was ${odd}`);
  }
  return (SALES * 1000) / (performance.now() - start);
}

/** The same statements in the same transactions, prepared once, on a file in process. */
async function measureSqlite(path: string, written: InStatement[][]): Promise<number> {
  const client = createFileClient({ url: `file:${path}` });
  await openSchool(client);
  client.close();
  const database = new DatabaseSync(path);
  database.exec("pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on");
  const prepared = new Map<string, StatementSync>();
  const start = performance.now();
  for (const batch of written) {
    database.exec("begin immediate");
    for (const statement of batch) runOn(database, prepared, statement);
    database.exec("commit");
  }
  const seconds = (performance.now() - start) / 1000;
  const count = database.prepare("select count(*) as n from entry").get()?.["n"];
  if (count !== SALES)
    throw new Error(`bench: SQLite holds ${String(count)} entries, not ${SALES}`);
  database.close();
  return SALES / seconds;
}

function runOn(
  database: DatabaseSync,
  prepared: Map<string, StatementSync>,
  statement: InStatement,
): void {
  const { sql, args } = typeof statement === "string" ? { sql: statement, args: [] } : statement;
  const ready = prepared.get(sql) ?? database.prepare(sql);
  prepared.set(sql, ready);
  ready.run(...((args ?? []) as SQLInputValue[]));
}

/** The client itself, but what it writes is also kept. */
function recording(client: Client, written: InStatement[][]): Client {
  return new Proxy(client, {
    get(target, name) {
      if (name !== "batch") return Reflect.get(target, name, target);
      const batch: Client["batch"] = (statements, mode) => {
        if (mode === "write") written.push(statements as InStatement[]);
        return target.batch(statements, mode);
      };
      return batch;
    },
  });
}

async function untilHealthy(url: string): Promise<void> {
  const deadline = Date.now() + START_MS_MAX;
  while (!(await answersHttp(`${url}/health`, 1_000))) {
    if (Date.now() > deadline) throw new Error(`bench: no sqld at ${url}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
