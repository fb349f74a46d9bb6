// Accounts that are ready to be used, for the demonstration and for tests: what a person would have done on the pages
// by choosing a password and setting up an authenticator.

import type { Client, InStatement } from "@libsql/client/web";
import { createOTP } from "@better-auth/utils/otp";
import { hashPassword, symmetricEncrypt } from "better-auth/crypto";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** authenticator: the secret behind the codes of a second factor, "" for none. */
export type Account = { username: string; password: string; authenticator: string };

/** Does nothing to an account that has a password already. */
export async function openAccounts(
  client: Client,
  accountSecret: string,
  accounts: Account[],
): Promise<void> {
  // The same password is made slow to guess once: a stage of a test has many people with one.
  const passwords = [...new Set(accounts.map(({ password }) => password))];
  const hashed = await Promise.all(passwords.map((one) => hashPassword(one)));
  const hashes = new Map(passwords.map((one, i) => [one, hashed[i] ?? ""]));
  const statements = await Promise.all(
    accounts.map((one) => statementsOf(one, hashes.get(one.password) ?? "", accountSecret)),
  );
  await client.batch(statements.flat(), "write");
}

async function statementsOf(account: Account, hash: string, key: string): Promise<InStatement[]> {
  const { username, authenticator } = account;
  const statements: InStatement[] = [];
  if (authenticator) {
    const [secret, codes] = await Promise.all([
      symmetricEncrypt({ key, data: authenticator }),
      symmetricEncrypt({ key, data: "[]" }),
    ]);
    statements.push(
      {
        sql: `insert into two_factor(user_id, secret, backup_codes) select id, ?, ? from person
          where username = ? and activated_at = 0`,
        args: [secret, codes, username],
      },
      {
        sql: `update person set two_factor_enabled = 1 where username = ? and activated_at = 0`,
        args: [username],
      },
    );
  }
  return [
    ...statements,
    {
      sql: `insert into credential(user_id, account_id, provider_id, password, created_at, updated_at)
        select id, id, 'credential', ?, 0, 0 from person where username = ? and activated_at = 0`,
      args: [hash, username],
    },
    {
      sql: "update person set activated_at = 1 where username = ? and activated_at = 0",
      args: [username],
    },
  ];
}

/** The six digits that an authenticator shows now (RFC 6238). */
export function codeOf(authenticator: string): Promise<string> {
  return createOTP(authenticator).totp();
}

/** What an authenticator takes from the square it scans: an otpauth:// address, the secret in base 32 (RFC 4648
 * section 6). */
export function secretIn(uri: string): string {
  const letters = Array.from((new URL(uri).searchParams.get("secret") ?? "").replaceAll("=", ""));
  const bits = letters
    .map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  const bytes = bits.match(/.{8}/g) ?? [];
  return String.fromCharCode(...bytes.map((byte) => parseInt(byte, 2)));
}

/** What a person does at the log-in page; post follows no redirect. Throws when it does not lead in. */
export async function logInBy(
  post: (path: string, form: Record<string, string>) => Promise<Response>,
  account: Account | undefined,
): Promise<void> {
  if (!account) throw new Error("log-in: nobody of that name has an account here");
  const { username, password, authenticator } = account;
  let answer = await post("/log-in", { username, password });
  if (answer.headers.get("location") === "/log-in/code")
    answer = await post("/log-in/code", { code: await codeOf(authenticator) });
  if (answer.status !== 303) throw new Error(`log-in: ${username}: ${answer.status}`);
}

/** As a browser does with what an answer sets and takes back. */
export function keepCookies(cookies: Map<string, string>, answer: Response): void {
  for (const line of answer.headers.getSetCookie()) {
    const [pair = "", ...attributes] = line.split(";");
    const split = pair.indexOf("=");
    const name = pair.slice(0, split);
    if (attributes.some((one) => /max-age=0/i.test(one))) cookies.delete(name);
    else cookies.set(name, pair.slice(split + 1));
  }
}
