// The shell of every page: header, menu, main, languages. A page is a function from data to HTML; without JavaScript
// and without the stylesheet it still reads from top to bottom.

import type { Context } from "hono";
import { html } from "hono/html";
import type { Child } from "hono/jsx";
import type { Visit } from "#edge/people/visit.ts";
import type { Role } from "#edge/session.ts";
import type { Texts } from "./texts/fr.ts";
import type { Voice } from "./voice.ts";
import { LANGUAGES } from "./voice.ts";

export type PageEnv = { Variables: Visit & { voice: Voice } };
export type PageContext = Context<PageEnv>;

type Place = { path: string; name: (t: Texts) => string };
const MENUS: Partial<Record<Role, Place[]>> = {
  bursar: [
    { path: "/bursar", name: (t) => t.shell.home },
    { path: "/students", name: (t) => t.shell.students },
    { path: "/register", name: (t) => t.shell.register },
    { path: "/cards", name: (t) => t.cards.title },
    { path: "/people", name: (t) => t.people.title },
    { path: "/terminals", name: (t) => t.shell.terminals },
    { path: "/accounts", name: (t) => t.shell.accounts },
    { path: "/periods", name: (t) => t.shell.periods },
    { path: "/staff", name: (t) => t.staff.title },
    { path: "/audit", name: (t) => t.audit.title },
    { path: "/settings", name: (t) => t.settings.title },
  ],
  auditor: [
    { path: "/bursar", name: (t) => t.shell.home },
    { path: "/students", name: (t) => t.shell.students },
    { path: "/register", name: (t) => t.shell.register },
    { path: "/cards", name: (t) => t.cards.title },
    { path: "/terminals", name: (t) => t.shell.terminals },
    { path: "/accounts", name: (t) => t.shell.accounts },
    { path: "/periods", name: (t) => t.shell.periods },
    { path: "/staff", name: (t) => t.staff.title },
    { path: "/audit", name: (t) => t.audit.title },
  ],
  secretary: [
    { path: "/students", name: (t) => t.shell.students },
    { path: "/register", name: (t) => t.shell.register },
    { path: "/cards", name: (t) => t.cards.title },
    { path: "/people", name: (t) => t.people.title },
    { path: "/audit", name: (t) => t.audit.own },
  ],
  counter: [{ path: "/counter", name: (t) => t.counter.title }],
  kitchen: [{ path: "/kitchen", name: (t) => t.kitchen.title }],
  guardian: [{ path: "/children", name: (t) => t.shell.children }],
  student: [
    { path: "/me", name: (t) => t.me.title },
    { path: "/my-data", name: (t) => t.ownFile.mine },
  ],
};

/** Where somebody of this role begins; the log-in page for those who have no pages yet. */
export function homeOf(role: Role | undefined): string {
  return (role && MENUS[role]?.[0]?.path) ?? "/log-in";
}

const STYLES = ["/style.css", "/panels.css", "/tables.css"];

/** live: the page follows the school's events and refreshes its parts marked data-live. */
export function page(
  c: PageContext,
  title: string,
  content: Child,
  options: { live?: boolean; scripts?: string[]; status?: 200 | 403 | 404 | 422 | 429 | 500 } = {},
): Response | Promise<Response> {
  const { t, language } = c.var.voice;
  const { school, person } = c.var;
  return c.html(
    html`<!doctype html>${(
        <html lang={language}>
          <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="color-scheme" content="light dark" />
            <title>{school ? `${title} · ${school}` : title}</title>
            {STYLES.map((path) => (
              <link rel="stylesheet" href={path} />
            ))}
            <link rel="icon" href="/icon.svg" type="image/svg+xml" />
            {options.live && <script src="/live.js" type="module"></script>}
            {options.scripts?.map((path) => (
              <script src={path} type="module"></script>
            ))}
          </head>
          <body>
            <a class="skip" href="#main">
              {t.shell.skip}
            </a>
            <header class="top">
              <a class="school" href="/">
                {school}
              </a>
              {person && <Menu role={person.role} path={c.req.path} t={t} />}
              {person && <LogOut name={person.name} t={t} />}
            </header>
            <main id="main">{content}</main>
            <Languages path={c.req.path} voice={c.var.voice} />
          </body>
        </html>
      )}`,
    options.status ?? 200,
  );
}

function Menu({ role, path, t }: { role: Role; path: string; t: Texts }) {
  const places = MENUS[role] ?? [];
  return (
    <nav class="menu" aria-label={t.shell.menu}>
      {places.map((place) => (
        <a href={place.path} aria-current={path.startsWith(place.path) ? "page" : undefined}>
          {place.name(t)}
        </a>
      ))}
    </nav>
  );
}

function LogOut({ name, t }: { name: string; t: Texts }) {
  return (
    <form class="visitor" method="post" action="/log-out">
      <a class="name" href="/account">
        {name}
      </a>
      <button class="quiet">{t.shell.logOut}</button>
    </form>
  );
}

function Languages({ path, voice }: { path: string; voice: Voice }) {
  const { t } = voice;
  return (
    <footer>
      <a href="/heads">{t.heads.title}</a> <a href="/privacy">{t.privacy.title}</a>
      <form method="post" action="/language" aria-label={t.shell.languages}>
        <input type="hidden" name="path" value={path} />
        {LANGUAGES.map((language) => (
          <button
            class="quiet"
            name="language"
            value={language}
            lang={language}
            aria-pressed={language === voice.language ? "true" : "false"}
          >
            {t.language[language]}
          </button>
        ))}
      </form>
    </footer>
  );
}
