// The evening: terminals that are still open are asked to give back all they hold, so that at night
// the whole of every balance is free at home. One that is off, or at which somebody is being served,
// keeps its leases and is asked again at the next look.

import { tell } from "./downlink.ts";
import type { Voice } from "./downlink.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { LAST_SEQ } from "./ledger/ledger.ts";
import { numberIn } from "./ledger/row.ts";

const clock = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/Brussels",
  hour: "2-digit",
  minute: "2-digit",
});

/** Takes a moment; a shift that was opened before it is over. The gateway's own clock counts. */
const OVERDUE = `select * from (
    select t.id, t.epoch, ${LAST_SEQ} as seq,
      (select received_at from entry where terminal = t.id and epoch = t.epoch and kind = 'open'
        order by seq desc limit 1) as opened
    from terminal t where t.selling = 1 and t.here = 1)
  where opened < ?`;
const CLOSES_AT = "select closes_at from school";

type Recalling = { ledger: Ledger; voice: Voice; now: () => number };

/** Asks each terminal whose shift should be over; says how many. */
export async function recallShifts({ ledger, voice, now }: Recalling): Promise<number> {
  const school = await ledger.client.execute(CLOSES_AT);
  const row = school.rows[0];
  if (!row) return 0;
  const moment = lastClosing(now(), numberIn(row, "closes_at"));
  const overdue = await ledger.client.execute({ sql: OVERDUE, args: [moment] });
  for (const late of overdue.rows) {
    const seq = numberIn(late, "seq");
    const message = { kind: "recall" as const, seq, reopen: false };
    tell(voice, numberIn(late, "id"), numberIn(late, "epoch"), message);
  }
  return overdue.rows.length;
}

/** The latest of today's midnight and today's closing time in Brussels, in seconds since 1970. A
 * shift that was opened again in the evening lasts until midnight. (In the night when the clocks
 * change it may be an hour off.) */
export function lastClosing(nowMs: number, closesAt: number): number {
  const [hours = 0, minutes = 0] = clock.format(nowMs).split(":").map(Number);
  const passed = hours * 60 + minutes;
  const since = passed >= closesAt ? passed - closesAt : passed;
  return (Math.floor(nowMs / 60_000) - since) * 60;
}
