// Logging in and out: by password, by the code of a second factor, by passkey. The decision how often somebody may try
// is in ../attempts.ts; whether a secret is right is better-auth's.

import { randomUUID } from "node:crypto";
import { queueMail } from "#edge/mail/queue.ts";
import { forgive, networkOf, weigh } from "#edge/people/attempts.ts";
import { deviceOf, greetDevice } from "./device.ts";
import type { House, Resident } from "./house.ts";
import { findResidents, hasLeft, headersOf, write } from "./house.ts";
import type { Answer, Browser } from "./knock.ts";
import { done, refused } from "./knock.ts";
import { newDeviceMail } from "./letters.ts";

export async function logIn(
  house: House,
  given: { username: string; password: string },
  browser: Browser,
): Promise<Answer> {
  const username = given.username.trim().toLowerCase();
  const [resident] = await findResidents(house.ledger, "username = ?", [username]);
  const device = resident ? await deviceOf(house, browser, resident.id) : "";
  const attempt = { username, address: networkOf(browser.address), device };
  const verdict = weigh(house.attempts, attempt, house.now());
  if (verdict !== "try") return refused(verdict);
  if (resident && hasLeft(resident, house.now())) return refused("wrong");
  const answer = await house.auth.api.signInUsername({
    body: { username, password: given.password },
    headers: headersOf(browser),
    asResponse: true,
  });
  if (!answer.ok || !resident) return refused("wrong");
  forgive(house.attempts, attempt);
  const said: { twoFactorRedirect?: boolean } = await answer.json();
  const cookies = answer.headers.getSetCookie();
  if (said.twoFactorRedirect) return done(cookies, "", "code");
  return done([...cookies, ...(await welcome(house, resident, browser))]);
}

/** A browser that is not known yet is from now on; its owner hears of it by mail. */
async function welcome(house: House, resident: Resident, browser: Browser): Promise<string[]> {
  if (await deviceOf(house, browser, resident.id)) return [];
  if (resident.address) {
    const seen = { device: browser.agent, at: house.now() };
    const id = `device/${randomUUID()}`;
    const mail = newDeviceMail(house.name, id, house.site.origin, resident, seen);
    await write(house, [queueMail(mail, house.now())]);
  }
  return [await greetDevice(house, resident.id)];
}

/** The second step of a log-in. better-auth ends the step after five wrong codes, and rests an account after ten: only
 * who knows the password comes so far. */
export async function enterCode(house: House, given: string, browser: Browser): Promise<Answer> {
  const code = given.replace(/\s/g, "");
  const call = { headers: headersOf(browser), asResponse: true as const, body: { code } };
  const { api } = house.auth;
  const answer = /^\d{6}$/.test(code)
    ? await api.verifyTOTP(call)
    : await api.verifyBackupCode({ ...call, body: { code: given.trim() } });
  const cookies = answer.headers.getSetCookie();
  if (!answer.ok) return refused(await reasonOf(answer), cookies);
  const { user }: { user: { id: string } } = await answer.json();
  const [resident] = await findResidents(house.ledger, "id = ?", [Number(user.id)]);
  return done([...cookies, ...(resident ? await welcome(house, resident, browser) : [])]);
}

async function reasonOf(answer: Response) {
  const { code = "" }: { code?: string } = await answer.json();
  if (code === "INVALID_TWO_FACTOR_COOKIE") return "expired";
  return /TOO_MANY|LOCKED/.test(code) ? "later" : "wrong";
}

/** Ends the session itself, not only its cookie. */
export async function logOut(house: House, browser: Browser): Promise<Answer> {
  const headers = headersOf(browser);
  const answer = await house.auth.api.signOut({ headers, asResponse: true });
  return done(answer.headers.getSetCookie());
}

/** The challenge that a passkey must sign. */
export async function askPasskey(house: House, browser: Browser): Promise<Answer> {
  const answer = await house.auth.api.generatePasskeyAuthenticationOptions({
    headers: withoutSession(browser),
    asResponse: true,
  });
  return done(answer.headers.getSetCookie(), await answer.text());
}

export async function usePasskey(
  house: House,
  credential: string,
  browser: Browser,
): Promise<Answer> {
  const response = parse(credential);
  if (!response) return refused("wrong");
  type Asked = NonNullable<Parameters<typeof house.auth.api.verifyPasskeyAuthentication>[0]>;
  const answer = await house.auth.api.verifyPasskeyAuthentication({
    headers: headersOf(browser),
    asResponse: true,
    // Whatever it is: better-auth reads it as a stranger's word.
    body: { response } as unknown as Asked["body"],
  });
  if (!answer.ok) return refused("wrong");
  const { user }: { user: { id: string } } = await answer.json();
  const [resident] = await findResidents(house.ledger, "id = ?", [Number(user.id)]);
  if (!resident || hasLeft(resident, house.now())) return refused("wrong");
  const cookies = answer.headers.getSetCookie();
  return done([...cookies, ...(await welcome(house, resident, browser))]);
}

/** Any passkey may answer, not only one of whoever happens to be logged in here. */
function withoutSession(browser: Browser): Headers {
  return headersOf({ ...browser, cookie: "" });
}

export function parse(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
