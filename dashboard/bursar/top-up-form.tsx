// The top-up form as the bursar sees it, empty or come back with a problem.

import type { Means } from "#edge/ledger/commands.ts";
import { Problem } from "../problem.tsx";
import type { Texts } from "../texts/fr.ts";

export const NOTE_CHARACTERS_MAX = 140;

type FormMeans = Extract<Means, "cash" | "correction"> | "goodwill" | "refund";
export type TopUpForm = {
  id: string;
  means: FormMeans;
  amount: string;
  note: string;
  /** The number of the guardian who pays, "" when nobody is named. */
  payer: string;
  problem: string;
};

type SectionProps = {
  student: number;
  form: TopUpForm;
  guardians: { id: number; name: string }[];
  t: Texts;
};

export function TopUpSection({ student, form, guardians, t }: SectionProps) {
  return (
    <section class="panel aside" id="top-up">
      <h2>{t.topUp.title}</h2>
      <Problem words={form.problem} id="problem" />
      <form class="fields" method="post" action={`/students/${student}/top-up`}>
        <input type="hidden" name="id" value={form.id} />
        <fieldset>
          <legend>{t.topUp.kind}</legend>
          <Choice value="cash" label={t.topUp.cash} chosen={form.means} />
          <Choice value="goodwill" label={t.topUp.goodwill} chosen={form.means} />
          <Choice value="refund" label={t.topUp.refund} chosen={form.means} />
          <Choice value="correction" label={t.topUp.correction} chosen={form.means} />
        </fieldset>
        <label>
          {t.topUp.amount}
          <input
            name="amount"
            value={form.amount}
            required
            inputmode="decimal"
            autocomplete="off"
            aria-describedby="amount-hint"
          />
          <small id="amount-hint">{t.topUp.amountHint}</small>
        </label>
        <label>
          {t.topUp.note}
          <input
            name="note"
            value={form.note}
            maxlength={NOTE_CHARACTERS_MAX}
            autocomplete="off"
            aria-describedby="note-hint"
          />
          <small id="note-hint">{t.topUp.noteHint}</small>
        </label>
        <label>
          {t.topUp.payer}
          <select name="payer" aria-describedby="payer-hint">
            <option value="">{t.topUp.nobody}</option>
            {guardians.map(({ id, name }) => (
              <option value={String(id)} selected={String(id) === form.payer}>
                {name}
              </option>
            ))}
          </select>
          <small id="payer-hint">{t.topUp.payerHint}</small>
        </label>
        <button>{t.topUp.submit}</button>
      </form>
    </section>
  );
}

function Choice({ value, label, chosen }: { value: FormMeans; label: string; chosen: FormMeans }) {
  return (
    <label class="choice">
      <input type="radio" name="means" value={value} checked={value === chosen} /> {label}
    </label>
  );
}
