// The basket that product keys build: lines as they will be signed, and the line that plus and
// minus work on. Every function gives a new basket; undefined means that a limit of the protocol
// stands against it.

import type { Product } from "#protocol/downlink.ts";
import type { Line } from "#protocol/entry.ts";
import { LINES_MAX, QUANTITY_MAX, TOTAL_CENTS_MAX } from "#protocol/entry.ts";

/** selected is the index of the line touched last. */
export type Basket = { lines: Line[]; selected: number };

export const EMPTY_BASKET: Basket = { lines: [], selected: 0 };

/** One more of product. */
export function addProduct(basket: Basket, product: Product): Basket | undefined {
  for (let i = 0; i < basket.lines.length; i++)
    if ((basket.lines[i] as Line).product === product.product)
      return changeQuantity({ lines: basket.lines, selected: i }, 1);
  if (basket.lines.length >= LINES_MAX) return undefined;
  const lines = basket.lines.concat([lineOfProduct(product)]);
  return withinTotal({ lines: lines, selected: lines.length - 1 });
}

/** step (1 or -1) more of the selected line; a line without quantity leaves the basket. */
export function changeQuantity(basket: Basket, step: number): Basket | undefined {
  const line = basket.lines[basket.selected];
  if (!line || line.quantity + step > QUANTITY_MAX) return undefined;
  const lines = basket.lines.slice(0);
  if (line.quantity + step < 1) {
    lines.splice(basket.selected, 1);
    return { lines: lines, selected: Math.max(0, lines.length - 1) };
  }
  lines[basket.selected] = Object.assign({}, line, { quantity: line.quantity + step });
  return withinTotal({ lines: lines, selected: basket.selected });
}

export function lineOfProduct(product: Product): Line {
  return {
    product: product.product,
    revision: product.revision,
    quantity: 1,
    unitCents: product.unitCents,
  };
}

/** In cents. */
export function totalOfLines(lines: Line[]): number {
  let cents = 0;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as Line;
    cents += line.quantity * line.unitCents;
  }
  return cents;
}

function withinTotal(basket: Basket): Basket | undefined {
  return totalOfLines(basket.lines) > TOTAL_CENTS_MAX ? undefined : basket;
}
