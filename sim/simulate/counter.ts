// One terminal of a simulation: the modules of firmware/ as main.ts assembles them, in a box with emulated flash and a
// broker at the other end of its socket. Reader, display and buzzer are not played here (the soak does that): a card is
// the event that the reader would make of it, and a beep is the wish to beep.

import type { Board } from "#firmware/board.ts";
import { writeEntry } from "#firmware/entry-writer.ts";
import { factsOfCard, reportOf } from "#firmware/facts.ts";
import { isVoid, obeyGateway } from "#firmware/gateway-orders.ts";
import { hearWish } from "#firmware/gateway-wishes.ts";
import { createLink } from "#firmware/link.ts";
import { LOOK_MS } from "#firmware/main.ts";
import { createMachine } from "#firmware/machine.ts";
import type { Memory } from "#firmware/memory.ts";
import { coverEntries, openMemory } from "#firmware/memory.ts";
import type { Effect, Event, Facts } from "#firmware/state.ts";
import { questionOf } from "#firmware/tap.ts";
import { cardInQuestion, createState, isAnswer, isIdle } from "#firmware/terminal.ts";
import type { Bytes } from "#protocol/bytes.ts";
import type { Downlink } from "#protocol/downlink.ts";
import type { Box, Running } from "./box.ts";
import { boardOf, fail, note, run } from "./box.ts";
import { Broken } from "./story.ts";

const HASH = new Uint8Array(32);
const UID = { method: "uid" as const };

export function switchOn(box: Box): void {
  if (box.running) return;
  box.supply.restore();
  box.clock = { startMs: box.world.clock.now(), offsetMs: 0, trusted: false };
  run(box, () => startUp(box));
}

function startUp(box: Box): void {
  const board = boardOf(box);
  const opened = openMemory(board);
  if (!box.supply.isOn()) return;
  if (!opened.ok)
    throw new Broken(`${opened.fault} after a power cut: ${opened.detail}`, box.terminal);
  const { memory } = opened;
  const open = { kind: "open" as const, firmware: HASH, boot: memory.boot };
  const report = reportOf(board, memory, false, memory.journal.room());
  const running: Running = {
    memory,
    online: false,
    machine: createMachine(
      createState(open, report),
      (effect) => perform(box, board, effect),
      (text) => note(box, text),
    ),
    link: createLink(board, Object.assign({ boot: memory.boot }, memory.settings), {
      onDownlink: (message, sequence) => listen(box, board, message, sequence),
      onState(up) {
        running.online = up;
        look(box, board, running.machine.state().report.room);
      },
      backlog: () => ({ unsent: memory.journal.unsent(), oldest: memory.journal.oldestSeconds() }),
      tokens: (fromSeq, max) => readTokens(memory, fromSeq, max),
      acknowledged: () => memory.journal.acknowledged(),
      applied: () => appliedOf(memory),
    }),
  };
  box.running = running;
  box.wait = -1;
  noteEntries(box, false);
  if (!memory.nonces) throw new Broken(`no nonces: ${memory.nonceFault}`, box.terminal);
  const catalogue = memory.kept.catalogue();
  if (catalogue) tell(box, { kind: "catalogue", catalogue });
  tell(box, { kind: "start" });
  running.link.start();
  lookAgain(box, board);
}

/** Entries that the journal has and nobody has seen yet. What was seen must still be there. */
function noteEntries(box: Box, beeped: boolean): void {
  const journal = box.running?.memory.journal;
  if (!journal) return;
  const last = journal.last().seq;
  if (last < box.seen) fail(box, `entry ${box.seen} has left the journal, which ends at ${last}`);
  while (box.seen < last) {
    const token = journal.read(box.seen + 1);
    if (!token) return fail(box, `entry ${box.seen + 1} cannot be read`);
    box.seen++;
    box.world.witness(box, token, beeped);
  }
}

