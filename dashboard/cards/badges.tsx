// The badges with which staff open counters: whose, until when, last used; the bursar gives and takes them.

import type { Badge, Bearer } from "#edge/reads/badges.ts";
import { readFields } from "../form.ts";
import { mayBook } from "../may.ts";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import { numberIn } from "../path.ts";
import { Problem } from "../problem.tsx";
import type { Voice } from "../voice.ts";
import { problemIn } from "./cards.tsx";

type Form = { uid: string; person: number; lastDay: string };
const EMPTY: Form = { uid: "", person: 0, lastDay: "" };

export async function giveBadge(c: PageContext) {
  const { desk, person, now } = c.var;
  if (!person) return c.notFound();
  const field = await readFields(c);
  const form = { uid: field("uid"), person: numberIn(field("person")), lastDay: field("lastDay") };
  const result = await desk.act({ kind: "giveBadge", ...form, by: person.id, at: now });
  return result.ok ? c.redirect("/badges", 303) : badges(c, result.reason, form);
}

export async function takeBadge(c: PageContext) {
  const { desk, person, now } = c.var;
  if (!person) return c.notFound();
  const uid = c.req.param("uid") ?? "";
  const result = await desk.act({ kind: "takeBadge", uid, by: person.id, at: now });
  return result.ok ? c.redirect("/badges", 303) : badges(c, result.reason);
}

/** reason: why the form was refused; form: as it was sent. */
export async function badges(c: PageContext, reason = "", form = EMPTY) {
  const { voice, reads, now, person } = c.var;
  const { t } = voice;
  const { badges: given, bearers } = await reads.badges(now);
  const isOpen = mayBook(person);
  return page(
    c,
    t.cards.badges.title,
    <>
      <h1>{t.cards.badges.title}</h1>
      <p>{t.cards.badges.why}</p>
      <Problem words={problemIn(reason, t.cards.badges.problems)} />
      <section class="panel">
        {given.length === 0 && <p class="empty">{t.cards.badges.none}</p>}
        <ul class="plain">
          {given.map((badge) => (
            <BadgeItem badge={badge} isOpen={isOpen} voice={voice} />
          ))}
        </ul>
      </section>
      {isOpen && <GiveForm form={form} bearers={bearers} voice={voice} />}
    </>,
    { status: reason ? 422 : 200 },
  );
}

function BadgeItem({ badge, isOpen, voice }: { badge: Badge; isOpen: boolean; voice: Voice }) {
  const { t } = voice;
  const end = badge.validUntil ? voice.date(badge.validUntil - 1) : t.cards.badges.noEnd;
  const opened = badge.lastOpened ? voice.moment(badge.lastOpened) : t.cards.badges.never;
  return (
    <li>
      <strong>{badge.name}</strong> <code>{badge.uid}</code>{" "}
      <small>
        {t.cards.badges.lastDay} : {end} · {t.cards.badges.opened} : {opened}
      </small>
      {isOpen && (
        <form method="post" action={`/badges/${badge.uid}/take`}>
          <button class="quiet" aria-label={`${t.cards.badges.take} ${badge.name} ${badge.uid}`}>
            {t.cards.badges.take}
          </button>
        </form>
      )}
    </li>
  );
}

function GiveForm({ form, bearers, voice }: { form: Form; bearers: Bearer[]; voice: Voice }) {
  const { t } = voice;
  return (
    <section class="panel">
      <h2>{t.cards.badges.give}</h2>
      <form class="fields" method="post" action="/badges">
        <label>
          {t.cards.badges.person}
          <select name="person">
            {bearers.map((one) => (
              <option value={String(one.id)} selected={one.id === form.person}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t.cards.uid}
          <input
            name="uid"
            value={form.uid}
            required
            autocomplete="off"
            spellcheck={false}
            aria-describedby="uid-help"
          />
        </label>
        <small id="uid-help">{t.cards.uidHelp}</small>
        <label>
          {t.cards.badges.lastDay}
          <input type="date" name="lastDay" value={form.lastDay} />
        </label>
        <button>{t.cards.badges.give}</button>
      </form>
    </section>
  );
}
