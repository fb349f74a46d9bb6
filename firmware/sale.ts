// May this card buy these lines here and now? One pure decision, cheapest and most fundamental
// question first; the order is part of the contract, and sale.test.ts holds it.

import type { Line } from "#protocol/entry.ts";
import { TOTAL_CENTS_MAX } from "#protocol/entry.ts";
import { totalOfLines } from "./basket.ts";
import type { Fault, Refusal } from "./reasons.ts";
import type { Catalogue, Facts, Products, Report } from "./state.ts";

/** What is sold can be taken back: each sale leaves room and a nonce for its void. */
export const ENTRIES_KEPT = 2;

/** asked: the gateway was already asked, and what it said is in the facts. allowed: a member of
 * staff stands for it that the student may have this in spite of an allergen. */
export type SaleRequest = {
  faults: Fault[];
  closed: boolean;
  catalogue: Catalogue | undefined;
  lines: Line[];
  report: Report;
  facts: Facts;
  asked: boolean;
  allowed: boolean;
};

export type Decision =
  | { kind: "sell"; totalCents: number; graceCents: number }
  /** Ask the gateway for a lease of so many cents more, then decide again. */
  | { kind: "ask"; cents: number }
  | { kind: "refuse"; reason: Refusal };

export function decideSale(request: SaleRequest): Decision {
  const facts = request.facts;
  const record = facts.record;
  const catalogue = request.catalogue;
  const totalCents = totalOfLines(request.lines);
  // The terminal itself.
  if (request.faults.length) return refuse("out-of-order");
  if (request.closed) return refuse("shift-closed");
  if (!catalogue || totalCents < 1) return refuse("no-product");
  if (totalCents > TOTAL_CENTS_MAX) return refuse("total-too-large");
  if (request.report.room < ENTRIES_KEPT) return refuse("journal-full");
  if (request.report.nonces < ENTRIES_KEPT) return refuse("no-nonces");
  // The card.
  if (!record) return refuse("unknown-card");
  // A card that can prove itself never falls back to its UID: a copied UID would be enough.
  if (record.key && facts.proof.method === "uid") return refuse("unproven-card");
  if (facts.blocked) return refuse("blocked-card");
  // The student.
  if (!request.allowed && harmfulProduct(request.lines, catalogue.products, record.allergens))
    return refuse("allergen");
  const missingCents = totalCents - facts.leaseCents;
  if (missingCents <= 0) return { kind: "sell", totalCents: totalCents, graceCents: 0 };
  if (request.report.online && !request.asked) return { kind: "ask", cents: missingCents };
  if (request.report.online) return refuse("lease-too-small");
  if (missingCents > graceLeftCents(request, catalogue)) return refuse("lease-too-small-offline");
  return { kind: "sell", totalCents: totalCents, graceCents: missingCents };
}

/** The school lends without a network only, only for what is essential, and so much a student and
 * day. */
function graceLeftCents(request: SaleRequest, catalogue: Catalogue): number {
  const leftCents = catalogue.till.graceCents - request.facts.graceUsedCents;
  let essentialCents = 0;
  for (let i = 0; i < request.lines.length; i++) {
    const line = request.lines[i] as Line;
    const product = catalogue.products[line.product];
    if (product && product.essential) essentialCents += line.quantity * line.unitCents;
  }
  return Math.min(leftCents, essentialCents);
}

/** The number of the first product that holds one of these allergens, 0 for none. */
export function harmfulProduct(lines: Line[], products: Products, allergens: number): number {
  for (let i = 0; i < lines.length; i++) {
    const product = products[(lines[i] as Line).product];
    if (product && product.allergens & allergens) return product.product;
  }
  return 0;
}

function refuse(reason: Refusal): Decision {
  return { kind: "refuse", reason: reason };
}
