// Names of products as they were called when they were sold: by product and revision.

import { productRevision } from "#edge/ledger/schema.ts";
import type { Line } from "#protocol/entry.ts";
import type { Database } from "./database.ts";

/** name is undefined when the terminal sold a revision that the school does not know. */
export type Item = {
  product: number;
  name: string | undefined;
  quantity: number;
  unitCents: number;
};
export type ProductNames = Map<string, string>;

export function productRows(database: Database) {
  return database
    .select({
      product: productRevision.product,
      revision: productRevision.revision,
      name: productRevision.name,
    })
    .from(productRevision);
}

export function namesOf(rows: Awaited<ReturnType<typeof productRows>>): ProductNames {
  return new Map(rows.map((row) => [keyOf(row), row.name]));
}

export function itemOf(line: Line, names: ProductNames): Item {
  const { product, quantity, unitCents } = line;
  return { product, name: names.get(keyOf(line)), quantity, unitCents };
}

function keyOf(of: { product: number; revision: number }): string {
  return of.product + "/" + of.revision;
}
