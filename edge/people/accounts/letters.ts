// The mails of accounts: a first or another way in, and a log-in from a device that was not known.

import { writeLetter } from "#edge/mail/letter.ts";
import type { Mail } from "#edge/mail/queue.ts";
import { MAIL_TEXTS } from "#edge/mail/words.ts";
import type { Resident } from "./house.ts";

export type Opening = { resident: Resident; code: string; link: string };

/** One mail for all of an address; id follows from its cause. */
export function connectionMail(
  school: string,
  id: string,
  address: string,
  purpose: "connection" | "recovery",
  openings: Opening[],
): Mail {
  const [first] = openings;
  const t = MAIL_TEXTS[first?.resident.language ?? "fr"];
  const name = first?.resident.name ?? "";
  const isOne = openings.length === 1;
  const hello = purpose === "connection" && isOne ? [t.connection.hello(name)] : [];
  const facts = openings.flatMap(({ resident, code, link }): [string, string][] => [
    [t.username, resident.username],
    ...(isOne ? [] : [[t.openOf(resident.name), link] as [string, string]]),
    [t.code, code],
  ]);
  const written = writeLetter(school, {
    subject: t[purpose].subject(school),
    paragraphs: [...hello, t[purpose].why],
    facts,
    ...(isOne && first ? { button: { words: t.open, link: first.link } } : {}),
    after: [t.once, ...(purpose === "recovery" ? [t.recovery.ifNot] : [])],
    note: t.accountNote,
  });
  return { id, address, ...written };
}

/** device: what the browser says of itself; at: seconds since 1970. */
export function newDeviceMail(
  school: string,
  id: string,
  origin: string,
  resident: Resident,
  seen: { device: string; at: number },
): Mail {
  const { newDevice: t, accountNote, locale } = MAIL_TEXTS[resident.language];
  const moment = new Intl.DateTimeFormat(locale, {
    dateStyle: "long",
    timeStyle: "short",
    timeZone: "Europe/Brussels",
  }).format(seen.at * 1000);
  const written = writeLetter(school, {
    subject: t.subject(school),
    paragraphs: [t.why(resident.name, moment), t.ifYou, t.ifNot],
    facts: [[t.device, seen.device]],
    button: { words: t.button, link: origin + "/account" },
    note: accountNote,
  });
  return { id, address: resident.address, ...written };
}
