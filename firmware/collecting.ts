// Handing over what was ordered: in this mode a card collects one order of its student, and buys
// nothing. Each order is handed over once, and its entry says so for ever.

import type { Order } from "#protocol/orders.ts";
import type { Facts, State, Step } from "./state.ts";
import { refusalOfEntry, refuse, show, write } from "./steps.ts";
import type { Refusal } from "./reasons.ts";

export function handOver(state: State, facts: Facts): Step {
  const refusal = refusalOfEntry(state) || refusalOfCard(facts);
  if (refusal) return refuse(state, refusal, "collecting");
  const order = firstWaiting(facts.orders || []);
  if (!order || !facts.record) return refuse(state, refusalOfOrders(facts), "collecting");
  const shown = show(state, { kind: "collected", lines: order.lines, from: 0 }, "collecting");
  return write(
    {
      kind: "collect",
      card: facts.card,
      student: facts.record.student,
      roster: facts.roster,
      proof: facts.proof,
      order: order.order,
    },
    state.operator,
    shown,
  );
}

function refusalOfCard(facts: Facts): Refusal | undefined {
  const record = facts.record;
  if (!record) return "unknown-card";
  if (record.key && facts.proof.method === "uid") return "unproven-card";
  return facts.blocked ? "blocked-card" : undefined;
}

function refusalOfOrders(facts: Facts): Refusal {
  if (!facts.orders) return "orders-unknown";
  return facts.orders.length ? "already-collected" : "no-order";
}

function firstWaiting(orders: Order[]): Order | undefined {
  for (let i = 0; i < orders.length; i++) {
    const order = orders[i] as Order;
    if (!order.collected) return order;
  }
  return undefined;
}
