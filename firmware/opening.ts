// What the broker hands to the terminal, opened: the message of its gateway, or the name of what is wrong with it.
// Pure; link.ts counts and drops the refused ones.

import type { Bytes, Primitives } from "#protocol/bytes.ts";
import type { Downlink } from "#protocol/downlink.ts";
import { decodeDownlink } from "#protocol/downlink.ts";
import type { SealFault, SealKeys } from "#protocol/seal.ts";
import { openSeal, readSealHeader } from "#protocol/seal.ts";
import { parseTopic } from "#protocol/topics.ts";

export type OpeningFault =
  | "foreign-topic"
  | "foreign-seal"
  | "replayed"
  | SealFault
  | "not-decodable"
  | "unknown-kind"
  | "wrong-topic";

/** sequence is 0 for a roster page. */
export type Opening =
  | { ok: true; message: Downlink; sequence: number }
  | { ok: false; fault: OpeningFault; detail: string };

export type Recipient = { school: string; terminal: number; epoch: number; sealDown: SealKeys };

/** Checks from the cheapest and most fundamental down; nothing is believed before the seal is open. lastSequence is that of
 * the last message applied from `down`; roster pages are retained, so they come at each subscription and their
 * version says whether they are wanted. */
export function openDownlink(
  primitives: Primitives,
  recipient: Recipient,
  lastSequence: number,
  topicName: string,
  payload: Bytes,
): Opening {
  const topic = parseTopic(topicName);
  if (!topic || topic.terminal !== recipient.terminal || topic.school !== recipient.school)
    return refused("foreign-topic", topicName);
  const header = readSealHeader(payload);
  if (!header) return refused("not-sealed", payload.length + " bytes");
  if (
    header.direction !== "down" ||
    header.terminal !== recipient.terminal ||
    header.epoch !== recipient.epoch
  )
    return refused("foreign-seal", "terminal " + header.terminal + " epoch " + header.epoch);
  const isPage = topic.channel === "roster";
  if (!isPage && header.sequence <= lastSequence)
    return refused("replayed", "sequence " + header.sequence);
  const opened = openSeal(primitives, recipient.sealDown, payload);
  if (!opened.ok) return refused(opened.fault, topicName);
  let message: Downlink | undefined;
  try {
    message = decodeDownlink(opened.message);
  } catch (error) {
    return refused("not-decodable", String(error));
  }
  if (!message) return refused("unknown-kind", topicName);
  if ((message.kind === "page") !== isPage)
    return refused("wrong-topic", message.kind + " on " + topicName);
  return { ok: true, message: message, sequence: isPage ? 0 : header.sequence };
}

function refused(fault: OpeningFault, detail: string): Opening {
  return { ok: false, fault: fault, detail: detail };
}
