// The syntax of the file: separator, quotes (RFC 4180), and on which line each record begins. csv-parse knows the syntax.

import { parse } from "csv-parse/sync";
import type { Problem } from "./flaws.ts";

export type TableRow = { line: number; cells: string[] };
type Table = { rows: TableRow[]; problems: Problem[] };
type Parsed = { record: string[]; info: { lines: number } };

/** Longer than any line that is one student; an unclosed quote would swallow the rest of the file. */
const RECORD_CHARACTERS_MAX = 10_000;
const BREAK = /\r\n|\n|\r/;

/** Blank lines are no rows. The first row is the headers. */
export function parseTable(text: string): Table {
  const separator = separatorOf(text);
  const whole = rowsIn(text, separator);
  if (whole) return { rows: whole, problems: [] };
  // Somewhere a quote is wrong, and what follows it depends on where it should have ended. Line by line, only that
  // line is lost.
  const table: Table = { rows: [], problems: [] };
  for (const [index, one] of text.split(BREAK).entries()) {
    const line = index + 1;
    const rows = rowsIn(one, separator);
    if (rows) table.rows.push(...rows.map((row) => ({ ...row, line })));
    else table.problems.push({ line, column: "", value: one, flaw: "bad-quotes", other: 0 });
  }
  return table;
}

/** undefined when the quotes are wrong. */
function rowsIn(text: string, separator: string): TableRow[] | undefined {
  try {
    const parsed = parse(text, {
      bom: true,
      delimiter: separator,
      info: true,
      max_record_size: RECORD_CHARACTERS_MAX,
      relax_column_count: true,
    }) as unknown as Parsed[];
    return parsed
      .map(({ record, info }) => ({ line: info.lines - breaksIn(record), cells: record }))
      .filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
  } catch {
    return undefined;
  }
}

/** What separates the headers most often. */
function separatorOf(text: string): string {
  const [head = ""] = text.split(BREAK, 1);
  const counted = [";", ",", "\t"].map((sign) => ({ sign, count: head.split(sign).length }));
  return counted.reduce((most, one) => (one.count > most.count ? one : most)).sign;
}

/** csv-parse counts the line on which a record ends. */
function breaksIn(record: string[]): number {
  return record.reduce((sum, cell) => sum + cell.split(BREAK).length - 1, 0);
}
