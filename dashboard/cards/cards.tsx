// Cards as the office sees them: found by number, those that are blocked, students without one; and one card with everybody
// who ever held it, blocked, un-blocked and taken back here.

import type { CardAct } from "#edge/people/cards/acts.ts";
import type { CardFile, CardList } from "#edge/reads/cards.ts";
import { readFields } from "../form.ts";
import { mayOrder } from "../may.ts";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import { numberIn } from "../path.ts";
import { Problem } from "../problem.tsx";
import type { Voice } from "../voice.ts";
import { BlockStory, reasonWords } from "./block-story.tsx";
import { BlockForm, PlainForm } from "./forms.tsx";

export async function cardList(c: PageContext) {
  const { voice, reads } = c.var;
  const { t } = voice;
  const search = c.req.query("q") ?? "";
  const list = await reads.cardList(search);
  return page(
    c,
    t.cards.title,
    <>
      <h1>{t.cards.title}</h1>
      <form class="search" method="get" action="/cards">
        <label>
          {t.cards.search}
          <input name="q" value={search} autocomplete="off" spellcheck={false} />
        </label>
        <button>{t.cards.find}</button>
      </form>
      {search && list.found.length === 0 && <p class="empty">{t.cards.foundNone}</p>}
      <NamedCards cards={list.found} voice={voice} />
      <section class="panel">
        <h2>{t.cards.blockedList}</h2>
        {list.blocked.length === 0 && <p class="empty">{t.cards.blockedNone}</p>}
        <NamedCards cards={list.blocked} voice={voice} />
      </section>
      <section class="panel">
        <h2>{t.cards.without}</h2>
        {list.without.length === 0 && <p class="empty">{t.cards.withoutNone}</p>}
        <ul class="plain">
          {list.without.map((one) => (
            <li>
              <a href={`/register/students/${one.id}#cards`}>{one.name}</a>{" "}
              <small>{one.class}</small>
            </li>
          ))}
        </ul>
      </section>
    </>,
  );
}

function NamedCards({ cards, voice }: { cards: CardList["found"]; voice: Voice }) {
  const { t } = voice;
  return (
    <ul class="plain">
      {cards.map((one) => (
        <li>
          <a href={`/cards/${one.uid}`}>
            <code>{one.uid}</code>
          </a>{" "}
          {one.name}{" "}
          <small>
            {one.class} {t.cards.status[one.status === "blocked" ? "blocked" : "active"]}
          </small>
        </li>
      ))}
    </ul>
  );
}

/** reason: why the form was refused. */
export async function cardFile(c: PageContext, reason = "") {
  const { voice, reads, person } = c.var;
  const { t } = voice;
  const file = await reads.card(c.req.param("uid") ?? "");
  if (!file) return c.notFound();
  const { held } = file;
  const block = held?.status === "blocked" ? await reads.cardBlock(held) : undefined;
  return page(
    c,
    t.cards.title,
    <>
      <h1>
        {t.cards.card} <code>{file.uid}</code>
      </h1>
      <Problem words={problemIn(reason, t.cards.problems)} />
      <section class="panel">
        <Holder file={file} voice={voice} />
        {block && <BlockStory block={block} voice={voice} />}
        {mayOrder(person) && <Doors file={file} voice={voice} />}
      </section>
      <History file={file} voice={voice} />
    </>,
    { status: reason ? 422 : 200 },
  );
}

export async function changeCard(c: PageContext) {
  const { desk, person, now } = c.var;
  if (!person) return c.notFound();
  const act = await cardActIn(c);
  const result = await desk.act({ ...act, by: person.id, at: now });
  if (result.ok) return c.redirect(`/cards/${c.req.param("uid")}`, 303);
  return result.reason === "bad-uid" ? c.notFound() : cardFile(c, result.reason);
}

type Changing = Extract<CardAct, { kind: "blockCard" | "unblockCard" | "returnCard" }>;

/** What the form asks. One that says nothing wants a block, and is asked for its reason. */
export async function cardActIn(c: PageContext): Promise<Changing> {
  const field = await readFields(c);
  const [uid, student] = [c.req.param("uid") ?? "", numberIn(field("student"))];
  if (field("do") === "unblock") return { kind: "unblockCard", uid, student };
  if (field("do") === "return") return { kind: "returnCard", uid, student };
  return { kind: "blockCard", uid, student, reason: field("reason") };
}

export function problemIn(reason: string, words: Record<string, string>): string {
  if (reason && !words[reason]) throw new Error(`cards: a page has no words for ${reason}`);
  return words[reason] ?? "";
}

function Holder({ file, voice }: { file: CardFile; voice: Voice }) {
  const { t } = voice;
  const { held, events } = file;
  if (!held) return <p>{t.cards.free}</p>;
  return (
    <dl class="facts">
      <dt>{t.cards.holder}</dt>
      <dd>
        <a href={`/register/students/${held.student}#cards`}>
          {events.find((one) => one.student === held.student)?.name}
        </a>
      </dd>
      <dt>{t.cards.status[held.status]}</dt>
      <dd>
        {t.cards.since} {voice.moment(held.since)} {reasonWords(held.reason, voice)}
      </dd>
    </dl>
  );
}

function Doors({ file: { uid, held }, voice }: { file: CardFile; voice: Voice }) {
  const { t } = voice;
  if (!held) return <></>;
  const props = { action: `/cards/${uid}`, student: held.student, t };
  return (
    <>
      {held.status === "active" ? (
        <BlockForm {...props} />
      ) : (
        <PlainForm {...props} does="unblock" words={t.cards.unblock} />
      )}
      <p>{t.cards.takeBackWhy}</p>
      <PlainForm {...props} does="return" words={t.cards.takeBack} />
    </>
  );
}

function History({ file, voice }: { file: CardFile; voice: Voice }) {
  const { t } = voice;
  return (
    <section class="panel">
      <h2>{t.cards.history}</h2>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">{t.cards.at}</th>
            <th scope="col">{t.cards.card}</th>
            <th scope="col">{t.cards.by}</th>
          </tr>
        </thead>
        <tbody>
          {file.events.map((one) => (
            <tr>
              <td>{one.at ? voice.moment(one.at) : ""}</td>
              <td>
                {t.cards.event[one.kind]}{" "}
                {(one.kind === "issued" || one.kind === "returned") && one.name}{" "}
                <small>{reasonWords(one.reason, voice)}</small>
              </td>
              <td>{one.author || t.cards.nobody}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
