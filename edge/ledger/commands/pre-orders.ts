// What a family orders for a day is paid at once: the wallet pays the hold, from which its sales are earned
// when it is handed over (postings.ts), or which pays the wallet back when it is cancelled.

import type { InStatement } from "@libsql/client/web";
import { turnedRound } from "#edge/postings.ts";
import type { CancelPreOrder, OrderedLine, PreOrder } from "./command.ts";
import { TOP_UP_CENTS_MAX } from "./command.ts";
import type { Family, Known } from "./known.ts";
import { findOrOpen } from "./known.ts";

/** Four records of a terminal's list (protocol/orders.ts). */
const LINES_MAX = 12;
const QUANTITY_MAX = 99;

export const preOrder: Family<PreOrder> = {
  // Also the names within a line: a replacer of JSON counts at every depth.
  fields: ["kind", "student", "day", "lines", "product", "revision", "quantity", "unitCents"],
  accountOf: ({ student }, known) => known.students.get(student) ?? 0,
  decide({ student, day, lines }, known) {
    if (!Number.isSafeInteger(day) || day <= 0) return "bad-day";
    if (!areLines(lines)) return "bad-lines";
    const wallet = known.students.get(student);
    if (wallet === undefined) return "unknown-student";
    if (lines.some((line) => !isOnList(line, known))) return "price-changed";
    const cents = lines.reduce((sum, line) => sum + line.quantity * line.unitCents, 0);
    if (cents <= 0 || cents > TOP_UP_CENTS_MAX) return "cents-out-of-range";
    const { account, opened } = findOrOpen(known, "hold", "orders");
    return {
      postings: [{ debit: wallet, credit: account, amountCents: cents, reverses: 0 }],
      opened,
      also: (no) => insertion(no, student, day, lines),
    };
  },
};

function areLines(lines: OrderedLine[]): boolean {
  return lines.length > 0 && lines.length <= LINES_MAX && lines.every(isCountable);
}

function isCountable({ quantity }: OrderedLine): boolean {
  return Number.isSafeInteger(quantity) && quantity > 0 && quantity <= QUANTITY_MAX;
}

/** What the page showed is what the newest price list says. */
function isOnList({ product, revision, unitCents }: OrderedLine, known: Known): boolean {
  const price = known.prices.get(product);
  return price?.revision === revision && price.cents === unitCents;
}

function insertion(no: number, student: number, day: number, lines: OrderedLine[]): InStatement {
  const told = lines.map(({ product, quantity }) => [product, quantity]);
  return {
    sql: `insert into pre_order(id, student, day, lines, command)
      select coalesce(max(id), 0) + 1, ?, ?, ?, ? from pre_order`,
    args: [student, day, JSON.stringify(told), no],
  };
}

export const cancelPreOrder: Family<CancelPreOrder> = {
  fields: ["kind", "order", "student"],
  accountOf: ({ student }, known) => known.students.get(student) ?? 0,
  decide({ order, student }, known) {
    const placed = known.orders.get(order);
    if (placed?.student !== student) return "unknown-order";
    if (placed.state === "collected") return "collected";
    if (placed.state === "cancelled") return "cancelled";
    return {
      postings: turnedRound(placed.held),
      also: () => ({ sql: "update pre_order set state = 'cancelled' where id = ?", args: [order] }),
      moveOn() {
        placed.state = "cancelled";
      },
    };
  },
};
