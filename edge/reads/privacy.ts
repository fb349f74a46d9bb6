// All that is stored about one person or one student, by the list of edge/people/stored.ts: for the file that everybody may
// have of themselves.

import type { Client, Row, Value } from "@libsql/client/web";
import { numberIn, textIn } from "#edge/ledger/row.ts";
import type { Finding, Matter, Stored } from "#edge/people/stored.ts";
import { MATTERS, STORED } from "#edge/people/stored.ts";
import { toHex } from "#protocol/bytes.ts";

const FORMAT = "obole/person/1";

export type Subject = { kind: "person" | "student"; id: number };
export type Cell = string | number | null;
/** rows: by column, bytes in hex. */
export type OwnTable = { table: string; matter: Matter; rows: Record<string, Cell>[] };
export type OwnFile = { format: string; school: string; at: number; tables: OwnTable[] };

/** isWhole: with the columns that may speak of somebody else. at in seconds since 1970. */
export async function readOwnFile(
  client: Client,
  subjects: Subject[],
  isWhole: boolean,
  at: number,
): Promise<OwnFile> {
  const wanted = subjects.flatMap(({ kind, id }) =>
    STORED.flatMap((stored) => {
      const finding = stored[kind];
      return finding ? [{ stored, finding, id }] : [];
    }),
  );
  const [school, ...found] = await client.batch(
    [
      "select name from school",
      ...wanted.map(({ stored, finding, id }) => ({
        sql: `select * from "${stored.table}" where ${finding.where}`,
        args: [id],
      })),
    ],
    "read",
  );
  const tables = wanted.map(({ stored, finding }, index) => {
    const hidden = hiddenOf(stored, finding, isWhole);
    const rows = (found[index]?.rows ?? []).map((row) => plainRow(row, hidden));
    return { table: stored.table, matter: stored.matter, rows };
  });
  const name = school?.rows[0] ? textIn(school.rows[0], "name") : "";
  return { format: FORMAT, school: name, at, tables: tables.filter(({ rows }) => rows.length) };
}

function hiddenOf(stored: Stored, finding: Finding, isWhole: boolean): string[] {
  return [...(stored.secret ?? []), ...(isWhole ? [] : (finding.mixed ?? []))];
}

function plainRow(row: Row, hidden: string[]): Record<string, Cell> {
  return Object.fromEntries(
    Object.entries({ ...row })
      .filter(([column]) => !hidden.includes(column))
      .map(([column, value]) => [column, plain(value as Value)]),
  );
}

function plain(value: Value): Cell {
  if (value instanceof ArrayBuffer) return toHex(new Uint8Array(value));
  return typeof value === "bigint" || typeof value === "boolean" ? Number(value) : value;
}

/** Somebody whose data may be shown or erased; undefined when nobody has this number. */
export async function readSubject(
  client: Client,
  { kind, id }: Subject,
): Promise<{ id: number; name: string; isErased: boolean } | undefined> {
  const name = kind === "person" ? "name" : "first_name || ' ' || last_name";
  const { rows } = await client.execute({
    sql: `select id, ${name} as name,
        exists(select 1 from erasure where subject = '${kind}/' || id) as erased
      from ${kind} where id = ?`,
    args: [id],
  });
  const [row] = rows;
  return row && { id, name: textIn(row, "name"), isErased: numberIn(row, "erased") === 1 };
}

/** What the page of privacy tells: for each matter its tables, how long it is kept and who sees it. */
export function listStored() {
  return Object.entries(MATTERS).map(([matter, { keep, seenBy }]) => ({
    matter: matter as Matter,
    keep,
    seenBy,
    tables: STORED.filter((stored) => stored.matter === matter).map(({ table }) => table),
  }));
}
