// Node's own SQLite behind the interface of @libsql/client: some ten times as fast in one process as libSQL's binding, and
// for these statements the same, which simulate.test.ts shows by playing one story on both.

import type { InValue, ResultSet, Row } from "@libsql/client/web";
import { LibsqlError } from "@libsql/client/web";
import type { StatementSync } from "node:sqlite";
import { DatabaseSync } from "node:sqlite";
import type { Engine, Statement } from "./database.ts";

type Prepared = { statement: StatementSync; columns: string[] };
type Value = number | bigint | string | null | Uint8Array;

const CONSTRAINT = 19;

export function openSqlite(file: string): Engine {
  const database = new DatabaseSync(file);
  const known = new Map<string, Prepared>();

  function prepare(sql: string): Prepared {
    const before = known.get(sql);
    if (before) return before;
    const statement = database.prepare(sql);
    statement.setReturnArrays(true);
    const columns = statement.columns().map(({ name }) => name);
    known.set(sql, { statement, columns });
    return { statement, columns };
  }

  function run(given: Statement): ResultSet {
    const { sql, args } = typeof given === "string" ? { sql: given, args: [] } : given;
    const { statement, columns } = prepare(sql);
    const values = (Array.isArray(args) ? args : []).map(valueOf);
    if (!columns.length) {
      statement.run(...values);
      return resultOf([], columns);
    }
    const rows = statement.all(...values) as unknown as Value[][];
    return resultOf(
      rows.map((row) => rowOf(row, columns)),
      columns,
    );
  }

  return {
    execute: (statement) => Promise.resolve(refusing(() => run(statement))),
    batch(statements, mode) {
      return Promise.resolve(
        refusing(() => {
          run(mode === "write" ? "begin immediate" : "begin");
          try {
            const results = statements.map(run);
            run("commit");
            return results;
          } catch (error) {
            if (database.isTransaction) run("rollback");
            throw error;
          }
        }),
      );
    },
    executeMultiple: (sql) => Promise.resolve(refusing(() => database.exec(sql))),
    close: () => database.close(),
  };
}

/** As @libsql/client throws what the database does not take. */
function refusing<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    const code = error instanceof Error && "errcode" in error ? Number(error.errcode) : 0;
    if ((code & 0xff) === CONSTRAINT)
      throw new LibsqlError((error as Error).message, "SQLITE_CONSTRAINT");
    throw error;
  }
}

function valueOf(value: InValue): Value {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value instanceof Date) return value.valueOf();
  return value instanceof ArrayBuffer ? new Uint8Array(value) : (value as Value);
}

function rowOf(values: Value[], columns: string[]): Row {
  const row: Record<string, unknown> = {};
  for (const [index, value] of values.entries())
    row[columns[index] ?? ""] = value instanceof Uint8Array ? value.slice().buffer : value;
  return row as Row;
}

function resultOf(rows: Row[], columns: string[]): ResultSet {
  return {
    rows,
    columns,
    columnTypes: [],
    rowsAffected: 0,
    lastInsertRowid: undefined,
    toJSON: () => rows,
  };
}
