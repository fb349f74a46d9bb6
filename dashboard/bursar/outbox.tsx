// The school's mail as it was queued, word for word: what has gone out, what waits, and what no server takes. Without a
// mail server this is where mail is read.

import type { QueuedMail } from "#edge/reads/heads.ts";
import { readFields } from "../form.ts";
import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";
import type { Voice } from "../voice.ts";

export async function outbox(c: PageContext) {
  const { voice } = c.var;
  const { t } = voice;
  const mails = await c.var.reads.mail();
  return page(
    c,
    t.outbox.title,
    <>
      <h1>{t.outbox.title}</h1>
      <p>{t.outbox.why}</p>
      {mails.length === 0 && <p>{t.outbox.none}</p>}
      {mails.map((mail) => (
        <details class="panel">
          <summary>
            {mail.subject} <small>{mail.address}</small> <small>{stateOf(mail, voice)}</small>
          </summary>
          {mail.error && <p class="problem">{mail.error}</p>}
          {(mail.state === "refused" || mail.state === "given-up") && (
            <form method="post" action="/outbox/again">
              <input type="hidden" name="address" value={mail.address} />
              <p>{t.outbox.deadWhy}</p>
              <button>{t.outbox.again}</button>
            </form>
          )}
          <pre>{withLinks(mail.body)}</pre>
        </details>
      ))}
    </>,
  );
}

/** The address works again, says the office: what it was refused goes out once more. */
export async function sendAgain(c: PageContext) {
  const { person, desk, now } = c.var;
  if (!person) return c.notFound();
  const address = (await readFields(c))("address");
  await desk.act({ kind: "reopenAddress", address, by: person.id, at: now });
  return c.redirect("/outbox", 303);
}

function stateOf(mail: QueuedMail, voice: Voice): string {
  const { t } = voice;
  if (mail.state === "sent") return t.outbox.sent(voice.moment(mail.sentAt));
  return mail.tries && mail.state === "waiting"
    ? t.outbox.tried(mail.tries)
    : t.outbox.states[mail.state];
}

/** Only links into these pages: what else is in a mail was perhaps written by a stranger. */
function withLinks(body: string) {
  return body
    .split(/(https?:\/\/\S+\/(?:connect\/[0-9A-Z-]+|account)\b)/)
    .map((part, i) => (i % 2 ? <a href={new URL(part).pathname}>{part}</a> : part));
}
