// On a student's page: the absences, those of the last weeks too, and the form that notes one.

import { Problem } from "../problem.tsx";
import type { Texts } from "../texts/fr.ts";
import type { Voice } from "../voice.ts";
import { spokenDay } from "./days.ts";
import type { SectionProps } from "./pupil.tsx";
import type { Refused } from "./sent.ts";
import { shownIn, wordsFor } from "./sent.ts";

export function AbsencesSection({ file, refused, isOpen, voice }: SectionProps) {
  const { t } = voice;
  return (
    <section class="panel" id="absence">
      <h2>{t.absence.title}</h2>
      {file.absences.length === 0 && <p class="empty">{t.absence.none}</p>}
      <ul class="plain">
        {file.absences.map((one) => (
          <li>
            {spanOf(one, voice)} <small>{one.note}</small>{" "}
            {isOpen && (
              <form method="post" action="/register/absences/remove">
                <input type="hidden" name="absence" value={one.id} />
                <input type="hidden" name="student" value={file.id} />
                <button class="quiet">{t.absence.remove}</button>
              </form>
            )}
          </li>
        ))}
      </ul>
      {isOpen && (
        <form class="fields" method="post" action={`/register/students/${file.id}/absences`}>
          <h3>{t.absence.one}</h3>
          <Problem words={wordsFor(refused, "absence")} />
          <AbsenceInputs refused={refused} today="" t={t} />
          <button>{t.absence.submit}</button>
        </form>
      )}
    </section>
  );
}

type InputsProps = { refused: Refused | undefined; today: string; t: Texts };

export function AbsenceInputs({ refused, today, t }: InputsProps) {
  const shown = (name: string, known: string): string => shownIn(refused, "absence", name, known);
  return (
    <>
      <label>
        {t.absence.from}
        <input type="date" name="from" value={shown("from", today)} required />
      </label>
      <label>
        {t.absence.until}
        <input type="date" name="until" value={shown("until", today)} required />
      </label>
      <label>
        {t.absence.note}
        <input name="note" value={shown("note", "")} maxlength={200} autocomplete="off" />
      </label>
    </>
  );
}

export function spanOf(of: { fromDay: number; untilDay: number }, voice: Voice): string {
  const [from, until] = [spokenDay(of.fromDay, voice), spokenDay(of.untilDay, voice)];
  return voice.t.absence.span(from, until);
}
