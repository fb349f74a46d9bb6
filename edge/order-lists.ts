// The pre-orders of a day as terminals hold them: the list in parts that fit a message, under a
// version that grows with the day and with each change.

import type { Row } from "@libsql/client/web";
import type { Bytes } from "#protocol/bytes.ts";
import { concat } from "#protocol/bytes.ts";
import type { OrdersPart } from "#protocol/downlink.ts";
import type { Order } from "#protocol/orders.ts";
import { ORDERS_PER_PART, ORDER_BYTES, ORDER_PARTS_MAX, encodeOrder } from "#protocol/orders.ts";
import { log } from "./log.ts";
import { numberIn, textIn } from "./ledger/row.ts";

const PART_BYTES = ORDERS_PER_PART * ORDER_BYTES;
const DAY_MS = 86_400_000;
/** More changes in one day than this, and terminals would take the next day's list for an older
 * one. */
const CHANGES_MAX = 65_536;

const calendar = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Brussels" });

/** Takes the day: its version for terminals, 0 while nobody has ordered anything. */
export const ORDERS_VERSION = `select coalesce((select day * ${CHANGES_MAX}
  + min(changes, ${CHANGES_MAX - 1}) from order_day where day = ?), 0) as orders`;
/** Takes the day. */
export const ORDERS = `select id, student, lines, state from pre_order
  where day = ? and state <> 'cancelled' order by student, id`;

/** The day of the school's calendar, as days since 1970. */
export function schoolDay(nowMs: number): number {
  return Date.parse(calendar.format(nowMs)) / DAY_MS;
}

export function ordersMessages(version: number, day: number, orders: Order[]): OrdersPart[] {
  const parts = packOrders(orders);
  if (parts.length > ORDER_PARTS_MAX)
    log("orders-cut", { day, parts: parts.length, sent: ORDER_PARTS_MAX });
  const sent = parts.slice(0, ORDER_PARTS_MAX);
  return sent.map((records, part) => {
    return { kind: "orders", version, day, part, parts: sent.length, records };
  });
}

/** At least one part, and no order on both sides of a cut. */
function packOrders(orders: Order[]): Bytes[] {
  const parts: Bytes[][] = [[]];
  let bytes = 0;
  for (const order of orders) {
    const records = encodeOrder(order);
    if (bytes + records.length > PART_BYTES) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(records);
    bytes += records.length;
  }
  return parts.map(concat);
}

export function orderOfRow(row: Row): Order {
  const lines = JSON.parse(textIn(row, "lines")) as [number, number][];
  return {
    order: numberIn(row, "id"),
    student: numberIn(row, "student"),
    lines: lines.map(([product, quantity]) => ({ product, quantity })),
    collected: row["state"] === "collected",
  };
}
