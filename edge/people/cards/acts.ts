// What is done with cards: issued, replaced, blocked, un-blocked, taken back. Staff may do all of it; a guardian blocks the
// cards of their children, and un-blocks what a guardian had blocked. Who may open the page is decided there; whose card it
// is, here. Each act is harmless when it comes twice.

import type { InStatement } from "@libsql/client/web";
import type { Ledger } from "#edge/ledger/ledger.ts";
import { inTurn } from "#edge/ledger/ledger.ts";
import { audit } from "../audit.ts";
import { blockedLetters } from "./letters.ts";
import type { Cause } from "./rows.ts";
import { insertCard, setStatus, takeBack } from "./rows.ts";
import type { Standing } from "./standing.ts";
import { readStanding } from "./standing.ts";
import type { UidFault } from "./uid.ts";
import { cardSubject, readUid } from "./uid.ts";

export const BLOCK_REASONS = ["lost", "stolen", "found", "other"] as const;
export type BlockReason = (typeof BLOCK_REASONS)[number];
const KEY_EPOCH_MAX = 255;

/** student: whose card it is on the page that asks, so that a page of yesterday blocks nobody else's. uid: as typed.
 * replaces: the card whose place the new one takes, "" for none. keyEpoch: of a card that proves itself, 0 for others. */
export type CardAct =
  | { kind: "issueCard"; student: number; uid: string; keyEpoch: number; replaces: string }
  | { kind: "blockCard"; student: number; uid: string; reason: string }
  | { kind: "unblockCard"; student: number; uid: string }
  | { kind: "returnCard"; student: number; uid: string };
export type CardRefusal =
  | UidFault
  | "bad-key"
  | "bad-reason"
  | "unknown-student"
  | "is-badge"
  | "in-use"
  | "not-theirs"
  | "by-school"
  | "has-left";
export type CardResult = { ok: true } | { ok: false; reason: CardRefusal };

type Doing<A extends CardAct = CardAct> = A & { by: number; at: number };

export function runCardAct(ledger: Ledger, act: Doing): Promise<CardResult> {
  const read = readUid(act.uid);
  if ("fault" in read) return Promise.resolve({ ok: false, reason: read.fault });
  return inTurn(ledger, async () => {
    const standing = await readStanding(ledger, read.uid, act);
    const plan = planOf(act, standing);
    if (typeof plan === "string") return { ok: false, reason: plan };
    if (plan.length) await ledger.client.batch(plan, "write");
    return { ok: true };
  });
}

/** The rows to write, none when it is done already; or why not. */
function planOf(act: Doing, standing: Standing): InStatement[] | CardRefusal {
  if (!standing.isTheirs) return "not-theirs";
  switch (act.kind) {
    case "issueCard":
      return issue(act, standing);
    case "blockCard":
      return block(act, standing);
    case "unblockCard":
      return unblock(act, standing);
    case "returnCard":
      return giveBack(act, standing);
  }
}

function issue(act: Doing<CardAct & { kind: "issueCard" }>, standing: Standing) {
  const { uid, holder, status } = standing;
  if (!standing.student) return "unknown-student";
  if (standing.student.hasLeft) return "has-left";
  if (standing.isBadge) return "is-badge";
  if (holder === act.student && status === "active") return [];
  if (holder !== undefined) return "in-use";
  const isKey = Number.isInteger(act.keyEpoch) && act.keyEpoch >= 0;
  if (!isKey || act.keyEpoch > KEY_EPOCH_MAX || (act.keyEpoch && uid.length !== 7))
    return "bad-key";
  const { replaced } = standing;
  if (act.replaces && !replaced) return "not-theirs";
  const cause = causeOf(act, act.replaces ? "replacement" : "");
  const after = { student: act.student, ...(act.keyEpoch ? { keyEpoch: act.keyEpoch } : {}) };
  return [
    ...(replaced ? [setStatus(replaced, "blocked", causeOf(act, "replaced"))] : []),
    insertCard({ uid, student: act.student, keyEpoch: act.keyEpoch }, cause),
    deedOf(act, standing, "card.issue", undefined, after),
    ...(replaced
      ? [deedOf(act, { ...standing, uid: replaced }, "card.block", "active", "blocked", "replaced")]
      : []),
  ];
}

function block(act: Doing<CardAct & { kind: "blockCard" }>, standing: Standing) {
  const reason = BLOCK_REASONS.find((one) => one === act.reason);
  if (!reason) return "bad-reason";
  if (standing.holder !== act.student) return "not-theirs";
  if (standing.status === "blocked") return [];
  return [
    setStatus(standing.uid, "blocked", causeOf(act, reason)),
    deedOf(act, standing, "card.block", "active", "blocked", reason),
    ...blockedLetters(standing, act),
  ];
}

function unblock(act: Doing<CardAct & { kind: "unblockCard" }>, standing: Standing) {
  if (standing.holder !== act.student) return "not-theirs";
  if (standing.status === "active") return [];
  if (standing.isGuardian && !standing.wasByGuardian) return "by-school";
  if (standing.student?.hasLeft) return "has-left";
  return [
    setStatus(standing.uid, "active", causeOf(act, "")),
    deedOf(act, standing, "card.unblock", "blocked", "active"),
  ];
}

function giveBack(act: Doing<CardAct & { kind: "returnCard" }>, standing: Standing) {
  // Sent twice: it lies in the drawer already.
  if (standing.holder === undefined && standing.lastHolder === act.student) return [];
  if (standing.holder !== act.student) return "not-theirs";
  return [
    ...takeBack({ uid: standing.uid }, causeOf(act, "")),
    deedOf(act, standing, "card.return", { student: act.student }),
  ];
}

function causeOf(act: Doing, reason: string): Cause {
  return { author: act.by, at: act.at, reason };
}

function deedOf(
  act: Doing,
  { uid }: Standing,
  action: string,
  before?: unknown,
  after?: unknown,
  reason = "",
): InStatement {
  const deed = { author: act.by, at: act.at, action, subject: cardSubject(uid), reason };
  return audit({ ...deed, before, after });
}
