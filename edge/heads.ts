// Once a day the head of the chain leaves the house: it goes into the table of published heads, onto a page that is open to
// all, and by mail to those who keep it for the school. Whoever changes a transfer afterwards can make all hashes
// after it again, but not what others have kept.

import { toHex } from "#protocol/bytes.ts";
import { emptyBatch } from "./ledger/batch.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { commit, inTurn, readHead } from "./ledger/ledger.ts";
import { numberIn, textIn } from "./ledger/row.ts";
import { writeLetter } from "./mail/letter.ts";
import { queueMail } from "./mail/queue.ts";
import { MAIL_TEXTS } from "./mail/words.ts";
import { schoolDay } from "./order-lists.ts";
import type { Language } from "./session.ts";

const DAY_SECONDS = 86_400;
const LAST = "select coalesce(max(day), 0) as day, coalesce(max(block), -1) as block from head";

/** Publishes the head of the day that has ended, at the first look after midnight; once, and not when nothing has moved
 * since the last one. Says whether it did. */
export function publishHead(ledger: Ledger, nowMs: number): Promise<boolean> {
  const day = schoolDay(nowMs) - 1;
  return inTurn(ledger, async () => {
    const [last, school, committee] = await ledger.client.batch(
      [LAST, "select name from school", "select address, language from committee order by address"],
      "read",
    );
    if (numberIn(last?.rows[0], "day") >= day || !school?.rows[0]) return false;
    const { no, hash } = await readHead(ledger);
    if (numberIn(last?.rows[0], "block") === no) return false;
    const at = Math.floor(nowMs / 1000);
    const batch = emptyBatch(at);
    batch.also.push({ sql: "insert into head values(?, ?, ?, ?)", args: [day, no, hash, at] });
    for (const row of committee?.rows ?? []) {
      const address = textIn(row, "address");
      const name = textIn(school.rows[0], "name");
      const written = headLetter(textIn(row, "language") as Language, name, day, no, toHex(hash));
      batch.also.push(queueMail({ id: `head/${day}/${address}`, address, ...written }, at));
    }
    await commit(ledger, batch);
    return true;
  });
}

function headLetter(language: Language, school: string, day: number, block: number, hash: string) {
  const { head, locale } = MAIL_TEXTS[language];
  const date = dateOf(day, locale);
  return writeLetter(school, {
    subject: head.subject(school, date),
    paragraphs: head.paragraphs(school, date),
    facts: [
      [head.block, String(block)],
      [head.hash, hash],
    ],
    after: head.after(hash),
    note: head.note,
  });
}

/** A day of the calendar has no hour, so it is written in the time zone in which it is counted. */
function dateOf(day: number, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" });
  return format.format(day * DAY_SECONDS * 1000);
}
