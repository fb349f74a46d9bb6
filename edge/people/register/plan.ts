// What an import would change: the file held against the register. Pure, and the same whatever the order of the lines:
// the page shows it before anybody confirms, and the gateway makes it again and does nothing when it has become another.

import type { Problem } from "./flaws.ts";
import { plainOf } from "./plain.ts";
import type { Placed, PlannedGuardian } from "./plan-guardians.ts";
import { addressOfAnother, holdersIn, planGuardians } from "./plan-guardians.ts";
import type { ReadFile } from "./read-file.ts";
import type { StudentLine } from "./read-line.ts";
import type { Roll, RollStudent } from "./roll.ts";

export type Field = "number" | "lastName" | "firstName" | "class" | "allergens" | "card" | "left";
/** For left, before is when the student left; allergens are bits. */
export type Change = { field: Field; before: string | number; after: string | number };
/** A student who is new, or of whom something changes. */
export type PlannedStudent = {
  id: number;
  isNew: boolean;
  line: StudentLine;
  allergens: number;
  changes: Change[];
};
/** A guardian of a student in the file whom the file does not name any more. */
export type Unlisted = { student: number; studentName: string; person: number; name: string };
export type Plan = {
  year: number;
  /** The first file of a year begins it. */
  beginsYear: boolean;
  students: PlannedStudent[];
  unchanged: number;
  guardians: PlannedGuardian[];
  links: [person: number, student: number][];
  /** Everybody in the file: the year's class. */
  enrolments: [student: number, className: string][];
  /** In the register, here, and not in the file. */
  missing: RollStudent[];
  unlisted: Unlisted[];
  /** What only the register can say of the file; those lines are left out too. */
  problems: Problem[];
};

/** year: the one that the file is for. */
export function planImport(file: ReadFile, roll: Roll, year: number): Plan {
  const problems: Problem[] = [];
  const byNumber = new Map(
    roll.students.filter(({ number }) => number).map((one) => [one.number, one]),
  );
  const sorted = file.lines.toSorted((a, b) => (a.number < b.number ? -1 : 1));
  const adopted = adoptedBy(sorted, roll, byNumber);
  const knownAs = (line: StudentLine): RollStudent | undefined =>
    byNumber.get(line.number) ?? adopted.get(line);
  const holders = holdersIn(roll);
  const lines = sorted.filter((line) => {
    const holder = line.card ? roll.cards.get(line.card) : undefined;
    const isTaken = holder !== undefined && holder !== knownAs(line)?.id;
    if (isTaken) problems.push(problemOf(line, "card-of-another", line.card ?? ""));
    const address = addressOfAnother(line, holders);
    if (address) problems.push(problemOf(line, "address-of-another", address));
    return !isTaken && !address;
  });
  let { lastStudent } = roll;
  const all = lines.map((line) => {
    const known = knownAs(line);
    return planStudent(line, known, known?.id ?? ++lastStudent, roll);
  });
  const placed = all.map(({ id, line }): Placed => ({ student: id, line }));
  const { guardians, links } = planGuardians(placed, roll);
  const students = all.filter(({ isNew, changes }) => isNew || changes.length > 0);
  const inFile = new Set(sorted.map((line) => knownAs(line)?.id));
  return {
    year,
    beginsYear: year > roll.year,
    students,
    unchanged: all.length - students.length,
    guardians,
    links: newLinks(links, roll),
    enrolments: all.map(({ id, line }) => [id, line.class]),
    missing: roll.students.filter(
      ({ id, leftAt, number }) => !leftAt && !inFile.has(id) && !file.heldBack.has(number),
    ),
    unlisted: file.hasGuardians ? unlistedIn(links, roll) : [],
    problems,
  };
}

function problemOf(
  { line }: StudentLine,
  flaw: "card-of-another" | "address-of-another",
  value: string,
): Problem {
  return { line, column: "", value, flaw, other: 0 };
}

/** Students whom the school knew before its file did: without a number, and with a name that only one of them and one
 * line has. */
function adoptedBy(
  lines: StudentLine[],
  roll: Roll,
  byNumber: Map<string, RollStudent>,
): Map<StudentLine, RollStudent> {
  const numberless = Map.groupBy(
    roll.students.filter(({ number }) => !number),
    keyOfName,
  );
  const strangers = Map.groupBy(
    lines.filter(({ number }) => !byNumber.has(number)),
    keyOfName,
  );
  const adopted = new Map<StudentLine, RollStudent>();
  for (const [key, [line, ...others]] of strangers) {
    const [student, ...namesakes] = numberless.get(key) ?? [];
    if (line && student && !others.length && !namesakes.length) adopted.set(line, student);
  }
  return adopted;
}

function keyOfName({ lastName, firstName }: { lastName: string; firstName: string }): string {
  return plainOf(`${lastName}|${firstName}`);
}

function planStudent(
  line: StudentLine,
  known: RollStudent | undefined,
  id: number,
  roll: Roll,
): PlannedStudent {
  const allergens = line.allergens ?? known?.allergens ?? 0;
  if (!known) return { id, isNew: true, line, allergens, changes: [] };
  const changes: Change[] = [];
  const compare = (field: Field, before: string | number, after: string | number): void => {
    if (before !== after) changes.push({ field, before, after });
  };
  compare("number", known.number, line.number);
  compare("lastName", known.lastName, line.lastName);
  compare("firstName", known.firstName, line.firstName);
  // Who stays in the same class in the next year is placed there anew.
  if (known.class !== line.class || !known.isPlaced)
    changes.push({ field: "class", before: known.class, after: line.class });
  compare("allergens", known.allergens, allergens);
  if (line.card && !roll.cards.has(line.card)) compare("card", "", line.card);
  compare("left", known.leftAt, 0);
  return { id, isNew: false, line, allergens, changes };
}

function newLinks(links: Map<number, number[]>, roll: Roll): [number, number][] {
  const known = new Map(roll.students.map((one) => [one.id, new Set(one.guardians)]));
  return [...links].flatMap(([student, people]) =>
    [...new Set(people)]
      .filter((person) => !known.get(student)?.has(person))
      .map((person): [number, number] => [person, student]),
  );
}

function unlistedIn(links: Map<number, number[]>, roll: Roll): Unlisted[] {
  const names = new Map(roll.guardians.map(({ id, name }) => [id, name]));
  return roll.students.flatMap((student) => {
    const listed = links.get(student.id);
    if (!listed) return [];
    return student.guardians
      .filter((person) => !listed.includes(person))
      .map((person) => ({
        student: student.id,
        studentName: `${student.firstName} ${student.lastName}`,
        person,
        name: names.get(person) ?? "",
      }));
  });
}
