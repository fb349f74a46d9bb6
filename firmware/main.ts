// Assembles the terminal on a board and runs it: what the reader, the keys, the gateway and the
// clock say become events of the state machine, and what it decides is done here. No decision about
// a sale is taken in this file.

import type { Bytes } from "#protocol/bytes.ts";
import { toHex } from "#protocol/bytes.ts";
import type { Downlink, Lease } from "#protocol/downlink.ts";
import type { Proof } from "#protocol/entry.ts";
import type { Board } from "./board.ts";
import { createChallenges } from "./challenges.ts";
import type { Prover } from "./drivers/proving.ts";
import type { Tap } from "./drivers/reader.ts";
import { recallTime } from "./clock-setting.ts";
import { createReader } from "./drivers/reader.ts";
import { writeEntry } from "./entry-writer.ts";
import { factsOfCard, reportOf } from "./facts.ts";
import { isVoid, obeyGateway } from "./gateway-orders.ts";
import { hearWish } from "./gateway-wishes.ts";
import type { Hands } from "./hands.ts";
import { createHands } from "./hands.ts";
import type { Idle } from "./idle.ts";
import { createIdle } from "./idle.ts";
import type { Link, LinkEvents } from "./link.ts";
import { createLink } from "./link.ts";
import type { Upkeep } from "./upkeep.ts";
import { createUpkeep } from "./upkeep.ts";
import type { Machine } from "./machine.ts";
import { createMachine } from "./machine.ts";
import type { Memory } from "./memory.ts";
import { coverEntries, openMemory } from "./memory.ts";
import type { Fault } from "./reasons.ts";
import { screenOf } from "./screens.ts";
import type { Effect, Event, Facts, Question, Report } from "./state.ts";
import { questionOf } from "./tap.ts";
import { cardInQuestion, createState, isAnswer, isIdle } from "./terminal.ts";
import { createTopUp } from "./topup.ts";

/** How often the terminal looks at itself: the clock on the display shows minutes. */
export const LOOK_MS = 10000;
/** After somebody was being served: the journal must not fill while a queue leaves only short pauses. */
const LOOK_SOON_MS = 1000;
const HASH_BYTES = 32;
const NOTHING: Report = {
  online: false,
  unsent: 0,
  oldest: 0,
  now: 0,
  clockTrusted: false,
  room: 0,
  nonces: 0,
  nextSeq: 1,
};

type Terminal = {
  board: Board;
  memory: Memory;
  hands: Hands;
  link: Link;
  machine: Machine;
  idle: Idle;
  upkeep: Upkeep;
  online: boolean;
};

/** Runs until the power goes. What is broken is on the display; what can be done still is. */
export function startTerminal(board: Board): void {
  const opened = openMemory(board);
  if (opened.ok) {
    recallTime(board, opened.memory.journal.last().timeSeconds);
    runTerminal(assemble(board, opened.memory));
  } else showFault(board, opened.fault, opened.detail);
}

/** A terminal that cannot read its memory sells nothing and sends nothing: somebody has to see to
 * it. */
function showFault(board: Board, fault: Fault, detail: string): void {
  board.log("terminal: " + fault + ": " + detail);
  const state = createState({ kind: "open", firmware: firmwareHash(board), boot: 1 }, NOTHING);
  const hands = createHands(board, () => machine.happen({ kind: "timeout" }));
  const machine = createMachine(state, hands.perform, board.log);
  board.keys.onKey((key) => machine.happen({ kind: "key", key: key, facts: undefined }));
  machine.happen({ kind: "fault", fault: fault });
}

