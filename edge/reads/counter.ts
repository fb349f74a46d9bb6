// A counter's day as its seller sees it: what was sold under one badge, by product and without a name. The operator is in
// every signed entry of a shift, so the figures are read from the tokens themselves.

import { and, asc, eq, gte, inArray, ne } from "drizzle-orm";
import { entry, terminal } from "#edge/ledger/schema.ts";
import type { Entry } from "#protocol/entry.ts";
import { decodeToken } from "#protocol/token.ts";
import type { Database } from "./database.ts";
import type { ProductNames } from "./products.ts";
import { namesOf, productRows } from "./products.ts";

/** name is undefined for a product that the school does not know. */
export type Sold = { product: number; name: string | undefined; quantity: number; cents: number };
/** terminals: by name, where this badge sold. undoneCents: what of it was undone at the counter. */
export type Shift = {
  terminals: string[];
  purchases: number;
  cents: number;
  undoneCents: number;
  sold: Sold[];
};

/** operator: the person of the badge; dayStart in seconds since 1970. */
export async function readShift(
  database: Database,
  operator: number,
  dayStart: number,
): Promise<Shift> {
  const [rows, products] = await database.batch([
    database
      .select({ token: entry.token, place: terminal.name })
      .from(entry)
      .leftJoin(terminal, eq(terminal.id, entry.terminal))
      .where(
        and(
          gte(entry.at, dayStart),
          inArray(entry.kind, ["purchase", "void"]),
          ne(entry.outcome, "nothing-to-void"),
        ),
      )
      .orderBy(asc(entry.at)),
    productRows(database),
  ]);
  const mine = rows.flatMap(({ token, place }) => {
    const decoded = decodeToken(token);
    if (!decoded.ok) throw new Error("entry: a booked token does not decode: " + decoded.fault);
    const { entry: signed } = decoded.token;
    return signed.operator === operator ? [{ entry: signed, place: place ?? "" }] : [];
  });
  return shiftOf(mine, namesOf(products));
}

export function shiftOf(said: { entry: Entry; place: string }[], names: ProductNames): Shift {
  const sold = new Map<string, Sold>();
  const shift = { purchases: 0, cents: 0, undoneCents: 0 };
  for (const { entry: one } of said) {
    if (one.kind === "void") shift.undoneCents += one.totalCents;
    if (one.kind !== "purchase") continue;
    shift.purchases++;
    shift.cents += one.totalCents;
    for (const { product, revision, quantity, unitCents } of one.lines) {
      const key = `${product}/${revision}`;
      const known = sold.get(key) ?? { product, name: names.get(key), quantity: 0, cents: 0 };
      known.quantity += quantity;
      known.cents += quantity * unitCents;
      sold.set(key, known);
    }
  }
  return {
    ...shift,
    terminals: [...new Set(said.map(({ place }) => place))],
    sold: [...sold.values()].toSorted((a, b) => b.quantity - a.quantity),
  };
}
