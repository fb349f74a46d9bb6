// What the badge of a member of staff does: it opens a closed counter and closes an open one, and
// lets pass a sale against an allergen.

import { sameBytes } from "#protocol/bytes.ts";
import { closeShift, openShift } from "./counter.ts";
import type { Facts, State, Step } from "./state.ts";
import { count, refuse, restingPlace, stay } from "./steps.ts";
import { decide } from "./tap.ts";

export function tapBadge(before: State, facts: Facts, operator: number): Step {
  const field = before.field;
  if (field && sameBytes(field.card, facts.card)) return stay(before, {});
  const state = count(before, facts);
  const place = restingPlace(state);
  if (state.faults.length) return refuse(state, "out-of-order", place);
  if (facts.record && facts.record.key && facts.proof.method === "uid")
    return refuse(state, "unproven-card", place);
  if (facts.blocked) return refuse(state, "blocked-card", place);
  const phase = state.phase;
  if (phase.at === "warned")
    return decide(state, { lines: phase.lines, facts: phase.facts, allowedBy: operator }, false);
  // A customer or a question of the terminal comes first.
  if (phase.at === "asking" || phase.at === "confirming" || state.basket.lines.length)
    return { state: state, effects: [{ kind: "tone", tune: "retry" }] };
  return place === "closed" ? openShift(state, operator) : closeShift(state);
}