function assemble(board: Board, memory: Memory): Terminal {
  const open = { kind: "open" as const, firmware: firmwareHash(board), boot: memory.boot };
  const state = createState(open, reportOf(board, memory, false, memory.journal.room()));
  const settings = Object.assign({ boot: memory.boot }, memory.settings);
  const terminal: Terminal = {
    board: board,
    memory: memory,
    hands: createHands(board, () => tell(terminal, { kind: "timeout" })),
    link: createLink(board, settings, {
      onDownlink: (message, sequence) => listen(terminal, message, sequence),
      onState: (up) => {
        terminal.online = up;
        look(terminal, terminal.machine.state().report.room);
      },
      backlog: () => backlogOf(memory),
      tokens: (fromSeq, max) => readTokens(memory, fromSeq, max),
      acknowledged: () => memory.journal.acknowledged(),
      applied: () => appliedOf(memory),
      health: () => terminal.upkeep.health(),
    }),
    machine: createMachine(state, (effect) => perform(terminal, effect), board.log),
    idle: createIdle(
      board,
      () => isIdle(terminal.machine.state()),
      workOf(board, memory, () => terminal.upkeep.slice()),
    ),
    upkeep: createUpkeep(board, memory),
    online: false,
  };
  return terminal;
}

/** A firmware that waits for its check comes first. */
function workOf(board: Board, memory: Memory, check: () => boolean): () => boolean {
  if (!memory.nonces) return check;
  const topUp = createTopUp(board, memory.nonces, memory.signer);
  return () => check() || topUp.slice();
}

function runTerminal(terminal: Terminal): void {
  const memory = terminal.memory;
  const catalogue = memory.kept.catalogue();
  if (catalogue) tell(terminal, { kind: "catalogue", catalogue: catalogue });
  if (!memory.nonces) {
    terminal.board.log("terminal: nonces-lost: " + memory.nonceFault);
    tell(terminal, { kind: "fault", fault: "nonces-lost" });
  }
  tell(terminal, { kind: "start" });
  terminal.board.keys.onKey((key) => {
    const facts = lookUp(terminal, cardInQuestion(terminal.machine.state()), "sale");
    tell(terminal, { kind: "key", key: key, facts: facts });
  });
  createReader(terminal.board, proverOf(terminal), {
    onCard: (tap) => takeTap(terminal, tap),
    onGone: () => tell(terminal, { kind: "gone" }),
    onTwoCards: () => tell(terminal, { kind: "two-cards" }),
    onUnreadable: () => tell(terminal, { kind: "unreadable-card" }),
    onDead: () => tell(terminal, { kind: "fault", fault: "reader-dead" }),
    onAlive: () => tell(terminal, { kind: "healed", fault: "reader-dead" }),
    onPoll: () => terminal.upkeep.readerAnswered(),
  }).start();
  terminal.link.start();
  terminal.idle.start();
  lookAgain(terminal);
}

/** The link hears of a new entry only when all effects are done: sealing it takes time that a beep
 * has not. */
function tell(terminal: Terminal, event: Event): void {
  const journal = terminal.memory.journal;
  const seq = journal.last().seq;
  if (event.kind === "card" || event.kind === "key") terminal.idle.disturb();
  terminal.machine.happen(event);
  if (journal.last().seq !== seq) terminal.link.nudge();
}

function perform(terminal: Terminal, effect: Effect): void {
  if (effect.kind === "journal")
    writeEntry(terminal.board, terminal.memory, effect.body, effect.operator);
  else if (effect.kind === "ask") {
    // A question that cannot leave gets no answer, and need not be waited for.
    if (!terminal.link.ask(effect.student, effect.cents))
      terminal.machine.happen({ kind: "timeout" });
  } else terminal.hands.perform(effect);
}

function proverOf(terminal: Terminal): Prover {
  const memory = terminal.memory;
  const secret = memory.settings.challengeSecret;
  return {
    keyOf: (uid) => {
      const record = trying(terminal, () => memory.roster.find(uid));
      return record ? record.key : undefined;
    },
    draw: createChallenges(terminal.board, secret, memory.boot).draw,
  };
}

function takeTap(terminal: Terminal, tap: Tap): void {
  const card = { card: tap.card.uid, proof: tap.proof };
  if (tap.fault) terminal.board.log("terminal: card " + toHex(card.card) + ": " + tap.fault);
  const question = questionOf(terminal.machine.state(), card.card);
  const facts = lookUp(terminal, card, question);
  if (facts) tell(terminal, { kind: "card", facts: facts });
}

