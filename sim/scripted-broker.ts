// A broker played packet by packet, for tests of the terminal's MQTT session: what the terminal writes is read by
// another codec, what the broker says and when time passes is the test's.

import type { Packet } from "mqtt-packet";
import { generate, parser } from "mqtt-packet";
import { toLatin1 } from "#protocol/bytes.ts";
import type { SocketEvents } from "#firmware/board.ts";
import type { MqttOptions } from "#firmware/mqtt.ts";
import { createMqtt } from "#firmware/mqtt.ts";
import { createManualTimers } from "./manual-timers.ts";

type Connection = {
  events: SocketEvents;
  /** What the terminal has written and nobody has looked at yet. */
  written: Packet[];
  closed: boolean;
};

/** change: options of the session that the test wants otherwise; log tells what the session told its owner. */
export function createStage(change: Partial<MqttOptions> = {}) {
  const timers = createManualTimers();
  const connections: Connection[] = [];
  const log: string[] = [];
  const session = createMqtt({
    board: {
      after: timers.after,
      cancel: timers.cancel,
      connect(_host, _port, events) {
        const connection: Connection = { events, written: [], closed: false };
        const reader = parser();
        reader.on("packet", (packet) => connection.written.push(packet));
        connections.push(connection);
        return {
          write: (data) => void reader.parse(Buffer.from(data)),
          close: () => void (connection.closed = true),
        };
      },
    },
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
  const current = (): Connection => {
    const connection = connections.at(-1);
    if (!connection) throw new Error("stage: no connection yet");
    return connection;
  };
  return {
    session,
    timers,
    connections,
    log,
    current,
    /** Takes what was written since the last look, in short form. */
    written: () => current().written.splice(0).map(shorten),
    say: (packet: Packet) => current().events.onData(new Uint8Array(generate(packet))),
    connack: (sessionPresent: boolean) =>
      current().events.onData(new Uint8Array([0x20, 2, sessionPresent ? 1 : 0, 0])),
    /** A whole connection: TCP, CONNECT, CONNACK, subscribed, the sign of life taken. */
    comeUp(sessionPresent: boolean) {
      current().events.onOpen();
      this.connack(sessionPresent);
      const subscription = current().written.find(({ cmd }) => cmd === "subscribe");
      if (subscription)
        this.say({ cmd: "suback", messageId: subscription.messageId ?? 0, granted: [1, 1] });
      const here = current().written.find((packet) => packet.cmd === "publish" && packet.retain);
      if (here) this.say({ cmd: "puback", messageId: here.messageId ?? 0 });
    },
  };
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
