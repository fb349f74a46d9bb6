// The badges of staff: whose, until when, and when each last opened a counter.

import type { Client } from "@libsql/client/web";
import { bytesIn, numberIn, textIn } from "#edge/ledger/row.ts";
import { toHex } from "#protocol/bytes.ts";
import { decodeToken } from "#protocol/token.ts";

/** validUntil: the moment from which on it opens nothing, 0 for no end; lastOpened: 0 for not in the days looked at.
 * Seconds since 1970. */
export type Badge = {
  uid: string;
  person: number;
  name: string;
  since: number;
  validUntil: number;
  lastOpened: number;
};
export type Bearer = { id: number; name: string };

const LOOKED_AT_SECONDS = 90 * 86_400;

/** bearers: who may be given one. now in seconds since 1970. */
export async function readBadges(
  client: Client,
  now: number,
): Promise<{ badges: Badge[]; bearers: Bearer[] }> {
  const [badges, bearers, shifts] = await client.batch(
    [
      `select b.uid, b.person, p.name, b.since, b.valid_until
        from badge b join person p on p.id = b.person order by p.name, b.uid`,
      {
        sql: `select id, name from person where role not in ('guardian', 'student')
          and (ends_at = 0 or ends_at > ?) order by name`,
        args: [now],
      },
      {
        sql: "select token, at from entry where kind = 'open' and at > ? order by at",
        args: [now - LOOKED_AT_SECONDS],
      },
    ],
    "read",
  );
  const opened = new Map<number, number>();
  for (const row of shifts?.rows ?? []) {
    const decoded = decodeToken(bytesIn(row, "token"));
    if (decoded.ok) opened.set(decoded.token.entry.operator, numberIn(row, "at"));
  }
  return {
    badges: (badges?.rows ?? []).map((row) => ({
      uid: toHex(bytesIn(row, "uid")),
      person: numberIn(row, "person"),
      name: textIn(row, "name"),
      since: numberIn(row, "since"),
      validUntil: numberIn(row, "valid_until"),
      lastOpened: opened.get(numberIn(row, "person")) ?? 0,
    })),
    bearers: (bearers?.rows ?? []).map((row) => ({
      id: numberIn(row, "id"),
      name: textIn(row, "name"),
    })),
  };
}
