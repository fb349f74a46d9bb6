// One student as the office knows them: identity, classes of each year, guardians, absences, and leaving the school.

import type { RegisterFile } from "#edge/reads/register.ts";
import type { RegisterAct } from "#edge/people/register/acts.ts";
import type { CardAct } from "#edge/people/cards/acts.ts";
import { CardsSection } from "../cards/issue-section.tsx";
import { Problem } from "../problem.tsx";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import { numberIn } from "../path.ts";
import type { Voice } from "../voice.ts";
import { AbsencesSection } from "./absences-section.tsx";
import { GuardiansSection } from "./guardians-section.tsx";
import { LeavingSection } from "./leaving-section.tsx";
import { PupilInputs, allergensText, pupilIn } from "./pupil-form.tsx";
import { mayWrite } from "./roll.tsx";
import type { Refused } from "./sent.ts";
import { readSent, wordsFor, wordsOf } from "./sent.ts";

export async function pupil(c: PageContext) {
  const file = await fileIn(c);
  return file ? pupilPage(c, file, undefined) : c.notFound();
}

export async function changePupil(c: PageContext) {
  const sent = await readSent(c);
  const { t } = c.var.voice;
  return act(c, "pupil", t.pupil.refused, sent, (student) => ({
    kind: "changeStudent",
    student,
    ...pupilIn(sent),
  }));
}

export async function fileIn(c: PageContext): Promise<RegisterFile | undefined> {
  const { reads, now } = c.var;
  return reads.registerFile(numberIn(c.req.param("id")), reads.schoolDay(now));
}

/** Does something to the student of the page, and shows the page again: with what is now, or with the form as sent. */
export async function act(
  c: PageContext,
  part: string,
  words: Record<string, string>,
  sent: Refused["sent"],
  actOf: (student: number) => RegisterAct | CardAct,
) {
  const { desk, person, now } = c.var;
  const file = await fileIn(c);
  if (!file || !person) return c.notFound();
  const result = await desk.act({ by: person.id, at: now, ...actOf(file.id) });
  if (result.ok) return c.redirect(`/register/students/${file.id}?saved=1#${part}`, 303);
  return pupilPage(c, file, { part, words: wordsOf(words, result.reason), sent });
}

export async function pupilPage(c: PageContext, file: RegisterFile, refused: Refused | undefined) {
  const { voice, person, reads } = c.var;
  const { t } = voice;
  const name = `${file.firstName} ${file.lastName}`;
  const isOpen = mayWrite(c);
  const props = { file, refused, isOpen, voice };
  return page(
    c,
    name,
    <>
      <h1>
        {name} <small>{file.class}</small>
      </h1>
      {c.req.query("saved") !== undefined && !refused && (
        <p class="notice" role="status">
          {t.pupil.saved}
        </p>
      )}
      {person?.role !== "secretary" && (
        <p>
          <a href={`/students/${file.id}`}>{t.pupil.wallet}</a>
        </p>
      )}
      <Identity {...props} />
      <GuardiansSection {...props} />
      <CardsSection {...props} cards={await reads.cards(file.id)} />
      <AbsencesSection {...props} />
      <LeavingSection {...props} isBursar={person?.role === "bursar"} now={c.var.now} />
    </>,
    { status: refused ? 422 : 200 },
  );
}

export type SectionProps = {
  file: RegisterFile;
  refused: Refused | undefined;
  isOpen: boolean;
  voice: Voice;
};

function Identity({ file, refused, isOpen, voice }: SectionProps) {
  const { t } = voice;
  const fields = refused?.part === "pupil" ? pupilIn(refused.sent) : file;
  return (
    <section class="panel" id="pupil">
      <h2>{t.pupil.identity}</h2>
      <Problem words={wordsFor(refused, "pupil")} />
      {isOpen ? (
        <form class="fields" method="post" action={`/register/students/${file.id}`}>
          <PupilInputs of={fields} t={t} />
          <button>{t.pupil.save}</button>
        </form>
      ) : (
        <dl class="facts">
          <dt>{t.pupil.number}</dt>
          <dd>{file.number}</dd>
          <dt>{t.pupil.allergens}</dt>
          <dd>{allergensText(file.allergens, t) || t.pupil.noAllergen}</dd>
        </dl>
      )}
      <h3>{t.pupil.history}</h3>
      <ul class="plain">
        {file.years.map((one) => (
          <li>
            {t.roll.year(one.year, one.year + 1)} <strong>{one.class}</strong>
          </li>
        ))}
      </ul>
    </section>
  );
}