/** An event of the counter; the box must be on. */
export function tell(box: Box, event: Event): void {
  const { running } = box;
  if (!running) return;
  const { journal } = running.memory;
  const before = journal.last().seq;
  running.machine.happen(event);
  if (journal.last().seq === before) return;
  noteEntries(box, false);
  running.link.nudge();
}

export function press(box: Box, ...keys: number[]): void {
  for (const key of keys)
    run(box, () => {
      const { running } = box;
      if (!running) return;
      const about = cardInQuestion(running.machine.state());
      const facts = about && factsOf(box, about.card, "sale");
      tell(box, { kind: "key", key, facts });
    });
}

/** A card is laid and lifted again. */
export function layCard(box: Box, card: Bytes): void {
  run(box, () => {
    const { running } = box;
    if (!running) return;
    const facts = factsOf(box, card, questionOf(running.machine.state(), card));
    if (facts) tell(box, { kind: "card", facts });
  });
  run(box, () => tell(box, { kind: "gone" }));
}

function factsOf(
  box: Box,
  card: Bytes,
  question: "sale" | "balance" | "orders",
): Facts | undefined {
  const { running } = box;
  return running && factsOfCard(boardOf(box), running.memory, card, UID, question);
}

function perform(box: Box, board: Board, effect: Effect): void {
  const { running } = box;
  if (!running) return;
  if (effect.kind === "journal") writeEntry(board, running.memory, effect.body, effect.operator);
  else if (effect.kind === "ask") {
    if (!running.link.ask(effect.student, effect.cents))
      running.machine.happen({ kind: "timeout" });
  } else if (effect.kind === "tone") {
    if (effect.tune === "accepted" && box.supply.isOn()) noteEntries(box, true);
  } else if (effect.kind === "wait") wait(box, board, effect.timeoutMs);
}

function wait(box: Box, board: Board, timeoutMs: number): void {
  if (box.wait !== -1) board.cancel(box.wait);
  box.wait = -1;
  if (timeoutMs) box.wait = board.after(timeoutMs, () => tell(box, { kind: "timeout" }));
}

/** As in main.ts: persisted before it returns. */
function listen(box: Box, board: Board, message: Downlink, sequence: number): void {
  const { running } = box;
  if (!running) return;
  const { memory, machine } = running;
  const fault = obeyGateway(board, memory, message, sequence);
  if (fault) fail(box, `${message.kind} uncovers ${fault}`);
  const catalogue = memory.kept.catalogue();
  if (message.kind === "prices" && catalogue) tell(box, { kind: "catalogue", catalogue });
  if (
    message.kind === "leases" &&
    !isVoid(memory, message) &&
    isAnswer(machine.state(), message.leases)
  ) {
    const about = cardInQuestion(machine.state());
    const facts = about && factsOf(box, about.card, "sale");
    if (facts) tell(box, { kind: "answer", facts });
  }
  hearWish(board, memory, machine.state, (event) => tell(box, event), message);
  if (message.kind === "ack" || message.kind === "time")
    look(box, board, machine.state().report.room);
}

function look(box: Box, board: Board, room: number): void {
  const { running } = box;
  if (running)
    tell(box, { kind: "report", report: reportOf(board, running.memory, running.online, room) });
}

function lookAgain(box: Box, board: Board): void {
  const { running } = box;
  if (!running) return;
  board.after(LOOK_MS, () => lookAgain(box, board));
  if (isIdle(running.machine.state())) coverEntries(running.memory);
  look(box, board, running.memory.journal.room());
}

function readTokens(memory: Memory, fromSeq: number, max: number): Bytes[] {
  const tokens: Bytes[] = [];
  for (let token = memory.journal.read(fromSeq); token && tokens.length < max;) {
    tokens.push(token);
    token = memory.journal.read(fromSeq + tokens.length);
  }
  return tokens;
}

function appliedOf(memory: Memory) {
  const { prices, blocks } = memory.kept.versions();
  return {
    sequence: memory.kept.sequence(),
    roster: memory.roster.version(),
    prices,
    blocks,
    orders: memory.preOrders.version(),
    acked: memory.journal.acknowledged(),
  };
}
