// Does what the gateway says, and persists it before it returns: the link acknowledges a message
// only then. Every message may come twice, late or never, so each is taken by its version or count,
// and otherwise changes nothing.

import type { Downlink, Lease } from "#protocol/downlink.ts";
import type { Board } from "./board.ts";
import { takeTime } from "./clock-setting.ts";
import { putLeases } from "./leases.ts";
import type { Memory } from "./memory.ts";
import { coverEntries } from "./memory.ts";
import type { Fault } from "./reasons.ts";

/** Gives the fault that the message uncovers, if it does. sequence 0 is a roster page, which comes
 * again by itself. */
export function obeyGateway(
  board: Board,
  memory: Memory,
  message: Downlink,
  sequence: number,
): Fault | undefined {
  const fault = obey(board, memory, message);
  memory.balances.noteHeard(Math.floor(board.now() / 1000));
  if (sequence) memory.kept.keepSequence(sequence);
  return fault;
}

function obey(board: Board, memory: Memory, message: Downlink): Fault | undefined {
  switch (message.kind) {
    case "ack":
      if (memory.nonces && memory.nonces.witness(message.nonce))
        board.log("nonces: index " + message.nonce + " is in the ledger, and was not used here");
      // The gateway has entries that this journal never wrote: it is a copy, or was set back.
      return memory.journal.acknowledge(message.seq) ? undefined : "journal-torn";
    case "leases":
      takeLeases(memory, message.leases);
      return undefined;
    case "prices":
    case "blocks":
      memory.kept.keep(message);
      return undefined;
    case "time":
      takeTime(board, message.seconds, memory.journal.last().timeSeconds);
      return undefined;
    case "roster":
      board.log("roster: " + message.version + " " + memory.roster.announce(message));
      return undefined;
    case "orders":
      memory.preOrders.keep(message);
      return undefined;
    case "page":
      memory.roster.put(message);
      return undefined;
    case "lower":
    case "recall":
    case "resend":
      // The link sends the entries again; nothing of it needs keeping.
      return undefined;
    case "firmware":
    case "chunk":
      // Taken by upkeep.ts, which knows whether somebody is being served.
      return undefined;
  }
}

/** Repeats change nothing, and must not fill the flash either. */
function takeLeases(memory: Memory, leases: Lease[]): void {
  const newer = leases.filter((lease) => lease.version > memory.leases.version(lease.student));
  if (newer.length) putLeases(memory.store, newer);
  for (let i = 0; i < newer.length; i++) memory.leases.grant(newer[i] as Lease);
  // A lesson of many is stored at once; what one sale brought can wait until nobody is served.
  if (newer.length > 1) coverEntries(memory);
  // What a wallet holds beside a lease belongs to the ceiling that was said with it.
  for (let i = 0; i < leases.length; i++) {
    const lease = leases[i] as Lease;
    if (lease.version === memory.leases.version(lease.student)) memory.balances.hear(lease);
  }
}
