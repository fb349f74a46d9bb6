// The other guardians hear of a card that was blocked, whoever did it: nobody finds out at the counter.

import type { InStatement } from "@libsql/client/web";
import { toHex } from "#protocol/bytes.ts";
import { writeLetter } from "#edge/mail/letter.ts";
import { queueMail } from "#edge/mail/queue.ts";
import { MAIL_TEXTS } from "#edge/mail/words.ts";
import type { Standing } from "./standing.ts";

export function blockedLetters(standing: Standing, { at }: { at: number }): InStatement[] {
  const { school, student, uid, readers } = standing;
  return readers.map((reader) => {
    const { cardBlocked: t, accountNote, locale } = MAIL_TEXTS[reader.language];
    const moment = new Intl.DateTimeFormat(locale, {
      dateStyle: "long",
      timeStyle: "short",
      timeZone: "Europe/Brussels",
    }).format(at * 1000);
    const written = writeLetter(school, {
      subject: t.subject(student?.firstName ?? ""),
      paragraphs: [t.what(student?.firstName ?? "", moment), t.after, t.found],
      note: accountNote,
    });
    const id = `card/${toHex(uid)}/${at}/${reader.id}`;
    return queueMail({ id, address: reader.address, ...written }, at);
  });
}
