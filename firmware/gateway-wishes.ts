// What the gateway may wish and the counter decides: to have leases back. Each is a question to the
// state machine, and what comes of it is in the journal or never was: the gateway asks again.

import type { Downlink, Lease } from "#protocol/downlink.ts";
import type { Board } from "./board.ts";
import type { Memory } from "./memory.ts";
import type { Event, State } from "./state.ts";
import { cardInQuestion } from "./terminal.ts";

/** Leases given back on one message: a card that is laid meanwhile waits for that many signatures.
 * The gateway asks again for the others. */
export const LOWERED_AT_ONCE = 10;

/** tell lets an event happen, and the link know when that wrote an entry. */
export function hearWish(
  board: Pick<Board, "log">,
  memory: Memory,
  state: () => State,
  tell: (event: Event) => void,
  message: Downlink,
): void {
  const journal = memory.journal;

  /** Whether the event wrote an entry. */
  function writes(event: Event): boolean {
    const seq = journal.last().seq;
    tell(event);
    if (journal.last().seq !== seq) return true;
    board.log("terminal: no entry now for " + event.kind);
    return false;
  }

  function lower(wish: Lease): boolean {
    const body = memory.leases.lowering(wish);
    if (!body) return false;
    const about = cardInQuestion(state());
    const record = about && memory.roster.find(about.card);
    return writes({ kind: "lower", body: body, lying: record ? record.student : 0 });
  }

  if (message.kind === "lower") {
    let lowered = 0;
    for (let i = 0; i < message.leases.length && lowered < LOWERED_AT_ONCE; i++)
      if (lower(message.leases[i] as Lease)) lowered++;
  } else if (message.kind === "recall" && message.seq === journal.last().seq) {
    // Written before the gateway knew of the last entries, a recall is void.
    const isClosed = writes({ kind: "recall", reopen: message.reopen });
    if (isClosed && message.reopen) writes({ kind: "reopen" });
  }
}
