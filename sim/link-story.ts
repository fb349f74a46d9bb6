// A story of the terminal's link, for its tests: the gateway's end is played with the protocol's own functions, the
// broker packet by packet, and time by hand.

import type { Board } from "#firmware/board.ts";
import type { LinkSettings } from "#firmware/link.ts";
import { createLink } from "#firmware/link.ts";
import { fromLatin1, toLatin1 } from "#protocol/bytes.ts";
import type { Downlink } from "#protocol/downlink.ts";
import { encodeDownlink } from "#protocol/downlink.ts";
import type { SealHeader } from "#protocol/seal.ts";
import { deriveSealKeys, openSeal, seal } from "#protocol/seal.ts";
import { downTopic, upTopic } from "#protocol/topics.ts";
import type { Uplink } from "#protocol/uplink.ts";
import { decodeUplink } from "#protocol/uplink.ts";
import { createManualTimers } from "./manual-timers.ts";
import { nodePrimitives } from "./primitives.ts";
import type { ScriptedBroker } from "./scripted-broker.ts";
import { createScriptedBroker, idOf } from "./scripted-broker.ts";

export const SCHOOL = "college-demo";
export const TERMINAL = 7;
export const EPOCH = 3;
export const BOOT = 5;
export const SECRET = fromLatin1("a secret of the school, 32 bytes");
const up = deriveSealKeys(nodePrimitives, SECRET, SCHOOL, TERMINAL, EPOCH, "up");
export const down = deriveSealKeys(nodePrimitives, SECRET, SCHOOL, TERMINAL, EPOCH, "down");

const SETTINGS: LinkSettings = {
  school: SCHOOL,
  terminal: TERMINAL,
  epoch: EPOCH,
  host: "broker",
  port: 1883,
  username: "u",
  password: "p",
  sealUp: up,
  sealDown: down,
  boot: BOOT,
};

/** A terminal's link over a journal of so many entries, whose tokens are just their numbers. */
export function createStory(entries: number) {
  const timers = createManualTimers();
  const broker = createScriptedBroker();
  const journal = { last: entries, acknowledged: 0, forgotten: 0 };
  const applied = { sequence: 0, roster: 0, prices: 0, blocks: 0, orders: 0, acked: 0 };
  const log: string[] = [];
  const got: Downlink[] = [];
  const flash = { isFull: false };
  const parts = {
    after: timers.after,
    cancel: timers.cancel,
    connect: broker.connect,
    log: (text: string) => void log.push(text),
    restart: () => void log.push("restart"),
  };
  const link = createLink({ ...nodePrimitives, ...parts } as Board, SETTINGS, {
    onDownlink(message, sequence) {
      if (flash.isFull) throw new Error("store: no room");
      got.push(message);
      if (sequence) applied.sequence = sequence;
      if (message.kind === "ack")
        journal.acknowledged = Math.max(journal.acknowledged, message.seq);
    },
    onState: (isUp) => void log.push(isUp ? "up" : "down"),
    backlog: () => ({ unsent: journal.last - journal.acknowledged, oldest: 1_700_000_000 }),
    tokens(fromSeq, max) {
      if (fromSeq <= journal.forgotten) return [];
      const count = Math.max(0, Math.min(max, journal.last - fromSeq + 1));
      return Array.from({ length: count }, (_, i) => fromLatin1(`entry ${fromSeq + i}`));
    },
    acknowledged: () => journal.acknowledged,
    applied: () => applied,
  });
  return {
    ...createGatewayEnd(broker),
    broker,
    timers,
    link,
    journal,
    applied,
    log,
    got,
    flash,
    start() {
      link.start();
      broker.comeUp(false);
    },
    /** The network goes, and comes back at the terminal's next attempt. */
    reconnect() {
      const count = broker.connections.length;
      broker.current().events.onClose();
      while (broker.connections.length === count) timers.advance(100);
      broker.comeUp(true);
    },
  };
}

export function createGatewayEnd(broker: ScriptedBroker) {
  /** The seal sequences of what arrived. */
  const sequences: number[] = [];
  let messageId = 0;
  let sequence = 1000;
  function sendSealed(topic: string, sealed: Uint8Array): void {
    messageId = (messageId % 65535) + 1;
    const payload = Buffer.from(sealed);
    broker.say({ cmd: "publish", topic, payload, messageId, qos: 1, dup: false, retain: false });
  }
  function sealDown(message: Downlink, header: Partial<SealHeader> = {}): Uint8Array {
    const usual = { direction: "down" as const, terminal: TERMINAL, epoch: EPOCH };
    const bytes = encodeDownlink(message);
    return seal(nodePrimitives, down, { ...usual, sequence: ++sequence, ...header }, bytes);
  }
  /** What arrived at the gateway since the last look. The broker answers pings and acknowledges all of it, which
   * means nothing. */
  function heard(): Uplink[] {
    return broker.take().flatMap((packet) => {
      if (packet.cmd === "pingreq") broker.say({ cmd: "pingresp" });
      if (packet.cmd !== "publish" || packet.topic !== upTopic(SCHOOL, TERMINAL)) return [];
      broker.say({ cmd: "puback", messageId: idOf(packet) });
      const opened = openSeal(nodePrimitives, up, new Uint8Array(packet.payload as Buffer));
      if (!opened.ok) throw new Error(opened.fault);
      sequences.push(opened.header.sequence);
      const message = decodeUplink(opened.message);
      return message ? [message] : [];
    });
  }
  return {
    sequences,
    sendSealed,
    sealDown,
    heard,
    say: (message: Downlink) => sendSealed(downTopic(SCHOOL, TERMINAL), sealDown(message)),
    /** The batches of entries among what was heard. */
    entries: (): string[][] =>
      heard().flatMap((message) =>
        message.kind === "tokens" ? [message.tokens.map(toLatin1)] : [],
      ),
  };
}

export const ack = (seq: number): Downlink => ({
  kind: "ack",
  seq,
  block: 1,
  head: new Uint8Array(32),
  nonce: 0,
});
export const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `entry ${from + i}`);
