// What somebody who is logged in does with their own account: passkeys, the second factor, password, sessions.

import { isEasy } from "./easy-password.ts";
import type { House } from "./house.ts";
import { findResidents, headersOf, write } from "./house.ts";
import type { Answer, Browser } from "./knock.ts";
import { done, refused } from "./knock.ts";
import { parse } from "./log-in.ts";

const PASSKEY_NAME_CHARACTERS_MAX = 40;

/** What a new passkey is to be made for. */
export async function newPasskey(house: House, browser: Browser): Promise<Answer> {
  const { api } = house.auth;
  const headers = headersOf(browser);
  const session = await api.getSession({ headers });
  if (!session) return refused("wrong");
  const answer = await api.generatePasskeyRegistrationOptions({
    headers,
    asResponse: true,
    query: { name: session.user.name },
  });
  if (!answer.ok) return refused("failed");
  return done(answer.headers.getSetCookie(), await answer.text());
}

export async function addPasskey(
  house: House,
  given: { credential: string; name: string },
  browser: Browser,
): Promise<Answer> {
  const response = parse(given.credential);
  if (!response) return refused("wrong");
  const name = given.name.trim().slice(0, PASSKEY_NAME_CHARACTERS_MAX);
  const answer = await house.auth.api.verifyPasskeyRegistration({
    headers: headersOf(browser),
    asResponse: true,
    body: { response, name },
  });
  return answer.ok ? done(answer.headers.getSetCookie()) : refused("wrong");
}

export async function removePasskey(house: House, id: string, browser: Browser): Promise<Answer> {
  const headers = headersOf(browser);
  const answer = await house.auth.api.deletePasskey({ headers, asResponse: true, body: { id } });
  return answer.ok ? done() : refused("wrong");
}

/** value: { totpURI, backupCodes }; nothing is asked at log-in before a first code has been confirmed. */
export async function startCodes(
  house: House,
  password: string,
  browser: Browser,
): Promise<Answer> {
  const answer = await house.auth.api.enableTwoFactor({
    headers: headersOf(browser),
    asResponse: true,
    body: { ...(password ? { password } : {}), method: "totp" },
  });
  return answer.ok ? done(answer.headers.getSetCookie(), await answer.text()) : refused("wrong");
}

/** From here on each log-in by password asks for a code. Other sessions, which never gave one, end. */
export async function confirmCodes(house: House, code: string, browser: Browser): Promise<Answer> {
  const { api } = house.auth;
  const headers = headersOf(browser);
  const session = await api.getSession({ headers });
  if (!session) return refused("wrong");
  const answer = await api.verifyTOTP({
    headers,
    asResponse: true,
    body: { code: code.replace(/\s/g, "") },
  });
  if (!answer.ok) return refused("wrong");
  const ended = "delete from session where user_id = ? and method not in('code', 'passkey')";
  await write(house, [{ sql: ended, args: [session.user.id] }]);
  return done(answer.headers.getSetCookie());
}

/** value: { backupCodes }; the old ones are worth nothing any more. */
export async function newRecoveryCodes(
  house: House,
  password: string,
  browser: Browser,
): Promise<Answer> {
  const answer = await house.auth.api.generateBackupCodes({
    headers: headersOf(browser),
    asResponse: true,
    body: password ? { password } : {},
  });
  return answer.ok ? done([], await answer.text()) : refused("wrong");
}

/** Ends all other sessions: one of them may be why it is changed. */
export async function changePassword(
  house: House,
  given: { old: string; password: string },
  browser: Browser,
): Promise<Answer> {
  const { api } = house.auth;
  const headers = headersOf(browser);
  const session = await api.getSession({ headers });
  const [resident] = await findResidents(house.ledger, "id = ?", [Number(session?.user.id ?? 0)]);
  if (!resident) return refused("wrong");
  const easy = isEasy(given.password, resident);
  if (easy) return refused(easy);
  const answer = await api.changePassword({
    headers,
    asResponse: true,
    body: { currentPassword: given.old, newPassword: given.password, revokeOtherSessions: true },
  });
  return answer.ok ? done(answer.headers.getSetCookie()) : refused("wrong");
}

export async function endSession(house: House, person: number, session: number): Promise<Answer> {
  const sql = "delete from session where user_id = ? and id = ?";
  return (await write(house, [{ sql, args: [person, session] }])) ? done() : refused("unknown");
}

/** All but this one. */
export async function endOthers(house: House, person: number, session: number): Promise<Answer> {
  const sql = "delete from session where user_id = ? and id <> ?";
  await write(house, [{ sql, args: [person, session] }]);
  return done();
}
