// On a student's page: leaving the school and coming back, and what becomes of the balance of somebody who has left.

import { randomUUID } from "node:crypto";
import { Problem } from "../problem.tsx";
import type { SectionProps } from "./pupil.tsx";
import { shownIn, wordsFor } from "./sent.ts";

type LeavingProps = SectionProps & { isBursar: boolean; now: number };

export function LeavingSection(props: LeavingProps) {
  const { file, refused, isOpen, voice } = props;
  const { t } = voice;
  const hasLeft = file.leftAt > 0;
  const cents = file.balanceCents;
  const mayGive = hasLeft && cents > 0 && props.isBursar;
  return (
    <section class="panel" id="leaving">
      <h2>{t.leaving.title}</h2>
      {hasLeft && <p>{t.leaving.leftOn(voice.date(file.leftAt))}</p>}
      <p>{hasLeft ? t.leaving.backWhy : t.leaving.why}</p>
      <p>{cents > 0 ? t.leaving.money(voice.money(cents)) : t.leaving.nothing}</p>
      {cents > 0 && <Options {...props} />}
      {mayGive && <Balance {...props} />}
      {isOpen && (
        <form class="fields" method="post" action={`/register/students/${file.id}/leaving`}>
          <Problem words={wordsFor(refused, "leaving")} />
          <input type="hidden" name="state" value={hasLeft ? "here" : "left"} />
          <label>
            {t.leaving.reason}
            <input name="reason" required maxlength={200} autocomplete="off" />
          </label>
          <button>{hasLeft ? t.leaving.back : t.leaving.leave}</button>
        </form>
      )}
    </section>
  );
}

function Options({ voice }: LeavingProps) {
  const { t } = voice;
  return (
    <>
      <p>{t.leaving.options}</p>
      <ul>
        <li>{t.leaving.refund}</li>
        <li>{t.leaving.sibling}</li>
        <li>{t.leaving.gift}</li>
      </ul>
    </>
  );
}

/** Only the bursar moves money. */
function Balance({ file, refused, voice }: LeavingProps) {
  const { t } = voice;
  const shown = (name: string, known: string): string => shownIn(refused, "balance", name, known);
  const choices = [
    { value: "refund", name: t.leaving.toRefund },
    ...file.siblings.map(({ id, name }) => ({ value: String(id), name })),
    { value: "gift", name: t.leaving.toGift },
  ];
  return (
    <form class="fields" method="post" action={`/register/students/${file.id}/balance`}>
      <h3>{t.leaving.give}</h3>
      <Problem words={wordsFor(refused, "balance")} />
      <input type="hidden" name="id" value={shown("id", randomUUID())} />
      <label>
        {t.leaving.to}
        <select name="to">
          {choices.map(({ value, name }) => (
            <option value={value} selected={value === shown("to", "")}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t.leaving.amount}
        <input
          name="amount"
          inputmode="decimal"
          value={shown("amount", (file.balanceCents / 100).toFixed(2).replace(".", ","))}
          required
        />
      </label>
      <label>
        {t.leaving.word}
        <input name="word" value={shown("word", "")} required maxlength={140} />
      </label>
      <button>{t.leaving.giveSubmit}</button>
    </form>
  );
}
