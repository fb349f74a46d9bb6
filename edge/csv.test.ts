// Goal: no cell that somebody typed into Obole becomes a formula in somebody else's spreadsheet, and every cell comes out as it
// went in. Method: a table of cells; and a reader that is not ours (csv-parse) reads back what was written.

import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { csvOf } from "./csv.ts";

test.each([
  ["=1+1", "'=1+1"],
  ["+32 2 123", "'+32 2 123"],
  ["-5", "'-5"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\tx", "'\tx"],
  ["\rx", '"\'\rx"'],
  ['=HYPERLINK("http://elsewhere.test")', '"\'=HYPERLINK(""http://elsewhere.test"")"'],
  ["a=b", "a=b"],
  ["deux; trois", '"deux; trois"'],
  ["une\nautre", '"une\nautre"'],
  ["", ""],
  [-500, "-500"],
])("%j is written as %j", (cell, written) => {
  expect(csvOf([[cell]])).toBe("\uFEFF" + written + "\r\n");
});

test("another program reads the same cells", () => {
  const rows = [
    ["qui", "quoi"],
    ['Béatrice; dite "Béa"', "une\r\nligne"],
    ["Zoé", ""],
  ];
  expect(parse(csvOf(rows), { delimiter: ";", bom: true })).toEqual(rows);
});
