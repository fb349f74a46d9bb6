// What went wrong is put right by new transfers, never by changing old ones: undone whole, given as
// goodwill, found to be somebody's after all, or borne by the school. Each says why.

import { turnedRound } from "#edge/postings.ts";
import type { Assign, CommandRefusal, CoverLoss, Goodwill, Reverse } from "./command.ts";
import { isAmount } from "./command.ts";
import { forReason } from "./money.ts";
import type { Booked, Family, Known } from "./known.ts";
import { findOrOpen, houseAccount, sourceKey } from "./known.ts";

export const reverse: Family<Reverse> = {
  fields: ["kind", "source", "counter", "reason"],
  accountOf: () => 0,
  decide({ source, counter, reason }, known) {
    if (!reason.trim()) return "no-reason";
    const booked = known.sources.get(sourceKey(source, counter));
    if (!booked) return "unknown-source";
    const fault = faultOf(booked);
    if (fault) return fault;
    if (booked.some((transfer) => isHeld(transfer, known))) return "is-order";
    return {
      postings: turnedRound(booked),
      moveOn() {
        for (const transfer of booked) transfer.isReversed = true;
      },
    };
  },
};

/** What is undone stays undone, and what a family has paid from suspense is put right there first. */
function faultOf(booked: Booked[]): CommandRefusal | undefined {
  if (booked.some((transfer) => transfer.isCorrection)) return "is-correction";
  if (booked.some((transfer) => transfer.isReversed)) return "reversed";
  if (booked.some((transfer) => transfer.isAssigned)) return "assigned";
  return undefined;
}

/** An order is cancelled while it waits, and has been eaten when it was handed over. */
function isHeld({ debit, credit }: Booked, known: Known): boolean {
  const hold = known.accounts.get("hold/orders");
  return hold !== undefined && (debit === hold || credit === hold);
}

export const goodwill: Family<Goodwill> = forReason("equity", "goodwill", "toWallet");

export const assign: Family<Assign> = {
  fields: ["kind", "source", "counter", "line", "student", "reason"],
  accountOf: ({ student }, known) => known.students.get(student) ?? 0,
  decide({ source, counter, line, student, reason }, known) {
    if (!reason.trim()) return "no-reason";
    const booked = known.sources.get(sourceKey(source, counter));
    const transfer = booked?.find((one) => one.line === line);
    if (!transfer) return "unknown-source";
    const wallet = known.students.get(student);
    if (wallet === undefined) return "unknown-student";
    const suspense = houseAccount(known, "suspense/cards");
    const { seq, debit, credit, amountCents } = transfer;
    if (debit !== suspense && credit !== suspense) return "not-in-suspense";
    const fault = faultOf([transfer]);
    if (fault) return fault;
    const [from, to] = debit === suspense ? [wallet, suspense] : [suspense, wallet];
    return {
      postings: [{ debit: from, credit: to, amountCents, reverses: 0 }],
      also: (no) => ({ sql: "insert into assignment values(?, ?)", args: [seq, no] }),
      moveOn() {
        transfer.isAssigned = true;
      },
    };
  },
};

export const coverLoss: Family<CoverLoss> = {
  fields: ["kind", "account", "cents", "reason"],
  accountOf: ({ account }, known) => known.accounts.get(account) ?? 0,
  decide({ account, cents, reason }, known) {
    if (!reason.trim()) return "no-reason";
    const lossy = houseAccount(known, account);
    const standsAt = known.balances.get(lossy) ?? 0;
    if (!isAmount(cents) || standsAt + cents > 0) return "cents-out-of-range";
    const { account: losses, opened } = findOrOpen(known, "equity", "losses");
    return {
      postings: [{ debit: losses, credit: lossy, amountCents: cents, reverses: 0 }],
      opened,
      moveOn: () => void known.balances.set(lossy, standsAt + cents),
    };
  },
};
