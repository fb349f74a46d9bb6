// The secrets of one demonstration: made once, kept in its state folder. A real school sets its own
// with `wrangler secret put`.

import { randomBytes, randomInt } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Account } from "./accounts.ts";
import { BURSAR, PAUL, VICTOR } from "./school.ts";

export type LogIn = Account & { role: "bursar" | "guardian" };
export type Secrets = {
  sealSecret: string;
  cardSecret: string;
  accountSecret: string;
  logins: LogIn[];
};

const SECRET_BYTES = 32;
const AUTHENTICATOR_CHARACTERS = 32;
/** Without 0, o, 1, l and i: a password on a screen is typed by hand. */
const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";

export function openSecrets(stateFolder: string): Secrets {
  const path = join(stateFolder, "secrets.json");
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as Secrets;
  const secrets: Secrets = {
    sealSecret: makeSecret(),
    cardSecret: makeSecret(),
    accountSecret: makeSecret(),
    logins: [
      makeLogIn("bursar", BURSAR.username, makeSecret().slice(0, AUTHENTICATOR_CHARACTERS)),
      makeLogIn("guardian", PAUL, ""),
      makeLogIn("guardian", VICTOR, ""),
    ],
  };
  writeFileSync(path, JSON.stringify(secrets, null, 2) + "\n", { mode: 0o600 });
  return secrets;
}

function makeLogIn(role: LogIn["role"], username: string, authenticator: string): LogIn {
  return { role, username, password: makePassword(), authenticator };
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
