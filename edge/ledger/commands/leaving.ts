// What a family decides of the balance of a child who leaves the school, beside a refund: it goes to a brother or sister
// who stays, or to the school's solidarity. Each says on whose word.

import type { Gift, ToSibling } from "./command.ts";
import { isAmount } from "./command.ts";
import type { Family } from "./known.ts";
import { forReason } from "./money.ts";

export const gift: Family<Gift> = forReason("solidarity", "grace", "fromWallet");

/** Whether they are siblings is the office's to know. */
export const toSibling: Family<ToSibling> = {
  fields: ["kind", "student", "to", "cents", "reason"],
  accountOf: ({ to }, known) => known.students.get(to) ?? 0,
  decide({ student, to, cents, reason }, known) {
    if (!reason.trim()) return "no-reason";
    if (!isAmount(cents)) return "cents-out-of-range";
    const debit = known.students.get(student);
    const credit = known.students.get(to);
    if (debit === undefined || credit === undefined || debit === credit) return "unknown-student";
    return { postings: [{ debit, credit, amountCents: cents, reverses: 0 }] };
  },
};
