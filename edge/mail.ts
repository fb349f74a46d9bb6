// Mail goes out by way of a table: it is queued in the same transaction as its cause, so that neither is without the
// other, and under an id that follows from the cause, so that it is queued once. Until a school has a mail server, the
// table is where its mail is read (dashboard/bursar/outbox.tsx).

import type { InStatement } from "@libsql/client/web";
import type { Language } from "./session.ts";
import { de } from "./texts/de.ts";
import { en } from "./texts/en.ts";
import type { MailTexts } from "./texts/fr.ts";
import { fr } from "./texts/fr.ts";
import { nl } from "./texts/nl.ts";

export const MAIL_TEXTS: Record<Language, MailTexts> = { fr, nl, de, en };

/** Plain text, in the language of whom it is for. */
export type Mail = { id: string; address: string; subject: string; body: string };

/** A row of the batch that causes it; at in seconds since 1970. */
export function queueMail({ id, address, subject, body }: Mail, at: number): InStatement {
  return {
    sql: `insert into mail(id, address, subject, body, queued_at) values(?, ?, ?, ?, ?)
      on conflict(id) do nothing`,
    args: [id, address, subject, body, at],
  };
}
