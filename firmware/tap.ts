// What a card on the reader does. One tap is one sale: a card counts once and must leave the field
// before it counts again; and laid again while its answer still shows, it asks for its balance.

import type { Bytes } from "#protocol/bytes.ts";
import { toLatin1 } from "#protocol/bytes.ts";
import type { Line, Purchase } from "#protocol/entry.ts";
import { EMPTY_BASKET, lineOfProduct } from "./basket.ts";
import { handOver } from "./collecting.ts";
import { isSame } from "./flash.ts";
import { decideSale, harmfulProduct } from "./sale.ts";
import type { Catalogue, Facts, Question, State, Step, Wish } from "./state.ts";
import { count, enter, refuse, restingPlace, show, stay, write } from "./steps.ts";

/** What the card is laid for, so that no other facts need to be gathered. */
export function questionOf(state: State, card: Bytes): Question {
  if (isLaidAgain(state, card)) return "balance";
  return restingPlace(state) === "collecting" ? "orders" : "sale";
}

export function tapCard(before: State, facts: Facts): Step {
  const field = before.field;
  if (field && isSame(field.card, facts.card)) return stay(before, {});
  const state = before.phase.at === "warned" ? forget(before) : before;
  const place = restingPlace(state);
  if (isLaidAgain(state, facts.card) && mayAsk(facts))
    return showBalance(count(state, facts), facts);
  const mayWait = state.phase.at !== "confirming" && !state.faults.length;
  // The basket is not confirmed: the card may lie there until OK is pressed.
  if (place === "choosing" && state.basket.lines.length && mayWait)
    return stay(state, { field: { card: facts.card, proof: facts.proof, counted: false } });
  const counted = count(state, facts);
  // Somebody else is being served; this card must be lifted and laid again.
  if (state.phase.at === "asking" || state.phase.at === "confirming")
    return { state: counted, effects: [{ kind: "tone", tune: "retry" }] };
  if (place === "collecting") return handOver(counted, facts);
  const lines = place === "paying" ? state.basket.lines : soupLines(state.catalogue);
  return decide(counted, { lines: lines, facts: facts, allowedBy: 0 }, false);
}

/** OK was pressed while a card that has not counted yet lay on the reader. */
export function payWithCard(state: State, facts: Facts): Step {
  const wish = { lines: state.basket.lines, facts: facts, allowedBy: 0 };
  return decide(count(state, facts), wish, false);
}

/** The gateway has spoken: what the lease now allows is final. */
export function takeAnswer(state: State, facts: Facts): Step {
  const phase = state.phase;
  if (phase.at !== "asking" || !isSame(phase.facts.card, facts.card)) return stay(state, {});
  return decide(state, { lines: phase.lines, facts: facts, allowedBy: phase.allowedBy }, true);
}

/** The gateway is silent: from here on the network counts as absent. */
export function goOnAlone(state: State, wish: Wish): Step {
  const alone = Object.assign({}, state.report, { online: false });
  const step = decide(Object.assign({}, state, { report: alone }), wish, true);
  const report = Object.assign({}, step.state.report, { online: state.report.online });
  return { state: Object.assign({}, step.state, { report: report }), effects: step.effects };
}

/** Another card ends the warning of the one before: no badge may let pass what nobody sees. */
function forget(state: State): State {
  return Object.assign({}, state, { phase: { at: "choosing" } });
}

function isLaidAgain(state: State, card: Bytes): boolean {
  const phase = state.phase;
  return phase.at === "notice" && !!phase.card && isSame(phase.card, card);
}

/** Whoever could not pay with this card is told nothing about it either. */
function mayAsk(facts: Facts): boolean {
  const record = facts.record;
  return !!record && !facts.blocked && !(record.key && facts.proof.method === "uid");
}

function showBalance(state: State, facts: Facts): Step {
  const notice = { kind: "balance" as const, balance: facts.balance };
  return show(state, notice, restingPlace(state), facts.card);
}

function soupLines(catalogue: Catalogue | undefined): Line[] {
  const soup = catalogue ? catalogue.products[catalogue.till.soup] : undefined;
  return soup ? [lineOfProduct(soup)] : [];
}

export function decide(state: State, wish: Wish, asked: boolean): Step {
  const facts = wish.facts;
  const decision = decideSale({
    faults: state.faults,
    closed: restingPlace(state) === "closed",
    catalogue: state.catalogue,
    lines: wish.lines,
    report: state.report,
    facts: facts,
    asked: asked,
    allowed: wish.allowedBy > 0,
  });
  if (decision.kind === "sell") return sell(state, wish, decision);
  const student = facts.record ? facts.record.student : 0;
  if (decision.kind === "ask")
    return enter(state, Object.assign({ at: "asking" as const }, wish), [
      { kind: "ask", student: student, cents: decision.cents },
    ]);
  if (decision.reason === "allergen") return warn(state, wish);
  return refuse(state, decision.reason, placeAfterRefusal(state), facts.card);
}

/** The basket stays, but it needs OK again: the next card may be somebody else's. */
function placeAfterRefusal(state: State): "closed" | "choosing" {
  return restingPlace(state) === "closed" ? "closed" : "choosing";
}

function warn(state: State, wish: Wish): Step {
  const products = state.catalogue ? state.catalogue.products : {};
  const allergens = wish.facts.record ? wish.facts.record.allergens : 0;
  const product = harmfulProduct(wish.lines, products, allergens);
  const phase = Object.assign({ at: "warned" as const, product: product }, wish);
  return enter(state, phase, [{ kind: "tone", tune: "refused" }]);
}

function sell(state: State, wish: Wish, sale: { totalCents: number; graceCents: number }): Step {
  const facts = wish.facts;
  const record = facts.record;
  const catalogue = state.catalogue;
  if (!record || !catalogue) throw new Error("tap: a sale without record or price list");
  const sold = Object.assign({}, state, {
    basket: EMPTY_BASKET,
    lastSale: {
      seq: state.report.nextSeq,
      card: facts.card,
      student: record.student,
      totalCents: sale.totalCents,
      lease: facts.leaseVersion,
    },
  });
  // Nothing here may depend on grace: how a sale is paid is nobody's business at the counter.
  const shown = show(
    sold,
    { kind: "accepted", name: toLatin1(record.name), totalCents: sale.totalCents },
    "choosing",
    facts.card,
  );
  const purchase: Purchase = {
    kind: "purchase",
    card: facts.card,
    student: record.student,
    lines: wish.lines,
    totalCents: sale.totalCents,
    graceCents: sale.graceCents,
    lease: facts.leaseVersion,
    roster: facts.roster,
    prices: catalogue.version,
    proof: facts.proof,
  };
  if (wish.allowedBy) purchase.override = "allergen";
  return write(purchase, wish.allowedBy || state.operator, shown);
}
