// A register file, read and judged line by line. A line is either good or has problems, each with the column and the
// value that it is about; nothing is guessed.

import { CsvError, parse } from "csv-parse/sync";
import { isAddress } from "#edge/address.ts";
import type { Language } from "#edge/session.ts";
import { readAllergens } from "./allergens.ts";
import type { Column } from "./columns.ts";
import { GUARDIANS_MAX, columnOf, plainOf } from "./columns.ts";

export const STUDENTS_MAX = 5000;
const NAME_CHARACTERS_MAX = 60;
/** As much as a terminal shows (protocol/roster.ts). */
const CLASS_CHARACTERS_MAX = 8;
const NUMBER_CHARACTERS_MAX = 30;
const LANGUAGES: Language[] = ["fr", "nl", "de", "en"];

export type ListedGuardian = {
  firstName: string;
  lastName: string;
  address: string;
  language: Language | undefined;
};
/** line: in the file, counted from 1 with the header. allergens: undefined where the file has no such column. */
export type Listed = {
  line: number;
  number: string;
  firstName: string;
  lastName: string;
  class: string;
  allergens: number | undefined;
  guardians: ListedGuardian[];
};
export type Fault =
  | "missing"
  | "too-long"
  | "formula"
  | "unreadable"
  | "bad-address"
  | "bad-language"
  | "bad-allergen"
  | "guardian-half"
  | "twice"
  | "cells"
  | "quotes"
  | "no-column"
  | "too-many"
  | "empty";
/** column: as the file names it, "" for the whole line. */
export type Problem = { line: number; column: string; value: string; fault: Fault };
/** ignored: headers of columns that mean nothing here. */
export type Register = { students: Listed[]; problems: Problem[]; ignored: string[] };

type Row = { record: string[]; line: number };

export function readRegister(text: string): Register {
  const register: Register = { students: [], problems: [], ignored: [] };
  const rows = rowsOf(text, register);
  const [header, ...lines] = rows;
  if (!header) {
    register.problems.push({ line: 1, column: "", value: "", fault: "empty" });
    return register;
  }
  const columns = header.record.map(columnOf);
  register.ignored = header.record.filter((name, i) => !columns[i] && name.trim());
  for (const field of ["number", "lastName", "firstName", "class"] as const)
    if (!columns.some((column) => column?.guardian === 0 && column.field === field))
      register.problems.push({ line: 1, column: field, value: "", fault: "no-column" });
  if (lines.length > STUDENTS_MAX)
    register.problems.push({ line: 1, column: "", value: String(lines.length), fault: "too-many" });
  if (register.problems.some(({ line }) => line === 1)) return register;
  for (const row of lines) readLine(row, columns, register);
  refuseTwins(register);
  register.problems.sort((a, b) => a.line - b.line);
  return register;
}

/** The separator is the one that the first line has most of. Where quotes never end, what follows them is unreadable, so
 * only the lines before are read. */
