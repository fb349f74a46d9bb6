// Setting up the codes of an authenticator, with the recovery codes for the day the phone is lost. Bursar and secretary
// come here before anything else.

import { encode } from "uqr";
import { readFields } from "../form.ts";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import { Problem } from "../problem.tsx";
import { Qr } from "./qr.tsx";

/** What better-auth answers when it has made a secret. */
type Started = { totpURI: string; backupCodes: string[] };

export async function secondFactor(c: PageContext) {
  return startPage(c, "");
}

export async function startSecondFactor(c: PageContext) {
  const { t } = c.var.voice;
  const password = (await readFields(c))("password");
  if (await mustUsePasskey(c)) return startPage(c, "");
  const answer = await c.var.knock({ call: "startCodes", password });
  if (!answer.ok) return startPage(c, t.own.wrongPassword);
  return setUpPage(c, JSON.parse(answer.value) as Started);
}

export async function confirmSecondFactor(c: PageContext) {
  const { t } = c.var.voice;
  const field = await readFields(c);
  if (await mustUsePasskey(c)) return startPage(c, "");
  const answer = await c.var.knock({ call: "confirmCodes", code: field("code") });
  if (answer.ok) return c.redirect("/account?done=codes", 303);
  const [totpURI, codes] = [field("uri"), field("codes").split(" ")];
  if (!totpURI.startsWith("otpauth://totp/")) return startPage(c, t.second.wrong);
  return setUpPage(c, { totpURI, backupCodes: codes.filter(Boolean) }, t.second.wrong);
}

export async function newRecoveryCodes(c: PageContext) {
  const { t } = c.var.voice;
  const password = (await readFields(c))("password");
  const answer = await c.var.knock({ call: "newRecoveryCodes", password });
  if (!answer.ok) return startPage(c, t.own.wrongPassword);
  const { backupCodes } = JSON.parse(answer.value) as Started;
  return page(
    c,
    t.own.recoveryCodes,
    <section class="panel narrow">
      <h1>{t.own.recoveryCodes}</h1>
      <p>{t.own.recoveryWhy}</p>
      <Codes codes={backupCodes} />
      <p>
        <a href="/account">{t.own.title}</a>
      </p>
    </section>,
  );
}

/** Whoever stole a password must not add a factor of their own beside the owner's. */
async function mustUsePasskey(c: PageContext): Promise<boolean> {
  const { person, now, reads } = c.var;
  if (!person || person.isProven) return false;
  return (await reads.ownAccount(person.id, now)).passkeys.length > 0;
}

async function startPage(c: PageContext, problem: string) {
  const { voice, person, now, reads } = c.var;
  if (!person) return c.notFound();
  const { t } = voice;
  const own = await reads.ownAccount(person.id, now);
  if (own.hasCodes && person.isProven && !problem) return c.redirect("/account", 303);
  const needsPasskey = !person.isProven && own.passkeys.length > 0;
  return page(
    c,
    t.second.title,
    <section class="panel narrow">
      <h1>{t.second.title}</h1>
      <Problem words={problem} />
      {!person.isProven && <p>{t.second.required}</p>}
      {needsPasskey && (
        <form data-passkey="use" data-to="/" hidden>
          <p>{t.second.usePasskey}</p>
          <button>{t.logIn.passkey}</button>
          <p class="problem" role="alert" hidden>
            {t.logIn.passkeyFailed}
          </p>
        </form>
      )}
      {!needsPasskey && (
        <form class="fields" method="post" action="/account/second-factor">
          {own.hasPassword && (
            <label>
              {t.second.passwordWhy}
              <input name="password" type="password" required autocomplete="current-password" />
            </label>
          )}
          <button>{t.second.start}</button>
        </form>
      )}
    </section>,
    { status: problem ? 422 : 200, scripts: ["/passkey.js"] },
  );
}

function setUpPage(c: PageContext, { totpURI, backupCodes }: Started, problem = "") {
  const { t } = c.var.voice;
  const key = new URL(totpURI).searchParams.get("secret") ?? "";
  return page(
    c,
    t.second.title,
    <section class="panel narrow">
      <h1>{t.second.title}</h1>
      <Problem words={problem} />
      <p>{t.second.scan}</p>
      <Qr modules={encode(totpURI).data} label={t.second.title} />
      <p>
        {t.second.key} <code class="key">{key}</code>
      </p>
      <p>{t.second.save}</p>
      <Codes codes={backupCodes} />
      <p>{t.own.recoveryWhy}</p>
      <form class="fields" method="post" action="/account/second-factor/confirm">
        <input type="hidden" name="uri" value={totpURI} />
        <input type="hidden" name="codes" value={backupCodes.join(" ")} />
        <label>
          {t.second.confirm}
          <input name="code" required inputmode="numeric" autocomplete="one-time-code" />
        </label>
        <button>{t.second.submit}</button>
      </form>
    </section>,
    { status: problem ? 422 : 200 },
  );
}

function Codes({ codes }: { codes: string[] }) {
  return (
    <ul class="codes">
      {codes.map((code) => (
        <li>
          <code>{code}</code>
        </li>
      ))}
    </ul>
  );
}
