// The register as it stands: what a file is compared with.

import type { Client, Row } from "@libsql/client/web";
import { numberIn, textIn } from "#edge/ledger/row.ts";

/** isPlaced: has a class in the year that the file is for. leftAt: 0 for those who are here. */
export type RollStudent = {
  id: number;
  number: string;
  firstName: string;
  lastName: string;
  class: string;
  allergens: number;
  leftAt: number;
  isPlaced: boolean;
  /** People. */
  guardians: number[];
};
export type RollGuardian = { id: number; name: string; address: string };
export type Roll = {
  /** The school year that runs: 2026 is 2026-2027. */
  year: number;
  students: RollStudent[];
  guardians: RollGuardian[];
  usernames: Set<string>;
  /** By UID in hexadecimal; 0 for the badge of a member of staff. */
  cards: Map<string, number>;
  lastStudent: number;
  lastPerson: number;
};

const STUDENTS = `select s.id, s.number, s.first_name, s.last_name, s.class, s.allergens, s.left_at,
    exists(select 1 from enrolment e where e.student = s.id and e.year = ?) as placed
  from student s order by s.id`;
const CARDS = `select lower(hex(uid)) as uid, student from card
  union all select lower(hex(uid)), 0 from badge`;
const LAST = `select (select max(year) from school_year) as year,
  (select coalesce(max(id), 0) from student) as student,
  (select coalesce(max(id), 0) from person) as person`;

/** year: the one that the file is for. */
export async function readRoll(client: Client, year: number): Promise<Roll> {
  const [students, links, people, cards, last] = await client.batch(
    [
      { sql: STUDENTS, args: [year] },
      "select person, student from guardianship order by person",
      "select id, username, name, address, role from person order by id",
      CARDS,
      LAST,
    ],
    "read",
  );
  const guardians = new Map<number, number[]>();
  for (const row of links?.rows ?? []) {
    const student = numberIn(row, "student");
    const mine = guardians.get(student) ?? [];
    mine.push(numberIn(row, "person"));
    guardians.set(student, mine);
  }
  const persons = people?.rows ?? [];
  return {
    year: numberIn(last?.rows[0], "year"),
    students: (students?.rows ?? []).map((row) => studentOfRow(row, guardians)),
    guardians: persons.filter((row) => row["role"] === "guardian").map(guardianOfRow),
    usernames: new Set(persons.map((row) => textIn(row, "username"))),
    cards: new Map(cards?.rows.map((row) => [textIn(row, "uid"), numberIn(row, "student")])),
    lastStudent: numberIn(last?.rows[0], "student"),
    lastPerson: numberIn(last?.rows[0], "person"),
  };
}

function studentOfRow(row: Row, guardians: Map<number, number[]>): RollStudent {
  const id = numberIn(row, "id");
  return {
    id,
    number: textIn(row, "number"),
    firstName: textIn(row, "first_name"),
    lastName: textIn(row, "last_name"),
    class: textIn(row, "class"),
    allergens: numberIn(row, "allergens"),
    leftAt: numberIn(row, "left_at"),
    isPlaced: numberIn(row, "placed") > 0,
    guardians: guardians.get(id) ?? [],
  };
}

function guardianOfRow(row: Row): RollGuardian {
  return {
    id: numberIn(row, "id"),
    name: textIn(row, "name"),
    address: textIn(row, "address").toLowerCase(),
  };
}