function rowsOf(file: string, register: Register): Row[] {
  const text = file.replace(/\r\n?/g, "\n");
  const first = text.split("\n", 1)[0] ?? "";
  const counts = [";", ",", "\t"].map((sign) => first.split(sign).length);
  const delimiter = [";", ",", "\t"][counts.indexOf(Math.max(...counts))] ?? ";";
  const rows: Row[] = [];
  try {
    parse(text, {
      delimiter,
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      onRecord(record: string[], { lines }) {
        rows.push({ record, line: lines });
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = (rows.at(-1)?.line ?? 0) + 1;
    register.problems.push({ line: Math.max(2, line), column: "", value: "", fault: "quotes" });
  }
  return rows;
}

function readLine(row: Row, columns: (Column | undefined)[], register: Register): void {
  const { record, line } = row;
  const problems: Problem[] = [];
  if (record.every((cell) => !cell.trim())) return;
  if (record.length !== columns.length) {
    const value = String(record.length);
    register.problems.push({ line, column: "", value, fault: "cells" });
    return;
  }
  const cellOf = (guardian: number, field: string): { value: string; header: string } => {
    const index = columns.findIndex((one) => one?.guardian === guardian && one.field === field);
    const value = (record[index] ?? "").normalize("NFC").replace(/\s+/g, " ").trim();
    return { value, header: columns[index]?.header ?? "" };
  };
  const text = (guardian: number, field: string, most: number, isNeeded: boolean): string => {
    const { value, header } = cellOf(guardian, field);
    const fault = faultIn(value, most, isNeeded);
    if (fault) problems.push({ line, column: header, value, fault });
    return value;
  };
  const student: Listed = {
    line,
    number: text(0, "number", NUMBER_CHARACTERS_MAX, true),
    lastName: text(0, "lastName", NAME_CHARACTERS_MAX, true),
    firstName: text(0, "firstName", NAME_CHARACTERS_MAX, true),
    class: text(0, "class", CLASS_CHARACTERS_MAX, true),
    allergens: allergensIn(cellOf(0, "allergens"), line, problems),
    guardians: [],
  };
  for (let i = 1; i <= GUARDIANS_MAX; i++) {
    const address = cellOf(i, "address");
    const language = cellOf(i, "language");
    const names = [cellOf(i, "lastName").value, cellOf(i, "firstName").value];
    if (![...names, address.value].some(Boolean)) continue;
    if (!names.every(Boolean)) {
      const column = cellOf(i, names[0] ? "firstName" : "lastName").header;
      problems.push({ line, column, value: names.join(" ").trim(), fault: "guardian-half" });
    }
    if (address.value && !isAddress(address.value)) {
      const { header: column, value } = address;
      problems.push({ line, column, value, fault: "bad-address" });
    }
    student.guardians.push({
      lastName: text(i, "lastName", NAME_CHARACTERS_MAX, false),
      firstName: text(i, "firstName", NAME_CHARACTERS_MAX, false),
      address: address.value.toLowerCase(),
      language: languageIn(language, line, problems),
    });
  }
  register.problems.push(...problems);
  if (!problems.length) register.students.push(student);
}

/** A cell that a spreadsheet would run as a formula (OWASP, "CSV Injection") is nobody's name; U+FFFD and control
 * characters come from a file in another code. */
function faultIn(value: string, most: number, isNeeded: boolean): Fault | undefined {
  if (!value) return isNeeded ? "missing" : undefined;
  if (value.length > most) return "too-long";
  if (/^[=+\-@]/.test(value)) return "formula";
  // oxlint-disable-next-line no-control-regex
  return /[\u0000-\u001f\u007f-\u009f\ufffd]/.test(value) ? "unreadable" : undefined;
}

type Cell = { value: string; header: string };

function allergensIn(cell: Cell, line: number, problems: Problem[]): number | undefined {
  if (!cell.header) return undefined;
  const read = readAllergens(cell.value);
  if ("bits" in read) return read.bits;
  problems.push({ line, column: cell.header, value: read.unknown, fault: "bad-allergen" });
  return undefined;
}

function languageIn(cell: Cell, line: number, problems: Problem[]): Language | undefined {
  if (!cell.value) return undefined;
  const language = LANGUAGES.find((one) => one === plainOf(cell.value).slice(0, 2));
  if (!language)
    problems.push({ line, column: cell.header, value: cell.value, fault: "bad-language" });
  return language;
}

/** Two lines with one number: nobody can say which is right. */
function refuseTwins(register: Register): void {
  const lines = Map.groupBy(register.students, ({ number }) => number);
  for (const [value, twins] of lines) {
    if (twins.length < 2) continue;
    for (const { line } of twins.slice(1))
      register.problems.push({ line, column: "number", value, fault: "twice" });
    register.students = register.students.filter((one) => one.number !== value || one === twins[0]);
  }
}
