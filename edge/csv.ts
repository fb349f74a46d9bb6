// Files for spreadsheets (RFC 4180), as Excel opens them in Belgium: with semicolons, and a byte order mark that says UTF-8.
// A spreadsheet takes a text that begins like a formula for one and runs it, whoever wrote it; an apostrophe makes it text again.

const FORMULA = /^[=+\-@\t\r]/;
const NEEDS_QUOTES = /[";\r\n]/;

/** The first row names the columns. Numbers are written as they are: they cannot be formulas. */
export function csvOf(rows: (string | number)[][]): string {
  const lines = rows.map((row) => row.map(cellOf).join(";") + "\r\n");
  return "\uFEFF" + lines.join("");
}

function cellOf(value: string | number): string {
  if (typeof value === "number") return String(value);
  const safe = FORMULA.test(value) ? "'" + value : value;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
