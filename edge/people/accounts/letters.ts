// The mails of accounts, in words.

import type { Mail } from "#edge/mail.ts";
import type { Resident } from "./house.ts";

export type Opening = { resident: Resident; code: string; link: string };

/** id follows from its cause, so that it is queued once. */
export function connectionMail(
  id: string,
  to: string,
  purpose: "connection" | "recovery",
  openings: Opening[],
): Mail {
  const body = openings
    .map(({ resident, code, link }) => `${resident.name}\n${resident.username}\n${link}\n${code}`)
    .join("\n\n");
  return { id, address: to, subject: purpose, body };
}
