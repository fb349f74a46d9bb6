// Who asks: the cookie of a browser, and the session and person behind it. better-auth writes both
// (people/accounts/auth.ts); every page reads them here, in one query. The cookie carries the session's token signed, so
// that a copy of the table opens no door.

import { and, eq, gt, or } from "drizzle-orm";
import type { Context } from "hono";
import { getSignedCookie } from "hono/cookie";
import { person } from "./ledger/schema.ts";
import { session } from "./people/accounts/tables.ts";
import type { Database } from "./reads/database.ts";

/** Staff share computers, families keep a phone. */
const STAFF_SECONDS = 12 * 3600;
const FAMILY_SECONDS = 30 * 24 * 3600;

export type Role = (typeof person.$inferSelect)["role"];
export type Language = (typeof person.$inferSelect)["language"];
/** How somebody got in: password; code, a second factor after it; passkey; link, a one-time connection token. */
export type Method = (typeof session.$inferSelect)["method"];
/** isProven: a second factor was given, or none is asked of this role. student: the one whose own view it is. */
export type Person = {
  id: number;
  username: string;
  name: string;
  role: Role;
  language: Language;
  student: number | null;
  session: number;
  method: Method;
  isProven: boolean;
};
/** Of this deployment. origin: where browsers reach the pages, without a slash at the end. */
export type Site = { secret: string; origin: string };

/** The person whose session the request's cookie opens; undefined for a visitor. now in seconds since 1970. */
export async function personOf(
  c: Context,
  database: Database,
  site: Site,
  now: number,
): Promise<Person | undefined> {
  const token = await getSignedCookie(c, site.secret, cookieName(site.origin));
  if (!token) return undefined;
  const rows = await database
    .select({
      id: person.id,
      username: person.username,
      name: person.name,
      role: person.role,
      language: person.language,
      student: person.student,
      session: session.id,
      method: session.method,
    })
    .from(session)
    .innerJoin(person, eq(person.id, session.userId))
    .where(
      and(
        eq(session.token, token),
        gt(session.expiresAt, new Date(now * 1000)),
        or(eq(person.endsAt, 0), gt(person.endsAt, now)),
      ),
    );
  const [found] = rows;
  return found && { ...found, isProven: isProven(found.role, found.method) };
}

/** Who handles everybody's money or data gives a second factor; a passkey asks its owner for one itself. */
function isProven(role: Role, method: Method): boolean {
  const isAsked = role === "bursar" || role === "secretary";
  return !isAsked || method === "code" || method === "passkey";
}

export function sessionSeconds(role: Role): number {
  return role === "guardian" || role === "student" ? FAMILY_SECONDS : STAFF_SECONDS;
}

/** Over https the name begins with __Host-, which only a secure page of this very host can set (RFC 6265bis
 * section 4.1.3.2); a school's test machine speaks plain http. */
export function cookieName(origin: string): string {
  return origin.startsWith("https:") ? "__Host-obole" : "obole";
}
