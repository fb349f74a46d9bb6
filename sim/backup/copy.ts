// A whole school's database as lines of text, read in one transaction while it is in use, and written
// back into an empty one. Tables go in the order in which they were made, so that what a row refers to
// is there before it; indexes and triggers come last, because a copied row must not move money again.

import type { Client, InStatement, Row, Value, Transaction } from "@libsql/client/web";
import { textIn } from "#edge/ledger/row.ts";
import { toHex } from "#protocol/bytes.ts";

const FORMAT = "obole/backup/1";
const PAGE_ROWS = 1_000;

type Head = {
  format: string;
  at: number;
  tables: { name: string; sql: string }[];
  after: string[];
};
type Rows = {
  table: string;
  columns: string[];
  blobs: boolean[];
  rows: (string | number | null)[][];
};
type End = { end: { tables: number; rows: number } };

const OURS = "sql is not null and name not like 'sqlite_%' and name not like 'libsql_%'";

/** at in seconds since 1970. Nothing that is written meanwhile is in it. */
export async function* copyOut(client: Client, at: number): AsyncGenerator<string> {
  const reading = await client.transaction("read");
  try {
    const made = await reading.execute(
      `select type, name, sql from sqlite_master where ${OURS} order by rowid`,
    );
    const tables = made.rows
      .filter(isTable)
      .map((row) => ({ name: textIn(row, "name"), sql: textIn(row, "sql") }));
    const after = made.rows.filter((row) => !isTable(row)).map((row) => textIn(row, "sql"));
    yield JSON.stringify({ format: FORMAT, at, tables, after } satisfies Head);
    let rows = 0;
    for (const { name } of tables) {
      const columns = await columnsOf(reading, name);
      for (let from = 0; ; from += PAGE_ROWS) {
        const page = await reading.execute({
          sql: `select ${columns} from ${name} order by rowid limit ? offset ?`,
          args: [PAGE_ROWS, from],
        });
        if (!page.rows.length) break;
        rows += page.rows.length;
        yield JSON.stringify(rowsOf(name, page.columns, page.rows));
      }
    }
    yield JSON.stringify({ end: { tables: tables.length, rows } } satisfies End);
  } finally {
    reading.close();
  }
}

/** Those that can be written: a generated column follows from the others. */
async function columnsOf(reading: Transaction, table: string): Promise<string> {
  const sql = "select group_concat(name) as columns from pragma_table_info(?)";
  const found = await reading.execute({ sql, args: [table] });
  return textIn(found.rows[0], "columns");
}

const isTable = (row: Row): boolean => row["type"] === "table";

function rowsOf(table: string, columns: string[], rows: Row[]): Rows {
  const blobs = columns.map((column) => rows.some((row) => row[column] instanceof ArrayBuffer));
  return { table, columns, blobs, rows: rows.map((row) => columns.map((one) => plain(row[one]))) };
}

function plain(value: Value | undefined): string | number | null {
  if (value instanceof ArrayBuffer) return toHex(new Uint8Array(value));
  if (typeof value === "string" || typeof value === "number" || value === null) return value;
  throw new Error(`backup: a value of type ${typeof value}`);
}

/** Into an empty database, all or nothing but for its size: a copy that breaks off leaves tables without
 * triggers, which openLedger then refuses. Throws when the file is not whole. */
export async function copyIn(
  client: Client,
  lines: AsyncIterable<string>,
): Promise<{ at: number }> {
  const there = await client.execute(`select count(*) as n from sqlite_master where ${OURS}`);
  if (there.rows[0]?.["n"] !== 0) throw new Error("restore: the database is not empty");
  let head: Head | undefined;
  let end: End["end"] | undefined;
  let rows = 0;
  for await (const line of lines) {
    const said = JSON.parse(line) as Head | Rows | End;
    if ("format" in said) {
      head = readHead(said);
      await client.batch(
        head.tables.map((table) => table.sql),
        "write",
      );
    } else if ("table" in said) {
      await client.batch([insertOf(said)], "write");
      rows += said.rows.length;
    } else end = said.end;
  }
  if (!head || end?.rows !== rows)
    throw new Error(`restore: the copy is torn: ${rows} rows of ${end?.rows ?? "unknown"}`);
  await client.batch(head.after, "write");
  return { at: head.at };
}

function readHead(head: Head): Head {
  if (head.format !== FORMAT) throw new Error(`restore: this is ${head.format}, not ${FORMAT}`);
  return head;
}

function insertOf({ table, columns, blobs, rows }: Rows): InStatement {
  const values = columns.map((_, i) => (blobs[i] ? `unhex(value->>${i})` : `value->>${i}`));
  return {
    sql: `insert into ${table}(${columns.join()}) select ${values.join()} from json_each(?)`,
    args: [JSON.stringify(rows)],
  };
}
