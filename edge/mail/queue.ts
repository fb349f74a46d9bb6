// Mail goes out by way of a table: it is queued in the same transaction as its cause, so that neither is without the
// other, and under an id that follows from the cause, so that it is queued once. Each try is marked before it is made: if
// we are stopped between sending and knowing, it is sent again later, once more rather than never.

import type { InStatement } from "@libsql/client/web";
import type { Ledger } from "#edge/ledger/ledger.ts";
import { inTurn } from "#edge/ledger/ledger.ts";
import { numberIn, textIn } from "#edge/ledger/row.ts";
import { log } from "#edge/log.ts";
import type { Mailer, Sent } from "./mailer.ts";

export type Mail = { id: string; address: string; subject: string; body: string; html: string };

const SENT_PER_ROUND_MAX = 50;
const RETRY_SECONDS = [60, 300, 900, 3600, 3 * 3600, 6 * 3600];
/** As RFC 5321 section 4.5.4.1 asks for at least. */
const GIVE_UP_SECONDS = 4 * 24 * 3600;
const ERROR_CHARACTERS_MAX = 300;

/** A row of the batch that causes it; at in seconds since 1970. Nothing is queued for an address that takes no mail. */
export function queueMail({ id, address, subject, body, html }: Mail, at: number): InStatement {
  return {
    sql: `insert into mail(id, address, subject, body, html, queued_at)
      select ?1, ?2, ?3, ?4, ?5, ?6
      where not exists(select 1 from dead_address where address = lower(?2))
      on conflict(id) do nothing`,
    args: [id, address, subject, body, html, at],
  };
}

/** Sends what is due, the oldest first; how many went out. now in seconds since 1970. */
export async function sendDue(ledger: Ledger, mailer: Mailer, now: number): Promise<number> {
  let count = 0;
  for (let i = 0; i < SENT_PER_ROUND_MAX; i++) {
    const mail = await takeNext(ledger, now);
    if (!mail) return count;
    const { address: to, subject, body: text, html } = mail;
    const sent = await mailer.send({ to, subject, text, html });
    await write(ledger, markOf(mail, sent, now));
    if (sent.ok) count++;
    else log("mail-not-sent", { mail: mail.no, reason: sent.reason, tries: mail.tries });
  }
  return count;
}

type Taken = Mail & { no: number; queuedAt: number; tries: number };

async function takeNext(ledger: Ledger, now: number): Promise<Taken | undefined> {
  const found = await inTurn(ledger, () =>
    ledger.client.execute({
      sql: `update mail set tries = tries + 1, next_at = ?1 + 60
        where rowid = (select rowid from mail where state = 'waiting' and next_at <= ?1
          order by queued_at, rowid limit 1)
        returning rowid as no, *`,
      args: [now],
    }),
  );
  const row = found.rows[0];
  if (!row) return undefined;
  return {
    no: numberIn(row, "no"),
    id: textIn(row, "id"),
    address: textIn(row, "address"),
    subject: textIn(row, "subject"),
    body: textIn(row, "body"),
    html: textIn(row, "html"),
    queuedAt: numberIn(row, "queued_at"),
    tries: numberIn(row, "tries"),
  };
}

function markOf({ no, address, queuedAt, tries }: Taken, sent: Sent, now: number): InStatement[] {
  if (sent.ok)
    return [
      {
        sql: "update mail set state = 'sent', sent_at = ?, error = '' where rowid = ?",
        args: [now, no],
      },
    ];
  const error = sent.said.slice(0, ERROR_CHARACTERS_MAX);
  if (sent.reason === "later") {
    const next = now + (RETRY_SECONDS[tries - 1] ?? RETRY_SECONDS.at(-1) ?? 0);
    const state = next - queuedAt > GIVE_UP_SECONDS ? "given-up" : "waiting";
    const sql = "update mail set state = ?, next_at = ?, error = ? where rowid = ?";
    return [{ sql, args: [state, next, error, no] }];
  }
  const refused = "update mail set state = 'refused', error = ? where rowid = ?";
  const mark = { sql: refused, args: [error, no] };
  return sent.reason === "address" ? [mark, ...closeAddress(address, error, now)] : [mark];
}

/** Nothing more goes to this address; also by order of whoever reads the bounces that come back by mail. */
export function closeAddress(address: string, error: string, now: number): InStatement[] {
  return [
    {
      sql: "insert into dead_address values(lower(?), ?, ?) on conflict(address) do nothing",
      args: [address, now, error],
    },
    {
      sql: `update mail set state = 'refused', error = ?
        where state = 'waiting' and lower(address) = lower(?)`,
      args: [error, address],
    },
  ];
}

/** The office says that it works again. */
export function reopenAddress(address: string): InStatement[] {
  return [
    { sql: "delete from dead_address where address = lower(?)", args: [address] },
    {
      sql: `update mail set state = 'waiting', next_at = 0, tries = 0
        where state in('refused', 'given-up') and lower(address) = lower(?)`,
      args: [address],
    },
  ];
}

async function write(ledger: Ledger, statements: InStatement[]): Promise<void> {
  await inTurn(ledger, () => ledger.client.batch(statements, "write"));
}
