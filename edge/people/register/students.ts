// Students one by one, as the office adds and corrects them by hand.

import type { Row } from "@libsql/client/web";
import { prepareCommands } from "#edge/ledger/commands.ts";
import type { Ledger } from "#edge/ledger/ledger.ts";
import { commit, inTurn } from "#edge/ledger/ledger.ts";
import { numberIn, textIn } from "#edge/ledger/row.ts";
import { audit } from "../audit.ts";
import { ALLERGENS_ALL } from "./allergens.ts";
import { blockCards, leaveStudents, returnStudent } from "./leave.ts";
import { flawOf, isClass, tidy } from "./rules.ts";

/** number: the school's own key, "" for none. allergens are bits. */
export type StudentForm = {
  number: string;
  firstName: string;
  lastName: string;
  class: string;
  allergens: number;
};
/** form: an id that the form has made, so that a double click is one student. */
export type AddStudent = { kind: "addStudent"; form: string } & StudentForm;
export type ChangeStudent = { kind: "changeStudent"; student: number } & StudentForm;
export type Leave = { kind: "leave"; student: number; reason: string };
export type ComeBack = { kind: "comeBack"; student: number; reason: string };
type Asked = { by: number; at: number };
export type StudentRefusal =
  | "bad-name"
  | "bad-class"
  | "bad-number"
  | "bad-allergens"
  | "number-taken"
  | "unknown-student"
  | "no-reason";
type Result = { ok: true; id?: number } | { ok: false; reason: StudentRefusal };

/** Opens the wallet in the same transaction. */
export function addStudent(ledger: Ledger, act: Asked & AddStudent): Promise<Result> {
  return inTurn(ledger, async () => {
    const { client } = ledger;
    const { by, at } = act;
    const id = `register/${act.form}`;
    const [sent, last] = await client.batch(
      [
        { sql: "select body->>'ref' as student from command where id = ?", args: [id] },
        {
          sql: `select (select coalesce(max(id), 0) from student) as student,
            (select username from person where id = ?) as author`,
          args: [by],
        },
      ],
      "read",
    );
    if (sent?.rows[0]) return { ok: true, id: Number(textIn(sent.rows[0], "student")) };
    const form = tidyForm(act);
    const refusal = refusalOf(form) ?? (await takenNumber(ledger, form.number, 0));
    if (refusal) return refuse(refusal);
    const student = numberIn(last?.rows[0], "student") + 1;
    const author = textIn(last?.rows[0] as Row, "author");
    const ref = String(student);
    const open = { id, author, at, kind: "openAccount", account: "wallet", ref } as const;
    const { batch, results } = await prepareCommands(ledger, [open], at * 1000);
    const [opened] = results;
    if (!opened?.ok) throw new Error(`register: ${id} was refused: ${opened?.reason}`);
    const { number, lastName, firstName, allergens } = form;
    batch.also.push(
      {
        sql: `insert into student(id, number, last_name, first_name, class, allergens, account)
          values(?, ?, ?, ?, ?, ?, ?)`,
        args: [student, number, lastName, firstName, form.class, allergens, opened.account],
      },
      audit({
        author: by,
        at,
        action: "student.add",
        subject: `student/${student}`,
        after: shown(form),
      }),
    );
    await commit(ledger, batch);
    return { ok: true, id: student };
  });
}

export function changeStudent(ledger: Ledger, act: Asked & ChangeStudent): Promise<Result> {
  return inTurn(ledger, async () => {
    const known = await readForm(ledger, act.student);
    if (!known) return refuse("unknown-student");
    const form = tidyForm(act);
    const refusal = refusalOf(form) ?? (await takenNumber(ledger, form.number, act.student));
    if (refusal) return refuse(refusal);
    const fields = Object.keys(form) as (keyof StudentForm)[];
    const changed = fields.filter((field) => form[field] !== known[field]);
    if (!changed.length) return { ok: true };
    const part = (of: StudentForm) =>
      Object.fromEntries(Object.entries(shown(of)).filter(([field]) => isIn(changed, field)));
    const { number, lastName, firstName, allergens } = form;
    await ledger.client.batch(
      [
        {
          sql: `update student set number = ?, last_name = ?, first_name = ?, class = ?,
            allergens = ? where id = ?`,
          args: [number, lastName, firstName, form.class, allergens, act.student],
        },
        audit({
          author: act.by,
          at: act.at,
          action: "student.change",
          subject: `student/${act.student}`,
          before: part(known),
          after: part(form),
        }),
      ],
      "write",
    );
    return { ok: true };
  });
}

