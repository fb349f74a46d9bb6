// Logging in and out: the decisions between the form, the stored password and the session.

import type { Context } from "hono";
import type { Database } from "#edge/reads/database.ts";
import { readLogIn } from "#edge/reads/people.ts";
import type { Person } from "#edge/session.ts";
import { closeSession, openSession } from "#edge/session.ts";
import type { Desk } from "./desk.ts";
import { isPassword } from "./password.ts";

export type LogIn = { ok: true; person: Person } | { ok: false; reason: "wrong" | "tooMany" };

/** On success the answer to c carries the cookie. now in seconds since 1970. */
export async function logIn(
  c: Context,
  parts: { database: Database; desk: Desk; now: number },
  given: { username: string; password: string },
): Promise<LogIn> {
  const { database, desk, now } = parts;
  const username = given.username.trim().toLowerCase();
  if (!(await desk.mayLogIn(username, now))) return { ok: false, reason: "tooMany" };
  const known = await readLogIn(database, username);
  if (!(await isPassword(given.password, known?.password)) || !known) {
    await desk.logInFailed(username, now);
    return { ok: false, reason: "wrong" };
  }
  const { password: _stored, ...person } = known;
  await desk.startSession(username, openSession(c, person, now), now);
  return { ok: true, person };
}

export async function logOut(c: Context, desk: Desk): Promise<void> {
  const hash = closeSession(c);
  if (hash) await desk.endSession(hash);
}
