// Accounts as their owners and the school's office see them: whose a connection token is, sessions, passkeys.

import { and, desc, eq, gt } from "drizzle-orm";
import type { Client } from "@libsql/client/web";
import { person } from "#edge/ledger/schema.ts";
import { readConnection } from "#edge/people/accounts/connection.ts";
import { passkey, session } from "#edge/people/accounts/tables.ts";
import type { Method } from "#edge/session.ts";
import type { Database } from "./database.ts";

export type Opened = { state: "good" | "used" | "expired"; name: string; username: string };

/** undefined for a code that nobody was given. */
export async function readOpened(
  client: Client,
  database: Database,
  code: string,
  now: number,
): Promise<Opened | undefined> {
  const connection = await readConnection(client, code, now);
  if (!connection) return undefined;
  const [owner] = await database
    .select({ name: person.name, username: person.username })
    .from(person)
    .where(eq(person.id, connection.person));
  return owner && { state: connection.state, ...owner };
}

export type OwnAccount = {
  address: string;
  hasPassword: boolean;
  hasCodes: boolean;
  sessions: { id: number; method: Method; agent: string; since: number }[];
  passkeys: { id: number; name: string; since: number }[];
};

export async function readOwnAccount(
  client: Client,
  database: Database,
  id: number,
  now: number,
): Promise<OwnAccount> {
  const [owners, credentials, sessions, passkeys] = await Promise.all([
    database.select({ address: person.address }).from(person).where(eq(person.id, id)),
    client.execute({
      sql: `select (select count(*) from credential where user_id = ?1 and password is not null) as password,
        (select two_factor_enabled from person where id = ?1) as codes`,
      args: [id],
    }),
    database
      .select()
      .from(session)
      .where(and(eq(session.userId, id), gt(session.expiresAt, new Date(now * 1000))))
      .orderBy(desc(session.createdAt)),
    database.select().from(passkey).where(eq(passkey.userId, id)).orderBy(passkey.id),
  ]);
  return {
    address: owners[0]?.address ?? "",
    hasPassword: credentials.rows[0]?.["password"] === 1,
    hasCodes: credentials.rows[0]?.["codes"] === 1,
    sessions: sessions.map((one) => ({
      id: one.id,
      method: one.method,
      agent: one.userAgent ?? "",
      since: secondsOf(one.createdAt),
    })),
    passkeys: passkeys.map((one) => ({
      id: one.id,
      name: one.name ?? "",
      since: secondsOf(one.createdAt),
    })),
  };
}

function secondsOf(date: Date | null): number {
  return Math.floor((date?.getTime() ?? 0) / 1000);
}
