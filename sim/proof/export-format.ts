// An export of a ledger: a file of JSON lines. The first says whose books they are and what stood on top; then comes
// one line for each row of these tables, in the order of their keys; the last counts them. docs/export.md says the same
// for people. Bytes are in hex. Nobody's name is in it: a student is a number.

export const FORMAT = "obole/export/1";

/** Columns by table, with the type of each; key is what the rows are sorted by. */
export const TABLES = {
  account: {
    key: ["id"],
    columns: {
      id: "number",
      kind: "text",
      ref: "text",
      balance: "number",
      debits: "number",
      credits: "number",
      reserved: "number",
    },
  },
  student: { key: ["id"], columns: { id: "number", account: "number" } },
  product: { key: ["id"], columns: { id: "number", category: "text" } },
  terminal: { key: ["id"], columns: { id: "number", epoch: "number" } },
  terminal_key: {
    key: ["terminal", "epoch"],
    columns: { terminal: "number", epoch: "number", public_key: "bytes", registered_at: "number" },
  },
  command: {
    key: ["no"],
    columns: {
      no: "number",
      id: "text",
      kind: "text",
      author: "text",
      at: "number",
      body: "text",
    },
  },
  entry: {
    key: ["terminal", "epoch", "seq"],
    columns: {
      terminal: "number",
      epoch: "number",
      seq: "number",
      kind: "text",
      student: "number",
      total: "number",
      leased: "number",
      at: "number",
      outcome: "text",
      hash: "bytes",
      token: "bytes",
      received_at: "number",
    },
  },
  transfer: {
    key: ["seq"],
    columns: {
      seq: "number",
      source: "number",
      counter: "number",
      line: "number",
      debit: "number",
      credit: "number",
      amount: "number",
      at: "number",
      reverses: "number?",
      evidence: "bytes",
    },
  },
  block: {
    key: ["no"],
    columns: {
      no: "number",
      first_seq: "number",
      last_seq: "number",
      at: "number",
      prev: "bytes",
      hash: "bytes",
    },
  },
  pre_order: {
    key: ["id"],
    columns: { id: "number", student: "number", command: "number?" },
  },
  lease: {
    key: ["terminal", "epoch", "student"],
    columns: {
      terminal: "number",
      epoch: "number",
      student: "number",
      account: "number",
      ceiling: "number",
      spent: "number",
      voided: "number",
      version: "number",
    },
  },
  write_off: {
    key: ["terminal", "epoch"],
    columns: { terminal: "number", epoch: "number", at: "number", command: "number" },
  },
  period: {
    key: ["month"],
    columns: {
      month: "number",
      first_seq: "number",
      last_seq: "number",
      block: "number",
      hash: "bytes",
      closed_at: "number",
      command: "number",
    },
  },
  statement: {
    key: ["no"],
    columns: {
      no: "number",
      month: "number",
      account: "number",
      opening: "number",
      debits: "number",
      credits: "number",
      closing: "number",
    },
  },
  head: {
    key: ["day"],
    columns: { day: "number", block: "number", hash: "bytes", at: "number" },
  },
  quarantine: {
    key: ["id"],
    columns: {
      id: "number",
      terminal: "number",
      reason: "text",
      body: "bytes",
      hash: "bytes",
      first_seen: "number",
      last_seen: "number",
      times: "number",
    },
  },
} as const;

type Kinds = { number: number; "number?": number | null; text: string; bytes: string };
export type Tables = typeof TABLES;
export type TableName = keyof Tables;
export type RowOf<Name extends TableName> = {
  -readonly [
    Column in keyof Tables[Name]["columns"]
  ]: Tables[Name]["columns"][Column] extends keyof Kinds
    ? Kinds[Tables[Name]["columns"][Column]]
    : never;
};
/** The newest block that the export contains. */
export type ExportHead = { block: number; hash: string };
export type Header = { format: string; school: string; at: number; head: ExportHead };

export const TABLE_NAMES = Object.keys(TABLES) as TableName[];

/** How a finding names a row: its key, as the ledger's own pages do. */
export function keyOf(table: TableName, row: Record<string, unknown>): string {
  return TABLES[table].key.map((column) => String(row[column])).join("/");
}
