// The rows of an import: a handful of statements, whatever the number of students, for one transaction.

import type { InStatement } from "@libsql/client/web";
import type { Command } from "#edge/ledger/commands.ts";
import type { Deed } from "../audit.ts";
import { auditAll } from "../audit.ts";
import { blockCards, leaveStudents } from "./leave.ts";
import type { Change, Plan, PlannedStudent } from "./plan.ts";

/** by: the person who confirms; at in seconds since 1970. leavers are students of plan.missing, unlinks of
 * plan.unlisted. */
export type Confirmation = {
  import: string;
  by: number;
  at: number;
  leavers: number[];
  unlinks: [person: number, student: number][];
};

/** A wallet for each new student; the ids follow from the import, so that none is opened twice. */
export function walletsOf(plan: Plan, { import: id, at }: Confirmation, author: string): Command[] {
  return newStudents(plan).map((student) => ({
    id: `import/${id}/wallet/${student.id}`,
    author,
    at,
    kind: "openAccount",
    account: "wallet",
    ref: String(student.id),
  }));
}

/** wallets: the accounts of the new students, in their order. */
export function rowsOf(plan: Plan, wallets: number[], done: Confirmation): InStatement[] {
  const { at, leavers, unlinks } = done;
  const list: InStatement[] = [];
  const write = (sql: string, rows: unknown[][]): void => {
    if (rows.length) list.push({ sql, args: [JSON.stringify(rows)] });
  };
  if (plan.beginsYear) write(BEGIN_YEAR, [[plan.year, at]]);
  write(
    INSERT_STUDENTS,
    newStudents(plan).map((one, i) => [...columnsOf(one), wallets[i] ?? 0]),
  );
  write(UPDATE_STUDENTS, plan.students.filter((one) => !one.isNew).map(columnsOf));
  write(
    ENROL,
    plan.enrolments.map(([student, className]) => [student, plan.year, className]),
  );
  const people = plan.guardians.filter((one) => one.isNew);
  write(
    INSERT_PEOPLE,
    people.map((one) => [one.id, one.username, one.name, one.language, one.address, at]),
  );
  write(
    UPDATE_PEOPLE,
    plan.guardians.filter((one) => !one.isNew).map((one) => [one.id, one.name, one.address, at]),
  );
  write(LINK, plan.links);
  write(
    GIVE_CARDS,
    plan.students.filter(getsCard).map((one) => [one.line.card, one.id, at, done.by]),
  );
  write(UNLINK, unlinks);
  if (leavers.length) list.push(leaveStudents(leavers, at), blockCards(leavers, at, done.by));
  list.push(auditAll(deedsOf(plan, done)));
  list.push({
    sql: `update register_import set state = 'confirmed', ended_at = ?, content = x'', counts = ?
      where id = ?`,
    args: [at, JSON.stringify(countsOf(plan, done)), done.import],
  });
  return list;
}

const BEGIN_YEAR = `insert or ignore into school_year(year, began_at)
  select value->>0, value->>1 from json_each(?)`;
const INSERT_STUDENTS = `insert into student(id, number, last_name, first_name, class, allergens, account)
  select value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6 from json_each(?)`;
const UPDATE_STUDENTS = `update student set number = j.value->>1, last_name = j.value->>2,
    first_name = j.value->>3, class = j.value->>4, allergens = j.value->>5, left_at = 0
  from json_each(?) j where student.id = j.value->>0`;
const ENROL = `insert into enrolment(student, year, class)
  select value->>0, value->>1, value->>2 from json_each(?) where true
  on conflict(student, year) do update set class = excluded.class`;
const INSERT_PEOPLE = `insert into person(id, username, name, role, language, address, created_at,
    updated_at)
  select value->>0, value->>1, value->>2, 'guardian', value->>3, value->>4, value->>5, value->>5
  from json_each(?)`;
const UPDATE_PEOPLE = `update person set name = j.value->>1, address = j.value->>2,
    updated_at = j.value->>3
  from json_each(?) j where person.id = j.value->>0`;
const LINK = `insert or ignore into guardianship(person, student)
  select value->>0, value->>1 from json_each(?)`;
const UNLINK = `delete from guardianship where (person, student) in
  (select value->>0, value->>1 from json_each(?))`;
const GIVE_CARDS = `insert into card(uid, student, status, since, author)
  select unhex(value->>0), value->>1, 'active', value->>2, value->>3 from json_each(?)`;

function newStudents(plan: Plan): PlannedStudent[] {
  return plan.students.filter(({ isNew }) => isNew);
}

function columnsOf({ id, line, allergens }: PlannedStudent): unknown[] {
  return [id, line.number, line.lastName, line.firstName, line.class, allergens];
}

function getsCard({ isNew, line, changes }: PlannedStudent): boolean {
  return (isNew && !!line.card) || changes.some(({ field }) => field === "card");
}

/** One for the import, and one for each student and person it touched. */
function deedsOf(plan: Plan, done: Confirmation): Deed[] {
  const { by: author, at, leavers, unlinks } = done;
  const reason = `import/${done.import}`;
  const deed = (action: string, subject: string, before?: unknown, after?: unknown): Deed => {
    return { author, at, action, subject, before, after, reason };
  };
  const counts = countsOf(plan, done);
  return [
    { author, at, action: "register.import", subject: reason, after: counts },
    ...plan.students.map(({ id, isNew, line, changes }) =>
      isNew
        ? deed("student.add", `student/${id}`, undefined, { number: line.number })
        : deed("student.change", `student/${id}`, side(changes, "before"), side(changes, "after")),
    ),
    ...plan.guardians.map(({ id, isNew, before, name, address, username }) =>
      isNew
        ? deed("person.add", `person/${id}`, undefined, { username, name, address })
        : deed("person.change", `person/${id}`, before, { name, address }),
    ),
    ...plan.links.map(([person, student]) =>
      deed("guardian.add", `student/${student}`, undefined, { person }),
    ),
    ...unlinks.map(([person, student]) =>
      deed("guardian.remove", `student/${student}`, { person }),
    ),
    ...leavers.map((student) => deed("student.leave", `student/${student}`)),
  ];
}

/** What somebody must not eat is health data: the log says that it changed, not what it is. */
function side(changes: Change[], which: "before" | "after"): Record<string, unknown> {
  return Object.fromEntries(
    changes.map((change) => [change.field, change.field === "allergens" ? "(…)" : change[which]]),
  );
}

export type Counts = { added: number; changed: number; unchanged: number; left: number };

function countsOf(plan: Plan, { leavers }: Confirmation): Counts {
  const added = newStudents(plan).length;
  const changed = plan.students.length - added;
  return { added, changed, unchanged: plan.unchanged, left: leavers.length };
}