export function leave(ledger: Ledger, act: Asked & Leave): Promise<Result> {
  const { student, at, by } = act;
  return turn(ledger, act, "student.leave", [
    leaveStudents([student], at),
    blockCards([student], at, by),
  ]);
}

export function comeBack(ledger: Ledger, act: Asked & ComeBack): Promise<Result> {
  return turn(ledger, act, "student.return", [returnStudent(act.student)]);
}

/** Who has left cannot leave, who is here cannot come back: then nothing is written, and that is what was asked. */
function turn(
  ledger: Ledger,
  act: Asked & (Leave | ComeBack),
  action: string,
  statements: ReturnType<typeof returnStudent>[],
): Promise<Result> {
  return inTurn(ledger, async () => {
    const reason = tidy(act.reason);
    if (!reason) return refuse("no-reason");
    const found = await ledger.client.execute({
      sql: "select left_at from student where id = ?",
      args: [act.student],
    });
    if (!found.rows[0]) return refuse("unknown-student");
    const hasLeft = numberIn(found.rows[0], "left_at") > 0;
    if (hasLeft === (act.kind === "leave")) return { ok: true };
    const subject = `student/${act.student}`;
    const deed = audit({ author: act.by, at: act.at, action, subject, reason });
    await ledger.client.batch([...statements, deed], "write");
    return { ok: true };
  });
}

const refuse = (reason: StudentRefusal): Result => ({ ok: false, reason });

function tidyForm(form: StudentForm): StudentForm {
  return {
    number: tidy(form.number),
    firstName: tidy(form.firstName),
    lastName: tidy(form.lastName),
    class: tidy(form.class).toUpperCase(),
    allergens: form.allergens,
  };
}

function refusalOf(form: StudentForm): StudentRefusal | undefined {
  const { number, firstName, lastName, allergens } = form;
  const isName = (field: "firstName" | "lastName"): boolean =>
    form[field] !== "" && !flawOf(field, form[field]);
  if (!isName("firstName") || !isName("lastName") || !firstName || !lastName) return "bad-name";
  if (flawOf("class", form.class) || !isClass(form.class)) return "bad-class";
  if (flawOf("number", number)) return "bad-number";
  const isKnown = Number.isSafeInteger(allergens) && (allergens & ~ALLERGENS_ALL) === 0;
  return isKnown ? undefined : "bad-allergens";
}

async function takenNumber(
  ledger: Ledger,
  number: string,
  but: number,
): Promise<StudentRefusal | undefined> {
  const found = await ledger.client.execute({
    sql: "select 1 from student where number = ? and number <> '' and id <> ?",
    args: [number, but],
  });
  return found.rows.length ? "number-taken" : undefined;
}

async function readForm(ledger: Ledger, student: number): Promise<StudentForm | undefined> {
  const found = await ledger.client.execute({
    sql: "select number, first_name, last_name, class, allergens from student where id = ?",
    args: [student],
  });
  const [row] = found.rows;
  return (
    row && {
      number: textIn(row, "number"),
      firstName: textIn(row, "first_name"),
      lastName: textIn(row, "last_name"),
      class: textIn(row, "class"),
      allergens: numberIn(row, "allergens"),
    }
  );
}

/** What somebody must not eat is health data: the log says that it was said, not what it is. */
function shown(form: StudentForm): Record<string, unknown> {
  return { ...form, allergens: "(…)" };
}

function isIn(fields: (keyof StudentForm)[], field: string): boolean {
  return fields.some((one) => one === field);
}
