// A broker played packet by packet, for tests of the terminal's MQTT session and link: what the terminal writes is
// read by another codec; what the broker says, and when time passes, is the test's.

import type { Packet } from "mqtt-packet";
import { generate, parser } from "mqtt-packet";
import type { Socket, SocketEvents } from "#firmware/board.ts";
import type { MqttOptions } from "#firmware/mqtt.ts";
import { createMqtt } from "#firmware/mqtt.ts";
import { toLatin1 } from "#protocol/bytes.ts";
import { createManualTimers } from "./manual-timers.ts";

type Connection = {
  events: SocketEvents;
  /** What the terminal has written and nobody has looked at yet. */
  written: Packet[];
  closed: boolean;
};

export type ScriptedBroker = ReturnType<typeof createScriptedBroker>;

export function createScriptedBroker() {
  const connections: Connection[] = [];
  const current = (): Connection => {
    const connection = connections.at(-1);
    if (!connection) throw new Error("broker: nobody has connected yet");
    return connection;
  };
  const say = (packet: Packet): void => current().events.onData(new Uint8Array(generate(packet)));
  return {
    connections,
    current,
    say,
    connect(_host: string, _port: number, events: SocketEvents): Socket {
      const connection: Connection = { events, written: [], closed: false };
      const reader = parser();
      reader.on("packet", (packet) => connection.written.push(packet));
      connections.push(connection);
      return {
        write: (data) => void reader.parse(Buffer.from(data)),
        close: () => void (connection.closed = true),
      };
    },
    /** Takes what was written since the last look. */
    take: (): Packet[] => current().written.splice(0),
    connack: (sessionPresent: boolean) => say({ cmd: "connack", returnCode: 0, sessionPresent }),
    /** A whole connection: TCP, CONNECT, CONNACK, subscribed, the sign of life taken. */
    comeUp(sessionPresent: boolean) {
      current().events.onOpen();
      this.connack(sessionPresent);
      const subscription = current().written.find(({ cmd }) => cmd === "subscribe");
      if (subscription) say({ cmd: "suback", messageId: idOf(subscription), granted: [1, 1] });
      const here = current().written.find((packet) => packet.cmd === "publish" && packet.retain);
      if (here) say({ cmd: "puback", messageId: idOf(here) });
    },
  };
}

/** A session of mqtt.ts before such a broker. change: options that the test wants otherwise; log tells what the
 * session told its owner. */
export function createStage(change: Partial<MqttOptions> = {}) {
  const timers = createManualTimers();
  const broker = createScriptedBroker();
  const log: string[] = [];
  const session = createMqtt({
    board: { after: timers.after, cancel: timers.cancel, connect: broker.connect },
    host: "broker",
    port: 1883,
    clientId: "obole-demo-7",
    username: "obole-demo-7",
    password: "secret",
    spread: 7,
    hereTopic: "here",
    topics: ["down", "roster/+"],
    onMessage: (topic, payload) => void log.push(`message ${topic} ${toLatin1(payload)}`),
    onState: (up) => void log.push(up ? "up" : "down"),
    onFault: (fault, detail) => void log.push(`fault ${fault}${detail ? ` ${detail}` : ""}`),
    ...change,
  });
  /** What was written since the last look, in short form. */
  const written = (): string[] => broker.take().map(shorten);
  return { ...broker, session, timers, log, written };
}

export function idOf(packet: Packet): number {
  if (packet.messageId === undefined) throw new Error(`broker: ${packet.cmd} has no identifier`);
  return packet.messageId;
}

function shorten(packet: Packet): string {
  if (packet.cmd === "publish") {
    const marks = (packet.dup ? " dup" : "") + (packet.retain ? " retained" : "");
    return `publish ${packet.messageId} ${packet.topic} ${String(packet.payload)}${marks}`;
  }
  if (packet.cmd === "puback" || packet.cmd === "subscribe")
    return `${packet.cmd} ${packet.messageId}`;
  return packet.cmd;
}

export const MESSAGE_DOWN: Packet = {
  cmd: "publish",
  topic: "down",
  payload: "m",
  qos: 1,
  dup: false,
  retain: false,
  messageId: 77,
};
