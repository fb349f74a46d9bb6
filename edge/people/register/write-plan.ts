// The rows of a plan: one statement for each table, however many students there are.

import type { InStatement } from "@libsql/client/web";
import type { GuardianRow, Plan, StudentRow } from "./plan.ts";

/** accounts: of the new students' wallets. left: students who have left on `day`. at: seconds since 1970. */
export type Writing = {
  accounts: Map<number, number>;
  year: number;
  left: number[];
  day: number;
  at: number;
};

export function statementsOf(plan: Plan, writing: Writing): InStatement[] {
  const { accounts, year, left, day, at } = writing;
  return [
    each(
      `insert into student(id, number, first_name, last_name, class, allergens, account)
        select value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6
        from json_each(?)`,
      plan.added.map((one) => [...rowOf(one), accounts.get(one.id) ?? 0]),
    ),
    each(
      `update student set number = value->>1, first_name = value->>2, last_name = value->>3,
          class = value->>4, allergens = value->>5, left_on = 0
        from json_each(?) where student.id = value->>0`,
      plan.changed.map(rowOf),
    ),
    each(
      `insert into person(id, username, name, role, address, language, created_at)
        select value->>0, value->>1, value->>2, 'guardian', value->>3, value->>4, value->>5
        from json_each(?)`,
      plan.guardiansAdded.map((one) => [...guardianRow(one), at]),
    ),
    each(
      `update person set address = value->>3, language = value->>4 from json_each(?)
        where person.id = value->>0`,
      plan.guardiansChanged.map(guardianRow),
    ),
    each(
      `insert or ignore into guardianship(person, student) select value->>0, value->>1
        from json_each(?)`,
      plan.ties.map(({ person, student }) => [person, student]),
    ),
    each(
      `insert into enrolment(student, year, class) select value->>0, value->>1, value->>2
        from json_each(?) where true
        on conflict(student, year) do update set class = excluded.class`,
      plan.listed.map(({ student, class: group }) => [student, year, group]),
    ),
    ...leaving(left, day, at),
  ].filter((statement) => statement.args[0] !== "[]");
}

/** Their cards sell no more; their guardians still see the balance, and ask for it. */
export function leaving(left: number[], day: number, at: number) {
  return [
    each(
      `update student set left_on = value->>1 from json_each(?)
        where student.id = value->>0 and left_on = 0`,
      left.map((student) => [student, day]),
    ),
    each(
      `update card set status = 'blocked', since = value->>1 from json_each(?)
        where card.student = value->>0 and status = 'active'`,
      left.map((student) => [student, at]),
    ),
  ];
}

function guardianRow({ id, username, name, address, language }: GuardianRow) {
  return [id, username, name, address, language];
}

/** json_each(?) gives value, one of the rows. */
function each(sql: string, rows: (string | number)[][]): { sql: string; args: [string] } {
  return { sql, args: [JSON.stringify(rows)] };
}

function rowOf(one: StudentRow) {
  return [one.id, one.number, one.firstName, one.lastName, one.class, one.allergens];
}
