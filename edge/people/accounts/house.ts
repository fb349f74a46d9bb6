// What every way in needs: the ledger with its accounts, better-auth over them, the counts of failed attempts, a clock.

import type { InStatement } from "@libsql/client/web";
import { serializeSigned } from "hono/utils/cookie";
import type { Ledger } from "#edge/ledger/ledger.ts";
import { inTurn } from "#edge/ledger/ledger.ts";
import { numberIn, textIn } from "#edge/ledger/row.ts";
import type { Attempts } from "#edge/people/attempts.ts";
import type { Language, Role, Site } from "#edge/session.ts";
import { cookieName, sessionSeconds } from "#edge/session.ts";
import type { Auth } from "./auth.ts";
import { createAuth } from "./auth.ts";
import type { Browser } from "./knock.ts";

/** now: seconds since 1970. */
export type House = {
  ledger: Ledger;
  site: Site;
  auth: Auth;
  attempts: Attempts;
  now: () => number;
  /** The school's. */
  name: string;
};
export type Resident = {
  id: number;
  username: string;
  name: string;
  role: Role;
  language: Language;
  address: string;
  endsAt: number;
};

export function openHouse(parts: Omit<House, "auth">): House {
  const { ledger, site, now, name } = parts;
  const endOf = async (person: number): Promise<number> => {
    const [resident] = await findResidents(ledger, "id = ?", [person]);
    const end = now() + sessionSeconds(resident?.role ?? "guardian");
    return resident?.endsAt ? Math.min(end, resident.endsAt) : end;
  };
  return { ...parts, auth: createAuth({ ledger, ...site, name }, endOf) };
}

/** where: SQL of ours over the columns of person. */
export async function findResidents(
  ledger: Ledger,
  where: string,
  args: (string | number)[],
): Promise<Resident[]> {
  const found = await ledger.client.execute({
    sql: `select id, username, name, role, language, address, ends_at from person where ${where}
      order by id limit 20`,
    args,
  });
  return found.rows.map((row) => ({
    id: numberIn(row, "id"),
    username: textIn(row, "username"),
    name: textIn(row, "name"),
    role: textIn(row, "role") as Role,
    language: textIn(row, "language") as Language,
    address: textIn(row, "address"),
    endsAt: numberIn(row, "ends_at"),
  }));
}

export function hasLeft({ endsAt }: Resident, now: number): boolean {
  return endsAt > 0 && endsAt <= now;
}

/** All of it or nothing, in its turn among the ledger's writes; how many rows the last statement changed. */
export async function write(house: House, statements: InStatement[]): Promise<number> {
  const { ledger } = house;
  const results = await inTurn(ledger, () => ledger.client.batch(statements, "write"));
  return results.at(-1)?.rowsAffected ?? 0;
}

export function headersOf(browser: Browser): Headers {
  const headers = new Headers({ "user-agent": browser.agent });
  if (browser.cookie) headers.set("cookie", browser.cookie);
  if (browser.address) headers.set("cf-connecting-ip", browser.address);
  return headers;
}

/** A line for Set-Cookie; suffix: "" for the session itself. */
export function signCookie(
  house: House,
  suffix: string,
  value: string,
  maxAge: number,
): Promise<string> {
  const { secret, origin } = house.site;
  const name = cookieName(origin) + suffix;
  const secure = origin.startsWith("https:");
  return serializeSigned(name, value, secret, {
    path: "/",
    httpOnly: true,
    sameSite: "Lax",
    secure,
    maxAge,
  });
}
