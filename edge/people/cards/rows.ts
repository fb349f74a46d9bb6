// The rows that move a card. Each first says who does it, when and why, from which the triggers of migration 0018 write the
// card's history.

import type { InStatement } from "@libsql/client/web";
import type { Bytes } from "#protocol/bytes.ts";

/** author: a person, 0 for nobody; at in seconds since 1970. */
export type Cause = { author: number; at: number; reason: string };

export function insertCard(
  card: { uid: Bytes; student: number; keyEpoch: number },
  { author, at, reason }: Cause,
): InStatement {
  return {
    sql: `insert into card(uid, student, status, since, key_epoch, author, reason)
      values(?, ?, 'active', ?, ?, ?, ?)`,
    args: [card.uid, card.student, at, card.keyEpoch, author, reason],
  };
}

export function setStatus(
  uid: Bytes,
  status: "active" | "blocked",
  { author, at, reason }: Cause,
): InStatement {
  return {
    sql: `update card set status = ?, since = ?, author = ?, reason = ?
      where uid = ? and status <> ?1`,
    args: [status, at, author, reason, uid],
  };
}

/** They lie in a drawer of the school again, and may be issued to anybody. */
export function takeBack(which: { uid: Bytes } | { student: number }, cause: Cause): InStatement[] {
  const { author, at, reason } = cause;
  const isOne = "uid" in which;
  const where = isOne ? "uid = ?" : "student = ?";
  const key = isOne ? which.uid : which.student;
  return [
    {
      sql: `update card set since = ?, author = ?, reason = ? where ${where}`,
      args: [at, author, reason, key],
    },
    { sql: `delete from card where ${where}`, args: [key] },
  ];
}
