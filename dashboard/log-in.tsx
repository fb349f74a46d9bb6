// The log-in page, and the two forms that every page carries: log out, and choose a language.

import { setCookie } from "hono/cookie";
import { readFields } from "./form.ts";
import type { PageContext } from "./page.tsx";
import { homeOf, page } from "./page.tsx";
import { LANGUAGE_COOKIE, isLanguage } from "./voice.ts";

const YEAR_SECONDS = 365 * 24 * 3600;

export function home(c: PageContext) {
  return c.redirect(homeOf(c.var.person?.role), 303);
}

export function logInForm(c: PageContext) {
  return logInPage(c, "", undefined);
}

export async function logIn(c: PageContext) {
  const field = await readFields(c);
  const username = field("username");
  const result = await c.var.logIn({ username, password: field("password") });
  if (!result.ok) return logInPage(c, username, result.reason);
  return c.redirect(homeOf(result.person.role), 303);
}

export async function logOut(c: PageContext) {
  await c.var.logOut();
  return c.redirect("/log-in", 303);
}

/** Kept with the person when we know who asks, else in the browser. */
export async function chooseLanguage(c: PageContext) {
  const sent = await c.req.parseBody();
  const { language, path } = sent;
  if (typeof language === "string" && isLanguage(language)) {
    const { person, desk, now } = c.var;
    if (person) await desk.act({ kind: "speak", language, by: person.id, at: now });
    const secure = new URL(c.req.url).protocol === "https:";
    setCookie(c, LANGUAGE_COOKIE, language, {
      path: "/",
      sameSite: "Lax",
      httpOnly: true,
      secure,
      maxAge: YEAR_SECONDS,
    });
  }
  return c.redirect(isOurs(path) ? path : "/", 303);
}

/** A path on this host: "//elsewhere" and "/\elsewhere" are read by browsers as another one. */
function isOurs(path: unknown): path is string {
  return typeof path === "string" && /^\/(?![/\\])/.test(path);
}

function logInPage(c: PageContext, username: string, problem: "wrong" | "tooMany" | undefined) {
  const { t } = c.var.voice;
  return page(
    c,
    t.logIn.title,
    <section class="panel narrow">
      <h1>{t.logIn.title}</h1>
      {problem && (
        <p class="problem" role="alert">
          {t.logIn[problem]}
        </p>
      )}
      <form class="fields" method="post" action="/log-in">
        <label>
          {t.logIn.username}
          <input
            name="username"
            value={username}
            required
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
          />
        </label>
        <label>
          {t.logIn.password}
          <input name="password" type="password" required autocomplete="current-password" />
        </label>
        <button>{t.logIn.submit}</button>
      </form>
    </section>,
    { status: problem ? (problem === "wrong" ? 422 : 429) : 200 },
  );
}
