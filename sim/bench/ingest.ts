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
import { createBatcher } from "#edge/batcher.ts";
import type { Message, Unpacked } from "#edge/border.ts";
import { unpack } from "#edge/border.ts";
import type { Ingested, Intake } from "#edge/ingest.ts";
import { BATCH_MESSAGES_MAX, ingestUnpacked } from "#edge/ingest.ts";
import { checkLate, createLateChecks } from "#edge/late-checks.ts";
import type { Owed } from "#edge/late-checks.ts";
import { connectLedger } from "#edge/ledger/ledger.ts";
import { freePorts } from "../demonstration.ts";
import { answersHttp } from "../processes.ts";
import { findSqld } from "../sqld.ts";
import { openSchool, sellSoup } from "./load.ts";

const SALES = 20_000;
const ROUNDS = 3;
/** What a socket hands over at once: 64 kB. */
const MESSAGES_PER_CHUNK = 30;
/** A broker sends on while as many are not acknowledged (max_inflight_messages of Mosquitto). */
const IN_FLIGHT_MAX = 2 * BATCH_MESSAGES_MAX;
const START_MS_MAX = 15_000;

export type IngestFigures = {
  ingestPerSecond: number;
  sqlitePerSecond: number;
  /** Signatures that a later one vouched for, checked when nothing else is to be done. */
  latePerSecond: number;
};

/** The best of several rounds: whatever else runs on this machine only ever makes a round slower. */
export async function measureIngest(): Promise<IngestFigures> {
  const rounds: IngestFigures[] = [];
  for (let i = 0; i < ROUNDS; i++) rounds.push(await measureRound());
  const best = (name: keyof IngestFigures): number => Math.max(...rounds.map((one) => one[name]));
  return {
    ingestPerSecond: best("ingestPerSecond"),
    sqlitePerSecond: best("sqlitePerSecond"),
    latePerSecond: best("latePerSecond"),
  };
}

async function measureRound(): Promise<IngestFigures> {
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
    const gateway = await measureGateway(connectLedger(url, undefined), written);
    const sqlitePerSecond = await measureSqlite(join(folder, "raw.db"), written);
    return { ...gateway, sqlitePerSecond };
  } finally {
    sqld.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Decrypts, decodes, checks signatures and chains, decides, posts and chains blocks. */
async function measureGateway(
  client: Client,
  written: InStatement[][],
): Promise<Pick<IngestFigures, "ingestPerSecond" | "latePerSecond">> {
  const school = await openSchool(client);
  const { intake, ledger } = school;
  ledger.client = recording(client, written);
  const messages = sellSoup(school, SALES);
  const start = performance.now();
  const owed = await deliver(intake, messages);
  const ingestPerSecond = (SALES * 1000) / (performance.now() - start);
  const lateStart = performance.now();
  await checkLate(
    createLateChecks(ledger, Date.now, () => true),
    owed,
  );
  const latePerSecond = (owed.length * 1000) / (performance.now() - lateStart);
  return { ingestPerSecond, latePerSecond };
}

/** As the gateway takes them from its session: unpacked as they arrive, in batches of whatever came
 * while the last one was written. Resolves when the last is in the ledger. */
async function deliver(intake: Intake, messages: Message[]): Promise<Owed[]> {
  const owed: Owed[] = [];
  let next = 0;
  let booked = 0;
  return new Promise((resolve, reject) => {
    const batcher = createBatcher<Unpacked>({
      sizeMax: BATCH_MESSAGES_MAX,
      async run(waiting) {
        const ingested = await ingestUnpacked(intake, waiting);
        booked += countBooked(ingested);
        for (const one of ingested.owed) owed.push(one);
        if (booked === SALES) resolve(owed);
        setImmediate(arrive);
      },
      onFailure: reject,
    });
    const arrive = (): void => {
      const end = Math.min(
        next + MESSAGES_PER_CHUNK,
        messages.length,
        next + IN_FLIGHT_MAX - batcher.waiting(),
      );
      if (next >= end) return;
      for (const message of messages.slice(next, end)) batcher.push(unpack(intake.border, message));
      next = end;
      setImmediate(arrive);
    };
    arrive();
  });
}

function countBooked({ results }: Ingested): number {
  const outcomes = results.flatMap((result) => result.outcomes);
  const odd = outcomes.find((outcome) => outcome !== "booked");
  if (odd) throw new Error(`bench: a sale was ${odd}`);
  return outcomes.length;
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
