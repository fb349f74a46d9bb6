// Goal: nothing about people is stored that the page of privacy does not tell. Method: every table of a migrated database is
// either in the list or here, where each is one without people; a table that refers to a person or a student cannot be here.

import { beforeAll, expect, test } from "vitest";
import { textIn } from "#edge/ledger/row.ts";
import type { Stage } from "#sim/page-stage.ts";
import { openStage } from "#sim/page-stage.ts";
import { MATTERS, STORED } from "./stored.ts";

const WITHOUT_PEOPLE = [
  "assignment",
  "block",
  "block_heard",
  "chore",
  "head",
  "late_check",
  "migration",
  "order_day",
  "period",
  "price",
  "product",
  "product_revision",
  "recovery",
  "release",
  "school",
  "school_year",
  "supply",
  "terminal",
  "terminal_key",
  "write_off",
];
/** Columns by which a table would be about somebody, whatever its keys say. */
const PERSONAL =
  /^(person|student|author|user_id|username|address|email|uid|first_name|last_name)$/;

let stage: Stage;
let columns: { table: string; column: string }[];

beforeAll(async () => {
  stage = await openStage();
  const found = await stage.ledger.client.execute(
    `select m.name as "table", c.name as "column" from sqlite_master m, pragma_table_xinfo(m.name) c
      where m.type = 'table' and m.name not like 'sqlite_%' and m.name not like 'libsql_%'`,
  );
  columns = found.rows.map((row) => ({
    table: textIn(row, "table"),
    column: textIn(row, "column"),
  }));
});

test("every table is told of, or has no people in it", () => {
  const tables = new Set(columns.map(({ table }) => table));
  const known = [...STORED.map(({ table }) => table), ...WITHOUT_PEOPLE];
  expect([...tables].toSorted()).toEqual(known.toSorted());
});

test("no table without people has a column of a person", async () => {
  const suspects = columns.filter(
    ({ table, column }) => WITHOUT_PEOPLE.includes(table) && PERSONAL.test(column),
  );
  expect(suspects).toEqual([]);
  const keys = await stage.ledger.client.execute(
    `select m.name as "table" from sqlite_master m, pragma_foreign_key_list(m.name) k
      where m.type = 'table' and k."table" in ('person', 'student', 'card', 'badge')`,
  );
  const referring = keys.rows.map((row) => textIn(row, "table"));
  expect(referring.length).toBeGreaterThan(8);
  expect(referring.filter((table) => WITHOUT_PEOPLE.includes(table))).toEqual([]);
});

test("every column that the list names exists", () => {
  const named = STORED.flatMap(({ table, secret, expires, person, student }) =>
    [
      ...(secret ?? []),
      ...(expires ? [expires.column] : []),
      ...(person?.mixed ?? []),
      ...(student?.mixed ?? []),
    ].map((column) => ({ table, column })),
  );
  expect(named.length).toBeGreaterThan(15);
  expect(columns).toEqual(expect.arrayContaining(named));
});

test("every matter of the page has a table; allergens are a column of the student", () => {
  const told = new Set(STORED.map(({ matter }) => matter));
  const missing = Object.keys(MATTERS).filter((matter) => ![...told].some((one) => one === matter));
  expect(missing).toEqual(["health"]);
  expect(columns).toContainEqual({ table: "student", column: "allergens" });
});
