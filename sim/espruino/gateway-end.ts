// The gateway's end of one terminal, played over a real broker with mqtt.js and the protocol's own functions. It checks
// each token as an outsider would, with node:crypto, and acknowledges only when told to.

import { createHash, createPublicKey, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { MqttClient } from "mqtt";
import { connectAsync } from "mqtt";
import type { Bytes } from "#protocol/bytes.ts";
import { toHex } from "#protocol/bytes.ts";
import type { Downlink } from "#protocol/downlink.ts";
import { encodeDownlink } from "#protocol/downlink.ts";
import type { Entry } from "#protocol/entry.ts";
import { deriveSealKeys, openSeal, seal } from "#protocol/seal.ts";
import { decodeToken, signedBytes } from "#protocol/token.ts";
import { downTopic, rosterTopic, upTopic } from "#protocol/topics.ts";
import type { Uplink } from "#protocol/uplink.ts";
import { decodeUplink } from "#protocol/uplink.ts";
import { nodePrimitives } from "../primitives.ts";

/** An Ed25519 public key in DER is this and its 32 bytes (RFC 8410 section 4). */
const SPKI = Buffer.from("302a300506032b6570032100", "hex");
const HEAD = new Uint8Array(32);

export type TerminalIdentity = {
  school: string;
  terminal: number;
  epoch: number;
  sealSecret: Bytes;
  publicKey: Bytes;
};

export type GatewayEnd = {
  /** Every entry received, once, in chain order. */
  entries: Entry[];
  /** All messages, as they came. */
  messages: Uplink[];
  /** Tokens that came a second time, byte for byte the same. */
  repeated: number;
  acknowledging: boolean;
  send(message: Downlink): Promise<void>;
  /** Waits until so many entries are here. */
  until(what: string, isTrue: () => boolean, timeoutMs: number): Promise<void>;
  close(): Promise<void>;
};

export async function openGatewayEnd(url: string, who: TerminalIdentity): Promise<GatewayEnd> {
  const client = await connectAsync(url, { clientId: `obole-${who.school}-gateway`, clean: false });
  const downKeys = keysOf(who, "down");
  const upKeys = keysOf(who, "up");
  const chain = createChain(who.publicKey);
  let sequence = Date.now() * 1024;
  const send = (message: Downlink): Promise<void> => {
    const header = { direction: "down" as const, terminal: who.terminal, epoch: who.epoch };
    const bytes = encodeDownlink(message);
    const sealed = seal(nodePrimitives, downKeys, { ...header, sequence: ++sequence }, bytes);
    return publish(client, who, message, sealed);
  };
  const end: GatewayEnd = {
    entries: chain.entries,
    messages: [],
    repeated: 0,
    acknowledging: true,
    send,
    until: (what, isTrue, timeoutMs) => until(client, what, isTrue, timeoutMs),
    close: () => client.endAsync(),
  };
  client.on("message", (_topic, payload) => {
    const opened = openSeal(nodePrimitives, upKeys, new Uint8Array(payload));
    if (!opened.ok) throw new Error(`gateway end: ${opened.fault}`);
    const message = decodeUplink(opened.message);
    if (!message) throw new Error("gateway end: not a message");
    end.messages.push(message);
    if (message.kind !== "tokens") return;
    for (const token of message.tokens) if (!chain.take(token)) end.repeated++;
    const seq = chain.entries.length;
    if (end.acknowledging) {
      const nonce = chain.entries.at(-1)?.nonce ?? 0;
      void send({ kind: "ack", seq, block: seq, head: HEAD, nonce });
    }
  });
  await client.subscribeAsync(upTopic(who.school, who.terminal), { qos: 1 });
  return end;
}

const keysOf = (who: TerminalIdentity, direction: "up" | "down") =>
  deriveSealKeys(nodePrimitives, who.sealSecret, who.school, who.terminal, who.epoch, direction);

async function publish(
  client: MqttClient,
  who: TerminalIdentity,
  message: Downlink,
  sealed: Bytes,
): Promise<void> {
  const isPage = message.kind === "page";
  const topic = isPage
    ? rosterTopic(who.school, who.terminal, message.page)
    : downTopic(who.school, who.terminal);
  await client.publishAsync(topic, Buffer.from(sealed), { qos: 1, retain: isPage });
}

function until(
  client: MqttClient,
  what: string,
  isTrue: () => boolean,
  timeoutMs: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      clearTimeout(timer);
      client.off("message", look);
    };
    const look = (): void => {
      if (!isTrue()) return;
      done();
      resolve();
    };
    const timer = setTimeout(() => {
      done();
      reject(new Error(`gateway end: not within ${timeoutMs} ms: ${what}`));
    }, timeoutMs);
    client.on("message", look);
    look();
  });
}

/** A terminal's chain as it arrives: a token that does not verify, does not follow, or differs from what came before under
 * its number throws. */
function createChain(publicKey: Bytes) {
  const key: KeyObject = createPublicKey({
    key: Buffer.concat([SPKI, publicKey]),
    format: "der",
    type: "spki",
  });
  const entries: Entry[] = [];
  const tokens: string[] = [];
  let last: Bytes = new Uint8Array(32);
  return {
    entries,
    /** False when it was here before. */
    take(bytes: Bytes): boolean {
      const decoded = decodeToken(bytes);
      if (!decoded.ok) throw new Error(`gateway end: token is ${decoded.fault}`);
      const { entry, payload, signature } = decoded.token;
      if (!verify(null, signedBytes(payload), key, signature))
        throw new Error(`gateway end: entry ${entry.seq} is not signed by the terminal`);
      const known = tokens[entry.seq - 1];
      if (known !== undefined) {
        if (known !== toHex(bytes)) throw new Error(`gateway end: two entries ${entry.seq}`);
        return false;
      }
      if (entry.seq !== entries.length + 1 || toHex(entry.prev) !== toHex(last))
        throw new Error(`gateway end: entry ${entry.seq} does not follow`);
      entries.push(entry);
      tokens.push(toHex(bytes));
      last = createHash("sha256").update(bytes).digest();
      return true;
    },
  };
}
