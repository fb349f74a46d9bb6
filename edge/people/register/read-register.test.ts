// Goal: a register file is read as schools write it, and whatever is wrong with a line is said by its number, column and
// value. Method: tables of small files.

import { expect, test } from "vitest";
import { readAllergens } from "./allergens.ts";
import { columnOf } from "./columns.ts";
import { decodeFile } from "./decode.ts";
import { readRegister } from "./read-register.ts";

const HEADER =
  "matricule;nom;prénom;classe;allergènes;responsable 1 nom;responsable 1 prénom;responsable 1 mail;responsable 1 langue";
const fileOf = (...lines: string[]): string => [HEADER, ...lines].join("\r\n");
const LINA = "17;Lambert;Lina;3B;arachides, lait;Lambert;Paul;Paul@Maison.example;fr";

test("a good line", () => {
  const { students, problems } = readRegister(fileOf(LINA));
  expect(problems).toEqual([]);
  expect(students).toEqual([
    {
      line: 2,
      number: "17",
      firstName: "Lina",
      lastName: "Lambert",
      class: "3B",
      allergens: (1 << 4) | (1 << 6),
      guardians: [
        { firstName: "Paul", lastName: "Lambert", address: "paul@maison.example", language: "fr" },
      ],
    },
  ]);
});

test.each([
  ["cells missing", "17;Lambert;Lina", "", "3", "cells"],
  ["no name", "17;;Lina;3B;;;;;", "nom", "", "missing"],
  ["no number", ";Lambert;Lina;3B;;;;;", "matricule", "", "missing"],
  ["no class", "17;Lambert;Lina;;;;;;", "classe", "", "missing"],
  ["a long class", "17;Lambert;Lina;3B latin-grec;;;;;", "classe", "3B latin-grec", "too-long"],
  ["a formula", "17;=HYPERLINK(1);Lina;3B;;;;;", "nom", "=HYPERLINK(1)", "formula"],
  ["a formula with +", "17;Lambert;+cmd;3B;;;;;", "prénom", "+cmd", "formula"],
  ["a formula with @", "17;Lambert;@SUM(1);3B;;;;;", "prénom", "@SUM(1)", "formula"],
  ["a formula with -", "17;-2+3;Lina;3B;;;;;", "nom", "-2+3", "formula"],
  ["a broken letter", "17;Lam\ufffdert;Lina;3B;;;;;", "nom", "Lam\ufffdert", "unreadable"],
  [
    "no address",
    "17;Lambert;Lina;3B;;L;P;paul(at)maison;",
    "responsable 1 mail",
    "paul(at)maison",
    "bad-address",
  ],
  [
    "two addresses",
    "17;Lambert;Lina;3B;;L;P;a@b.example,c@d.example;",
    "responsable 1 mail",
    "a@b.example,c@d.example",
    "bad-address",
  ],
  [
    "a language",
    "17;Lambert;Lina;3B;;L;P;;italien",
    "responsable 1 langue",
    "italien",
    "bad-language",
  ],
  ["an allergen", "17;Lambert;Lina;3B;poivre;;;;", "allergènes", "poivre", "bad-allergen"],
  [
    "half a guardian",
    "17;Lambert;Lina;3B;;Lambert;;;",
    "responsable 1 prénom",
    "Lambert",
    "guardian-half",
  ],
])(
  "%s is told by line, column and value, and the line is left out",
  (_, line, column, value, fault) => {
    const { students, problems } = readRegister(
      fileOf("16;Dubois;Noé;1A;;;;;", line, LINA.replace("17", "18")),
    );
    expect(problems).toEqual([{ line: 3, column, value, fault }]);
    expect(students.map(({ number }) => number)).toEqual(["16", "18"]);
  },
);

test("the second of two lines with one number is wrong", () => {
  const { students, problems } = readRegister(fileOf(LINA, LINA));
  expect(students).toHaveLength(1);
  expect(problems).toEqual([{ line: 3, column: "number", value: "17", fault: "twice" }]);
});

test("the number of a line counts the lines of quoted cells and the empty ones, as an editor does", () => {
  const text = fileOf('17;"Lambert\r\nDumont";Lina;3B;;;;;', "", "18;;Noé;1A;;;;;");
  expect(readRegister(text).problems).toEqual([
    { line: 5, column: "nom", value: "", fault: "missing" },
  ]);
});

test("quotes that never end: what comes before is read", () => {
  const { students, problems } = readRegister(
    fileOf(LINA, '18;"Dubois;Noé;1A;;;;;', "19;A;B;1A;;;;;"),
  );
  expect(students.map(({ number }) => number)).toEqual(["17"]);
  expect(problems.map(({ fault }) => fault)).toEqual(["quotes"]);
});

test.each([
  ["", "empty"],
  ["nom;prénom;classe\r\nLambert;Lina;3B", "no-column"],
])("a file like %j is not read at all", (text, fault) => {
  const { students, problems } = readRegister(text);
  expect([students, problems.map((one) => one.fault)]).toEqual([[], [fault]]);
});

test.each([";", ",", "\t"])("cells may be separated by %j", (sign) => {
  const text = fileOf(LINA.replace(", lait", "")).replaceAll(";", sign);
  expect(readRegister(text).students.map(({ lastName }) => lastName)).toEqual(["Lambert"]);
});

test("UTF-8 with and without its mark, and Windows-1252", () => {
  const utf8 = new TextEncoder().encode(fileOf(LINA));
  const latin = Uint8Array.from(fileOf(LINA), (letter) => letter.charCodeAt(0));
  for (const bytes of [utf8, Uint8Array.of(0xef, 0xbb, 0xbf, ...utf8), latin])
    expect(readRegister(decodeFile(bytes)).students[0]?.allergens).toBe((1 << 4) | (1 << 6));
  expect(decodeFile(Uint8Array.of(0x80, 0x9c))).toBe("€œ");
});

test.each([
  ["Matricule", 0, "number"],
  ["STAMNUMMER", 0, "number"],
  ["Prénom", 0, "firstName"],
  ["e_mail responsable 2", undefined, undefined],
  ["Responsable 2 : e-mail", 2, "address"],
  ["guardian 3 first name", 3, "firstName"],
  ["Erziehungsberechtigter 1 Sprache", 1, "language"],
  ["responsable 5 nom", undefined, undefined],
  ["Remarque", undefined, undefined],
])("the column %j", (header, guardian, field) => {
  const column = columnOf(header);
  expect([column?.guardian, column?.field]).toEqual([guardian, field]);
});

test.each([
  ["", 0],
  ["5", 16],
  ["Gluten / Œufs", 1],
  ["gluten, oeufs", 5],
  ["noten en melk", 128 + 64],
])("allergens %j", (text, bits) => {
  const read = readAllergens(text);
  if (text.includes("Œ")) expect(read).toHaveProperty("unknown");
  else expect(read).toEqual({ bits });
});
