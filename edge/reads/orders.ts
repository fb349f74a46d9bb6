// What a student has ordered for today and the days after, and what may be ordered: the newest price list.

import { sql } from "drizzle-orm";
import { schoolDay } from "#edge/order-lists.ts";
import type { Database } from "./database.ts";

/** items: quantities and names, as in the newest price list; day: days since 1970. */
export type Ordered = {
  order: number;
  day: number;
  state: "ordered" | "collected" | "cancelled";
  items: string;
  cents: number;
};
export type Offered = { product: number; revision: number; name: string; cents: number };
export type Orders = { today: number; ordered: Ordered[]; offered: Offered[] };

const LIST = sql`price p join product_revision r on r.product = p.product and r.revision = p.revision
  where p.version = (select max(version) from price)`;

/** now in seconds since 1970. */
export async function readOrders(
  database: Database,
  student: number,
  now: number,
): Promise<Orders> {
  const today = schoolDay(now * 1000);
  const [ordered, offered] = await Promise.all([
    database.all<Ordered>(sql`select o.id as "order", o.day, o.state,
        (select group_concat(l.value->>1 || ' × ' || coalesce(
            (select r.name from ${LIST} and p.product = l.value->>0), l.value->>0), ', ')
          from json_each(o.lines) l) as items,
        coalesce((select sum(amount) from transfer
          where source = 0 and counter = o.command), 0) as cents
      from pre_order o where o.student = ${student} and o.day >= ${today} order by o.day, o.id`),
    database.all<Offered>(
      sql`select p.product, p.revision, r.name, r.cents from ${LIST} order by r.name`,
    ),
  ]);
  return { today, ordered, offered };
}
