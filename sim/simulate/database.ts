// The school's database, in this process, on a file, with the same statements and migrations as anywhere. It can be
// killed before or after a write, so that the gateway does not know which, and set back to a copy.

import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Client, InStatement, ResultSet } from "@libsql/client";
import { createClient } from "@libsql/client";
import { openSqlite } from "./sqlite.ts";

/** What the gateway sees of a database that has died: no answer. */
export class DatabaseAway extends Error {}

export type DatabaseFate = "as it should" | "killed before the commit" | "killed after the commit";
/** libsql: the binding of @libsql/client. */
export type EngineName = "sqlite" | "libsql";
export type Statement = Exclude<InStatement, { args?: never }>;
/** What the code under test asks of a database. */
export type Engine = {
  execute(statement: Statement): Promise<ResultSet>;
  batch(statements: Statement[], mode: "read" | "write"): Promise<ResultSet[]>;
  executeMultiple(sql: string): Promise<void>;
  close(): void;
};

export type Database = {
  client: Client;
  /** What becomes of the next write. */
  fate: DatabaseFate;
  /** How many writes it has been asked for. */
  writes: number;
  backUp(): Promise<void>;
  /** Goes on from the backup; everything since is lost. */
  restore(): Promise<void>;
  close(): void;
};

/** Nobody pulls the plug of this machine: what the process has written is as good as on disk. */
const FAST = `pragma journal_mode = memory; pragma synchronous = off; pragma cache_size = -400000;
  pragma temp_store = memory; pragma locking_mode = exclusive;`;

export async function openDatabase(folder: string, engine: EngineName): Promise<Database> {
  const file = join(folder, "ledger.db");
  const backup = join(folder, "backup.db");
  let inner = await open(file, engine);
  const database: Database = {
    client: faulty(() => database, inner),
    fate: "as it should",
    writes: 0,
    backUp: () => reopen(file, backup),
    restore: () => reopen(backup, file),
    close() {
      inner.close();
      rmSync(file, { force: true });
    },
  };
  async function reopen(from: string, to: string): Promise<void> {
    inner.close();
    copyFileSync(from, to);
    inner = await open(file, engine);
    database.client = faulty(() => database, inner);
  }
  return database;
}

async function open(file: string, engine: EngineName): Promise<Engine> {
  const opened = engine === "sqlite" ? openSqlite(file) : libsql(file);
  await opened.executeMultiple(FAST);
  return opened;
}

function libsql(file: string): Engine {
  const client = createClient({ url: `file:${file}` });
  return {
    execute: (statement) => client.execute(statement),
    batch: (statements, mode) => client.batch(statements, mode),
    executeMultiple: (sql) => client.executeMultiple(sql),
    close: () => client.close(),
  };
}

function faulty(database: () => Database, inner: Engine): Client {
  const engine: Engine = {
    ...inner,
    async batch(statements, mode) {
      const { fate } = database();
      if (mode === "write") database().writes++;
      if (mode !== "write" || fate === "as it should") return inner.batch(statements, mode);
      database().fate = "as it should";
      if (fate === "killed before the commit") throw new DatabaseAway(fate);
      await inner.batch(statements, mode);
      throw new DatabaseAway(fate);
    },
  };
  return engine as Client;
}
