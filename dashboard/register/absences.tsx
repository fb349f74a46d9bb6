// Absences of today and later, and several students of a class noted at once.

import type { ListedAbsence, Registered } from "#edge/reads/register.ts";
import { Problem } from "../problem.tsx";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import { numberIn } from "../path.ts";
import type { Voice } from "../voice.ts";
import { AbsenceInputs, spanOf } from "./absences-section.tsx";
import { dayIn, dayText } from "./days.ts";
import { act } from "./pupil.tsx";
import { mayWrite } from "./roll.tsx";
import type { Refused, Sent } from "./sent.ts";
import { readSent, wordsFor, wordsOf } from "./sent.ts";

export function absences(c: PageContext) {
  return absencesPage(c, c.req.query("class") ?? "", undefined);
}

export async function noteAbsences(c: PageContext) {
  const { desk, person, now, voice } = c.var;
  if (!person) return c.notFound();
  const sent = await readSent(c);
  const students = sent.all("student").map(numberIn);
  const result = await desk.act({ by: person.id, at: now, ...absenceIn(sent, students) });
  const group = sent.field("class");
  if (result.ok) return c.redirect(`/register/absences?class=${encodeURIComponent(group)}`, 303);
  const words = wordsOf(voice.t.absence.refused, result.reason);
  return absencesPage(c, group, { part: "absence", words, sent });
}

export async function notePupilAbsence(c: PageContext) {
  const sent = await readSent(c);
  return act(c, "absence", c.var.voice.t.absence.refused, sent, (student) =>
    absenceIn(sent, [student]),
  );
}

/** Back to the student's page when the form was there. */
export async function removeAbsence(c: PageContext) {
  const { desk, person, now } = c.var;
  if (!person) return c.notFound();
  const sent = await readSent(c);
  const absence = numberIn(sent.field("absence"));
  if (absence < 0) return absencesPage(c, "", { part: "absence", words: "", sent });
  await desk.act({ by: person.id, at: now, kind: "removeAbsence", absence });
  const student = numberIn(sent.field("student"));
  return c.redirect(
    student < 0 ? "/register/absences" : `/register/students/${student}#absence`,
    303,
  );
}

function absenceIn(sent: Sent, students: number[]) {
  const [fromDay, untilDay] = [dayIn(sent.field("from")), dayIn(sent.field("until"))];
  return {
    kind: "noteAbsences" as const,
    students,
    fromDay,
    untilDay,
    note: sent.field("note"),
  };
}

async function absencesPage(c: PageContext, group: string, refused: Refused | undefined) {
  const { voice, reads, now } = c.var;
  const { t } = voice;
  const today = reads.schoolDay(now);
  const [listed, { classes, found }] = await Promise.all([
    reads.absences(today),
    reads.register({ search: "", group, hasLeft: false }, today),
  ]);
  return page(
    c,
    t.absence.title,
    <>
      <h1>{t.absence.title}</h1>
      <p>{t.absence.why}</p>
      <section class="panel">
        {listed.length === 0 && <p class="empty">{t.absence.none}</p>}
        {listed.length > 0 && <Listed absences={listed} isOpen={mayWrite(c)} voice={voice} />}
      </section>
      {mayWrite(c) && (
        <section class="panel">
          <h2>{t.absence.submit}</h2>
          <Problem words={wordsFor(refused, "absence")} />
          <ChooseClass classes={classes} group={group} voice={voice} />
          {group && (
            <form class="fields" method="post" action="/register/absences">
              <input type="hidden" name="class" value={group} />
              <Students found={found} refused={refused} voice={voice} />
              <AbsenceInputs refused={refused} today={dayText(today)} t={t} />
              <button>{t.absence.submit}</button>
            </form>
          )}
        </section>
      )}
    </>,
    { status: refused ? 422 : 200 },
  );
}

function ChooseClass(props: { classes: string[]; group: string; voice: Voice }) {
  const { t } = props.voice;
  return (
    <form class="search">
      <label>
        {t.absence.class}
        <select name="class" required>
          {props.classes.map((one) => (
            <option value={one} selected={one === props.group}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <button>{t.absence.choose}</button>
    </form>
  );
}

type StudentsProps = { found: Registered[]; refused: Refused | undefined; voice: Voice };

function Students({ found, refused, voice }: StudentsProps) {
  const ticked = new Set(refused?.sent.all("student"));
  return (
    <fieldset>
      <legend>{voice.t.absence.students}</legend>
      {found.map(({ id, firstName, lastName }) => (
        <label class="choice">
          <input
            type="checkbox"
            name="student"
            value={String(id)}
            checked={ticked.has(String(id))}
          />
          {lastName} {firstName}
        </label>
      ))}
    </fieldset>
  );
}

type ListedProps = { absences: ListedAbsence[]; isOpen: boolean; voice: Voice };

function Listed({ absences: rows, isOpen, voice }: ListedProps) {
  return (
    <ul class="plain">
      {rows.map((one) => (
        <li>
          <a href={`/register/students/${one.student}`}>{one.name}</a> <small>{one.class}</small>{" "}
          {spanOf(one, voice)} <small>{one.note}</small>{" "}
          {isOpen && (
            <form method="post" action="/register/absences/remove">
              <input type="hidden" name="absence" value={one.id} />
              <button class="quiet">{voice.t.absence.remove}</button>
            </form>
          )}
        </li>
      ))}
    </ul>
  );
}
