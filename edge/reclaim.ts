// Money that lies in leases at other counters, fetched for whoever needs it now: terminals that are
// there are asked to give back what they hold of the student, and a second is waited for their
// entries. A time-out releases nothing; it only ends the waiting.

import type { Client, Row } from "@libsql/client/web";
import { chainKey } from "./books.ts";
import { tell } from "./downlink.ts";
import type { Voice } from "./downlink.ts";
import type { Ask, Seller, Unmet } from "./grants.ts";
import { numberIn } from "./ledger/row.ts";

/** A terminal that asks gives up after 1.5 seconds (firmware/steps.ts), and the answer must get
 * there. */
export const RECLAIM_MS = 1200;

export type Holder = Seller & { student: number; version: number; leftCents: number };
/** Somebody who waits for these terminals: a counter that has asked, or a command. */
export type Waiting = {
  student: number;
  ask?: Ask;
  untilMs: number;
  /** By chainKey. */
  holders: Set<string>;
  done: () => void;
};
type Reclaiming = { waiting: Waiting[]; students: Set<number>; voice: Voice; now: () => number };

const HOLDERS = `select l.terminal, l.epoch, l.student, l.version,
    l.ceiling + l.voided - l.spent as left
  from lease l join terminal t on t.id = l.terminal and t.epoch = l.epoch
  where t.here = 1 and t.selling = 1 and l.student in (select value from json_each(?))
    and l.spent - l.voided < l.ceiling
  order by left desc, l.terminal`;

/** Leases of these students that a terminal could give back now, the largest first. */
export async function readHolders(client: Client, students: number[]): Promise<Holder[]> {
  const found = await client.execute({ sql: HOLDERS, args: [JSON.stringify(students)] });
  return found.rows.map(holderOfRow);
}

function holderOfRow(row: Row): Holder {
  return {
    terminal: numberIn(row, "terminal"),
    epoch: numberIn(row, "epoch"),
    student: numberIn(row, "student"),
    version: numberIn(row, "version"),
    leftCents: numberIn(row, "left"),
  };
}

/** The fewest that suffice; nobody when all together would not, and nobody at whose counter the
 * same student stands. */
export function chooseHolders({ ask, freeCents }: Unmet, holders: Holder[], asks: Ask[]): Holder[] {
  const isAsking = (holder: Holder): boolean =>
    asks.some((one) => one.student === ask.student && one.terminal === holder.terminal);
  const chosen: Holder[] = [];
  let cents = freeCents;
  for (const holder of holders) {
    if (cents >= ask.cents) break;
    if (holder.student !== ask.student || isAsking(holder)) continue;
    chosen.push(holder);
    cents += holder.leftCents;
  }
  return cents >= ask.cents ? chosen : [];
}

/** Asks them, and notes who waits for it. */
export function askBack(
  reclaiming: Reclaiming,
  chosen: Holder[],
  who: { student: number; ask?: Ask; done?: () => void },
): void {
  for (const { terminal, epoch, student, version } of chosen) {
    const wish = { student, ceilingCents: 0, version: version + 1 };
    tell(reclaiming.voice, terminal, epoch, { kind: "lower", leases: [wish] });
  }
  const untilMs = reclaiming.now() + RECLAIM_MS;
  const holders = new Set(chosen.map((one) => chainKey(one.terminal, one.epoch)));
  reclaiming.waiting.push({ done: () => undefined, ...who, untilMs, holders });
}

/** A terminal has given back a lease, or all of them: whoever waits for it is to be looked at. */
export function heardBack(reclaiming: Reclaiming, seller: Seller, student?: number): void {
  const key = chainKey(seller.terminal, seller.epoch);
  for (const waiting of reclaiming.waiting) {
    if (student !== undefined && waiting.student !== student) continue;
    if (!waiting.holders.delete(key)) continue;
    reclaiming.students.add(waiting.student);
    if (!waiting.holders.size) waiting.done();
  }
}

/** Runs a command; when the free balance of a student does not cover it (shortOf says whose), asks
 * the counters for what they hold of it and runs it once more. What comes is kept from other counters
 * until then. */
export async function coverFor<T>(
  reclaiming: Reclaiming & { ledger: { client: Client } },
  run: () => Promise<T>,
  shortOf: (result: T) => number | undefined,
): Promise<T> {
  const result = await run();
  const student = shortOf(result);
  if (student === undefined) return result;
  const holders = await readHolders(reclaiming.ledger.client, [student]);
  if (!holders.length) return result;
  const { promise: patience, resolve: done } = Promise.withResolvers<void>();
  const timer = setTimeout(done, RECLAIM_MS);
  askBack(reclaiming, holders, { student, done });
  await patience;
  clearTimeout(timer);
  try {
    return await run();
  } finally {
    reclaiming.waiting = reclaiming.waiting.filter((one) => one.done !== done);
    reclaiming.students.add(student);
  }
}
