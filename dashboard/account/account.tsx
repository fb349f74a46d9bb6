// One's own account: devices that are logged in, password, passkeys, second factor.

import type { OwnAccount } from "#edge/reads/own-account.ts";
import { readFields } from "../form.ts";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import { numberIn } from "../path.ts";
import { Problem } from "../problem.tsx";
import type { Voice } from "../voice.ts";
import { browserName } from "./browser-name.ts";

type Said = { problem?: string; notice?: string };

export function account(c: PageContext) {
  const { t } = c.var.voice;
  const done = c.req.query("done");
  const notices: { [name: string]: string } = {
    password: t.own.passwordChanged,
    passkey: t.own.passkeyAdded,
    codes: t.second.done,
  };
  return accountPage(c, { notice: notices[done ?? ""] ?? "" });
}

export async function changePassword(c: PageContext) {
  const { t } = c.var.voice;
  const field = await readFields(c);
  const answer = await c.var.knock({
    call: "changePassword",
    old: field("old"),
    password: field("password"),
  });
  if (answer.ok) return c.redirect("/account?done=password", 303);
  const { reason } = answer;
  const isEasy = reason === "short" || reason === "long" || reason === "easy";
  return accountPage(c, { problem: isEasy ? t.connect[reason] : t.own.wrongPassword });
}

export async function endSession(c: PageContext) {
  const { person, knock } = c.var;
  if (!person) return c.notFound();
  const session = numberIn(c.req.param("id"));
  const answer = await knock({ call: "endSession", person: person.id, session });
  return answer.ok ? c.redirect("/account", 303) : c.notFound();
}

export async function endOthers(c: PageContext) {
  const { person, knock } = c.var;
  if (!person) return c.notFound();
  await knock({ call: "endOthers", person: person.id, session: person.session });
  return c.redirect("/account", 303);
}

export async function removePasskey(c: PageContext) {
  const answer = await c.var.knock({ call: "removePasskey", id: c.req.param("id") ?? "" });
  return answer.ok ? c.redirect("/account#passkeys", 303) : c.notFound();
}

async function accountPage(c: PageContext, { problem = "", notice = "" }: Said) {
  const { voice, person, now, reads } = c.var;
  if (!person) return c.notFound();
  const { t } = voice;
  const own = await reads.ownAccount(person.id, now);
  return page(
    c,
    t.own.title,
    <>
      <h1>{t.own.title}</h1>
      {notice && (
        <p class="notice" role="status">
          {notice}
        </p>
      )}
      <Problem words={problem} />
      <p>
        {t.own.signedInAs(person.name, person.username)}
        <br />
        {own.address ? t.own.address(own.address) : t.own.noAddress}
      </p>
      <Sessions own={own} current={person.session} voice={voice} />
      <Passkeys own={own} voice={voice} />
      <section class="panel columns">
        <Password own={own} voice={voice} />
        <SecondFactor own={own} voice={voice} />
      </section>
    </>,
    { status: problem ? 422 : 200, scripts: ["/passkey.js"] },
  );
}

type PartProps = { own: OwnAccount; voice: Voice };

function Sessions({ own, current, voice }: PartProps & { current: number }) {
  const { t } = voice;
  return (
    <section class="panel">
      <h2>{t.own.sessions}</h2>
      <p>{t.own.sessionsWhy}</p>
      <ul class="plain spaced">
        {own.sessions.map((session) => (
          <li>
            <form method="post" action={`/account/sessions/${session.id}/end`}>
              <strong>{browserName(session.agent) || t.own.unknownDevice}</strong>{" "}
              {session.id === current && <em>({t.own.thisOne})</em>}{" "}
              <small>
                {t.own.since(voice.moment(session.since))}, {t.own.method[session.method]}
              </small>{" "}
              <button class="quiet">{t.own.end}</button>
            </form>
          </li>
        ))}
      </ul>
      {own.sessions.length > 1 && (
        <form method="post" action="/account/sessions/end-others">
          <button>{t.own.endOthers}</button>
        </form>
      )}
    </section>
  );
}

function Passkeys({ own, voice }: PartProps) {
  const { t } = voice;
  return (
    <section class="panel" id="passkeys">
      <h2>{t.own.passkeys}</h2>
      <p>{t.own.passkeysWhy}</p>
      {own.passkeys.length === 0 && <p class="empty">{t.own.noPasskey}</p>}
      <ul class="plain spaced">
        {own.passkeys.map((one) => (
          <li>
            <form method="post" action={`/account/passkeys/${one.id}/remove`}>
              <strong>{one.name || t.own.passkeyUnnamed}</strong>{" "}
              <small>{t.own.since(voice.date(one.since))}</small>{" "}
              <button class="quiet">{t.own.passkeyRemove}</button>
            </form>
          </li>
        ))}
      </ul>
      <form class="fields search" data-passkey="add" hidden>
        <label>
          {t.own.passkeyName}
          <input name="name" maxlength={40} autocomplete="off" />
        </label>
        <button>{t.own.passkeyAdd}</button>
        <p class="problem" role="alert" hidden>
          {t.own.passkeyFailed}
        </p>
      </form>
      <noscript>
        <p>{t.own.needsScript}</p>
      </noscript>
    </section>
  );
}

function Password({ own, voice }: PartProps) {
  const { t } = voice;
  if (!own.hasPassword)
    return (
      <div>
        <h2>{t.own.password}</h2>
        <p>
          {t.own.noPassword} <a href="/forgotten/password">{t.recover.submit}</a>
        </p>
      </div>
    );
  return (
    <div>
      <h2>{t.own.password}</h2>
      <form class="fields" method="post" action="/account/password">
        <label>
          {t.own.oldPassword}
          <input name="old" type="password" required autocomplete="current-password" />
        </label>
        <label>
          {t.own.newPassword}
          <input name="password" type="password" required autocomplete="new-password" />
          <small>{t.connect.passwordHint}</small>
        </label>
        <button>{t.own.changePassword}</button>
      </form>
    </div>
  );
}

function SecondFactor({ own, voice }: PartProps) {
  const { t } = voice;
  return (
    <div>
      <h2>{t.own.second}</h2>
      <p>{own.hasCodes ? t.own.secondOn : t.own.secondOff}</p>
      {!own.hasCodes && (
        <p>
          <a href="/account/second-factor">{t.own.secondStart}</a>
        </p>
      )}
      {own.hasCodes && (
        <form class="fields" method="post" action="/account/recovery-codes">
          {own.hasPassword && (
            <label>
              {t.own.oldPassword}
              <input name="password" type="password" required autocomplete="current-password" />
            </label>
          )}
          <button>{t.own.recoveryNew}</button>
        </form>
      )}
    </div>
  );
}
