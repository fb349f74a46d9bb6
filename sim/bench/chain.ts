// The whole chain, each part a process of its own: terminals on paper -> Mosquitto -> the gateway in workerd -> sqld, and
// the sealed acks back. First how long a tap waits for its ack at the load of a lunch, then how many tokens a second go
// through when all terminals come back at once.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { MqttClient } from "mqtt";
import { connectAsync } from "mqtt";
import type { Message } from "#edge/border.ts";
import { primitives } from "#edge/crypto.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { fromHex } from "#protocol/bytes.ts";
import { decodeDownlink } from "#protocol/downlink.ts";
import { deriveSealKeys, openSeal } from "#protocol/seal.ts";
import { downTopic, parseTopic } from "#protocol/topics.ts";
import { demonstrate } from "../demonstration.ts";
import { startMosquitto } from "../mosquitto.ts";
import type { PaperTerminal } from "../paper-terminal.ts";
import { sayTokens } from "../paper-terminal.ts";
import type { Secrets } from "../secrets.ts";
import type { School } from "./load.ts";
import { openSchool, sellOne, sellSoup } from "./load.ts";

const SALES = 20_000;
const COUNTERS = 20;
const TAPS = 1_200;
const TAP_MS = 50;
/** The first taps find a gateway that has just started; they are not counted. */
const TAPS_BEFORE = 100;
const PATIENCE_MS = 120_000;
/** Students and terminals of the demonstration have lower numbers. */
const ABOVE = 1_000;
const SLUG = "college-demo";

export type ChainFigures = {
  tokensPerSecond: number;
  /** From publish to the ack in the terminal's hands; percentiles of TAPS. */
  ackMs: { p50: number; p95: number; p99: number };
};

export async function measureChain(): Promise<ChainFigures> {
  const mosquitto = await startMosquitto({ keepsSessions: false });
  const demonstration = await demonstrate("--broker", mosquitto.url);
  try {
    const path = join(demonstration.stateFolder, "secrets.json");
    const { sealSecret } = JSON.parse(readFileSync(path, "utf8")) as Secrets;
    const cast = { school: SLUG, secret: fromHex(sealSecret), above: ABOVE };
    const school = await openSchool(demonstration.ledger, cast);
    const client = await connectAsync(mosquitto.url);
    const acks = await hearAcks(client, school.terminals, cast.secret);
    const ackMs = await tap(client, school, acks);
    const tokensPerSecond = await comeBack(client, school, acks);
    await client.endAsync();
    return { ackMs, tokensPerSecond };
  } finally {
    await demonstration.discard();
    await mosquitto.stop();
  }
}

/** Up to which entry each terminal was acknowledged, and who wants to know. */
type Acks = { seq: Map<number, number>; onAck: (terminal: number) => void };

async function hearAcks(
  client: MqttClient,
  terminals: PaperTerminal[],
  secret: Bytes,
): Promise<Acks> {
  const acks: Acks = { seq: new Map(), onAck: () => undefined };
  const keys = new Map(
    terminals.map(({ terminal }) => [
      terminal,
      deriveSealKeys(primitives, secret, SLUG, terminal, 1, "down"),
    ]),
  );
  client.on("message", (topic, payload) => {
    const terminal = parseTopic(topic)?.terminal ?? 0;
    const key = keys.get(terminal);
    const opened = key && openSeal(primitives, key, Uint8Array.from(payload));
    const message = opened?.ok ? decodeDownlink(opened.message) : undefined;
    if (message?.kind !== "ack") return;
    acks.seq.set(terminal, Math.max(message.seq, acks.seq.get(terminal) ?? 0));
    acks.onAck(terminal);
  });
  const topics = terminals.map(({ terminal }) => downTopic(SLUG, terminal));
  await client.subscribeAsync(topics, { qos: 1 });
  return acks;
}

const publish = (client: MqttClient, { topic, payload }: Message): void =>
  void client.publish(topic, Buffer.from(payload), { qos: 1 });

/** 20 taps a second at 20 counters, for a minute. */
async function tap(
  client: MqttClient,
  { terminals }: School,
  acks: Acks,
): Promise<ChainFigures["ackMs"]> {
  const waiting = new Map<number, { seq: number; at: number }[]>();
  const times: number[] = [];
  acks.onAck = (terminal) => {
    const seq = acks.seq.get(terminal) ?? 0;
    const open = waiting.get(terminal) ?? [];
    for (const one of open) if (one.seq <= seq) times.push(performance.now() - one.at);
    waiting.set(
      terminal,
      open.filter((one) => one.seq > seq),
    );
  };
  for (let i = 0; i < TAPS_BEFORE + TAPS; i++) {
    const paper = terminals[i % COUNTERS] as PaperTerminal;
    const message = sayTokens(paper, [sellOne(paper, Math.floor(Date.now() / 1000))]);
    const open = waiting.get(paper.terminal) ?? [];
    waiting.set(paper.terminal, [...open, { seq: paper.seq, at: performance.now() }]);
    publish(client, message);
    await new Promise((resolve) => setTimeout(resolve, TAP_MS));
  }
  await untilDone(() => times.length === TAPS_BEFORE + TAPS, "taps");
  const counted = times.slice(TAPS_BEFORE).sort((a, b) => a - b);
  const at = (share: number): number => counted[Math.floor(counted.length * share)] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** All terminals send all they have as fast as they can; done when each has its last ack. */
async function comeBack(client: MqttClient, school: School, acks: Acks): Promise<number> {
  const messages = sellSoup(school, SALES);
  const left = new Map(school.terminals.map(({ terminal, seq }) => [terminal, seq]));
  acks.onAck = (terminal) => {
    if ((acks.seq.get(terminal) ?? 0) >= (left.get(terminal) ?? 0)) left.delete(terminal);
  };
  const start = performance.now();
  for (const message of messages) publish(client, message);
  await untilDone(() => !left.size, "acks");
  return (SALES * 1000) / (performance.now() - start);
}

async function untilDone(isDone: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!isDone()) {
    if (performance.now() > deadline) throw new Error(`bench: ${what} are missing`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
