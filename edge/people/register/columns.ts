// Which column is which, by its header, in French, Dutch, German or English. Accents, case and little words are ignored:
// "Prénom du responsable 1" is the first name of guardian 1, and so is "Voornaam ouder 1".

import type { Problem } from "./flaws.ts";
import { plainOf } from "./plain.ts";
import type { TableRow } from "./table.ts";

export const GUARDIANS_MAX = 4;

export type GuardianField = "lastName" | "firstName" | "address" | "language";
export type StudentField =
  | "number"
  | "lastName"
  | "firstName"
  | "class"
  | "year"
  | "allergens"
  | "card";
/** header: as it is written in the file. */
export type Column = { index: number; header: string };
export type Columns = {
  /** How many cells a line has. */
  width: number;
  student: Map<StudentField, Column>;
  /** Guardian 1 is the first; one without any column is an empty map. */
  guardians: Map<GuardianField, Column>[];
};

/** What a list of students cannot be without. */
const REQUIRED: StudentField[] = ["number", "lastName", "firstName", "class"];

const LAST_NAMES =
  "nom, nom famille, last name, surname, family name, name, naam, achternaam, familienaam, nachname, familienname";
const FIRST_NAMES = "prenom, first name, given name, voornaam, vorname";
const STUDENT_NAMES: Record<StudentField, string> = {
  number:
    "matricule, numero, no, n, number, nummer, nr, stamnummer, leerlingnummer, matrikelnummer, schulernummer",
  lastName: LAST_NAMES,
  firstName: FIRST_NAMES,
  class: "classe, class, klas, klasse",
  year: "annee, annee scolaire, year, school year, jaar, schooljaar, jahr, schuljahr",
  allergens:
    "allergenes, allergies, allergens, allergenen, allergieen, allergene, allergien, allergie",
  card: "carte, carte uid, uid, uid carte, card, card uid, kaart, kaart uid, karte, karten uid",
};
const GUARDIAN_NAMES: Record<GuardianField, string> = {
  lastName: LAST_NAMES,
  firstName: FIRST_NAMES,
  address:
    "adresse, adresse mail, adresse e mail, adresse email, courriel, e mail, email, mail, address, " +
    "e mail address, email address, adres, e mailadres, mailadres, e mail adresse",
  language: "langue, language, taal, sprache",
};

/** Somebody who answers for the child. */
const GUARDIAN =
  /^(responsable|tuteur|parent|guardian|voogd|ouder|elternteil|erziehungsberechtigter?)$/;
/** Of the student: says nothing that the column does not. */
const STUDENT = /^(eleve|student|pupil|leerling|schuler)$/;
const LITTLE_WORD = /^(de|du|des|d|l|la|le|van|het|of|the|s)$/;

/** Says of headers what is wrong with them; undefined when nothing can be read without the column that is missing. */
export function readHeaders(row: TableRow, problems: Problem[]): Columns | undefined {
  const columns: Columns = {
    width: row.cells.length,
    student: new Map(),
    guardians: Array.from({ length: GUARDIANS_MAX }, () => new Map()),
  };
  for (const [index, header] of row.cells.entries()) {
    const isPlaced = placeHeader(columns, { index, header: header.trim() });
    const flaw = isPlaced === "unknown" ? "unknown-header" : "twice-header";
    if (isPlaced !== "placed")
      problems.push({ line: row.line, column: header.trim(), value: "", flaw, other: 0 });
  }
  const missing = REQUIRED.filter((field) => !columns.student.has(field));
  for (const column of missing)
    problems.push({ line: row.line, column, value: "", flaw: "missing-column", other: 0 });
  return missing.length ? undefined : columns;
}

function placeHeader(columns: Columns, column: Column): "placed" | "unknown" | "twice" {
  const words = plainOf(column.header).match(/[a-z]+|\d+/g) ?? [];
  const which = words.find((word) => /^\d+$/.test(word));
  const name = words
    .filter((word) => ![/^\d+$/, GUARDIAN, STUDENT, LITTLE_WORD].some((rule) => rule.test(word)))
    .join(" ");
  if (!words.some((word) => GUARDIAN.test(word))) {
    const field = which === undefined ? fieldNamed(STUDENT_NAMES, name) : undefined;
    return place(columns.student, field, column);
  }
  const guardian = columns.guardians[Number(which ?? 1) - 1];
  return guardian ? place(guardian, fieldNamed(GUARDIAN_NAMES, name), column) : "unknown";
}

function place<F>(known: Map<F, Column>, field: F | undefined, column: Column) {
  if (field === undefined) return "unknown";
  if (known.has(field)) return "twice";
  known.set(field, column);
  return "placed";
}

function fieldNamed<F extends string>(names: Record<F, string>, name: string): F | undefined {
  const fields = Object.keys(names) as F[];
  return fields.find((field) => names[field].split(", ").includes(name));
}
