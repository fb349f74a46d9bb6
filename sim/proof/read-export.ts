// An export as verify holds it: every row in memory, found by what others refer to it with. A line that is not what the
// format says is a finding like any other, and the rest is still read.

import type { Header, RowOf, TableName } from "./export-format.ts";
import { FORMAT, TABLES, TABLE_NAMES } from "./export-format.ts";

/** table and key say where, problem what was expected there. */
export type Finding = { table: string; key: string; problem: string };
export type Report = (table: TableName | "line", key: string | number, problem: string) => void;

export type Books = { header: Header } & { [Name in TableName]: RowOf<Name>[] };

const COUNTER_PER_EPOCH = 2 ** 32;
const NO_HEADER: Header = { format: "", school: "", at: 0, head: { block: -1, hash: "" } };

/** Throws when the file is no export at all. */
export async function readBooks(
  lines: AsyncIterable<string> | Iterable<string>,
  report: Report,
): Promise<Books> {
  const rows = Object.fromEntries(TABLE_NAMES.map((name) => [name, []]));
  const books = { header: NO_HEADER, ...rows } as unknown as Books;
  let no = 0;
  let counts: Record<string, number> | undefined;
  for await (const line of lines) {
    no++;
    const value = parse(line);
    if (no === 1) books.header = headerOf(value);
    else if (value === undefined) report("line", no, "is not a JSON object");
    else if (isCounts(value["end"])) counts = value["end"];
    else takeRow(books, value, no, report);
  }
  if (!no) throw new Error("verify: the file is empty");
  checkCounts(books, counts, report);
  return books;
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function headerOf(value: Record<string, unknown> | undefined): Header {
  if (value?.["format"] !== FORMAT)
    throw new Error(`verify: the first line does not say ${FORMAT}: this is no export`);
  return value as unknown as Header;
}

const isCounts = (value: unknown): value is Record<string, number> =>
  typeof value === "object" && value !== null;

function takeRow(books: Books, value: Record<string, unknown>, no: number, report: Report): void {
  const { table, ...row } = value;
  const name = TABLE_NAMES.find((known) => known === table);
  if (!name) return report("line", no, `is of no table that an export has: ${String(table)}`);
  const columns: Record<string, string> = TABLES[name].columns;
  const wrong = Object.keys(columns).find((column) => !isOf(columns[column], row[column]));
  if (wrong !== undefined)
    return report("line", no, `${name}.${wrong} is not of type ${columns[wrong]}`);
  (books[name] as unknown[]).push(row);
}

function isOf(type: string | undefined, value: unknown): boolean {
  if (type === "number?" && value === null) return true;
  if (type === "number" || type === "number?") return Number.isSafeInteger(value);
  if (typeof value !== "string") return false;
  return type === "text" || (value.length % 2 === 0 && /^[0-9a-f]*$/.test(value));
}

function checkCounts(
  books: Books,
  counts: Record<string, number> | undefined,
  report: Report,
): void {
  if (!counts) return report("line", "last", "is missing: the file was cut");
  for (const name of TABLE_NAMES)
    if ((counts[name] ?? 0) !== books[name].length)
      report(
        "line",
        "last",
        `says ${counts[name] ?? 0} rows of ${name}, found ${books[name].length}`,
      );
}

/** What caused a transfer: an entry of a terminal, or (source 0) a command. */
export const sourceKey = (source: number, counter: number): string => `${source}/${counter}`;
export const entrySource = (entry: { terminal: number; epoch: number; seq: number }): string =>
  sourceKey(entry.terminal, entry.epoch * COUNTER_PER_EPOCH + entry.seq);
export const entryOfCounter = (terminal: number, counter: number): string =>
  `${terminal}/${Math.floor(counter / COUNTER_PER_EPOCH)}/${counter % COUNTER_PER_EPOCH}`;

export const accountName = ({ kind, ref }: { kind: string; ref: string }): string =>
  `${kind}/${ref}`;
