// Values out of a row of the database by their column. A value of another type than the tables
// promise is a mistake in a query, so it throws and names the column.

import type { Row } from "@libsql/client/web";
import type { Bytes } from "#protocol/bytes.ts";

export function numberIn(row: Row | undefined, column: string): number {
  const value = row?.[column];
  if (typeof value !== "number") throw new Error(`row: ${column} is not a number`);
  return value;
}

export function textIn(row: Row | undefined, column: string): string {
  const value = row?.[column];
  if (typeof value !== "string") throw new Error(`row: ${column} is not a text`);
  return value;
}

/** @libsql/client gives a BLOB as an ArrayBuffer. */
export function bytesIn(row: Row | undefined, column: string): Bytes {
  const value = row?.[column];
  if (!(value instanceof ArrayBuffer)) throw new Error(`row: ${column} is not a blob`);
  return new Uint8Array(value);
}
