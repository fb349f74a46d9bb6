// The secrets of one demonstration: made once, kept in its state folder. A real school sets its own
// with `wrangler secret put`.

import { randomBytes, randomInt } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BURSAR, PAUL, VICTOR } from "./school.ts";

export type LogIn = { role: "bursar" | "guardian"; username: string; password: string };
export type Secrets = { sealSecret: string; cardSecret: string; logins: LogIn[] };

const SECRET_BYTES = 32;
/** Without 0, o, 1, l and i: a password on a screen is typed by hand. */
const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";

/** isNew: nobody has seen these before, so the ledger may know other ones. */
export function openSecrets(stateFolder: string): { secrets: Secrets; isNew: boolean } {
  const path = join(stateFolder, "secrets.json");
  if (existsSync(path)) {
    const kept = JSON.parse(readFileSync(path, "utf8")) as Secrets;
    // A demonstration from before cards had keys.
    if (!kept.cardSecret) keep(path, Object.assign(kept, { cardSecret: makeSecret() }));
    return { secrets: kept, isNew: false };
  }
  const secrets: Secrets = {
    sealSecret: makeSecret(),
    cardSecret: makeSecret(),
    logins: [
      { role: "bursar", username: BURSAR.username, password: makePassword() },
      { role: "guardian", username: PAUL, password: makePassword() },
      { role: "guardian", username: VICTOR, password: makePassword() },
    ],
  };
  keep(path, secrets);
  return { secrets, isNew: true };
}

function keep(path: string, secrets: Secrets): void {
  writeFileSync(path, JSON.stringify(secrets, null, 2) + "\n", { mode: 0o600 });
}

function makeSecret(): string {
  return randomBytes(SECRET_BYTES).toString("hex");
}

function makePassword(): string {
  const groups = [4, 4, 4].map((length) =>
    Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join(""),
  );
  return groups.join("-");
}
