// The air between gateway and terminals in tests of the gateway: its voice, and what each terminal then hears, unsealed as
// the terminal does it. Throws on whatever the terminal on whose topic it stands could not read.

import { primitives } from "#edge/crypto.ts";
import type { Voice } from "#edge/downlink.ts";
import { createVoice } from "#edge/downlink.ts";
import type { Bytes } from "#protocol/bytes.ts";
import type { Downlink } from "#protocol/downlink.ts";
import { decodeDownlink } from "#protocol/downlink.ts";
import { deriveSealKeys, openSeal } from "#protocol/seal.ts";
import { parseTopic } from "#protocol/topics.ts";
import { SCHOOL, SEAL_SECRET } from "./ledger-stage.ts";

/** sequence: of the seal. */
export type Heard = { terminal: number; sequence: number; message: Downlink };
/** heard: in the order in which it was said. Whoever wants only what is new takes it out. */
export type Overhearing = { voice: Voice; heard: Heard[] };

/** For the school of the stages, all of whose terminals are of epoch 1. */
export function overhear(now: () => number): Overhearing {
  const heard: Heard[] = [];
  const publish = (topic: string, payload: Bytes): void => {
    const terminal = parseTopic(topic)?.terminal ?? 0;
    const keys = deriveSealKeys(primitives, SEAL_SECRET, SCHOOL, terminal, 1, "down");
    const opened = openSeal(primitives, keys, payload);
    const message = opened.ok ? decodeDownlink(opened.message) : undefined;
    if (!opened.ok || !message) throw new Error(`overhearing: not a message for ${topic}`);
    heard.push({ terminal, sequence: opened.header.sequence, message });
  };
  const voice = createVoice({ school: SCHOOL, secret: SEAL_SECRET, primitives, publish, now });
  return { voice, heard };
}
