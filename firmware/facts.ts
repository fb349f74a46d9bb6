// Looks up what the state machine must know at a moment: of a card (facts) and of the terminal
// itself (report).

import type { Bytes } from "#protocol/bytes.ts";
import type { Proof } from "#protocol/entry.ts";
import type { Board } from "./board.ts";
import type { Memory } from "./memory.ts";
import type { Balance, Facts, Question, Report } from "./state.ts";
import { wallDay } from "./wall-clock.ts";

/** Of a card that was laid, with what it proved then. */
export function factsOfCard(
  board: Board,
  memory: Memory,
  card: Bytes,
  proof: Proof,
  question: Question,
): Facts {
  const record = memory.roster.find(card);
  const student = record ? record.student : 0;
  const facts: Facts = {
    card: card,
    proof: proof,
    record: record,
    roster: memory.roster.version(),
    blocked: memory.kept.isBlocked(card),
    leaseCents: memory.leases.remainingCents(student),
    leaseVersion: memory.leases.version(student),
    graceUsedCents: memory.grace.usedCents(student, entryTime(board, memory)),
  };
  if (question === "balance") facts.balance = balanceOf(memory, student);
  if (question === "orders") facts.orders = memory.preOrders.find(student, today(board));
  return facts;
}

/** What the gateway said lies beside the lease, and what this terminal knows is left on it: right
 * however many sales are still to be sent. */
function balanceOf(memory: Memory, student: number): Balance | undefined {
  const besideCents = memory.balances.besideCents(student);
  if (besideCents === undefined) return undefined;
  const cents = besideCents + memory.leases.remainingCents(student);
  return { cents: cents, heardAt: memory.balances.heardAt() };
}

/** undefined when nobody vouches for the clock. */
function today(board: Board): number | undefined {
  return board.clockTrusted() ? wallDay(secondsOf(board)) : undefined;
}

/** room is given, because counting the free pages of the journal takes long: see Journal.room. */
export function reportOf(board: Board, memory: Memory, online: boolean, room: number): Report {
  return {
    online: online,
    unsent: memory.journal.unsent(),
    oldest: memory.journal.oldestSeconds(),
    now: secondsOf(board),
    clockTrusted: board.clockTrusted(),
    room: room,
    nonces: memory.nonces ? memory.nonces.left() : 0,
    nextSeq: memory.journal.last().seq + 1,
  };
}

/** Seconds since 1970 for the next entry: time never runs back along the chain, whatever the clock
 * does. */
export function entryTime(board: Board, memory: Memory): number {
  return Math.max(secondsOf(board), memory.journal.last().timeSeconds);
}

function secondsOf(board: Board): number {
  return Math.floor(board.now() / 1000);
}
