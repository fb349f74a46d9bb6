// Coming in with a one-time connection token, and asking for one. Whoever asks is always answered the same, so that
// nobody learns who has an account; what is true is in the mail.

import { randomBytes, randomUUID } from "node:crypto";
import type { InStatement } from "@libsql/client/web";
import { hashPassword } from "better-auth/crypto";
import { queueMail } from "#edge/mail/queue.ts";
import { audit } from "#edge/people/audit.ts";
import { networkOf, weigh } from "#edge/people/attempts.ts";
import { sessionSeconds } from "#edge/session.ts";
import { makeCode, mayMail, readConnection, spend, storeCode } from "./connection.ts";
import { greetDevice } from "./device.ts";
import { isEasy } from "./easy-password.ts";
import type { House, Resident } from "./house.ts";
import { findResidents, hasLeft, headersOf, signCookie, write } from "./house.ts";
import type { Answer, Browser } from "./knock.ts";
import { done, refused } from "./knock.ts";
import { connectionMail } from "./letters.ts";

const FAMILY_COOKIE_SECONDS = 30 * 24 * 3600;

/** With a new password, and out of every other session. A second factor is still asked for. */
export async function choosePassword(
  house: House,
  given: { code: string; password: string },
  browser: Browser,
): Promise<Answer> {
  const now = house.now();
  const known = await whoseCode(house, given.code);
  if (!known.resident) return refused(known.reason);
  const easy = isEasy(given.password, known.resident);
  if (easy) return refused(easy);
  const { opening, statements } = spend(given.code, now);
  const hash = await hashPassword(given.password);
  const spent = await write(house, [
    {
      sql: `insert into credential(user_id, account_id, provider_id, password, created_at, updated_at)
        select id, id, 'credential', ?1, ?2, ?2 from person where id = ${opening}
        on conflict(user_id, provider_id) do update set password = ?1, updated_at = ?2`,
      args: [hash, now],
    },
    `delete from session where user_id = ${opening}`,
    ...statements,
  ]);
  if (!spent) return refused("used");
  const { username, id } = known.resident;
  const answer = await house.auth.api.signInUsername({
    body: { username, password: given.password },
    headers: headersOf({ ...browser, cookie: "" }),
    asResponse: true,
  });
  const said: { twoFactorRedirect?: boolean } = await answer.json();
  const cookies = answer.headers.getSetCookie();
  if (said.twoFactorRedirect) return done(cookies, "", "code");
  return done([...cookies, await greetDevice(house, id)]);
}

/** Without a password, to add a passkey; refused to those who have a second factor, which a link does not replace. */
export async function comeIn(house: House, code: string, browser: Browser): Promise<Answer> {
  const now = house.now();
  const known = await whoseCode(house, code);
  if (!known.resident) return refused(known.reason);
  const { id, role } = known.resident;
  if (await hasSecondFactor(house, id)) return refused("second-factor");
  const { opening, statements } = spend(code, now);
  const token = randomBytes(32).toString("base64url");
  const end = now + sessionSeconds(role);
  const spent = await write(house, [
    {
      sql: `insert into session(user_id, token, expires_at, method, ip_address, user_agent,
          created_at, updated_at)
        select id, ?, ?, 'link', ?, ?, ?, ? from person where id = ${opening}`,
      args: [token, end, browser.address, browser.agent, now, now],
    },
    ...statements,
  ]);
  if (!spent) return refused("used");
  const session = await signCookie(house, "", token, FAMILY_COOKIE_SECONDS);
  return done([session, await greetDevice(house, id)]);
}

/** who: a username, or an address that several may share. */
export async function recover(house: House, who: string, browser: Browser): Promise<Answer> {
  const given = who.trim().toLowerCase();
  const attempt = { username: "?recover", address: networkOf(browser.address), device: "" };
  if (weigh(house.attempts, attempt, house.now()) !== "try") return refused("later");
  const column = given.includes("@") ? "lower(address)" : "username";
  const found = given ? await findResidents(house.ledger, `${column} = ?`, [given]) : [];
  await mailTo(house, found, "recovery");
  return done();
}

/** Whoever holds a token that ran out or was used gets a new one, at the address that the school knows. */
export async function again(house: House, code: string): Promise<Answer> {
  const known = await readConnection(house.ledger.client, code, house.now());
  if (!known) return refused("unknown");
  const found = await findResidents(house.ledger, "id = ?", [known.person]);
  if (!found[0]?.address) return refused("noMail");
  await mailTo(house, found, "connection");
  return done();
}

/** One mail to each address, with one token for each of its people who may have another mail now. */
async function mailTo(
  house: House,
  people: Resident[],
  purpose: "connection" | "recovery",
): Promise<void> {
  const now = house.now();
  const willing: Resident[] = [];
  for (const one of people)
    if (one.address && !hasLeft(one, now) && (await mayMail(house.ledger.client, one.id, now)))
      willing.push(one);
  const address = willing[0]?.address;
  if (address) await write(house, tokensByMail(house, address, willing, purpose));
}

function tokensByMail(
  house: House,
  address: string,
  people: Resident[],
  purpose: "connection" | "recovery",
): InStatement[] {
  const now = house.now();
  const openings = people.map((resident) => {
    const code = makeCode();
    return { resident, code, link: `${house.site.origin}/connect/${code}` };
  });
  const id = `${purpose}/${randomUUID()}`;
  const mail = connectionMail(house.name, id, address, purpose, openings);
  return [
    ...openings.map(({ resident, code }) => storeCode(resident.id, code, now)),
    queueMail(mail, now),
  ];
}

/** By staff: mails a token to each of these people, or, for paper, returns the codes. Those who have left, and by mail
 * those without an address, are left out. */
export async function invite(
  house: House,
  by: number,
  people: number[],
  means: "mail" | "paper",
): Promise<{ person: number; code: string }[]> {
  const now = house.now();
  const codes: { person: number; code: string }[] = [];
  const statements: InStatement[] = [];
  for (const person of people) {
    const [resident] = await findResidents(house.ledger, "id = ?", [person]);
    if (!resident || hasLeft(resident, now)) continue;
    if (means === "mail" && !resident.address) continue;
    const deed = { author: by, at: now, subject: `person/${person}`, after: { means } };
    statements.push(audit({ ...deed, action: "account.invite" }));
    const code = makeCode();
    if (means === "mail")
      statements.push(...tokensByMail(house, resident.address, [resident], "connection"));
    else statements.push(storeCode(person, code, now));
    codes.push({ person, code: means === "paper" ? code : "" });
  }
  if (statements.length) await write(house, statements);
  return codes;
}

async function whoseCode(
  house: House,
  code: string,
): Promise<
  { resident: Resident } | { resident: undefined; reason: "unknown" | "used" | "expired" }
> {
  const known = await readConnection(house.ledger.client, code, house.now());
  if (!known) return { resident: undefined, reason: "unknown" };
  if (known.state !== "good") return { resident: undefined, reason: known.state };
  const [resident] = await findResidents(house.ledger, "id = ?", [known.person]);
  if (!resident || hasLeft(resident, house.now()))
    return { resident: undefined, reason: "unknown" };
  return { resident };
}

async function hasSecondFactor(house: House, person: number): Promise<boolean> {
  const found = await house.ledger.client.execute({
    sql: `select 1 from person p where id = ? and (two_factor_enabled = 1 or role in('bursar', 'secretary')
      and exists(select 1 from passkey where user_id = p.id))`,
    args: [person],
  });
  return found.rows.length > 0;
}
