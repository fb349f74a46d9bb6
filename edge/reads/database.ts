// The ledger as the pages read it: Drizzle over a libSQL client that is used for reads alone.

import type { Client } from "@libsql/client/web";
import type { LibSQLDatabase } from "drizzle-orm/libsql";
import { drizzle } from "drizzle-orm/libsql/web";
import * as schema from "#edge/ledger/schema.ts";

export type Database = LibSQLDatabase<typeof schema>;

export function databaseOf(client: Client): Database {
  return drizzle({ client, schema });
}
