// The writes behind the log-in page. Called by the gateway object alone, the one writer of the database.

import type { Client } from "@libsql/client/web";
import type { Language, Session } from "#edge/session.ts";
import type { Bytes } from "#protocol/bytes.ts";

/** Also forgets the sessions that have run out by now (seconds since 1970). */
export async function storeSession(client: Client, session: Session, now: number): Promise<void> {
  await client.batch(
    [
      { sql: "delete from session where expires_at <= ?", args: [now] },
      {
        sql: "insert into session(hash, person, expires_at) values(?, ?, ?)",
        args: [session.hash, session.person, session.expiresAt],
      },
    ],
    "write",
  );
}

export async function forgetSession(client: Client, hash: Bytes): Promise<void> {
  await client.execute({ sql: "delete from session where hash = ?", args: [hash] });
}

export async function setLanguage(
  client: Client,
  person: number,
  language: Language,
): Promise<void> {
  await client.execute({
    sql: "update person set language = ? where id = ?",
    args: [language, person],
  });
}
