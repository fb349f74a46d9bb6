// What the school sets for itself: its closing time, and who receives the heads of the ledger.

import type { Settings } from "#edge/reads/settings.ts";
import type { Wish } from "#edge/settings.ts";
import { Problem } from "../problem.tsx";
import { readFields } from "../form.ts";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import { numberIn } from "../path.ts";
import type { Texts } from "../texts/fr.ts";
import { LANGUAGES, isLanguage } from "../voice.ts";

const HOUR_MINUTES = 60;

export function settings(c: PageContext) {
  return settingsPage(c, "");
}

export async function setClosing(c: PageContext) {
  const [, hours, minutes] =
    /^([01]\d|2[0-3]):([0-5]\d)$/.exec((await readFields(c))("closesAt")) ?? [];
  const at = numberIn(hours) * HOUR_MINUTES + numberIn(minutes);
  return change(c, { kind: "closing", minutes: at }, c.var.voice.t.settings.badTime);
}

export async function addKeeper(c: PageContext) {
  const field = await readFields(c);
  const chosen = field("language");
  const language = isLanguage(chosen) ? chosen : c.var.voice.language;
  const address = field("address").trim();
  return change(c, { kind: "keeper", address, language }, c.var.voice.t.settings.badAddress);
}

export async function removeKeeper(c: PageContext) {
  const address = (await readFields(c))("address").trim();
  return change(c, { kind: "noKeeper", address }, c.var.voice.t.settings.badAddress);
}

async function change(c: PageContext, wish: Wish, problem: string) {
  const { person, now, desk } = c.var;
  if (!person) return c.notFound();
  const isDone = await desk.set({ ...wish, by: person.id, at: now });
  return isDone ? c.redirect("/settings", 303) : settingsPage(c, problem);
}

async function settingsPage(c: PageContext, problem: string) {
  const { t } = c.var.voice;
  const found = await c.var.reads.settings();
  return page(
    c,
    t.settings.title,
    <>
      <h1>{t.settings.title}</h1>
      <Problem words={problem} />
      <section class="panel">
        <h2>{t.settings.closing}</h2>
        <p>{t.settings.closingWhy}</p>
        <form class="fields search" method="post" action="/settings/closing">
          <label>
            {t.settings.closesAt}
            <input type="time" name="closesAt" value={timeText(found.closesAt ?? 0)} required />
          </label>
          <button>{t.settings.save}</button>
        </form>
      </section>
      <Keepers of={found} t={t} />
    </>,
    { status: problem ? 422 : 200 },
  );
}

function Keepers({ of, t }: { of: Settings; t: Texts }) {
  return (
    <section class="panel">
      <h2>{t.settings.keepers}</h2>
      <p>{t.settings.keepersWhy}</p>
      {of.keepers.length === 0 && <p class="empty">{t.settings.noKeeper}</p>}
      <ul class="plain">
        {of.keepers.map(({ address, language }) => (
          <li>
            <form method="post" action="/settings/keepers/remove">
              {address} <small>{language}</small>{" "}
              <input type="hidden" name="address" value={address} />
              <button class="quiet">{t.settings.remove}</button>
            </form>
          </li>
        ))}
      </ul>
      <form class="fields search" method="post" action="/settings/keepers">
        <label>
          {t.settings.address}
          <input type="email" name="address" required autocomplete="off" />
        </label>
        <label>
          {t.settings.language}
          <select name="language">
            {LANGUAGES.map((language) => (
              <option value={language}>{language}</option>
            ))}
          </select>
        </label>
        <button>{t.settings.add}</button>
      </form>
    </section>
  );
}

function timeText(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / HOUR_MINUTES), minutes % HOUR_MINUTES];
  return [hours, rest].map((part) => String(part).padStart(2, "0")).join(":");
}
