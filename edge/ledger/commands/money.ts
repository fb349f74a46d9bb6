// Accounts are opened, money comes in (cash, a transfer, a correction of either sign), and a family asks it back.

import type { OpenAccount, Refund, TopUp } from "./command.ts";
import { isAmount, isId, TOP_UP_CENTS_MAX } from "./command.ts";
import type { Family } from "./known.ts";
import { findOrOpen, houseAccount } from "./known.ts";

export const topUp: Family<TopUp> = {
  fields: ["kind", "student", "cents", "means", "note"],
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

export const refund: Family<Refund> = {
  fields: ["kind", "student", "cents", "reason"],
  accountOf: ({ student }, known) => known.students.get(student) ?? 0,
  decide({ student, cents, reason }, known) {
    if (!reason.trim()) return "no-reason";
    if (!isAmount(cents)) return "cents-out-of-range";
    const wallet = known.students.get(student);
    if (wallet === undefined) return "unknown-student";
    const { account, opened } = findOrOpen(known, "refund", "requested");
    const postings = [{ debit: wallet, credit: account, amountCents: cents, reverses: 0 }];
    return { postings, opened };
  },
};

export const openAccount: Family<OpenAccount> = {
  fields: ["kind", "account", "ref"],
  accountOf: ({ account, ref }, known) => known.accounts.get(`${account}/${ref}`) ?? 0,
  decide({ account, ref }, known) {
    if (!isId(ref)) return "bad-ref";
    return { postings: [], opened: findOrOpen(known, account, ref).opened };
  },
};
