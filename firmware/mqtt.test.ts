// The terminal's MQTT session loses nothing that it was given and acknowledges nothing that it did not keep.
// Method: a broker played packet by packet, with time in our hands, shows each rule and each time-out.
// Brokers that others wrote are in mqtt-brokers.test.ts.

import type { Packet } from "mqtt-packet";
import { generate, parser } from "mqtt-packet";
import { describe, expect, test } from "vitest";
import { fromHex, fromLatin1, toLatin1 } from "#protocol/bytes.ts";
import { createManualTimers } from "#sim/manual-timers.ts";
import type { SocketEvents } from "./board.ts";
import type { MqttOptions } from "./mqtt.ts";
import * as mqtt from "./mqtt.ts";

type Connection = {
  events: SocketEvents;
  /** What the terminal has written and nobody has looked at yet. */
  written: Packet[];
  closed: boolean;
};

function createStage(change: Partial<MqttOptions> = {}) {
  const timers = createManualTimers();
  const connections: Connection[] = [];
  const log: string[] = [];
  const session = mqtt.createMqtt({
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

const MESSAGE: Packet = {
  cmd: "publish",
  topic: "down",
  payload: "m",
  qos: 1,
  dup: false,
  retain: false,
  messageId: 77,
};

describe("a connection begins", () => {
  test("with CONNECT, then subscriptions, then the sign of life", () => {
    const stage = createStage();
    mqtt.startMqtt(stage.session);
    stage.current().events.onOpen();
    expect(stage.written()).toEqual(["connect"]);
    stage.connack(false);
    expect(stage.written()).toEqual(["subscribe 1", "publish 2 here 1 retained"]);
    expect(stage.log).toEqual(["up"]);
  });

  test("a session that the broker kept is not subscribed to again", () => {
    const stage = createStage();
    mqtt.startMqtt(stage.session);
    stage.comeUp(false);
    stage.current().events.onClose();
    stage.timers.advance(mqtt.BACKOFF_MAX_MS);
    stage.current().events.onOpen();
    stage.connack(true);
    expect(stage.written()).toEqual(["connect", "publish 3 here 1 retained"]);
  });

  test("but one that the broker forgot is, and so is one from before our own start", () => {
    const stage = createStage();
    mqtt.startMqtt(stage.session);
    stage.current().events.onOpen();
    stage.connack(true);
    expect(stage.written()).toContain("subscribe 1");
    stage.say({ cmd: "suback", messageId: 1, granted: [1, 1] });
    stage.current().events.onClose();
    stage.timers.advance(mqtt.BACKOFF_MAX_MS);
    stage.current().events.onOpen();
    stage.connack(false);
    expect(stage.written().some((packet) => packet.startsWith("subscribe"))).toBe(true);
  });
});

describe("a message to the broker", () => {
  test("is sent again, marked DUP and in order, until the broker has it", () => {
    const stage = createStage();
    mqtt.startMqtt(stage.session);
    stage.comeUp(false);
    stage.written();
    for (const text of ["a", "b", "c"])
      expect(mqtt.publish(stage.session, "up", fromLatin1(text))).toBe(true);
    expect(stage.written()).toEqual(["publish 3 up a", "publish 4 up b", "publish 5 up c"]);
    stage.say({ cmd: "puback", messageId: 4 });
    stage.current().events.onClose();
    stage.timers.advance(mqtt.BACKOFF_MAX_MS);
    stage.current().events.onOpen();
    stage.connack(true);
    expect(stage.written()).toEqual([
      "connect",
      "publish 3 up a dup",
      "publish 5 up c dup",
      "publish 6 here 1 retained",
    ]);
  });

  test("is refused while there is no connection, and when too many are on their way", () => {
    const stage = createStage();
    expect(mqtt.publish(stage.session, "up", fromLatin1("x"))).toBe(false);
    mqtt.startMqtt(stage.session);
    stage.comeUp(false);
    for (let i = 0; i < mqtt.OUTGOING_MAX; i++)
      expect(mqtt.publish(stage.session, "up", fromLatin1("x"))).toBe(true);
    expect(mqtt.publish(stage.session, "up", fromLatin1("x"))).toBe(false);
    stage.say({ cmd: "puback", messageId: 3 });
    expect(mqtt.publish(stage.session, "up", fromLatin1("x"))).toBe(true);
  });

  test("has an identifier that is never 0 and never one still in use", () => {
    const stage = createStage();
    mqtt.startMqtt(stage.session);
    stage.comeUp(false);
    mqtt.publish(stage.session, "up", fromLatin1("x")); // 3 stays unacknowledged for ever
    for (let i = 0; i < 70_000; i++) {
      mqtt.publish(stage.session, "up", fromLatin1("x"));
      const sent = stage.current().written.at(-1);
      expect(sent?.messageId).not.toBe(0);
      if (i) expect(sent?.messageId).not.toBe(3);
      stage.current().written.length = 0;
      stage.say({ cmd: "puback", messageId: sent?.messageId ?? 0 });
    }
  });
});

describe("a message from the broker", () => {
  test("is acknowledged after its handler has returned", () => {
    const order: string[] = [];
    const stage = createStage({
      onMessage: () => void order.push(...stage.written(), "handler returns"),
    });
    mqtt.startMqtt(stage.session);
    stage.comeUp(false);
    stage.written();
    stage.say(MESSAGE);
    expect([...order, ...stage.written()]).toEqual(["handler returns", "puback 77"]);
  });

  test("is not acknowledged when the handler could not keep it, and the connection ends", () => {
    const stage = createStage({
      onMessage() {
        throw new Error("state: flash is full");
      },
    });
    mqtt.startMqtt(stage.session);
    stage.comeUp(false);
    stage.written();
    stage.say(MESSAGE);
    expect(stage.written()).toEqual([]);
    expect(stage.current().closed).toBe(true);
    expect(stage.log).toEqual(["up", "fault handler-failed Error: state: flash is full", "down"]);
  });

  test("of QoS 0 is handled and needs no acknowledgement", () => {
    const stage = createStage();
    mqtt.startMqtt(stage.session);
    stage.comeUp(false);
    stage.written();
    stage.say({ cmd: "publish", topic: "down", payload: "m", qos: 0, dup: false, retain: false });
    expect(stage.log).toContain("message down m");
    expect(stage.written()).toEqual([]);
  });
});

describe("a connection ends with a name", () => {
  const cases: [string, (stage: ReturnType<typeof createStage>) => void][] = [
    ["closed", (stage) => stage.current().events.onClose()],
    ["connect-timeout", (stage) => stage.timers.advance(mqtt.CONNECT_TIMEOUT_MS)],
    [
      "login-refused code 5",
      (stage) => {
        stage.current().events.onOpen();
        stage.say({ cmd: "connack", returnCode: 5, sessionPresent: false });
      },
    ],
    [
      "subscription-refused",
      (stage) => {
        stage.current().events.onOpen();
        stage.connack(false);
        stage.say({ cmd: "suback", messageId: 1, granted: [1, 128] });
      },
    ],
    [
      "out-of-order puback",
      (stage) => {
        stage.current().events.onOpen();
        stage.say({ cmd: "puback", messageId: 1 });
      },
    ],
    [
      "out-of-order connack",
      (stage) => {
        stage.comeUp(false);
        stage.connack(false);
      },
    ],
    [
      "unknown-packet",
      (stage) => {
        stage.comeUp(false);
        stage.current().events.onData(fromHex("f000"));
      },
    ],
    [
      "ping-timeout",
      (stage) => {
        stage.comeUp(false);
        stage.timers.advance(2 * mqtt.PING_MS);
      },
    ],
    [
      "puback-timeout",
      (stage) => {
        stage.comeUp(false);
        mqtt.publish(stage.session, "up", fromLatin1("x"));
        for (let i = 0; i < 3; i++) {
          stage.timers.advance(mqtt.PING_MS);
          if (i < 2) stage.say({ cmd: "pingresp" });
        }
      },
    ],
  ];

  test.each(cases)("%s", (fault, act) => {
    const stage = createStage();
    mqtt.startMqtt(stage.session);
    act(stage);
    expect(stage.log.filter((line) => line.startsWith("fault"))).toEqual([`fault ${fault}`]);
    expect(stage.current().closed).toBe(true);
    expect(stage.log.filter((line) => line === "up").length).toBe(
      stage.log.filter((line) => line === "down").length,
    );
    stage.timers.advance(mqtt.BACKOFF_FIRST_MS);
    expect(stage.connections, "it connects again").toHaveLength(2);
  });

  test("late events of a connection that has ended mean nothing", () => {
    const stage = createStage();
    mqtt.startMqtt(stage.session);
    stage.comeUp(false);
    const old = stage.current();
    old.events.onClose();
    old.events.onClose();
    old.events.onData(fromHex("f000"));
    expect(stage.log).toEqual(["up", "fault closed", "down"]);
    stage.timers.advance(mqtt.BACKOFF_MAX_MS);
    stage.comeUp(true);
    old.events.onClose();
    expect(stage.log.at(-1)).toBe("up");
  });

  test("packets after the one that ended the connection are not handled", () => {
    const stage = createStage();
    mqtt.startMqtt(stage.session);
    stage.comeUp(false);
    const connack = generate({ cmd: "connack", returnCode: 0, sessionPresent: false });
    stage.current().events.onData(new Uint8Array(Buffer.concat([connack, generate(MESSAGE)])));
    expect(stage.log).not.toContain("message down m");
  });

  test("stopped, it says goodbye and does not come back", () => {
    const stage = createStage();
    mqtt.startMqtt(stage.session);
    stage.comeUp(false);
    stage.written();
    mqtt.stopMqtt(stage.session);
    expect(stage.written()).toEqual(["disconnect"]);
    stage.timers.advance(3_600_000);
    expect(stage.connections).toHaveLength(1);
  });
});

describe("the wait before a new connection", () => {
  test("doubles up to its cap, and starts over once a connection has answered a ping", () => {
    const stage = createStage();
    const waits: number[] = [];
    mqtt.startMqtt(stage.session);
    for (let i = 0; i < 8; i++) {
      stage.current().events.onClose();
      const before = stage.timers.now();
      const count = stage.connections.length;
      while (stage.connections.length === count) stage.timers.advance(1);
      waits.push(stage.timers.now() - before);
    }
    expect(waits).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((attempt) => mqtt.backoffMs(attempt, 7)));
    stage.comeUp(false);
    stage.timers.advance(mqtt.PING_MS);
    stage.say({ cmd: "pingresp" });
    stage.current().events.onClose();
    const count = stage.connections.length;
    stage.timers.advance(mqtt.BACKOFF_FIRST_MS);
    expect(stage.connections).toHaveLength(count + 1);
  });

  test("is at least half its nominal length, never above the cap, and differs between terminals", () => {
    const third = Array.from({ length: 50 }, (_, terminal) => mqtt.backoffMs(10, terminal));
    expect(Math.min(...third)).toBeGreaterThanOrEqual(mqtt.BACKOFF_MAX_MS / 2);
    expect(Math.max(...third)).toBeLessThanOrEqual(mqtt.BACKOFF_MAX_MS);
    expect(new Set(third).size).toBe(50);
  });
});
