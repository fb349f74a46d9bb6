// The school's database, in this process: libSQL on a file, with the same statements and migrations as anywhere. It can
// be killed before or after a write, so that the gateway does not know which, and set back to a copy.

import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "@libsql/client";
import { createClient } from "@libsql/client";

/** What the gateway sees of a database that has died: no answer. */
export class DatabaseAway extends Error {}

export type DatabaseFate = "as it should" | "killed before the commit" | "killed after the commit";

export type Database = {
  client: Client;
  /** What becomes of the next write. */
  fate: DatabaseFate;
  backUp(): Promise<void>;
  /** Goes on from the backup; everything since is lost. */
  restore(): Promise<void>;
  close(): void;
};

/** Nobody pulls the plug of this machine: what the process has written is as good as on disk. */
const FAST = `pragma journal_mode = memory; pragma synchronous = off; pragma cache_size = -400000;
  pragma temp_store = memory; pragma locking_mode = exclusive;`;

export async function openDatabase(folder: string): Promise<Database> {
  const file = join(folder, "ledger.db");
  const backup = join(folder, "backup.db");
  let inner = await open(file);
  const database: Database = {
    client: undefined as unknown as Client,
    fate: "as it should",
    async backUp() {
      inner.close();
      copyFileSync(file, backup);
      inner = await open(file);
      database.client = faulty(database, inner);
    },
    async restore() {
      inner.close();
      copyFileSync(backup, file);
      inner = await open(file);
      database.client = faulty(database, inner);
    },
    close() {
      inner.close();
      rmSync(file, { force: true });
    },
  };
  database.client = faulty(database, inner);
  return database;
}

async function open(file: string): Promise<Client> {
  const client = createClient({ url: `file:${file}` });
  await client.executeMultiple(FAST);
  return client;
}

function faulty(database: Database, inner: Client): Client {
  const batch: Client["batch"] = async (statements, mode) => {
    const fate = mode === "write" ? database.fate : "as it should";
    if (mode === "write") database.fate = "as it should";
    if (fate === "killed before the commit") throw new DatabaseAway(fate);
    const results = await inner.batch(statements, mode);
    if (fate === "killed after the commit") throw new DatabaseAway(fate);
    return results;
  };
  return new Proxy(inner, {
    get(target, name) {
      if (name === "batch") return batch;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? (value as () => unknown).bind(target) : value;
    },
  });
}
