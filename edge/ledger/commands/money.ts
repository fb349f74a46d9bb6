// Accounts are opened, money comes in (cash, a transfer, a correction of either sign), and a family asks it back.

import type { Gift, Goodwill, OpenAccount, Refund, TopUp } from "./command.ts";
import { isAmount, isId, TOP_UP_CENTS_MAX } from "./command.ts";
import type { Family } from "./known.ts";
import { findOrOpen, houseAccount } from "./known.ts";

export const topUp: Family<TopUp> = {
  fields: ["kind", "student", "cents", "means", "note", "payer"],
  accountOf: ({ student }, known) => known.students.get(student) ?? 0,
  decide({ student, cents, means }, known) {
    const leastCents = means === "correction" ? -TOP_UP_CENTS_MAX : 1;
    if (!Number.isSafeInteger(cents) || !cents || cents < leastCents || cents > TOP_UP_CENTS_MAX)
      return "cents-out-of-range";
    const wallet = known.students.get(student);
    if (wallet === undefined) return "unknown-student";
    const house = houseAccount(
      known,
      means === "correction" ? "equity/correction" : `bank/${means}`,
    );
    const [debit, credit] = cents > 0 ? [house, wallet] : [wallet, house];
    return { postings: [{ debit, credit, amountCents: Math.abs(cents), reverses: 0 }] };
  },
};

/** Moves cents between a student's wallet and an account of the house, which the first one opens, for a
 * reason that the family reads. */
export function forReason<C extends Goodwill | Refund | Gift>(
  kind: string,
  ref: string,
  direction: "toWallet" | "fromWallet",
): Family<C> {
  return {
    fields: ["kind", "student", "cents", "reason"],
    accountOf: ({ student }, known) => known.students.get(student) ?? 0,
    decide({ student, cents, reason }, known) {
      if (!reason.trim()) return "no-reason";
      if (!isAmount(cents)) return "cents-out-of-range";
      const wallet = known.students.get(student);
      if (wallet === undefined) return "unknown-student";
      const { account, opened } = findOrOpen(known, kind, ref);
      const [debit, credit] = direction === "toWallet" ? [account, wallet] : [wallet, account];
      return { postings: [{ debit, credit, amountCents: cents, reverses: 0 }], opened };
    },
  };
}

export const refund: Family<Refund> = forReason("refund", "requested", "fromWallet");

export const openAccount: Family<OpenAccount> = {
  fields: ["kind", "account", "ref"],
  accountOf: ({ account, ref }, known) => known.accounts.get(`${account}/${ref}`) ?? 0,
  decide({ account, ref }, known) {
    if (!isId(ref)) return "bad-ref";
    return { postings: [], opened: findOrOpen(known, account, ref).opened };
  },
};
