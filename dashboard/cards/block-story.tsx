// A blocked card: when each terminal knew, and what was bought on it all the same, at the school's expense.

import type { CardBlock } from "#edge/reads/cards.ts";
import type { Voice } from "../voice.ts";

export function BlockStory({ block, voice }: { block: CardBlock; voice: Voice }) {
  const { t } = voice;
  return (
    <>
      <p>{t.cards.safe}</p>
      <h3>{t.cards.knewTitle}</h3>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">{t.cards.terminal}</th>
            <th scope="col">{t.cards.at}</th>
          </tr>
        </thead>
        <tbody>
          {block.terminals.map((one) => (
            <tr>
              <th scope="row">{one.name}</th>
              <td>{knowledge(one, voice)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3>{t.cards.tapsTitle}</h3>
      {block.taps.length === 0 && <p class="empty">{t.cards.noTaps}</p>}
      <ul class="plain">
        {block.taps.map((tap) => (
          <li>
            {voice.moment(tap.at)} · {tap.terminal}{" "}
            <span class="figure">{voice.money(tap.cents)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function knowledge(one: CardBlock["terminals"][number], voice: Voice): string {
  const { t } = voice;
  if (one.heardAt) return `${t.cards.knew} ${voice.moment(one.heardAt)}`;
  const away =
    !one.here && one.lastSeen ? ` (${t.cards.offline} ${voice.moment(one.lastSeen)})` : "";
  return t.cards.notYet + away;
}

/** The reason a card was blocked for, in words; nothing for none. */
export function reasonWords(reason: string, voice: Voice): string {
  const known = Object.entries(voice.t.cards.reasons).find(([code]) => code === reason);
  return known?.[1] ?? "";
}
