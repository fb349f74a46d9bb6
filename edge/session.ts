// Who asks: the cookie of a browser, and the session and person behind it. The cookie is 32 random bytes; the table
// holds only their SHA-256, so that a copy of the table opens no door.

import { createHash, randomBytes } from "node:crypto";
import { and, eq, gt } from "drizzle-orm";
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { Bytes } from "#protocol/bytes.ts";
import { person, session } from "./ledger/schema.ts";
import type { Database } from "./reads/database.ts";

const COOKIE = "obole";
const TOKEN_BYTES = 32;
/** Staff share computers, families keep a phone. */
const STAFF_SECONDS = 12 * 3600;
const FAMILY_SECONDS = 30 * 24 * 3600;

export type Role = (typeof person.$inferSelect)["role"];
export type Language = (typeof person.$inferSelect)["language"];
export type Person = {
  id: number;
  username: string;
  name: string;
  role: Role;
  language: Language;
};
export type Session = { hash: Bytes; person: number; expiresAt: number };

/** The person whose session the request's cookie opens; undefined for a visitor. now in seconds since 1970. */
export async function personOf(
  c: Context,
  database: Database,
  now: number,
): Promise<Person | undefined> {
  const token = getCookie(c, COOKIE, prefixOf(c));
  if (!token) return undefined;
  const rows = await database
    .select({
      id: person.id,
      username: person.username,
      name: person.name,
      role: person.role,
      language: person.language,
    })
    .from(session)
    .innerJoin(person, eq(person.id, session.person))
    .where(and(eq(session.hash, hashOf(token)), gt(session.expiresAt, now)));
  return rows[0];
}

/** Gives the browser its cookie and returns the session to store. now in seconds since 1970. */
export function openSession(c: Context, who: Person, now: number): Session {
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  const lasting = who.role === "guardian" || who.role === "student";
  const seconds = lasting ? FAMILY_SECONDS : STAFF_SECONDS;
  const prefix = prefixOf(c);
  setCookie(c, COOKIE, token, {
    ...(prefix ? { prefix } : {}),
    path: "/",
    httpOnly: true,
    sameSite: "Lax",
    secure: prefix === "host",
    maxAge: seconds,
  });
  return { hash: hashOf(token), person: who.id, expiresAt: now + seconds };
}

/** Takes the browser's cookie back and returns the hash of the session to forget; undefined when there is none. */
export function closeSession(c: Context): Bytes | undefined {
  const prefix = prefixOf(c);
  const token = getCookie(c, COOKIE, prefix);
  deleteCookie(c, COOKIE, { ...(prefix ? { prefix } : {}), path: "/", secure: prefix === "host" });
  return token ? hashOf(token) : undefined;
}

/** Over https the name begins with __Host-, which only a secure page of this very host can set (RFC 6265bis
 * section 4.1.3.2); a school's test machine speaks plain http. */
function prefixOf(c: Context): "host" | undefined {
  return new URL(c.req.url).protocol === "https:" ? "host" : undefined;
}

function hashOf(token: string): Bytes {
  return createHash("sha256").update(token).digest();
}
