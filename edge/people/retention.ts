// What is over its time is removed, once a day, by the list in stored.ts.

import type { InStatement } from "@libsql/client/web";
import type { Ledger } from "#edge/ledger/ledger.ts";
import { inTurn } from "#edge/ledger/ledger.ts";
import { schoolDay } from "#edge/order-lists.ts";
import { STORED } from "./stored.ts";

const DAY_SECONDS = 86_400;
const CHORE = "retention";

/** At the first look after midnight. Says whether it was this one. */
export function removeOutdated(ledger: Ledger, nowMs: number): Promise<boolean> {
  const day = schoolDay(nowMs);
  const now = Math.floor(nowMs / 1000);
  return inTurn(ledger, async () => {
    const sql = "select 1 from chore where name = ? and day >= ?";
    const done = await ledger.client.execute({ sql, args: [CHORE, day] });
    if (done.rows.length) return false;
    await ledger.client.batch([...removals(now), noteDone(day)], "write");
    return true;
  });
}

function removals(now: number): InStatement[] {
  return STORED.flatMap(({ table, expires }) =>
    expires
      ? [
          {
            sql: `delete from ${table} where ${expires.column} <= ?`,
            args: [now - expires.days * DAY_SECONDS],
          },
        ]
      : [],
  );
}

function noteDone(day: number): InStatement {
  return {
    sql: `insert into chore(name, day) values(?, ?)
      on conflict(name) do update set day = excluded.day`,
    args: [CHORE, day],
  };
}
