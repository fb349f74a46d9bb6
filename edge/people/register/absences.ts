// Who is not at school, from day to day: the kitchen does not cook for them, and nobody is accused of anything.

import type { Ledger } from "#edge/ledger/ledger.ts";
import { inTurn } from "#edge/ledger/ledger.ts";
import { numberIn } from "#edge/ledger/row.ts";
import { audit, auditAll } from "../audit.ts";
import { flawOf, tidy } from "./rules.ts";

/** Days since 1970 in Brussels; both are days of absence. */
export type NoteAbsences = {
  kind: "noteAbsences";
  students: number[];
  fromDay: number;
  untilDay: number;
  note: string;
};
export type RemoveAbsence = { kind: "removeAbsence"; absence: number };
type Asked = { by: number; at: number };
export type AbsenceRefusal = "bad-days" | "bad-note" | "nobody";
type Result = { ok: true } | { ok: false; reason: AbsenceRefusal };

/** The database refuses more, too: longer, and somebody has left. */
const DAYS_MAX = 366;

/** Said again, an absence is the same absence. */
export function noteAbsences(ledger: Ledger, act: Asked & NoteAbsences): Promise<Result> {
  return inTurn(ledger, async () => {
    const { by: author, at, fromDay, untilDay } = act;
    const note = tidy(act.note);
    const isSpan = fromDay > 0 && untilDay >= fromDay && untilDay - fromDay <= DAYS_MAX;
    if (!isSpan) return refuse("bad-days");
    if (note && flawOf("note", note)) return refuse("bad-note");
    const found = await ledger.client.execute({
      sql: `select id from student s where left_at = 0 and id in (select value from json_each(?1))
        and not exists(select 1 from absence where student = s.id and from_day = ?2
          and until_day = ?3)`,
      args: [JSON.stringify(act.students), fromDay, untilDay],
    });
    const students = found.rows.map((row) => numberIn(row, "id"));
    if (!act.students.length) return refuse("nobody");
    if (!students.length) return { ok: true };
    await ledger.client.batch(
      [
        {
          sql: `insert into absence(student, from_day, until_day, note, author, at)
            select value, ?2, ?3, ?4, ?5, ?6 from json_each(?1)`,
          args: [JSON.stringify(students), fromDay, untilDay, note, author, at],
        },
        auditAll(
          students.map((student) => ({
            author,
            at,
            action: "absence.note",
            subject: `student/${student}`,
            after: { fromDay, untilDay },
          })),
        ),
      ],
      "write",
    );
    return { ok: true };
  });
}

/** One that is gone already is gone. */
export function removeAbsence(ledger: Ledger, act: Asked & RemoveAbsence): Promise<Result> {
  return inTurn(ledger, async () => {
    const found = await ledger.client.execute({
      sql: "select student, from_day, until_day from absence where id = ?",
      args: [act.absence],
    });
    const [row] = found.rows;
    if (!row) return { ok: true };
    const before = { fromDay: numberIn(row, "from_day"), untilDay: numberIn(row, "until_day") };
    const subject = `student/${numberIn(row, "student")}`;
    await ledger.client.batch(
      [
        { sql: "delete from absence where id = ?", args: [act.absence] },
        audit({ author: act.by, at: act.at, action: "absence.remove", subject, before }),
      ],
      "write",
    );
    return { ok: true };
  });
}

const refuse = (reason: AbsenceRefusal): Result => ({ ok: false, reason });
