// On the page of a movement: that it was corrected, and the forms with which the bursar corrects it. A
// correction never erases; each says why, because the family will read it.

import { randomUUID } from "node:crypto";
import type { Posting } from "#edge/reads/evidence.ts";
import type { Source } from "#edge/reads/source.ts";
import { Problem } from "../problem.tsx";
import { pathOf } from "../movements.tsx";
import type { Texts } from "../texts/fr.ts";

export const REASON_CHARACTERS_MAX = 140;

export type CorrectionForm = { id: string; reason: string; student: string; problem: string };

export function emptyCorrection(): CorrectionForm {
  return { id: randomUUID(), reason: "", student: "", problem: "" };
}

export function CorrectedBy({ postings, t }: { postings: Posting[]; t: Texts }) {
  const links = new Map<string, string>();
  for (const { undoes, undoneBy, assignedBy } of postings) {
    if (undoneBy) links.set(undoneBy, t.correct.undone);
    if (undoes) links.set(undoes, t.correct.undoes);
    if (assignedBy) links.set(assignedBy, t.correct.assigned);
  }
  return (
    <>
      {[...links].map(([source, words]) => (
        <p class="notice">
          <a href={`/movements/${source}`}>{words}</a>
        </p>
      ))}
    </>
  );
}

type CorrectionsProps = { of: Source; postings: Posting[]; form: CorrectionForm; t: Texts };

export function Corrections({ of, postings, form, t }: CorrectionsProps) {
  const waiting = postings.filter(isWaiting);
  const canReverse = postings.length > 0 && postings.every(isUntouched);
  if (!canReverse && !form.problem) return <></>;
  return (
    <section class="panel" id="correct">
      <h2>{t.correct.title}</h2>
      <Problem words={form.problem} />
      <p>{t.correct.why}</p>
      {canReverse && (
        <form class="fields" method="post" action={`${pathOf(of)}/reverse`}>
          <input type="hidden" name="id" value={form.id} />
          <Reason form={form} t={t} />
          <button>{t.correct.reverse}</button>
        </form>
      )}
      {waiting.map(({ line }) => (
        <form class="fields" method="post" action={`${pathOf(of)}/assign`}>
          <input type="hidden" name="id" value={`${form.id}/${line}`} />
          <input type="hidden" name="line" value={line} />
          <label>
            {t.correct.student}
            <input name="student" value={form.student} required autocomplete="off" />
          </label>
          <Reason form={form} t={t} />
          <button>{t.correct.assign}</button>
        </form>
      ))}
    </section>
  );
}

function Reason({ form, t }: { form: CorrectionForm; t: Texts }) {
  return (
    <label>
      {t.correct.reason}
      <input
        name="reason"
        value={form.reason}
        required
        maxlength={REASON_CHARACTERS_MAX}
        autocomplete="off"
      />
    </label>
  );
}

/** Orders are cancelled on the page of the student. */
function isUntouched({ undoes, undoneBy, assignedBy, debit, credit }: Posting): boolean {
  const isOrder = debit.kind === "hold" || credit.kind === "hold";
  return !undoes && !undoneBy && !assignedBy && !isOrder;
}

/** In suspense, because the card was nobody's. */
function isWaiting(posting: Posting): boolean {
  const { debit, credit } = posting;
  const inSuspense = [debit, credit].some((one) => one.kind === "suspense" && one.ref === "cards");
  return inSuspense && isUntouched(posting);
}
