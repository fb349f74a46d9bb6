// The terminal's MQTT 3.1.1 client: one persistent session, QoS 1 both ways, over whatever the board connects.
// A message from the broker is acknowledged only after its handler has returned, that is after it is in flash;
// a message to the broker is sent again, marked DUP, after each reconnection until the broker has it.
// Section numbers are of the OASIS standard of 29 October 2014. Packets as bytes: mqtt-packets.ts.

import type { Board, Socket } from "./board.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { fromLatin1 } from "#protocol/bytes.ts";
import type { Packet, PacketFault, PacketReader, Publish } from "./mqtt-packets.ts";
import {
  connectPacket,
  createPacketReader,
  disconnectPacket,
  pingPacket,
  pubackPacket,
  publishPacket,
  readPackets,
  subscribePacket,
} from "./mqtt-packets.ts";

/** The broker declares us gone after one and a half times this (section 3.1.2.10). */
export const KEEPALIVE_SECONDS = 60;
/** A ping this often; one that is not answered by the next, or a message not acknowledged by the second next,
 * means a dead connection. Three pings fit a keepalive, so a lost one is no disconnection. */
export const PING_MS = 20000;
/** From the start of TCP to CONNACK. */
export const CONNECT_TIMEOUT_MS = 10000;
export const BACKOFF_FIRST_MS = 1000;
/** A school's network comes back for all terminals at once, so the wait ends soon but at different moments. */
export const BACKOFF_MAX_MS = 15000;
/** Messages the broker has not acknowledged yet; a tokens message, a question, a status and the sign of life. */
export const OUTGOING_MAX = 4;

/** Why a connection ended; "closed" means by the other side or by the network. */
export type MqttFault =
  | PacketFault
  | "closed"
  | "connect-timeout"
  | "ping-timeout"
  | "puback-timeout"
  | "out-of-order"
  | "login-refused"
  | "subscription-refused"
  | "handler-failed";

export type MqttOptions = {
  board: Pick<Board, "connect" | "after" | "cancel">;
  host: string;
  port: number;
  clientId: string;
  username: string;
  password: string;
  /** Any number that differs between terminals: it spreads reconnections, for the platform has no randomness. */
  spread: number;
  /** Retained "1" while connected, "0" as the last will (section 3.1.2.5). */
  hereTopic: string;
  topics: string[];
  /** Persists before it returns. When it throws, the message is not acknowledged and comes again. */
  onMessage(topic: string, payload: Bytes): void;
  onState(up: boolean): void;
  onFault(fault: MqttFault, detail: string): void;
};

type Outgoing = Publish & { pings: number };

export type Mqtt = {
  options: MqttOptions;
  reader: PacketReader;
  socket: Socket | undefined;
  /** Counts connections, so that a late event of an old socket is known as such. */
  connection: number;
  up: boolean;
  /** True once the broker confirmed our subscriptions since this start. */
  subscribed: boolean;
  pinged: boolean;
  outgoing: Outgoing[];
  lastId: number;
  /** Connections failed or lost since one was good enough to answer a ping. */
  attempts: number;
  timer: number | undefined;
  /** What the timer does: made once, because each function made costs memory while it waits. */
  onTimer(): void;
};

export function createMqtt(options: MqttOptions): Mqtt {
  const mqtt: Mqtt = {
    options: options,
    reader: createPacketReader(),
    socket: undefined,
    connection: 0,
    up: false,
    subscribed: false,
    pinged: false,
    outgoing: [],
    lastId: 0,
    attempts: 0,
    timer: undefined,
    onTimer: () => goOn(mqtt),
  };
  return mqtt;
}

/** Connects now, and again after every loss, for ever. */
export function startMqtt(mqtt: Mqtt): void {
  const options = mqtt.options;
  const connection = ++mqtt.connection;
  mqtt.reader = createPacketReader();
  mqtt.timer = options.board.after(CONNECT_TIMEOUT_MS, mqtt.onTimer);
  mqtt.socket = options.board.connect(options.host, options.port, {
    onOpen: () => {
      if (connection === mqtt.connection) greet(mqtt);
    },
    onData: (data) => {
      if (connection === mqtt.connection) receive(mqtt, data);
    },
    onClose: () => {
      if (connection === mqtt.connection) drop(mqtt, "closed", "");
    },
  });
}

/** The timer waits for the end of a pause, for CONNACK, or for the next ping: there is always one of them. */
function goOn(mqtt: Mqtt): void {
  if (mqtt.up) ping(mqtt);
  else if (mqtt.socket) drop(mqtt, "connect-timeout", "");
  else startMqtt(mqtt);
}

/** Leaves with DISCONNECT: no last will (section 3.14). */
export function stopMqtt(mqtt: Mqtt): void {
  if (mqtt.up) write(mqtt, disconnectPacket());
  leave(mqtt);
}

/** Gives a message to the session. False when there is no connection or too much on its way: keep it, try again later. */
export function publish(mqtt: Mqtt, topic: string, payload: Bytes): boolean {
  if (!mqtt.up || mqtt.outgoing.length >= OUTGOING_MAX) return false;
  enqueue(mqtt, topic, payload, false);
  return true;
}

/** Asks for the subscriptions anew: the broker then sends every retained page again (section 3.8.4). */
export function subscribe(mqtt: Mqtt): void {
  if (mqtt.up) write(mqtt, subscribePacket(nextId(mqtt), mqtt.options.topics));
}

