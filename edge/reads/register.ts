// The register of students as the office keeps it: who is here and who has left, in which class in which year, who
// answers for them, and who is absent.

import { sql } from "drizzle-orm";
import { plainOf } from "#edge/people/register/plain.ts";
import type { Language } from "#edge/session.ts";
import type { Database } from "./database.ts";

/** leftAt: 0 for those who are here. isAbsent: on the day that was asked for. */
export type Registered = {
  id: number;
  number: string;
  firstName: string;
  lastName: string;
  class: string;
  leftAt: number;
  isAbsent: number;
  /** Whether something is ordered for that day. */
  hasOrder: number;
};
export type Guardian = {
  id: number;
  name: string;
  username: string;
  address: string;
  language: Language;
  isActivated: number;
};
/** Days since 1970, both of absence. */
export type Absence = { id: number; fromDay: number; untilDay: number; note: string };
export type RegisterFile = Registered & {
  allergens: number;
  balanceCents: number;
  reservedCents: number;
  guardians: Guardian[];
  years: { year: number; class: string }[];
  absences: Absence[];
  /** Students who are here and share a guardian. */
  siblings: { id: number; name: string }[];
};
export type ListedAbsence = Absence & { student: number; name: string; class: string };
export type Register = { classes: string[]; found: Registered[] };

const COLLATOR = new Intl.Collator("fr-BE", { numeric: true });

/** Those whose name or number holds every word of search, in a class ("": every one), here or among those who left. */
export async function readRegister(
  database: Database,
  asked: { search: string; group: string; hasLeft: boolean },
  day: number,
): Promise<Register> {
  const all = await database.all<Registered>(sql`select ${columnsOn(day)} from student s
    where (s.left_at > 0) = ${asked.hasLeft ? 1 : 0}`);
  const words = plainOf(asked.search).split(" ").filter(Boolean);
  const found = all.filter((one) => {
    const said = plainOf(`${one.firstName} ${one.lastName} ${one.number}`);
    return (
      (!asked.group || one.class === asked.group) && words.every((word) => said.includes(word))
    );
  });
  return {
    classes: [...new Set(all.map((one) => one.class))].toSorted(COLLATOR.compare),
    found: found.toSorted(
      (a, b) =>
        COLLATOR.compare(a.lastName, b.lastName) || COLLATOR.compare(a.firstName, b.firstName),
    ),
  };
}

const columnsOn = (day: number) => sql`s.id, s.number, s.first_name as firstName,
  s.last_name as lastName, s.class, s.left_at as leftAt,
  exists(select 1 from absence a where a.student = s.id
    and a.from_day <= ${day} and a.until_day >= ${day}) as isAbsent,
  exists(select 1 from pre_order o where o.student = s.id and o.day = ${day}
    and o.state = 'ordered') as hasOrder`;

/** Absences that are over are told for a while only: who was ill last year is nobody's business. */
const PAST_DAYS = 60;

export async function readRegisterFile(
  database: Database,
  id: number,
  day: number,
): Promise<RegisterFile | undefined> {
  type Own = Registered & { allergens: number; balanceCents: number; reservedCents: number };
  const [own] = await database.all<Own>(sql`select ${columnsOn(day)}, s.allergens,
      w.balance as balanceCents, w.reserved as reservedCents
    from student s join account w on w.id = s.account where s.id = ${id}`);
  if (!own) return undefined;
  const [guardians, years, absences, siblings] = await Promise.all([
    database.all<Guardian>(sql`select p.id, p.name, p.username, p.address, p.language,
        p.activated_at > 0 as isActivated
      from guardianship g join person p on p.id = g.person
      where g.student = ${id} order by p.name, p.id`),
    database.all<{ year: number; class: string }>(
      sql`select year, class from enrolment where student = ${id} order by year desc`,
    ),
    database.all<Absence>(sql`select id, from_day as fromDay, until_day as untilDay, note
      from absence where student = ${id} and until_day >= ${day - PAST_DAYS}
      order by from_day desc`),
    database.all<{ id: number; name: string }>(sql`select distinct s.id,
        s.first_name || ' ' || s.last_name as name
      from guardianship mine join guardianship other on other.person = mine.person
      join student s on s.id = other.student and s.left_at = 0 and s.id <> ${id}
      where mine.student = ${id} order by name`),
  ]);
  return { ...own, guardians, years, absences, siblings };
}

/** Of today and later. */
export function readAbsences(database: Database, day: number): Promise<ListedAbsence[]> {
  return database.all<ListedAbsence>(sql`select a.id, a.from_day as fromDay,
      a.until_day as untilDay, a.note, s.id as student,
      s.last_name || ' ' || s.first_name as name, s.class
    from absence a join student s on s.id = a.student
    where a.until_day >= ${day} order by a.from_day, s.class, name`);
}

/** For the kitchen's list of a day. */
export async function readAbsent(database: Database, day: number): Promise<Set<number>> {
  const rows = await database.all<{ student: number }>(sql`select distinct student from absence
    where from_day <= ${day} and until_day >= ${day}`);
  return new Set(rows.map(({ student }) => student));
}

/** 2026 is 2026-2027. */
export async function readSchoolYear(database: Database): Promise<number> {
  const [row] = await database.all<{ year: number }>(
    sql`select max(year) as year from school_year`,
  );
  return row?.year ?? 0;
}
