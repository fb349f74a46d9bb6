// A file as a list of students, and all that is wrong with it. Pure: the same bytes always say the same. A line that is
// wrong is left out, and the others stand.

import type { Bytes } from "#protocol/bytes.ts";
import { readHeaders } from "./columns.ts";
import { decodeText } from "./decode.ts";
import type { FileFlaw, LineFlaw, Problem } from "./flaws.ts";
import { plainOf } from "./plain.ts";
import type { StudentLine } from "./read-line.ts";
import { nameOf, readLine } from "./read-line.ts";
import { parseTable } from "./table.ts";

const LINES_MAX = 6000;

export type ReadFile = {
  encoding: "utf-8" | "windows-1252";
  lines: StudentLine[];
  problems: Problem[];
  /** The numbers that stand on lines which are left out: they are in the file all the same. */
  heldBack: Set<string>;
  /** Whether it says anything of guardians. */
  hasGuardians: boolean;
};

/** year: the one that it is for. */
export function readFile(bytes: Bytes, year: number): ReadFile {
  const decoded = decodeText(bytes);
  if (!decoded) return nothing("utf-8", [ofFile("not-text")]);
  const { encoding } = decoded;
  const { rows, problems } = parseTable(decoded.text);
  const [head, ...body] = rows;
  if (!head || !body.length) return nothing(encoding, [...problems, ofFile("empty")]);
  if (body.length > LINES_MAX) return nothing(encoding, [ofFile("too-many-lines")]);
  const columns = readHeaders(head, problems);
  if (!columns) return nothing(encoding, problems);
  const heldBack = new Set<string>();
  const read = body.flatMap((row) => {
    const line = readLine(row, columns, year, problems);
    if (!line) heldBack.add((row.cells[columns.student.get("number")?.index ?? 0] ?? "").trim());
    return line ?? [];
  });
  const lines = withoutDoubles(read, problems);
  const kept = new Set(lines);
  for (const line of read) if (!kept.has(line)) heldBack.add(line.number);
  heldBack.delete("");
  const hasGuardians = columns.guardians.some((guardian) => guardian.size > 0);
  problems.sort((a, b) => a.line - b.line);
  return { encoding, lines, problems, heldBack, hasGuardians };
}

function nothing(encoding: ReadFile["encoding"], problems: Problem[]): ReadFile {
  return { encoding, lines: [], problems, heldBack: new Set(), hasGuardians: false };
}

function ofFile(flaw: FileFlaw): Problem {
  return { line: 0, column: "", value: "", flaw, other: 0 };
}

/** The first that says something stands; a later line that says otherwise is left out. */
function withoutDoubles(lines: StudentLine[], problems: Problem[]): StudentLine[] {
  const numbers = new Map<string, number>();
  const students = new Map<string, number>();
  const cards = new Map<string, number>();
  const holders: Holders = new Map();
  return lines.filter((line) => {
    const found: Problem[] = [];
    const blame = (flaw: LineFlaw, value: string, other = 0): void => {
      found.push({ line: line.line, column: "", value, flaw, other });
    };
    const { number, card = "" } = line;
    const student = plainOf(`${line.lastName}|${line.firstName}|${line.class}`);
    const sameStudent = students.get(student);
    const sameNumber = numbers.get(number);
    if (sameStudent) blame("student-twice", `${line.lastName} ${line.firstName}`, sameStudent);
    else if (sameNumber) blame("number-twice", number, sameNumber);
    const sameCard = cards.get(card);
    if (sameCard) blame("card-of-another", card, sameCard);
    const held = holdersOf(line, holders, blame);
    problems.push(...found);
    if (found.length) return false;
    numbers.set(number, line.line);
    students.set(student, line.line);
    if (card) cards.set(card, line.line);
    for (const [address, holder] of held) if (!holders.has(address)) holders.set(address, holder);
    return true;
  });
}

/** By address: who has it, and the line that said so first. */
type Holders = Map<string, { name: string; line: number }>;

/** The guardians of one line, each once and each with an address of their own. */
function holdersOf(
  { line, guardians }: StudentLine,
  known: Holders,
  blame: (flaw: LineFlaw, value: string, other?: number) => void,
): Holders {
  const names = new Set<string>();
  const held: Holders = new Map();
  for (const guardian of guardians) {
    const { address } = guardian;
    const name = plainOf(nameOf(guardian));
    if (names.has(name)) blame("guardian-twice", nameOf(guardian));
    names.add(name);
    if (!address) continue;
    const holder = held.get(address) ?? known.get(address);
    if (holder && holder.name !== name) blame("address-of-another", address, holder.line);
    held.set(address, holder ?? { name, line });
  }
  return held;
}