function greet(mqtt: Mqtt): void {
  const options = mqtt.options;
  const will = { topic: options.hereTopic, payload: "0" };
  write(
    mqtt,
    connectPacket({
      clientId: options.clientId,
      username: options.username,
      password: options.password,
      keepaliveSeconds: KEEPALIVE_SECONDS,
      will: will,
    }),
  );
}

function receive(mqtt: Mqtt, data: Bytes): void {
  const connection = mqtt.connection;
  const read = readPackets(mqtt.reader, data);
  for (let i = 0; i < read.packets.length; i++) {
    handle(mqtt, read.packets[i] as Packet);
    if (connection !== mqtt.connection) return; // this packet ended the connection
  }
  if (read.fault) drop(mqtt, read.fault, "");
}

function handle(mqtt: Mqtt, packet: Packet): void {
  // CONNACK comes first and only once (section 3.2).
  if ((packet.kind === "connack") === mqtt.up) drop(mqtt, "out-of-order", packet.kind);
  else if (packet.kind === "connack") handleConnack(mqtt, packet.code, packet.sessionPresent);
  else if (packet.kind === "publish") handlePublish(mqtt, packet);
  else if (packet.kind === "puback")
    // One for a message we do not know may follow a restart of ours: the broker's session outlives our memory.
    mqtt.outgoing = mqtt.outgoing.filter((message) => message.id !== packet.id);
  else if (packet.kind === "pingresp") {
    mqtt.pinged = false;
    mqtt.attempts = 0;
  } else if (packet.refused) drop(mqtt, "subscription-refused", "");
  else mqtt.subscribed = true;
}

function handleConnack(mqtt: Mqtt, code: number, sessionPresent: boolean): void {
  if (code) {
    drop(mqtt, "login-refused", "code " + code); // codes: section 3.2.2.3
    return;
  }
  const options = mqtt.options;
  mqtt.up = true;
  mqtt.pinged = false;
  options.board.cancel(mqtt.timer as number);
  mqtt.timer = options.board.after(PING_MS, mqtt.onTimer);
  // A session that the broker kept has our subscriptions, and asking again would bring every retained page again. After a
  // start of our own we cannot know that the last SUBSCRIBE arrived.
  if (!sessionPresent || !mqtt.subscribed) subscribe(mqtt);
  for (let i = 0; i < mqtt.outgoing.length; i++) {
    const message = mqtt.outgoing[i] as Outgoing;
    message.pings = 0;
    write(mqtt, publishPacket(message, true)); // in their old order (section 4.6)
  }
  enqueue(mqtt, options.hereTopic, fromLatin1("1"), true);
  options.onState(true);
}

function handlePublish(mqtt: Mqtt, packet: Packet & { kind: "publish" }): void {
  const connection = mqtt.connection;
  try {
    mqtt.options.onMessage(packet.topic, packet.payload);
  } catch (error) {
    // Without PUBACK the broker keeps the message, and sends it again only on a new connection (section 4.4).
    drop(mqtt, "handler-failed", String(error));
    return;
  }
  if (packet.qos && connection === mqtt.connection) write(mqtt, pubackPacket(packet.id));
}

function enqueue(mqtt: Mqtt, topic: string, payload: Bytes, retain: boolean): void {
  const message: Outgoing = {
    id: nextId(mqtt),
    topic: topic,
    payload: payload,
    retain: retain,
    pings: 0,
  };
  mqtt.outgoing.push(message);
  write(mqtt, publishPacket(message, false));
}

/** Section 2.3.1: not 0, and not one still in use. */
function nextId(mqtt: Mqtt): number {
  do {
    mqtt.lastId = (mqtt.lastId % 65535) + 1;
  } while (mqtt.outgoing.some((message) => message.id === mqtt.lastId));
  return mqtt.lastId;
}

function ping(mqtt: Mqtt): void {
  if (mqtt.pinged) {
    drop(mqtt, "ping-timeout", "");
    return;
  }
  for (let i = 0; i < mqtt.outgoing.length; i++) {
    if (++(mqtt.outgoing[i] as Outgoing).pings > 2) {
      drop(mqtt, "puback-timeout", "");
      return;
    }
  }
  mqtt.pinged = true;
  mqtt.timer = mqtt.options.board.after(PING_MS, mqtt.onTimer);
  write(mqtt, pingPacket());
}

function write(mqtt: Mqtt, bytes: Bytes): void {
  if (mqtt.socket) mqtt.socket.write(bytes);
}

function drop(mqtt: Mqtt, fault: MqttFault, detail: string): void {
  const options = mqtt.options;
  const wasUp = mqtt.up;
  leave(mqtt);
  const waitMs = backoffMs(mqtt.attempts++, options.spread);
  mqtt.timer = options.board.after(waitMs, mqtt.onTimer);
  options.onFault(fault, detail);
  if (wasUp) options.onState(false);
}

function leave(mqtt: Mqtt): void {
  mqtt.connection++;
  mqtt.up = false;
  if (mqtt.timer !== undefined) mqtt.options.board.cancel(mqtt.timer);
  mqtt.timer = undefined;
  // The sign of life is said anew on each connection; everything else is still owed.
  mqtt.outgoing = mqtt.outgoing.filter((message) => !message.retain);
  const socket = mqtt.socket;
  mqtt.socket = undefined;
  if (socket) socket.close();
}

/** Doubles from one second to the cap; the upper half of each wait differs from terminal to terminal. */
export function backoffMs(attempts: number, spread: number): number {
  const waitMs = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS << Math.min(attempts, 10));
  const half = waitMs >> 1;
  return half + (((spread % 1000) * 7919 + attempts * 104729) % half);
}
