// The gateway's voice: seals a message for one terminal and epoch and hands it to the broker
// session.

import type { Bytes, Primitives } from "#protocol/bytes.ts";
import type { Downlink } from "#protocol/downlink.ts";
import { encodeDownlink } from "#protocol/downlink.ts";
import type { SealKeys } from "#protocol/seal.ts";
import { deriveSealKeys, seal } from "#protocol/seal.ts";
import { downTopic, rosterTopic } from "#protocol/topics.ts";
import { chainKey } from "./books.ts";

/** 1,024 messages a millisecond before two starts of the gateway could meet on one sequence
 * number. */
const SEQUENCES_PER_MS = 1024;

export type Publish = (topic: string, payload: Bytes, retain: boolean) => void;
export type Voice = {
  school: string;
  secret: Bytes;
  primitives: Primitives;
  publish: Publish;
  now: () => number;
  /** By chainKey. */
  keys: Map<string, SealKeys>;
  /** The last sequence used, and what any terminal said it has applied, should our clock have run
   * backwards. */
  lastSequence: number;
};

export function createVoice(parts: Omit<Voice, "keys" | "lastSequence">): Voice {
  return { ...parts, keys: new Map(), lastSequence: 0 };
}

/** Sends a message to a terminal; pages of the roster stay with the broker for when it comes
 * back. */
export function tell(voice: Voice, terminal: number, epoch: number, message: Downlink): void {
  const keys = keysOf(voice, terminal, epoch);
  const sequence = Math.max(voice.lastSequence + 1, voice.now() * SEQUENCES_PER_MS);
  voice.lastSequence = sequence;
  const header = { direction: "down" as const, terminal, epoch, sequence };
  const payload = seal(voice.primitives, keys, header, encodeDownlink(message));
  if (message.kind === "page")
    voice.publish(rosterTopic(voice.school, terminal, message.page), payload, true);
  else voice.publish(downTopic(voice.school, terminal), payload, false);
}

function keysOf(voice: Voice, terminal: number, epoch: number): SealKeys {
  const name = chainKey(terminal, epoch);
  const { primitives, secret, school } = voice;
  const keys =
    voice.keys.get(name) ?? deriveSealKeys(primitives, secret, school, terminal, epoch, "down");
  voice.keys.set(name, keys);
  return keys;
}
