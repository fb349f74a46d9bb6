// The school's mail as it was queued, word for word: what has gone out, and what still waits for a mail server.

import type { PageContext } from "../page.tsx";
import { page } from "../page.tsx";

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
            {mail.subject} <small>{mail.address}</small>{" "}
            <small>{mail.sentAt ? t.outbox.sent(voice.moment(mail.sentAt)) : t.outbox.waits}</small>
          </summary>
          <pre>{mail.body}</pre>
        </details>
      ))}
    </>,
  );
}
