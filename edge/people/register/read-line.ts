// One line of the file as the student it is about. Every flaw of the line is named, not only the first: whoever corrects
// the file should open it once.

import type { Language } from "#edge/session.ts";
import { readAllergens } from "./allergens.ts";
import type { Column, Columns, GuardianField, StudentField } from "./columns.ts";
import { isAddress } from "./address.ts";
import type { LineFlaw, Problem } from "./flaws.ts";
import { plainOf } from "./plain.ts";
import type { TextField } from "./rules.ts";
import { flawOf, isClass, tidy } from "./rules.ts";
import type { TableRow } from "./table.ts";

/** language: undefined where the file says none. address: "" for none, in lower case. */
export type GuardianLine = {
  lastName: string;
  firstName: string;
  address: string;
  language: Language | undefined;
};
/** allergens and card: undefined where the file says nothing, and what is known stays. card: hexadecimal. */
export type StudentLine = {
  line: number;
  number: string;
  lastName: string;
  firstName: string;
  class: string;
  allergens: number | undefined;
  card: string | undefined;
  guardians: GuardianLine[];
};

/** As the school writes to them. */
export function nameOf({ firstName, lastName }: { firstName: string; lastName: string }): string {
  return `${firstName} ${lastName}`;
}

const CARD = /^([0-9a-f]{2}){4,10}$/;
const LANGUAGES: Record<Language, RegExp> = {
  fr: /^(fr|francais|frans|franzosisch|french)$/,
  nl: /^(nl|neerlandais|nederlands|niederlandisch|dutch)$/,
  de: /^(de|allemand|duits|deutsch|german)$/,
  en: /^(en|anglais|engels|englisch|english)$/,
};

/** undefined when anything is wrong with it; then problems say what. year: the one that the file is for. */
export function readLine(
  row: TableRow,
  columns: Columns,
  year: number,
  problems: Problem[],
): StudentLine | undefined {
  const before = problems.length;
  const blame = (column: Column | undefined, flaw: LineFlaw): void => {
    const value = column ? (row.cells[column.index] ?? "").trim() : "";
    problems.push({ line: row.line, column: column?.header ?? "", value, flaw, other: 0 });
  };
  if (row.cells.length !== columns.width) blame(undefined, "unequal-cells");
  const text = (column: Column | undefined, field: TextField): string => {
    const raw = column ? (row.cells[column.index] ?? "") : "";
    const flaw = flawOf(field, raw);
    if (flaw) blame(column, flaw);
    return tidy(raw);
  };
  const own = (field: StudentField): Column | undefined => columns.student.get(field);
  const named = (field: "number" | "lastName" | "firstName" | "class"): string => {
    const value = text(own(field), field);
    if (!value) blame(own(field), "missing");
    return value;
  };
  const student: StudentLine = {
    line: row.line,
    number: named("number"),
    lastName: named("lastName"),
    firstName: named("firstName"),
    class: named("class").toUpperCase(),
    allergens: allergensIn(row, own("allergens"), blame),
    card: cardIn(row, own("card"), blame),
    guardians: [],
  };
  if (student.class && !isClass(student.class)) blame(own("class"), "bad-class");
  if (!isOfYear(cellIn(row, own("year")), year)) blame(own("year"), "other-year");
  for (const guardian of columns.guardians) {
    const read = readGuardian(row, guardian, text, blame);
    if (read) student.guardians.push(read);
  }
  return problems.length > before ? undefined : student;
}

type Blame = (column: Column | undefined, flaw: LineFlaw) => void;

function readGuardian(
  row: TableRow,
  columns: Map<GuardianField, Column>,
  text: (column: Column | undefined, field: TextField) => string,
  blame: Blame,
): GuardianLine | undefined {
  const lastName = text(columns.get("lastName"), "lastName");
  const firstName = text(columns.get("firstName"), "firstName");
  const address = text(columns.get("address"), "address").toLowerCase();
  const spoken = plainOf(cellIn(row, columns.get("language")));
  if (!lastName && !firstName && !address) return undefined;
  if (!lastName || !firstName)
    blame(columns.get(lastName ? "firstName" : "lastName"), "no-guardian-name");
  if (address && !flawOf("address", address) && !isAddress(address))
    blame(columns.get("address"), "bad-address");
  const language = languageOf(spoken);
  if (spoken && !language) blame(columns.get("language"), "bad-language");
  return { lastName, firstName, address, language };
}

function cellIn(row: TableRow, column: Column | undefined): string {
  return column ? (row.cells[column.index] ?? "").trim() : "";
}

function allergensIn(row: TableRow, column: Column | undefined, blame: Blame): number | undefined {
  const read = readAllergens(cellIn(row, column));
  if (typeof read !== "object") return read;
  blame(column, "unknown-allergen");
  return undefined;
}

/** Readers write UIDs with colons, blanks or hyphens between their bytes. */
function cardIn(row: TableRow, column: Column | undefined, blame: Blame): string | undefined {
  const uid = cellIn(row, column)
    .toLowerCase()
    .replace(/[\s:-]/g, "");
  if (!uid) return undefined;
  if (CARD.test(uid)) return uid;
  blame(column, "bad-card");
  return undefined;
}

/** "2026", "2026-2027", "26/27", or nothing said. */
function isOfYear(cell: string, year: number): boolean {
  if (!cell) return true;
  const [from, until, ...more] = cell.split(/\s*[-/]\s*/).map(Number);
  return !more.length && isYear(from, year) && (until === undefined || isYear(until, year + 1));
}

function isYear(said: number | undefined, meant: number): boolean {
  return said === meant || said === meant % 100;
}

function languageOf(word: string): Language | undefined {
  const languages = Object.keys(LANGUAGES) as Language[];
  return languages.find((language) => LANGUAGES[language].test(word));
}
