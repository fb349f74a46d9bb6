// The forms that block and un-block one card; the button says what will be done.

import type { BlockReason } from "#edge/people/cards/acts.ts";
import type { Texts } from "../texts/fr.ts";

const REASONS: BlockReason[] = ["lost", "stolen", "found", "other"];

type Props = { action: string; student: number; t: Texts };

export function BlockForm({ action, student, t }: Props) {
  return (
    <form class="fields" method="post" action={action}>
      <input type="hidden" name="do" value="block" />
      <input type="hidden" name="student" value={String(student)} />
      <label>
        {t.cards.why}
        <select name="reason">
          {REASONS.map((one) => (
            <option value={one}>{t.cards.reasons[one]}</option>
          ))}
        </select>
      </label>
      <button>{t.cards.block}</button>
    </form>
  );
}

/** does: "unblock" or "return". */
export function PlainForm({
  action,
  student,
  does,
  words,
}: Props & { does: string; words: string }) {
  return (
    <form method="post" action={action}>
      <input type="hidden" name="do" value={does} />
      <input type="hidden" name="student" value={String(student)} />
      <button class="quiet">{words}</button>
    </form>
  );
}
