// Takes the mail out, one round at a time: a server that is slow is not asked twice for the same mail.

import type { Ledger } from "#edge/ledger/ledger.ts";
import { log } from "#edge/log.ts";
import type { Mailer } from "./mailer.ts";
import { sendDue } from "./queue.ts";

/** Resolves when the round is over; never throws. */
export type Postman = (ledger: Ledger) => Promise<void>;

/** Without a mailer the mail stays where it is. */
export function createPostman(mailer: Mailer | undefined): Postman {
  let walking = Promise.resolve();
  return (ledger) => {
    if (!mailer) return walking;
    walking = walking
      .then(async () => void (await sendDue(ledger, mailer, Math.floor(Date.now() / 1000))))
      .catch((error: unknown) => log("mail-late", { error: String(error) }));
    return walking;
  };
}
