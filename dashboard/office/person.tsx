// One person's account, for the school's office: the address, the mail once more, the letter, a new start.

import type { AccountFile } from "#edge/reads/people.ts";
import { readFields } from "../form.ts";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import { numberIn } from "../path.ts";
import { Problem } from "../problem.tsx";
import type { Voice } from "../voice.ts";
import { answerLetters } from "./letters.ts";
import { stateOf } from "./people.tsx";

const REASON_CHARACTERS_MAX = 200;

export async function accountFile(c: PageContext) {
  const { t } = c.var.voice;
  const done = c.req.query("done");
  const notices: { [name: string]: string } = {
    mail: t.person.mailed,
    address: t.person.addressSaved,
    factor: t.person.factorReset,
  };
  return filePage(c, { notice: notices[done ?? ""] ?? "" });
}

export async function inviteOne(c: PageContext) {
  const { person, desk, voice } = c.var;
  const id = idIn(c);
  if (!person || !(await c.var.reads.person(id))) return c.notFound();
  const sent = await desk.invite(person.id, [id], "mail");
  if (!sent.length) return filePage(c, { problem: voice.t.person.cannotMail });
  return c.redirect(`/people/${id}?done=mail`, 303);
}

export async function printLetter(c: PageContext) {
  const { person, desk, reads } = c.var;
  const file = await reads.person(idIn(c));
  if (!person || !file) return c.notFound();
  return answerLetters(c, [file], await desk.invite(person.id, [file.id], "paper"));
}

export async function setAddress(c: PageContext) {
  const { person, desk, now, voice } = c.var;
  if (!person) return c.notFound();
  const address = (await readFields(c))("address");
  const act = { kind: "setAddress" as const, person: idIn(c), address };
  const result = await desk.act({ ...act, by: person.id, at: now });
  if (result.ok) return c.redirect(`/people/${idIn(c)}?done=address`, 303);
  return filePage(c, { problem: voice.t.settings.badAddress });
}

export async function resetFactor(c: PageContext) {
  const { person, desk, now, voice } = c.var;
  if (!person) return c.notFound();
  const reason = (await readFields(c))("reason").slice(0, REASON_CHARACTERS_MAX);
  const act = { kind: "resetSecondFactor" as const, person: idIn(c), reason };
  const result = await desk.act({ ...act, by: person.id, at: now });
  if (result.ok) return c.redirect(`/people/${idIn(c)}?done=factor`, 303);
  const isOwn = result.reason === "own-factor";
  return filePage(c, { problem: isOwn ? voice.t.person.ownFactor : voice.t.person.noReason });
}

async function filePage(c: PageContext, said: { notice?: string; problem?: string }) {
  const { voice, person, reads } = c.var;
  const { t } = voice;
  const file = await reads.person(idIn(c));
  if (!file) return c.notFound();
  return page(
    c,
    file.name,
    <>
      <h1>
        {file.name} <small>{t.role[file.role]}</small>
      </h1>
      {said.notice && (
        <p class="notice" role="status">
          {said.notice}
        </p>
      )}
      <Problem words={said.problem ?? ""} />
      <Facts file={file} voice={voice} />
      <section class="panel columns">
        <ByMail file={file} voice={voice} />
        <OnPaper file={file} voice={voice} />
        {person?.role === "bursar" && file.hasSecondFactor && person.id !== file.id && (
          <NewStart file={file} voice={voice} />
        )}
      </section>
    </>,
    { status: said.problem ? 422 : 200 },
  );
}

type FileProps = { file: AccountFile; voice: Voice };

function Facts({ file, voice }: FileProps) {
  const { t } = voice;
  return (
    <dl class="figures">
      <div>
        <dt>{t.logIn.username}</dt>
        <dd class="large">{file.username}</dd>
        <dd>{stateOf(file, voice)}</dd>
      </div>
      {file.children.length > 0 && (
        <div>
          <dt>{t.person.children}</dt>
          {file.children.map((child) => (
            <dd>
              <a href={`/students/${child.id}`}>
                {child.firstName} {child.lastName}
              </a>{" "}
              <small>{child.class}</small>
            </dd>
          ))}
        </div>
      )}
    </dl>
  );
}

function ByMail({ file, voice }: FileProps) {
  const { t } = voice;
  return (
    <div>
      <h2>{t.people.address}</h2>
      <form class="fields" method="post" action={`/people/${file.id}/address`}>
        <label>
          {t.settings.address}
          <input type="email" name="address" value={file.address} autocomplete="off" />
        </label>
        <button class="quiet">{t.settings.save}</button>
      </form>
      {file.address && (
        <form method="post" action={`/people/${file.id}/invite`}>
          <p class="more">{t.person.mailWhy}</p>
          <button>{t.person.mail}</button>
        </form>
      )}
    </div>
  );
}

function OnPaper({ file, voice }: FileProps) {
  const { t } = voice;
  return (
    <div>
      <h2>{t.person.letter}</h2>
      <p>{t.person.letterWhy}</p>
      <form method="post" action={`/people/${file.id}/letter`}>
        <button>{t.person.print}</button>
      </form>
    </div>
  );
}

function NewStart({ file, voice }: FileProps) {
  const { t } = voice;
  return (
    <div>
      <h2>{t.own.second}</h2>
      <p>{t.person.factorWhy}</p>
      <form class="fields" method="post" action={`/people/${file.id}/reset-factor`}>
        <label>
          {t.correct.reason}
          <input name="reason" required maxlength={REASON_CHARACTERS_MAX} autocomplete="off" />
        </label>
        <button>{t.person.resetFactor}</button>
      </form>
    </div>
  );
}

function idIn(c: PageContext): number {
  return numberIn(c.req.param("id"));
}
