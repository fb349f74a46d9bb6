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

/** The deeds of one act that touches many, in one statement. */
export function auditAll(deeds: Deed[]): InStatement {
  const rows = deeds.map((deed) => {
    const { author, at, action, subject } = deed;
    return [
      at,
      author,
      action,
      subject,
      jsonOf(deed.before),
      jsonOf(deed.after),
      deed.reason ?? "",
    ];
  });
  return {
    sql: `insert into audit(at, author, action, subject, before, after, reason)
      select value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6
      from json_each(?)`,
    args: [JSON.stringify(rows)],
  };
}

function jsonOf(value: unknown): string {
  return value === undefined ? "" : JSON.stringify(value);
}
