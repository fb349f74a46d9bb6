// The form of a student's name, class, number and allergens, empty or filled; and the page that adds one by hand.

import { randomUUID } from "node:crypto";
import { Problem } from "../problem.tsx";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import type { Texts } from "../texts/fr.ts";
import type { Refused, Sent } from "./sent.ts";
import { readSent, wordsFor, wordsOf } from "./sent.ts";

/** As typed; allergens are bits. */
export type PupilFields = {
  number: string;
  firstName: string;
  lastName: string;
  class: string;
  allergens: number;
};

const NOBODY: PupilFields = { number: "", firstName: "", lastName: "", class: "", allergens: 0 };

export function newPupil(c: PageContext) {
  return newPupilPage(c, randomUUID(), undefined);
}

export async function addPupil(c: PageContext) {
  const { desk, person, now, voice } = c.var;
  if (!person) return c.notFound();
  const sent = await readSent(c);
  const form = sent.field("id").trim() || randomUUID();
  const act = { by: person.id, at: now, kind: "addStudent" as const, form, ...pupilIn(sent) };
  const result = await desk.act(act);
  if (result.ok) return c.redirect(`/register/students/${result.id ?? ""}?saved=1`, 303);
  const words = wordsOf(voice.t.pupil.refused, result.reason);
  return newPupilPage(c, form, { part: "pupil", words, sent });
}

function newPupilPage(c: PageContext, id: string, refused: Refused | undefined) {
  const { t } = c.var.voice;
  return page(
    c,
    t.roll.add,
    <>
      <h1>{t.roll.add}</h1>
      <section class="panel">
        <Problem words={wordsFor(refused, "pupil")} />
        <form class="fields" method="post" action="/register/new">
          <input type="hidden" name="id" value={id} />
          <PupilInputs of={refused ? pupilIn(refused.sent) : NOBODY} t={t} />
          <button>{t.pupil.add}</button>
        </form>
      </section>
    </>,
    { status: refused ? 422 : 200 },
  );
}

export function pupilIn(sent: Sent): PupilFields {
  return {
    number: sent.field("number"),
    firstName: sent.field("firstName"),
    lastName: sent.field("lastName"),
    class: sent.field("class"),
    allergens: sent
      .all("allergen")
      .filter((bit) => /^\d{1,2}$/.test(bit))
      .reduce((bits, bit) => bits | (1 << Number(bit)), 0),
  };
}

export function PupilInputs({ of, t }: { of: PupilFields; t: Texts }) {
  return (
    <>
      <label>
        {t.pupil.lastName}
        <input name="lastName" value={of.lastName} required autocomplete="off" />
      </label>
      <label>
        {t.pupil.firstName}
        <input name="firstName" value={of.firstName} required autocomplete="off" />
      </label>
      <label>
        {t.pupil.class}
        <input name="class" value={of.class} required maxlength={8} autocomplete="off" />
      </label>
      <label>
        {t.pupil.number}
        <input name="number" value={of.number} maxlength={20} autocomplete="off" />
        <small>{t.pupil.numberHint}</small>
      </label>
      <fieldset>
        <legend>
          {t.pupil.allergens} <small>{t.pupil.allergensWhy}</small>
        </legend>
        {t.allergens.map((name, bit) => (
          <label class="choice">
            <input
              type="checkbox"
              name="allergen"
              value={String(bit)}
              checked={(of.allergens & (1 << bit)) !== 0}
            />
            {name}
          </label>
        ))}
      </fieldset>
    </>
  );
}

/** "lait, œufs"; "" for none. */
export function allergensText(bits: number, t: Texts): string {
  return t.allergens.filter((_, bit) => bits & (1 << bit)).join(", ");
}
