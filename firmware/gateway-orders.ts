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
      // Granted before the gateway knew that this terminal gave all back.
      if (isVoid(memory, message)) board.log("leases: as of " + message.asOf + " are void");
      else takeLeases(memory, message.leases);
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
      // Answered with entries: new ones (giving-back.ts), or old ones by the link.
      return undefined;
    case "firmware":
    case "chunk":
      // Taken by upkeep.ts, which knows whether somebody is being served.
      return undefined;
  }
}

/** Whether a message grants leases that this terminal has given back since. */
export function isVoid(memory: Memory, message: Downlink): boolean {
  return message.kind === "leases" && message.asOf < memory.leases.closedAt();
}

/** Repeats change nothing, and must not fill the flash either. */
function takeLeases(memory: Memory, leases: Lease[]): void {
  const newer = leases.filter((lease) => memory.leases.judge(lease) === "granted");
  if (newer.length) putLeases(memory.store, newer, memory.leases.closedAt());
  for (let i = 0; i < newer.length; i++) memory.leases.grant(newer[i] as Lease);
  // A lesson of many is stored at once; what one sale brought can wait until nobody is served.
  if (newer.length > 1) coverEntries(memory);
  // What a wallet holds beside a lease belongs to the ceiling that was said with it.
  for (let i = 0; i < leases.length; i++) {
    const lease = leases[i] as Lease;
    const isHeld = lease.version === memory.leases.version(lease.student);
    if (isHeld && lease.besideCents !== undefined)
      memory.balances.hear(lease.student, lease.besideCents);
  }
}
