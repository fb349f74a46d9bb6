// The trace of what staff do. The row goes into the batch of what it tells about: neither is without the other.

import type { InStatement } from "@libsql/client/web";

/** author is a person; at in seconds since 1970. action: area and verb, "card.block"; subject: "student/12". before and
 * after hold only what changes, and no secret. */
export type Deed = {
  author: number;
  at: number;
  action: string;
  subject: string;
  before?: unknown;
  after?: unknown;
  reason?: string;
};

/** A row of the batch that does it. */
export function audit({ author, at, action, subject, before, after, reason }: Deed): InStatement {
  return {
    sql: `insert into audit(at, author, action, subject, before, after, reason)
      values(?, ?, ?, ?, ?, ?, ?)`,
    args: [at, author, action, subject, jsonOf(before), jsonOf(after), reason ?? ""],
  };
}

function jsonOf(value: unknown): string {
  return value === undefined ? "" : JSON.stringify(value);
}
