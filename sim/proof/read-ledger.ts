// Reads a whole ledger as the lines of an export. In pages, since sqld answers with 10 MB at most, and all of them in one
// read transaction: what is written meanwhile is not in it, so the books of an export always tie out.

import type { Client, Row, Transaction } from "@libsql/client/web";
import { bytesIn, numberIn, textIn } from "#edge/ledger/row.ts";
import { toHex } from "#protocol/bytes.ts";
import type { Header, TableName } from "./export-format.ts";
import { FORMAT, TABLES, TABLE_NAMES } from "./export-format.ts";

const PAGE_ROWS = 5000;

/** at in seconds since 1970. Throws when the database has no school. */
export async function* readLedger(client: Client, at: number): AsyncGenerator<string> {
  const reading = await client.transaction("read");
  try {
    yield JSON.stringify(await readHeader(reading, at));
    const counts: Record<string, number> = {};
    for (const table of TABLE_NAMES) {
      let count = 0;
      for await (const row of rowsOf(reading, table)) {
        count++;
        yield JSON.stringify({ table, ...row });
      }
      counts[table] = count;
    }
    yield JSON.stringify({ end: counts });
  } finally {
    reading.close();
  }
}

async function readHeader(reading: Transaction, at: number): Promise<Header> {
  const found = await reading.execute(
    "select slug, no, hash from school, (select no, hash from block order by no desc limit 1)",
  );
  const [row] = found.rows;
  if (!row) throw new Error("export: the database has no school, or no genesis block");
  const head = { block: numberIn(row, "no"), hash: toHex(bytesIn(row, "hash")) };
  return { format: FORMAT, school: textIn(row, "slug"), at, head };
}

async function* rowsOf(
  reading: Transaction,
  table: TableName,
): AsyncGenerator<Record<string, unknown>> {
  const { key, columns } = TABLES[table];
  const names = Object.keys(columns);
  const keys = key.join(", ");
  const marks = key.map(() => "?").join(", ");
  const sql = `select ${names.join(", ")} from "${table}" where (${keys}) > (${marks})
    order by ${keys} limit ${PAGE_ROWS}`;
  let after: number[] = key.map(() => -1);
  for (;;) {
    const { rows } = await reading.execute({ sql, args: after });
    for (const row of rows) yield plainRow(row, names);
    const last = rows.at(-1);
    if (!last || rows.length < PAGE_ROWS) return;
    after = key.map((column) => Number(last[column]));
  }
}

function plainRow(row: Row, names: string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, plain(row[name])]));
}

const plain = (value: unknown): unknown =>
  value instanceof ArrayBuffer ? toHex(new Uint8Array(value)) : value;
