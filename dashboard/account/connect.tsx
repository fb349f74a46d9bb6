// The page behind a one-time connection token. Opening it spends nothing, since mail programs open links by themselves;
// the form does.

import type { Opened } from "#edge/reads/own-account.ts";
import { readFields } from "../form.ts";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import { Problem } from "../problem.tsx";
import type { Texts } from "../texts/fr.ts";

export async function connect(c: PageContext) {
  return connectPage(c, "");
}

export async function choosePassword(c: PageContext) {
  const password = (await readFields(c))("password");
  const answer = await c.var.knock({ call: "choosePassword", code: codeIn(c), password });
  if (answer.ok) return c.redirect(answer.next === "code" ? "/log-in/code" : "/", 303);
  const { t } = c.var.voice;
  const { reason } = answer;
  const isAboutPassword = reason === "short" || reason === "long" || reason === "easy";
  return connectPage(c, isAboutPassword ? t.connect[reason] : "");
}

/** To add a passkey rather than a password. */
export async function comeIn(c: PageContext) {
  const answer = await c.var.knock({ call: "comeIn", code: codeIn(c) });
  if (answer.ok) return c.redirect("/account#passkeys", 303);
  const { t } = c.var.voice;
  return connectPage(c, answer.reason === "second-factor" ? t.connect["second-factor"] : "");
}

export async function sendAgain(c: PageContext) {
  const { t } = c.var.voice;
  const answer = await c.var.knock({ call: "again", code: codeIn(c) });
  const words = answer.ok ? t.connect.againDone : t.connect.noMail;
  return page(
    c,
    t.recover.sentTitle,
    <section class="panel narrow">
      <h1>{t.recover.sentTitle}</h1>
      <p role="status">{words}</p>
      <p>
        <a href="/first">{t.recover.helpTitle}</a>
      </p>
    </section>,
    { status: answer.ok ? 200 : 422 },
  );
}

async function connectPage(c: PageContext, problem: string) {
  const { t } = c.var.voice;
  const opened = await c.var.reads.opened(codeIn(c), c.var.now);
  if (opened?.state !== "good") return deadLink(c, opened?.state ?? "unknown");
  return page(
    c,
    t.connect.title(opened.name),
    <section class="panel narrow">
      <h1>{t.connect.title(opened.name)}</h1>
      <Problem words={problem} />
      <Choose code={codeIn(c)} opened={opened} t={t} />
    </section>,
    { status: problem ? 422 : 200 },
  );
}

function Choose({ code, opened, t }: { code: string; opened: Opened; t: Texts }) {
  return (
    <>
      <p>{t.connect.why}</p>
      <form class="fields" method="post" action={`/connect/${code}`}>
        <label>
          {t.connect.username}
          <input value={opened.username} readonly autocomplete="username" />
        </label>
        <label>
          {t.connect.password}
          <input name="password" type="password" required autocomplete="new-password" autofocus />
          <small>{t.connect.passwordHint}</small>
        </label>
        <button>{t.connect.submit}</button>
      </form>
      <form method="post" action={`/connect/${code}/come-in`}>
        <p class="more">{t.connect.passkeyWhy}</p>
        <button class="quiet">{t.connect.passkeySubmit}</button>
      </form>
    </>
  );
}

function deadLink(c: PageContext, state: "used" | "expired" | "unknown") {
  const { t } = c.var.voice;
  const title = t.connect[`${state}Title`];
  return page(
    c,
    title,
    <section class="panel narrow">
      <h1>{title}</h1>
      <p>{t.connect[state]}</p>
      {state !== "unknown" && (
        <form method="post" action={`/connect/${codeIn(c)}/again`}>
          <button>{t.connect.again}</button>
        </form>
      )}
      <ul class="plain more">
        <li>
          <a href="/log-in">{t.connect.toLogIn}</a>
        </li>
        <li>
          <a href="/first">{t.recover.helpTitle}</a>
        </li>
      </ul>
    </section>,
    { status: 404 },
  );
}

function codeIn(c: PageContext): string {
  return c.req.param("code") ?? "";
}
