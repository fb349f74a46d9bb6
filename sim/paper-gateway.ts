// A gateway without Worker and ledger, for tests of terminals: mqtt.js and the protocol's own functions. It supplies a
// terminal with roster, prices and leases, checks each signature with node:crypto, keeps the chain of entries and
// acknowledges it. Switched off, it hears nothing, as the real one when it is down.

import { createPublicKey, verify } from "node:crypto";
import { connectAsync } from "mqtt";
import type { Bytes } from "#protocol/bytes.ts";
import { sameBytes } from "#protocol/bytes.ts";
import type { Downlink } from "#protocol/downlink.ts";
import { encodeDownlink } from "#protocol/downlink.ts";
import type { Entry } from "#protocol/entry.ts";
import { deriveSealKeys, openSeal, seal } from "#protocol/seal.ts";
import { decodeToken, signedBytes } from "#protocol/token.ts";
import { downTopic, parseTopic, rosterTopic, upTopic } from "#protocol/topics.ts";
import type { Uplink } from "#protocol/uplink.ts";
import { decodeUplink } from "#protocol/uplink.ts";
import { nodePrimitives } from "./primitives.ts";

export type PaperGatewayOptions = {
  url: string;
  school: string;
  terminal: number;
  epoch: number;
  sealSecret: Bytes;
  publicKey: Bytes;
  /** Answers a status: what this terminal should hold. Sent once for each start of the terminal. */
  supplies: Downlink[];
};

export type PaperGateway = {
  /** The entries of the chain so far, each once, in order. */
  entries: Entry[];
  /** All messages in the order they came. */
  heard: Uplink[];
  say(message: Downlink): Promise<void>;
  close(): Promise<void>;
};

const TICKS_PER_MS = 1024;

export async function startPaperGateway(options: PaperGatewayOptions): Promise<PaperGateway> {
  const { school, terminal, epoch, sealSecret } = options;
  const keysFor = (direction: "up" | "down") =>
    deriveSealKeys(nodePrimitives, sealSecret, school, terminal, epoch, direction);
  const up = keysFor("up");
  const down = keysFor("down");
  const chain = createChain(options.publicKey);
  const heard: Uplink[] = [];
  let sequence = Date.now() * TICKS_PER_MS;
  const client = await connectAsync(options.url, {
    clientId: `obole-${school}-gateway`,
    clean: false,
    reconnectPeriod: 100,
  });

  async function say(message: Downlink): Promise<void> {
    const isPage = message.kind === "page";
    const topic = isPage
      ? rosterTopic(school, terminal, message.page)
      : downTopic(school, terminal);
    const header = { direction: "down" as const, terminal, epoch, sequence: ++sequence };
    const sealed = seal(nodePrimitives, down, header, encodeDownlink(message));
    await client.publishAsync(topic, Buffer.from(sealed), { qos: 1, retain: isPage });
  }

  async function hear(payload: Bytes): Promise<void> {
    const opened = openSeal(nodePrimitives, up, payload);
    const message = opened.ok ? decodeUplink(opened.message) : undefined;
    if (!message) throw new Error(`gateway: ${opened.ok ? "no message" : opened.fault}`);
    heard.push(message);
    if (message.kind === "status") for (const supply of options.supplies) await say(supply);
    if (message.kind !== "tokens") return;
    for (const token of message.tokens) chain.take(token);
    const head = new Uint8Array(32);
    const seq = chain.entries.length;
    await say({ kind: "ack", seq, block: seq, head, nonce: chain.entries.at(-1)?.nonce ?? 0 });
  }

  client.on("message", (topic, payload) => {
    if (parseTopic(topic)?.channel === "up") void hear(Uint8Array.from(payload));
  });
  await client.subscribeAsync(upTopic(school, terminal), { qos: 1 });
  return { entries: chain.entries, heard, say, close: () => client.endAsync(true) };
}

/** Takes entries in seq order; the same bytes again are the same entry. Throws on anything else. */
function createChain(publicKey: Bytes) {
  const key = createPublicKey({
    key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(publicKey).toString("base64url") },
    format: "jwk",
  });
  const entries: Entry[] = [];
  const tokens: Bytes[] = [];
  return {
    entries,
    take(token: Bytes): void {
      const decoded = decodeToken(token);
      if (!decoded.ok) throw new Error(`gateway: ${decoded.fault}`);
      const { entry, payload, signature } = decoded.token;
      if (!verify(null, signedBytes(payload), key, signature))
        throw new Error(`gateway: the signature of entry ${entry.seq} is wrong`);
      const known = tokens[entry.seq - 1];
      if (known) {
        if (!sameBytes(known, token)) throw new Error(`gateway: two entries are ${entry.seq}`);
        return;
      }
      const last = tokens.at(-1);
      const prev = last ? nodePrimitives.sha256(last) : new Uint8Array(32);
      if (entry.seq !== tokens.length + 1 || !sameBytes(entry.prev, prev))
        throw new Error(`gateway: entry ${entry.seq} does not follow ${tokens.length}`);
      tokens.push(token);
      entries.push(entry);
    },
  };
}
