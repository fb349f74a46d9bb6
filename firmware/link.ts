// The terminal's sealed conversation with its gateway, over MQTT. Up: journal entries (outbox.ts), a question about
// a lease, a sign of life each minute. Down: whatever opens under our key and is new (opening.ts).
// The broker's word counts for nothing: it may lose, repeat, reorder and invent.

import type { Board } from "./board.ts";
import type { Bytes } from "#protocol/bytes.ts";
import type { Downlink } from "#protocol/downlink.ts";
import type { SealKeys } from "#protocol/seal.ts";
import { seal } from "#protocol/seal.ts";
import { allRosterTopics, downTopic, hereTopic, upTopic } from "#protocol/topics.ts";
import type { Backlog, Health, Uplink } from "#protocol/uplink.ts";
import { encodeUplink } from "#protocol/uplink.ts";
import type { Mqtt } from "./mqtt.ts";
import { createMqtt, publish, startMqtt, stopMqtt, subscribe } from "./mqtt.ts";
import type { OpeningFault, Recipient } from "./opening.ts";
import { openDownlink } from "./opening.ts";
import type { Outbox } from "./outbox.ts";
import {
  closeOutbox,
  createOutbox,
  noteAck,
  noteResend,
  openOutbox,
  sendEntries,
} from "./outbox.ts";

export const STATUS_MS = 60000;
/** The messages of one start share its number in their seal sequence, boot * 2^24 + count, so none is used twice. */
export const MESSAGES_PER_BOOT = 16777216;

export type LinkSettings = Recipient & {
  host: string;
  port: number;
  username: string;
  password: string;
  sealUp: SealKeys;
  /** Number of this start, persisted before it is used. */
  boot: number;
};

export type Applied = {
  sequence: number;
  roster: number;
  prices: number;
  blocks: number;
  orders: number;
  acked: number;
};
export type LinkEvents = {
  /** Called once per opened, fresh message; persists it and its sequence before it returns. Throws when it could
   * not: then the connection is dropped and the broker sends it again. sequence is 0 for a roster page. */
  onDownlink(message: Downlink, sequence: number): void;
  onState(up: boolean): void;
  backlog(): Backlog;
  /** At most max entries of the journal from fromSeq on, acknowledged or not; none when they are forgotten. */
  tokens(fromSeq: number, max: number): Bytes[];
  /** The last seq that an `ack` has covered. */
  acknowledged(): number;
  /** The last downlink sequence applied, the versions held, and the last entry acknowledged. */
  applied(): Applied;
  /** The terminal's condition, for its signs of life. */
  health?(): Health;
};

export type Link = {
  start(): void;
  stop(): void;
  /** Something new is in the journal. */
  nudge(): void;
  /** Asks for a larger lease; false when the question could not leave, so no answer will come. */
  ask(student: number, cents: number): boolean;
  /** Downlinks dropped since this start, by the name of their fault. */
  dropped(): Dropped;
};

type Dropped = { [fault in OpeningFault]?: number };

type State = {
  board: Board;
  settings: LinkSettings;
  events: LinkEvents;
  mqtt: Mqtt;
  outbox: Outbox;
  messages: number;
  statusTimer: number | undefined;
  /** What the timer does. */
  sayStatus(): void;
  rosterWanted: number;
  dropped: Dropped;
};

export function createLink(board: Board, settings: LinkSettings, events: LinkEvents): Link {
  const state: State = {
    board: board,
    settings: settings,
    events: events,
    mqtt: createMqtt({
      board: board,
      host: settings.host,
      port: settings.port,
      clientId: "obole-" + settings.school + "-" + settings.terminal,
      username: settings.username,
      password: settings.password,
      spread: settings.terminal,
      hereTopic: hereTopic(settings.school, settings.terminal),
      topics: [
        downTopic(settings.school, settings.terminal),
        allRosterTopics(settings.school, settings.terminal),
      ],
      onMessage: (topic, payload) => hear(state, topic, payload),
      onState: (up) => changeState(state, up),
      onFault: (fault, detail) => board.log("mqtt: " + fault + (detail ? ": " + detail : "")),
    }),
    outbox: createOutbox({
      board: board,
      send: (tokens) => sendTokens(state, tokens),
      tokens: events.tokens,
      acknowledged: events.acknowledged,
    }),
    messages: 0,
    statusTimer: undefined,
    sayStatus: () => sendStatus(state),
    rosterWanted: 0,
    dropped: {},
  };
  return {
    start: () => startMqtt(state.mqtt),
    stop: () => stopLink(state),
    nudge: () => sendEntries(state.outbox),
    ask: (student, cents) => sendAsk(state, student, cents),
    dropped: () => state.dropped,
  };
}