function lookUp(
  terminal: Terminal,
  about: { card: Bytes; proof: Proof } | undefined,
  question: Question,
): Facts | undefined {
  if (!about) return undefined;
  return trying(terminal, () =>
    factsOfCard(terminal.board, terminal.memory, about.card, about.proof, question),
  );
}

/** What reads the terminal's memory: if it does not read, somebody has to see to it. */
function trying<T>(terminal: Terminal, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    terminal.board.log("terminal: " + (error as Error).message);
    tell(terminal, { kind: "fault", fault: "state-torn" });
    return undefined;
  }
}

/** Throws when the message could not be persisted: then the broker gives it again. */
function listen(terminal: Terminal, message: Downlink, sequence: number): void {
  const memory = terminal.memory;
  terminal.upkeep.hear(message, isIdle(terminal.machine.state()));
  const fault = obeyGateway(terminal.board, memory, message, sequence);
  if (fault) tell(terminal, { kind: "fault", fault: fault });
  const catalogue = memory.kept.catalogue();
  if (message.kind === "prices" && catalogue)
    tell(terminal, { kind: "catalogue", catalogue: catalogue });
  if (message.kind === "leases" && !isVoid(memory, message)) takeAnswer(terminal, message.leases);
  const happen = (event: Event): void => tell(terminal, event);
  hearWish(terminal.board, memory, terminal.machine.state, happen, message);
  if (message.kind === "ack" || message.kind === "time")
    look(terminal, terminal.machine.state().report.room);
}

function takeAnswer(terminal: Terminal, leases: Lease[]): void {
  if (!isAnswer(terminal.machine.state(), leases)) return;
  const facts = lookUp(terminal, cardInQuestion(terminal.machine.state()), "sale");
  if (facts) tell(terminal, { kind: "answer", facts: facts });
}

function look(terminal: Terminal, room: number): void {
  const report = reportOf(terminal.board, terminal.memory, terminal.online, room);
  tell(terminal, { kind: "report", report: report });
}

/** What takes long is done here, and only while nobody is being served. */
function lookAgain(terminal: Terminal): void {
  const machine = terminal.machine;
  const idle = isIdle(machine.state());
  terminal.board.after(idle ? LOOK_MS : LOOK_SOON_MS, () => lookAgain(terminal));
  if (idle) coverEntries(terminal.memory);
  look(terminal, terminal.memory.journal.room());
  const dead = machine.state().faults.indexOf("display-dead") >= 0;
  if (dead && terminal.hands.revive(screenOf(machine.state())))
    tell(terminal, { kind: "healed", fault: "display-dead" });
  // A machine that an event has left busy hears of nothing any more: then nobody feeds the watchdog.
  if (!machine.isBusy()) terminal.upkeep.look(machine.state().faults, isIdle(machine.state()));
}

function backlogOf(memory: Memory): ReturnType<LinkEvents["backlog"]> {
  return { unsent: memory.journal.unsent(), oldest: memory.journal.oldestSeconds() };
}

function appliedOf(memory: Memory): ReturnType<LinkEvents["applied"]> {
  const versions = memory.kept.versions();
  return {
    sequence: memory.kept.sequence(),
    roster: memory.roster.version(),
    prices: versions.prices,
    blocks: versions.blocks,
    orders: memory.preOrders.version(),
    acked: memory.journal.acknowledged(),
  };
}

function readTokens(memory: Memory, fromSeq: number, max: number): Bytes[] {
  const tokens: Bytes[] = [];
  let token = memory.journal.read(fromSeq);
  while (token && tokens.length < max) {
    tokens.push(token);
    token = memory.journal.read(fromSeq + tokens.length);
  }
  return tokens;
}

/** Zeros where no loader started the script. */
function firmwareHash(board: Board): Bytes {
  return board.firmware ? board.firmware.hash : new Uint8Array(HASH_BYTES);
}
