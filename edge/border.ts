// The border of the school: from a broker's topic and bytes to an uplink whose seal is proven, or
// the named reason why it is none. Nothing behind this file sees bytes that did not come from a
// terminal of ours.

import type { Bytes, Primitives } from "#protocol/bytes.ts";
import type { SealFault, SealHeader, SealKeys } from "#protocol/seal.ts";
import { deriveSealKeys, openSeal, readSealHeader } from "#protocol/seal.ts";
import { parseTopic } from "#protocol/topics.ts";
import type { Uplink } from "#protocol/uplink.ts";
import { decodeUplink } from "#protocol/uplink.ts";
import type { Arrived } from "./admission.ts";
import { chainKey } from "./books.ts";
import { readToken } from "./read-token.ts";

/** What a broker delivers. */
export type Message = { topic: string; payload: Bytes };
export type MessageFault = "wrong-topic" | "wrong-terminal" | "not-an-uplink" | SealFault;
export type Arrival =
  | { kind: "here"; terminal: number; here: boolean }
  | { kind: "uplink"; header: SealHeader; uplink: Uplink }
  /** terminal is only what the topic claims. */
  | { kind: "fault"; terminal: number; fault: MessageFault };
/** A message as far as it can be read without the ledger, and so while the last batch is written. */
export type Unpacked = { message: Message; arrival: Arrival; tokens: Arrived[] };

/** Keys, by chainKey, are derived on demand and kept once they have opened something, so that
 * made-up numbers fill no memory. */
export type Border = {
  school: string;
  primitives: Primitives;
  secret: Bytes;
  keys: Map<string, SealKeys>;
};

export function unpack(border: Border, message: Message): Unpacked {
  const arrival = readMessage(border, message);
  if (arrival.kind !== "uplink" || arrival.uplink.kind !== "tokens")
    return { message, arrival, tokens: [] };
  const { terminal, epoch } = arrival.header;
  const tokens = arrival.uplink.tokens.map((bytes) => {
    const hash = border.primitives.sha256(bytes);
    return { terminal, epoch, bytes, hash, decoded: readToken(bytes), signed: undefined };
  });
  return { message, arrival, tokens };
}

export function readMessage(border: Border, message: Message): Arrival {
  const topic = parseTopic(message.topic);
  if (!topic || topic.school !== border.school)
    return { kind: "fault", terminal: 0, fault: "wrong-topic" };
  const { terminal } = topic;
  if (topic.channel === "here")
    return {
      kind: "here",
      terminal,
      here: message.payload[0] === HERE && message.payload.length === 1,
    };
  if (topic.channel !== "up") return { kind: "fault", terminal, fault: "wrong-topic" };
  const header = readSealHeader(message.payload);
  if (!header || header.direction !== "up") return { kind: "fault", terminal, fault: "not-sealed" };
  // A broker that copies one terminal's messages to another's topic must not change what they mean.
  if (header.terminal !== terminal) return { kind: "fault", terminal, fault: "wrong-terminal" };
  const name = chainKey(terminal, header.epoch);
  const keys = border.keys.get(name) ?? upKeys(border, header);
  const opened = openSeal(border.primitives, keys, message.payload);
  if (!opened.ok) return { kind: "fault", terminal, fault: opened.fault };
  border.keys.set(name, keys);
  const uplink = decodeUplink(opened.message);
  if (!uplink) return { kind: "fault", terminal, fault: "not-an-uplink" };
  return { kind: "uplink", header, uplink };
}

const HERE = "1".charCodeAt(0);

function upKeys(border: Border, { terminal, epoch }: SealHeader): SealKeys {
  const { primitives, secret, school } = border;
  return deriveSealKeys(primitives, secret, school, terminal, epoch, "up");
}
