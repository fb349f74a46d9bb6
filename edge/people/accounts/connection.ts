// One-time connection tokens: how somebody gets in who has no password yet, or no longer. By mail as a link, on paper as
// a code to be typed. The table keeps only their SHA-256, and remembers those that were used or ran out, so that a page
// can say which it was.

import { createHash, randomBytes } from "node:crypto";
import type { Client, InStatement } from "@libsql/client/web";
import { numberIn } from "#edge/ledger/row.ts";
import type { Bytes } from "#protocol/bytes.ts";

export const CONNECTION_SECONDS = 14 * 24 * 3600;
/** Crockford's base 32: no I, L, O or U, so that a code on paper is read in one way. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_CHARACTERS = 20;
const GROUP_CHARACTERS = 4;
/** Mail that anybody can ask for must not fill a mailbox. */
const MAILS_PER_HOUR_MAX = 3;

/** good: opens the account of person. */
export type Connection = { state: "good" | "used" | "expired"; person: number };

/** 100 random bits, as K7QD-29XF-... */
export function makeCode(): string {
  const characters = [...randomBytes(CODE_CHARACTERS)].map((byte) => ALPHABET[byte & 31] ?? "");
  const groups = Array.from({ length: CODE_CHARACTERS / GROUP_CHARACTERS }, (_, i) =>
    characters.slice(i * GROUP_CHARACTERS, (i + 1) * GROUP_CHARACTERS).join(""),
  );
  return groups.join("-");
}

/** As it is typed: any case, with or without dashes, O for 0 and I or L for 1. */
export function hashOfCode(code: string): Bytes {
  const plain = code.toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1");
  return createHash("sha256")
    .update("obole/1/connection/" + plain.replace(/[^0-9A-Z]/g, ""))
    .digest();
}

/** A row of the batch that queues its mail or prints its letter. now in seconds since 1970. */
export function storeCode(person: number, code: string, now: number): InStatement {
  return {
    sql: "insert into invitation(hash, person, created_at, expires_at) values(?, ?, ?, ?)",
    args: [hashOfCode(code), person, now, now + CONNECTION_SECONDS],
  };
}

/** undefined for a code that nobody was given. */
export async function readConnection(
  client: Client,
  code: string,
  now: number,
): Promise<Connection | undefined> {
  const found = await client.execute({
    sql: "select person, expires_at, used_at from invitation where hash = ?",
    args: [hashOfCode(code)],
  });
  const row = found.rows[0];
  if (!row) return undefined;
  const person = numberIn(row, "person");
  if (numberIn(row, "used_at")) return { state: "used", person };
  return { state: numberIn(row, "expires_at") > now ? "good" : "expired", person };
}

/** Whether another mail may go to this person, who can be asked for by anybody. */
export async function mayMail(client: Client, person: number, now: number): Promise<boolean> {
  const found = await client.execute({
    sql: "select count(*) as mails from invitation where person = ? and created_at > ?",
    args: [person, now - 3600],
  });
  return numberIn(found.rows[0], "mails") < MAILS_PER_HOUR_MAX;
}

/** Spends the code, and with it all others of the same person: the last statements of a batch, of which the last
 * changes rows only if the code was still good. opening: in SQL, whose account it opens until then, or null. */
export function spend(code: string, now: number): { opening: string; statements: InStatement[] } {
  const hash = `x'${Buffer.from(hashOfCode(code)).toString("hex")}'`;
  const opening = `(select person from invitation where hash = ${hash} and used_at = 0
    and expires_at > ${Math.floor(now)})`;
  return {
    opening,
    statements: [
      {
        sql: `update person set activated_at = ? where activated_at = 0 and id = ${opening}`,
        args: [now],
      },
      {
        sql: `update invitation set used_at = ? where used_at = 0 and person = ${opening}`,
        args: [now],
      },
    ],
  };
}
