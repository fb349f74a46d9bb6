// A child's cards, for its guardians: a lost one is blocked at once; then they see when each terminal knew, and that what was
// bought since is the school's.

import type { CardBlock, HeldCard } from "#edge/reads/cards.ts";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import { numberIn } from "../path.ts";
import { Problem } from "../problem.tsx";
import type { Voice } from "../voice.ts";
import { BlockStory, reasonWords } from "./block-story.tsx";
import { cardActIn, problemIn } from "./cards.tsx";
import { BlockForm, PlainForm } from "./forms.tsx";

/** reason: why the form was refused. */
export async function childCards(c: PageContext, reason = "") {
  const { voice, person, reads } = c.var;
  const { t } = voice;
  const child = person && (await reads.child(person.id, numberIn(c.req.param("id"))));
  if (!child) return c.notFound();
  const cards = await reads.cards(child.id);
  const blocks = await Promise.all(
    cards.map(async (card) => (card.status === "blocked" ? reads.cardBlock(card) : undefined)),
  );
  const name = `${child.firstName} ${child.lastName}`;
  return page(
    c,
    `${t.cards.mine} · ${name}`,
    <>
      <h1>
        {t.cards.mine} <small>{name}</small>
      </h1>
      <Problem words={problemIn(reason, t.cards.problems)} />
      {cards.length === 0 && <p class="empty">{t.cards.none}</p>}
      {cards.map((card, i) => (
        <OneCard card={card} block={blocks[i]} voice={voice} />
      ))}
    </>,
    { status: reason ? 422 : 200 },
  );
}

export async function changeChildCard(c: PageContext) {
  const { desk, person, now, reads } = c.var;
  const child = person && (await reads.child(person.id, numberIn(c.req.param("id"))));
  const act = await cardActIn(c);
  if (!child || act.kind === "returnCard") return c.notFound();
  const result = await desk.act({ ...act, student: child.id, by: person.id, at: now });
  if (result.ok) return c.redirect(`/children/${child.id}/cards`, 303);
  const isNone = result.reason === "not-theirs" || result.reason === "bad-uid";
  return isNone ? c.notFound() : childCards(c, result.reason);
}

type Props = { card: HeldCard; block: CardBlock | undefined; voice: Voice };

function OneCard({ card, block, voice }: Props) {
  const { t } = voice;
  const action = `/children/${card.student}/cards/${card.uid}`;
  const props = { action, student: card.student, t };
  return (
    <section class="panel" id={`card-${card.uid}`}>
      <h2>
        {t.cards.card} <code>{card.uid}</code> <small>{t.cards.status[card.status]}</small>
      </h2>
      <p>
        {t.cards.since} {voice.moment(card.since)}{" "}
        {card.status === "blocked" && reasonWords(card.reason, voice)}
      </p>
      {block && <BlockStory block={block} voice={voice} />}
      {card.status === "active" && <p>{t.cards.blockWhy}</p>}
      {card.status === "active" && <BlockForm {...props} />}
      {block && card.byGuardian && <PlainForm {...props} does="unblock" words={t.cards.unblock} />}
      {block && !card.byGuardian && <p>{t.cards.bySchool}</p>}
    </section>
  );
}
