// Students with what their wallets hold, and one student with cards, guardians and leases.

import { and, asc, eq } from "drizzle-orm";
import { account, card, guardianship, person, student } from "#edge/ledger/schema.ts";
import { plainOf } from "#edge/people/register/plain.ts";
import type { Bytes } from "#protocol/bytes.ts";
import type { Database } from "./database.ts";
import type { Reserved } from "./leases.ts";
import { reservedQuery } from "./leases.ts";

/** reservedCents is the part of the balance that terminals may spend without asking. */
export type Student = {
  id: number;
  firstName: string;
  lastName: string;
  class: string;
  account: number;
  balanceCents: number;
  reservedCents: number;
};
export type StudentFile = Student & {
  cards: { uid: Bytes; status: "active" | "blocked"; since: number; keyEpoch: number }[];
  guardians: { id: number; name: string; username: string }[];
  leases: Reserved[];
};

const columns = {
  id: student.id,
  firstName: student.firstName,
  lastName: student.lastName,
  class: student.class,
  account: student.account,
  balanceCents: account.balance,
  reservedCents: account.reserved,
};

/** É stands beside E, as in a class register. */
const COLLATOR = new Intl.Collator("fr-BE");

/** Those who are here and whose name holds every word of search, whatever the accents; group "" is every class. SQLite compares accents
 * as bytes, and a school has few thousand students: the words are compared here. */
export async function readStudents(database: Database, search: string, group: string) {
  const rows: Student[] = await database
    .select(columns)
    .from(student)
    .innerJoin(account, eq(account.id, student.account))
    .where(eq(student.leftAt, 0))
    .orderBy(asc(student.id));
  const all = rows.toSorted(
    (a, b) =>
      COLLATOR.compare(a.lastName, b.lastName) || COLLATOR.compare(a.firstName, b.firstName),
  );
  const words = plainOf(search).split(" ").filter(Boolean);
  return {
    classes: [...new Set(all.map((one) => one.class))].toSorted(),
    found: all.filter(
      (one) => (!group || one.class === group) && words.every((word) => nameOf(one).includes(word)),
    ),
  };
}

function nameOf(one: Student): string {
  return plainOf(`${one.firstName} ${one.lastName}`);
}

/** The children of a guardian, eldest class first as the school writes it. */
export function readChildren(database: Database, guardian: number): Promise<Student[]> {
  return database
    .select(columns)
    .from(guardianship)
    .innerJoin(student, eq(student.id, guardianship.student))
    .innerJoin(account, eq(account.id, student.account))
    .where(eq(guardianship.person, guardian))
    .orderBy(asc(student.firstName), asc(student.id));
}

/** The student whose account this is; undefined for everybody else's. */
export async function readOwnStudent(
  database: Database,
  owner: number,
): Promise<number | undefined> {
  const rows = await database
    .select({ student: person.student })
    .from(person)
    .where(eq(person.id, owner));
  return rows[0]?.student ?? undefined;
}

/** undefined when guardian is not one of this student's: to a stranger the child does not exist. */
export async function readChild(
  database: Database,
  guardian: number,
  id: number,
): Promise<Student | undefined> {
  const rows = await database
    .select(columns)
    .from(guardianship)
    .innerJoin(student, eq(student.id, guardianship.student))
    .innerJoin(account, eq(account.id, student.account))
    .where(and(eq(guardianship.person, guardian), eq(guardianship.student, id)));
  return rows[0];
}

export async function readStudent(
  database: Database,
  id: number,
): Promise<StudentFile | undefined> {
  const [found, cards, guardians, leases] = await database.batch([
    database
      .select(columns)
      .from(student)
      .innerJoin(account, eq(account.id, student.account))
      .where(eq(student.id, id)),
    database
      .select({ uid: card.uid, status: card.status, since: card.since, keyEpoch: card.keyEpoch })
      .from(card)
      .where(eq(card.student, id)),
    database
      .select({ id: person.id, name: person.name, username: person.username })
      .from(guardianship)
      .innerJoin(person, eq(person.id, guardianship.person))
      .where(eq(guardianship.student, id))
      .orderBy(asc(person.name)),
    reservedQuery(database, id),
  ]);
  return found[0] && { ...found[0], cards, guardians, leases };
}
