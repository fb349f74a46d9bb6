// The log-in page and its second step, logging out, and the choice of a language that every page carries.

import { setCookie } from "hono/cookie";
import { readFields } from "../form.ts";
import type { PageContext } from "../page.tsx";
import { homeOf, page } from "../page.tsx";
import { Problem } from "../problem.tsx";
import { LANGUAGE_COOKIE, isLanguage } from "../voice.ts";
import { isOurs } from "./return-to.ts";

const YEAR_SECONDS = 365 * 24 * 3600;

export function home(c: PageContext) {
  return c.redirect(homeOf(c.var.person?.role), 303);
}

export function logInForm(c: PageContext) {
  return logInPage(c, { username: "", to: c.req.query("to") ?? "" });
}

export async function logIn(c: PageContext) {
  const field = await readFields(c);
  const [username, to] = [field("username"), field("to")];
  const answer = await c.var.knock({ call: "logIn", username, password: field("password") });
  if (!answer.ok) return logInPage(c, { username, to, problem: answer.reason });
  const query = isOurs(to) ? `?to=${encodeURIComponent(to)}` : "";
  if (answer.next === "code") return c.redirect("/log-in/code" + query, 303);
  return c.redirect(isOurs(to) ? to : "/", 303);
}

export async function logOut(c: PageContext) {
  await c.var.knock({ call: "logOut" });
  return c.redirect("/log-in", 303);
}

export function codeForm(c: PageContext) {
  return codePage(c, c.req.query("to") ?? "", "");
}

export async function enterCode(c: PageContext) {
  const { t } = c.var.voice;
  const field = await readFields(c);
  const to = field("to");
  const answer = await c.var.knock({ call: "enterCode", code: field("code") });
  if (answer.ok) return c.redirect(isOurs(to) ? to : "/", 303);
  if (answer.reason === "expired") return codePage(c, to, t.logIn.codeExpired);
  return codePage(c, to, answer.reason === "later" ? t.logIn.codeLater : t.logIn.codeWrong);
}

/** Kept with the person when we know who asks, else in the browser. */
export async function chooseLanguage(c: PageContext) {
  const field = await readFields(c);
  const [language, path] = [field("language"), field("path")];
  if (isLanguage(language)) {
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

type Given = { username: string; to: string; problem?: string };

function logInPage(c: PageContext, { username, to, problem }: Given) {
  const { t } = c.var.voice;
  const words = problem === "later" || problem === "byMail" ? t.logIn[problem] : t.logIn.wrong;
  return page(
    c,
    t.logIn.title,
    <section class="panel narrow">
      <h1>{t.logIn.title}</h1>
      <Problem words={problem ? words : ""} />
      <form class="fields" method="post" action="/log-in">
        <input type="hidden" name="to" value={to} />
        <label>
          {t.logIn.username}
          <input
            name="username"
            value={username}
            required
            autocomplete="username webauthn"
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
      <form data-passkey="use" data-to={isOurs(to) ? to : "/"} hidden>
        <button class="quiet">{t.logIn.passkey}</button>
        <p class="problem" role="alert" hidden>
          {t.logIn.passkeyFailed}
        </p>
      </form>
      <ul class="plain more">
        <li>
          <a href="/forgotten/password">{t.logIn.forgottenPassword}</a>
        </li>
        <li>
          <a href="/forgotten/username">{t.logIn.forgottenUsername}</a>
        </li>
        <li>
          <a href="/first">{t.logIn.firstTime}</a>
        </li>
      </ul>
    </section>,
    {
      status: problem ? (problem === "wrong" ? 422 : 429) : 200,
      scripts: ["/passkey.js"],
    },
  );
}

function codePage(c: PageContext, to: string, problem: string) {
  const { t } = c.var.voice;
  return page(
    c,
    t.logIn.codeTitle,
    <section class="panel narrow">
      <h1>{t.logIn.codeTitle}</h1>
      <Problem words={problem} />
      <p>{t.logIn.codeWhy}</p>
      <form class="fields" method="post" action="/log-in/code">
        <input type="hidden" name="to" value={to} />
        <label>
          {t.logIn.code}
          <input
            name="code"
            required
            autocomplete="one-time-code"
            autocapitalize="none"
            autofocus
          />
        </label>
        <button>{t.logIn.codeSubmit}</button>
      </form>
      <p class="more">{t.logIn.noDevice}</p>
      <p class="more">
        <a href="/log-in">{t.logIn.title}</a>
      </p>
    </section>,
    { status: problem ? 422 : 200 },
  );
}
