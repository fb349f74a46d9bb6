// The gateway's MQTT 3.1.1 session with the broker, over the runtime's own sockets. mqtt.js hands
// over one message at a time, which forbids batches, so this speaks through its codec instead. The
// session is persistent and every disconnect is normal: what was not acknowledged comes again, and
// what was not taken is sent again.

import { connect } from "cloudflare:sockets";
import type { IConnackPacket, IPublishPacket, Packet } from "mqtt-packet";
import mqttPacket from "mqtt-packet";
import { copyBytes } from "#protocol/bytes.ts";
import type { Message } from "./border.ts";
import { log } from "./log.ts";
import { createOutbox, resend, settle, submit } from "./outbox.ts";
import type { Outbox } from "./outbox.ts";

const KEEPALIVE_SECONDS = 60;
/** Three pings within the keepalive that the broker was promised (MQTT 3.1.1 section 3.1.2.10
 * allows 1.5 times). */
const PING_MS = 20_000;
const SILENCE_MS_MAX = 45_000;
const CONNACK_MS_MAX = 10_000;
const BACKOFF_MS_MIN = 250;
const BACKOFF_MS_MAX = 30_000;
/** A socket keeps the object alive for 15 minutes at most (Cloudflare changelog, 2026-06-19). */
const CONNECTION_MS_MAX = 14 * 60_000;

export type Delivery = Message & { acknowledge(): void };
export type SessionOptions = {
  /** mqtt://host:port, or mqtts:// for TLS with a certificate that the runtime trusts. */
  url: string;
  clientId: string;
  username: string;
  password: string;
  topics: string[];
  onDelivery(delivery: Delivery): void;
};
export type Session = {
  publish(topic: string, payload: Uint8Array, retain: boolean): void;
  isConnected(): boolean;
  /** Publishes that the broker has not taken yet. */
  waiting(): number;
  stop(): void;
};

type State = {
  options: SessionOptions;
  outbox: Outbox;
  connection: Connection | undefined;
  failures: number;
  stopped: boolean;
};
type Connection = {
  socket: Socket;
  writer: WritableStreamDefaultWriter<Uint8Array>;
  unwritten: Uint8Array[];
  ready: boolean;
  openedAt: number;
  heardAt: number;
};

export function startSession(options: SessionOptions): Session {
  const outbox = createOutbox();
  const state: State = { options, outbox, connection: undefined, failures: 0, stopped: false };
  void stayConnected(state);
  return {
    publish(topic, payload, retain) {
      const ready = state.connection?.ready ? state.connection : undefined;
      for (const packet of submit(outbox, topic, payload, retain, ready !== undefined))
        if (ready) send(ready, packet);
    },
    isConnected: () => state.connection?.ready ?? false,
    waiting: () => outbox.inFlight.size + outbox.queue.length,
    stop() {
      state.stopped = true;
      if (state.connection) close(state.connection);
    },
  };
}

async function stayConnected(state: State): Promise<void> {
  while (!state.stopped) {
    try {
      await converse(state);
    } catch (error) {
      log("broker-lost", { error: String(error) });
    }
    state.connection = undefined;
    const backoffMs = Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** state.failures++);
    // Half fixed, half random: many gateways of one broker must not come back in step.
    const waitMs = backoffMs * (0.5 + Math.random() / 2);
    if (!state.stopped) await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}

/** One connection from CONNECT to its end; throws when it ends badly. */
async function converse(state: State): Promise<void> {
  const { options } = state;
  const url = new URL(options.url);
  const secure = url.protocol === "mqtts:";
  const port = Number(url.port || (secure ? 8883 : 1883));
  const socket = connect(
    { hostname: url.hostname, port },
    { secureTransport: secure ? "on" : "off", allowHalfOpen: false },
  );
  const now = Date.now();
  const writer = socket.writable.getWriter();
  const times = { openedAt: now, heardAt: now };
  const connection: Connection = { socket, writer, unwritten: [], ready: false, ...times };
  state.connection = connection;
  const parser = mqttPacket.parser({ protocolVersion: 4 });
  parser.on("packet", (packet: Packet) => receive(state, connection, packet));
  parser.on("error", () => close(connection));
  send(connection, {
    cmd: "connect",
    protocolId: "MQTT",
    protocolVersion: 4,
    clean: false,
    clientId: options.clientId,
    keepalive: KEEPALIVE_SECONDS,
    username: options.username,
    password: Buffer.from(options.password),
  });
  const pulse = setInterval(() => checkPulse(connection), PING_MS / 4);
  try {
    for await (const chunk of socket.readable as ReadableStream<Uint8Array>) {
      connection.heardAt = Date.now();
      parser.parse(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    }
  } finally {
    clearInterval(pulse);
    connection.ready = false;
    close(connection);
  }
}

function receive(state: State, connection: Connection, packet: Packet): void {
  if (packet.cmd === "connack") welcome(state, connection, packet);
  else if (packet.cmd === "publish") deliver(state, connection, packet);
  else if (packet.cmd === "puback")
    for (const next of settle(state.outbox, packet.messageId ?? 0)) send(connection, next);
}

function welcome(state: State, connection: Connection, packet: IConnackPacket): void {
  if (packet.returnCode !== 0) {
    log("broker-refused", { code: packet.returnCode ?? -1 });
    close(connection);
    return;
  }
  connection.ready = true;
  state.failures = 0;
  log("broker-connected", { resumed: packet.sessionPresent });
  const subscriptions = state.options.topics.map((topic) => ({ topic, qos: 1 as const }));
  // 65535 is never given to a publish, so that the two kinds of id cannot meet.
  send(connection, { cmd: "subscribe", messageId: 65_535, subscriptions });
  for (const again of resend(state.outbox)) send(connection, again);
}

/** A resumed session delivers before anything was asked; acknowledge sends nothing on a connection
 * that is gone. */
function deliver(state: State, connection: Connection, packet: IPublishPacket): void {
  const { messageId, topic, payload } = packet;
  const bytes = typeof payload === "string" ? Buffer.from(payload) : payload;
  state.options.onDelivery({
    topic,
    payload: copyBytes(bytes, 0, bytes.length),
    acknowledge() {
      if (connection.ready && packet.qos === 1 && messageId !== undefined)
        send(connection, { cmd: "puback", messageId });
    },
  });
}

function checkPulse(connection: Connection): void {
  const now = Date.now();
  const silentMs = now - connection.heardAt;
  if (silentMs > (connection.ready ? SILENCE_MS_MAX : CONNACK_MS_MAX)) close(connection);
  else if (now - connection.openedAt > CONNECTION_MS_MAX) {
    send(connection, { cmd: "disconnect" });
    close(connection);
  } else if (connection.ready && silentMs >= PING_MS) send(connection, { cmd: "pingreq" });
}

/** Packets of one turn of the event loop leave in one write. */
function send(connection: Connection, packet: Packet): void {
  connection.unwritten.push(mqttPacket.generate(packet));
  if (connection.unwritten.length > 1) return;
  queueMicrotask(() => {
    const bytes = Buffer.concat(connection.unwritten.splice(0));
    connection.writer.write(bytes).catch(() => close(connection));
  });
}

function close(connection: Connection): void {
  connection.socket.close().catch(() => undefined);
}
