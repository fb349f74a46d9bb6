// A list of students as a large school would send it: 2,000 students in 1,600 families with two guardians each, in one
// CSV, and 20 lines that are wrong in 20 ways. Always the same.

import { FAMILY_NAMES, FIRST_NAMES } from "./school-names.ts";

export const STUDENTS = 2000;
export const GUARDIANS = 3200;
const FAMILIES = 1600;
const HEADERS = [
  "Matricule;Nom;Prénom;Classe;Année;Allergènes",
  "Nom responsable 1;Prénom responsable 1;E-mail responsable 1;Langue responsable 1",
  "Nom responsable 2;Prénom responsable 2;E-mail responsable 2",
].flatMap((part) => part.split(";"));
const [NUMBER, LAST, FIRST, CLASS, YEAR, ALLERGENS] = [0, 1, 2, 3, 4, 5];
const [LAST_1, FIRST_1, MAIL_1, LANGUAGE_1, MAIL_2] = [6, 7, 8, 9, 12];

/** What is wrong on which line of largeRegister(true): added after the good lines, in this order. */
export const PLANTED: { flaw: string; spoil: (cells: string[]) => string[] }[] = [
  { flaw: "missing", spoil: (cells) => cells.with(NUMBER, "") },
  { flaw: "missing", spoil: (cells) => cells.with(LAST, " ") },
  { flaw: "missing", spoil: (cells) => cells.with(FIRST, "") },
  { flaw: "missing", spoil: (cells) => cells.with(CLASS, "") },
  { flaw: "formula", spoil: (cells) => cells.with(LAST, "=cmd|' /C calc'!A0") },
  { flaw: "formula", spoil: (cells) => cells.with(FIRST, "@SUM(A1:A9)") },
  { flaw: "formula", spoil: (cells) => cells.with(LAST_1, "+32 475 00 00 00") },
  { flaw: "too-long", spoil: (cells) => cells.with(LAST, "x".repeat(61)) },
  { flaw: "too-long", spoil: (cells) => cells.with(CLASS, "3A sciences") },
  { flaw: "bad-class", spoil: (cells) => cells.with(CLASS, "3A?") },
  { flaw: "other-year", spoil: (cells) => cells.with(YEAR, "2019-2020") },
  { flaw: "unknown-allergen", spoil: (cells) => cells.with(ALLERGENS, "lait, pollen") },
  { flaw: "bad-address", spoil: (cells) => cells.with(MAIL_1, "paul.lambert@") },
  { flaw: "bad-language", spoil: (cells) => cells.with(LANGUAGE_1, "klingon") },
  { flaw: "no-guardian-name", spoil: (cells) => cells.with(FIRST_1, "") },
  { flaw: "broken-characters", spoil: (cells) => cells.with(FIRST, "LÃ©a") },
  { flaw: "number-twice", spoil: (cells) => cells.with(NUMBER, "100000") },
  {
    flaw: "student-twice",
    spoil: (cells) =>
      studentLine(7)
        .with(NUMBER, cells[NUMBER] ?? "")
        .with(MAIL_2, ""),
  },
  { flaw: "address-of-another", spoil: (cells) => cells.with(MAIL_1, "parent1.0@familles.test") },
  { flaw: "unequal-cells", spoil: (cells) => [...cells, "et encore"] },
];

/** The line of the first planted error: headers are line 1. */
export const PLANTED_FROM = STUDENTS + 2;

export function largeRegister(): string {
  const good = Array.from({ length: STUDENTS }, (_, index) => studentLine(index));
  const bad = PLANTED.map(({ spoil }, index) => spoil(studentLine(STUDENTS + index)));
  return [HEADERS, ...good, ...bad].map((cells) => cells.map(quoted).join(";")).join("\r\n");
}

/** The first 400 families have two children each. */
function studentLine(index: number): string[] {
  const family = index < FAMILIES ? index : index - FAMILIES;
  const lastName = nameAt(FAMILY_NAMES, family) + numeral(Math.floor(family / FAMILY_NAMES.length));
  const firstName = nameAt(FIRST_NAMES, index) + (index < FAMILIES ? "" : "-Marie");
  const parent = (which: number): string => `parent${which}.${family}@familles.test`;
  const isNew = index >= STUDENTS;
  const year = 1 + (index % 6);
  const student = [
    String(100_000 + index),
    isNew ? `${lastName} Neuf` : lastName,
    firstName,
    `${year}${"ABCDE".charAt(index % 5)}`,
    "",
    index % 17 ? "" : "lait, fruits à coque",
  ];
  const father = [lastName, nameAt(FIRST_NAMES, family + 3), isNew ? "" : parent(1), "fr"];
  const other = nameAt(FAMILY_NAMES, family + 11);
  return [...student, ...father, other, nameAt(FIRST_NAMES, family + 5), isNew ? "" : parent(2)];
}

function nameAt(names: string[], index: number): string {
  return names[index % names.length] ?? "";
}

/** So that no two families of one name have children of one name in one class. */
function numeral(turn: number): string {
  return turn
    ? ` ${"abcdefghijklmnopqrstuvwxyz".charAt(turn % 26)}${Math.floor(turn / 26) || ""}`
    : "";
}

function quoted(cell: string): string {
  return /[;"\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
