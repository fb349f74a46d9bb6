// When something is missing: the password, the username, the mail. The answer is the same whether or not the school
// knows who asks; only the mail says more.

import { readFields } from "../form.ts";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import { Problem } from "../problem.tsx";
import type { Texts } from "../texts/fr.ts";

export function forgottenPassword(c: PageContext) {
  const { t } = c.var.voice;
  return askPage(c, t.recover.passwordTitle, t.recover.passwordWhy, "");
}

export function forgottenUsername(c: PageContext) {
  const { t } = c.var.voice;
  return askPage(c, t.recover.usernameTitle, t.recover.usernameWhy, "");
}

export function firstTime(c: PageContext) {
  const { t } = c.var.voice;
  return page(
    c,
    t.recover.helpPageTitle,
    <section class="panel narrow">
      <h1>{t.recover.helpPageTitle}</h1>
      <p>{t.recover.helpPageWhy}</p>
      <TypeCode t={t} />
      <h2>{t.recover.sendAgain}</h2>
      <AskMail t={t} />
      <Help t={t} />
    </section>,
  );
}

export async function recover(c: PageContext) {
  const { t } = c.var.voice;
  const who = (await readFields(c))("who");
  const answer = await c.var.knock({ call: "recover", who });
  if (!answer.ok)
    return askPage(c, t.recover.passwordTitle, t.recover.passwordWhy, t.recover.later);
  return page(
    c,
    t.recover.sentTitle,
    <section class="panel narrow">
      <h1>{t.recover.sentTitle}</h1>
      <p role="status">{t.recover.sent}</p>
      <Help t={t} />
      <TypeCode t={t} />
    </section>,
  );
}

/** A code typed from paper; the page behind it says what is wrong with it. */
export async function typeCode(c: PageContext) {
  const code = (await readFields(c))("code").replace(/[^0-9a-z]/gi, "");
  return c.redirect(code ? `/connect/${code}` : "/first", 303);
}

function askPage(c: PageContext, title: string, why: string, problem: string) {
  const { t } = c.var.voice;
  return page(
    c,
    title,
    <section class="panel narrow">
      <h1>{title}</h1>
      <Problem words={problem} />
      <p>{why}</p>
      <AskMail t={t} />
      <Help t={t} />
    </section>,
    { status: problem ? 429 : 200 },
  );
}

function AskMail({ t }: { t: Texts }) {
  return (
    <form class="fields" method="post" action="/recover">
      <label>
        {t.recover.who}
        <input
          name="who"
          required
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
        />
      </label>
      <button>{t.recover.submit}</button>
    </form>
  );
}

function TypeCode({ t }: { t: Texts }) {
  return (
    <form class="fields" method="post" action="/first">
      <label>
        {t.recover.typeCode}
        <input
          name="code"
          required
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
        />
        <small>{t.recover.typeCodeHint}</small>
      </label>
      <button>{t.recover.typeCodeSubmit}</button>
    </form>
  );
}

function Help({ t }: { t: Texts }) {
  return (
    <>
      <h2>{t.recover.helpTitle}</h2>
      <ol>
        <li>{t.recover.helpWait}</li>
        <li>{t.recover.helpAddress}</li>
        <li>{t.recover.helpLetter}</li>
      </ol>
    </>
  );
}
