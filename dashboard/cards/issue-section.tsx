// The cards of one student on the page of the register, and the form that issues one more or replaces one.

import type { HeldCard } from "#edge/reads/cards.ts";
import { Problem } from "../problem.tsx";
import type { SectionProps } from "../register/pupil.tsx";
import { shownIn, wordsFor } from "../register/sent.ts";
import type { Voice } from "../voice.ts";
import { reasonWords } from "./block-story.tsx";

const KEY_EPOCH_MAX = 255;

export function CardsSection({
  file,
  refused,
  isOpen,
  voice,
  cards,
}: SectionProps & { cards: HeldCard[] }) {
  const { t } = voice;
  const shown = (name: string): string => shownIn(refused, "cards", name, "");
  return (
    <section class="panel" id="cards">
      <h2>{t.cards.mine}</h2>
      {cards.length === 0 && <p class="empty">{t.cards.none}</p>}
      <ul class="plain">
        {cards.map((card) => (
          <CardItem card={card} voice={voice} />
        ))}
      </ul>
      <Problem words={wordsFor(refused, "cards")} />
      {isOpen && !file.leftAt && (
        <form class="fields" method="post" action={`/register/students/${file.id}/cards`}>
          <h3>{t.cards.issue}</h3>
          <label>
            {t.cards.uid}
            <input
              name="uid"
              value={shown("uid")}
              required
              autocomplete="off"
              autocapitalize="characters"
              spellcheck={false}
              aria-describedby="uid-help"
            />
          </label>
          <small id="uid-help">{t.cards.uidHelp}</small>
          <label>
            {t.cards.replaces}
            <select name="replaces">
              <option value="">{t.cards.nothing}</option>
              {cards
                .filter((card) => card.status === "active")
                .map(({ uid }) => (
                  <option value={uid} selected={shown("replaces") === uid}>
                    {uid}
                  </option>
                ))}
            </select>
          </label>
          <label>
            {t.cards.keyEpoch}
            <input
              type="number"
              name="keyEpoch"
              min="0"
              max={String(KEY_EPOCH_MAX)}
              value={shown("keyEpoch") || "0"}
            />
          </label>
          <button>{t.cards.give}</button>
        </form>
      )}
    </section>
  );
}

function CardItem({ card, voice }: { card: HeldCard; voice: Voice }) {
  const { t } = voice;
  return (
    <li>
      <a href={`/cards/${card.uid}`}>
        <code>{card.uid}</code>
      </a>{" "}
      {t.cards.status[card.status]} {t.cards.since} {voice.date(card.since)}{" "}
      <small>{card.status === "blocked" && reasonWords(card.reason, voice)}</small>
    </li>
  );
}