function stopLink(state: State): void {
  closeOutbox(state.outbox);
  cancelStatus(state);
  stopMqtt(state.mqtt);
}

function changeState(state: State, up: boolean): void {
  cancelStatus(state);
  if (up) {
    sendStatus(state);
    openOutbox(state.outbox);
  } else closeOutbox(state.outbox);
  state.events.onState(up);
}

function cancelStatus(state: State): void {
  if (state.statusTimer !== undefined) state.board.cancel(state.statusTimer);
  state.statusTimer = undefined;
}

function sendStatus(state: State): void {
  state.statusTimer = state.board.after(STATUS_MS, state.sayStatus);
  const applied = state.events.applied();
  const backlog = state.events.backlog();
  if (state.rosterWanted > applied.roster) subscribe(state.mqtt);
  const status = {
    kind: "status" as const,
    unsent: backlog.unsent,
    oldest: backlog.oldest,
    sequence: applied.sequence,
    roster: applied.roster,
    prices: applied.prices,
    blocks: applied.blocks,
    orders: applied.orders,
    acked: applied.acked,
  };
  const health = state.events.health;
  send(state, health ? Object.assign(status, { health: health() }) : status);
}

function sendTokens(state: State, tokens: Bytes[]): boolean {
  const backlog = state.events.backlog();
  return send(state, {
    kind: "tokens",
    unsent: backlog.unsent,
    oldest: backlog.oldest,
    tokens: tokens,
  });
}

function sendAsk(state: State, student: number, cents: number): boolean {
  const backlog = state.events.backlog();
  return send(state, {
    kind: "ask",
    unsent: backlog.unsent,
    oldest: backlog.oldest,
    student: student,
    cents: cents,
  });
}

function send(state: State, message: Uplink): boolean {
  const settings = state.settings;
  if (!state.mqtt.up) return false;
  if (state.messages + 1 >= MESSAGES_PER_BOOT) {
    state.board.log("link: all sequences of start " + settings.boot + " are used");
    state.board.restart();
    return false;
  }
  const header = {
    direction: "up" as const,
    terminal: settings.terminal,
    epoch: settings.epoch,
    sequence: settings.boot * MESSAGES_PER_BOOT + ++state.messages,
  };
  const sealed = seal(state.board, settings.sealUp, header, encodeUplink(message));
  return publish(state.mqtt, upTopic(settings.school, settings.terminal), sealed);
}

function hear(state: State, topic: string, payload: Bytes): void {
  const lastSequence = state.events.applied().sequence;
  const opening = openDownlink(state.board, state.settings, lastSequence, topic, payload);
  if (!opening.ok) {
    // Dropped for good, a copy would be no better: the gateway says anew whatever our next status shows to be missing.
    const count = (state.dropped[opening.fault] || 0) + 1;
    state.dropped[opening.fault] = count;
    state.board.log("link: " + opening.fault + " (" + count + "): " + opening.detail);
    return;
  }
  const message = opening.message;
  state.events.onDownlink(message, opening.sequence);
  if (message.kind === "ack") noteAck(state.outbox, message.seq);
  else if (message.kind === "resend") noteResend(state.outbox, message.fromSeq);
  else if (message.kind === "roster") {
    // Its pages may have come before this terminal knew that it wanted them; the broker keeps them.
    state.rosterWanted = message.version;
    if (message.version > state.events.applied().roster) subscribe(state.mqtt);
  }
}
