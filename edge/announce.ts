// Tells the pages that listen, and the log, what a batch has brought.

import type { Stage } from "./events.ts";
import { broadcast } from "./events.ts";
import type { Ingested } from "./ingest.ts";
import { log } from "./log.ts";

export function announce(stage: Stage, ingested: Ingested): void {
  for (const { kind, terminal, seq, student, totalCents, outcome } of ingested.booked)
    if (kind === "purchase" || kind === "void")
      broadcast(stage, { kind, terminal, seq, student, cents: totalCents, outcome });
  const heard = new Set<number>();
  for (const { arrival, outcomes } of ingested.results) {
    heard.add(arrival.kind === "uplink" ? arrival.header.terminal : arrival.terminal);
    if (arrival.kind === "fault")
      log("message-refused", { terminal: arrival.terminal, reason: arrival.fault });
    if (arrival.kind !== "uplink") continue;
    for (const outcome of outcomes)
      if (!isOrdinary(outcome))
        log("token-refused", { terminal: arrival.header.terminal, reason: outcome });
  }
  for (const terminal of heard) broadcast(stage, { kind: "terminal", terminal });
}

function isOrdinary(outcome: string): boolean {
  return ["booked", "grace", "collected", "lowered", "closed", "noted", "replayed"].includes(
    outcome,
  );
}
