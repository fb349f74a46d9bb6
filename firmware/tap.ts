// What a card on the reader does. One tap is one sale: a card counts once and must leave the field
// before it counts again.

import { sameBytes, toLatin1 } from "#protocol/bytes.ts";
import type { Line } from "#protocol/entry.ts";
import { EMPTY_BASKET, lineOfProduct } from "./basket.ts";
import { decideSale } from "./sale.ts";
import type { Catalogue, Facts, State, Step } from "./state.ts";
import { enter, refuse, restingPlace, show, stay, write } from "./steps.ts";

export function tapCard(state: State, facts: Facts): Step {
  const field = state.field;
  if (field && sameBytes(field.card, facts.card)) return stay(state, {});
  const place = restingPlace(state);
  const mayWait = state.phase.at !== "confirming" && !state.faults.length;
  // The basket is not confirmed: the card may lie there until OK is pressed.
  if (place === "choosing" && state.basket.lines.length && mayWait)
    return stay(state, { field: { card: facts.card, proof: facts.proof, counted: false } });
  const counted = Object.assign({}, state, {
    field: { card: facts.card, proof: facts.proof, counted: true },
  });
  // Somebody else is being served; this card must be lifted and laid again.
  if (state.phase.at === "asking" || state.phase.at === "confirming")
    return { state: counted, effects: [{ kind: "tone", tune: "retry" }] };
  const lines = place === "paying" ? state.basket.lines : soupLines(state.catalogue);
  return decide(counted, lines, facts, false);
}

/** OK was pressed while a card that has not counted yet lay on the reader. */
export function payWithCard(state: State, facts: Facts): Step {
  const counted = Object.assign({}, state, {
    field: { card: facts.card, proof: facts.proof, counted: true },
  });
  return decide(counted, state.basket.lines, facts, false);
}

/** The gateway has spoken: what the lease now allows is final. */
export function takeAnswer(state: State, facts: Facts): Step {
  const phase = state.phase;
  if (phase.at !== "asking" || !sameBytes(phase.facts.card, facts.card)) return stay(state, {});
  return decide(state, phase.lines, facts, true);
}

/** The gateway is silent: from here on the network counts as absent. */
export function goOnAlone(state: State, lines: Line[], facts: Facts): Step {
  const alone = Object.assign({}, state.report, { online: false });
  const step = decide(Object.assign({}, state, { report: alone }), lines, facts, true);
  const report = Object.assign({}, step.state.report, { online: state.report.online });
  return { state: Object.assign({}, step.state, { report: report }), effects: step.effects };
}

function soupLines(catalogue: Catalogue | undefined): Line[] {
  const soup = catalogue ? catalogue.products[catalogue.till.soup] : undefined;
  return soup ? [lineOfProduct(soup)] : [];
}

function decide(state: State, lines: Line[], facts: Facts, asked: boolean): Step {
  const decision = decideSale({
    faults: state.faults,
    closed: restingPlace(state) === "closed",
    catalogue: state.catalogue,
    lines: lines,
    report: state.report,
    facts: facts,
    asked: asked,
  });
  if (decision.kind === "sell") return sell(state, lines, facts, decision);
  if (decision.kind === "refuse") return refuse(state, decision.reason, placeAfterRefusal(state));
  const student = facts.record ? facts.record.student : 0;
  return enter(state, { at: "asking", lines: lines, facts: facts }, [
    { kind: "ask", student: student, cents: decision.cents },
  ]);
}

/** The basket stays, but it needs OK again: the next card may be somebody else's. */
function placeAfterRefusal(state: State): "closed" | "choosing" {
  return restingPlace(state) === "closed" ? "closed" : "choosing";
}

function sell(
  state: State,
  lines: Line[],
  facts: Facts,
  sale: { totalCents: number; graceCents: number },
): Step {
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
  );
  return write(
    {
      kind: "purchase",
      card: facts.card,
      student: record.student,
      lines: lines,
      totalCents: sale.totalCents,
      graceCents: sale.graceCents,
      lease: facts.leaseVersion,
      roster: facts.roster,
      prices: catalogue.version,
      proof: facts.proof,
    },
    shown,
  );
}
