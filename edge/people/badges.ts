// Badges of staff: given with a last day, taken back, and gone by themselves when that day or the person's own is over.

import type { InStatement } from "@libsql/client/web";
import type { Ledger } from "#edge/ledger/ledger.ts";
import { inTurn } from "#edge/ledger/ledger.ts";
import { bytesIn, numberIn } from "#edge/ledger/row.ts";
import { endIn } from "#edge/calendar.ts";
import { audit } from "./audit.ts";
import type { UidFault } from "./cards/uid.ts";
import { cardSubject, readUid } from "./cards/uid.ts";

/** lastDay: "2026-11-23", the last on which it opens a counter; "" for no end. */
export type BadgeAct =
  | { kind: "giveBadge"; person: number; uid: string; lastDay: string }
  | { kind: "takeBadge"; uid: string };
export type BadgeRefusal =
  | UidFault
  | "bad-day"
  | "over"
  | "not-staff"
  | "is-card"
  | "in-use"
  | "unknown-badge";
export type BadgeResult = { ok: true } | { ok: false; reason: BadgeRefusal };
type Doing<A extends BadgeAct = BadgeAct> = A & { by: number; at: number };

export function runBadgeAct(ledger: Ledger, act: Doing): Promise<BadgeResult> {
  return inTurn(ledger, () => (act.kind === "giveBadge" ? give(ledger, act) : take(ledger, act)));
}

async function give(
  ledger: Ledger,
  act: Doing<BadgeAct & { kind: "giveBadge" }>,
): Promise<BadgeResult> {
  const read = readUid(act.uid);
  if ("fault" in read) return { ok: false, reason: read.fault };
  const { uid } = read;
  const validUntil = endIn(act.lastDay);
  if (validUntil === undefined) return { ok: false, reason: "bad-day" };
  if (validUntil && validUntil <= act.at) return { ok: false, reason: "over" };
  const [people, cards, badges] = await ledger.client.batch(
    [
      {
        sql: `select 1 from person where id = ? and role not in ('guardian', 'student')
          and (ends_at = 0 or ends_at > ?)`,
        args: [act.person, act.at],
      },
      { sql: "select 1 from card where uid = ?", args: [uid] },
      { sql: "select person, valid_until from badge where uid = ?", args: [uid] },
    ],
    "read",
  );
  if (!people?.rows.length) return { ok: false, reason: "not-staff" };
  if (cards?.rows.length) return { ok: false, reason: "is-card" };
  const known = badges?.rows[0];
  if (known && numberIn(known, "person") !== act.person) return { ok: false, reason: "in-use" };
  if (known && numberIn(known, "valid_until") === validUntil) return { ok: true };
  const after = { person: act.person, lastDay: act.lastDay };
  await ledger.client.batch(
    [
      // Its end moves: a badge is taken back and given anew, so that every counter hears of it.
      { sql: "delete from badge where uid = ?", args: [uid] },
      {
        sql: "insert into badge(uid, person, since, valid_until, author) values(?, ?, ?, ?, ?)",
        args: [uid, act.person, act.at, validUntil, act.by],
      },
      audit({ author: act.by, at: act.at, action: "badge.give", subject: cardSubject(uid), after }),
    ],
    "write",
  );
  return { ok: true };
}

async function take(
  ledger: Ledger,
  act: Doing<BadgeAct & { kind: "takeBadge" }>,
): Promise<BadgeResult> {
  const read = readUid(act.uid);
  if ("fault" in read) return { ok: false, reason: read.fault };
  const { uid } = read;
  const found = await ledger.client.execute({
    sql: "select person from badge where uid = ?",
    args: [uid],
  });
  if (!found.rows.length) return { ok: false, reason: "unknown-badge" };
  const before = { person: numberIn(found.rows[0], "person") };
  const deed = { author: act.by, at: act.at, action: "badge.return", subject: cardSubject(uid) };
  await ledger.client.batch(
    [{ sql: "delete from badge where uid = ?", args: [uid] }, audit({ ...deed, before })],
    "write",
  );
  return { ok: true };
}

const EXPIRED = `select b.uid, b.person, coalesce(nullif(b.author, 0), b.person) as author
  from badge b join person p on p.id = b.person
  where (b.valid_until > 0 and b.valid_until <= ?1) or (p.ends_at > 0 and p.ends_at <= ?1)`;

/** What has run out leaves the roster of every counter; how many. The log names who had given it: it ends as they said. */
export function endBadges(ledger: Ledger, nowMs: number): Promise<number> {
  const at = Math.floor(nowMs / 1000);
  return inTurn(ledger, async () => {
    const found = await ledger.client.execute({ sql: EXPIRED, args: [at] });
    const statements = found.rows.flatMap((row): InStatement[] => {
      const uid = bytesIn(row, "uid");
      const before = { person: numberIn(row, "person") };
      const deed = { author: numberIn(row, "author"), at, action: "badge.expire", before };
      return [
        { sql: "delete from badge where uid = ?", args: [uid] },
        audit({ ...deed, subject: cardSubject(uid) }),
      ];
    });
    if (statements.length) await ledger.client.batch(statements, "write");
    return found.rows.length;
  });
}
