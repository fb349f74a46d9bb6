// The terminal's MQTT session against brokers that others wrote: Mosquitto and aedes. Method: real sockets through a
// switch that cuts them, mqtt.js as the other side, the broker killed without warning; timers are moved by hand.

import type { Server, Socket as NetSocket } from "node:net";
import { connect, createServer } from "node:net";
import { Aedes } from "aedes";
import type { MqttClient } from "mqtt";
import { connectAsync } from "mqtt";
import { afterEach, describe, expect, test, vi } from "vitest";
import { fromLatin1, toLatin1 } from "#protocol/bytes.ts";
import { findProgram } from "#sim/debian.ts";
import { createManualTimers } from "#sim/manual-timers.ts";
import { startMosquitto } from "#sim/mosquitto.ts";
import * as mqtt from "./mqtt.ts";

type Broker = {
  port: number;
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
};

async function startAedes(): Promise<Broker> {
  let aedes = await Aedes.createBroker();
  const sockets = new Set<NetSocket>();
  const listen = (port: number): Promise<Server> =>
    new Promise((resolve) => {
      const server = createServer((socket) => {
        sockets.add(socket);
        aedes.handle(socket);
      });
      server.listen(port, "127.0.0.1", () => resolve(server));
    });
  let server = await listen(0);
  const address = server.address();
  if (!address || typeof address === "string") throw new Error("aedes: no port");
  const broker: Broker = {
    port: address.port,
    async kill() {
      for (const socket of sockets) socket.resetAndDestroy();
      sockets.clear();
      await new Promise((resolve) => server.close(resolve));
    },
    async start() {
      aedes = await Aedes.createBroker();
      server = await listen(broker.port);
    },
    async stop() {
      await broker.kill();
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
    },
  };
  return broker;
}

/** A terminal's session over real sockets; cut() is a network that goes away. */
function createTerminal(port: number, onMessage: (text: string) => void = () => {}) {
  const timers = createManualTimers();
  const sockets: NetSocket[] = [];
  const log: string[] = [];
  const session = mqtt.createMqtt({
    board: {
      after: timers.after,
      cancel: timers.cancel,
      connect(host, at, events) {
        const socket = connect(at, host);
        sockets.push(socket);
        socket.on("connect", () => events.onOpen());
        // One byte at a time: the worst that a network may do to a stream.
        socket.on("data", (data) => {
          for (const byte of data) events.onData(new Uint8Array([byte]));
        });
        socket.on("close", () => events.onClose());
        socket.on("error", () => {});
        return { write: (data) => void socket.write(data), close: () => void socket.destroy() };
      },
    },
    host: "127.0.0.1",
    port,
    clientId: "obole-demo-7",
    username: "obole-demo-7",
    password: "secret",
    spread: 7,
    hereTopic: "t/7/here",
    topics: ["t/7/down", "t/7/roster/+"],
    onMessage(topic, payload) {
      log.push(`${topic} ${toLatin1(payload)}`);
      onMessage(toLatin1(payload));
    },
    onState: (up) => void log.push(up ? "up" : "down"),
    onFault: (fault) => void log.push(`fault ${fault}`),
  });
  return {
    session,
    timers,
    log,
    cut: () => sockets.at(-1)?.resetAndDestroy(),
    /** Connects, trying again as often as it takes, until the broker has confirmed the subscriptions. */
    async comeUp() {
      if (!session.connection) mqtt.startMqtt(session);
      await vi.waitFor(() => {
        if (!session.up) timers.advance(500);
        expect(session.up && session.subscribed).toBe(true);
      }, WAIT);
    },
    settled: () => vi.waitFor(() => expect(session.outgoing).toEqual([]), WAIT),
  };
}

const WAIT = { timeout: 10_000, interval: 20 };
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function startOther(port: number, topics: string[]) {
  const client: MqttClient = await connectAsync(`mqtt://127.0.0.1:${port}`, {
    clientId: "obole-demo-gateway",
    clean: false,
    reconnectPeriod: 50,
  });
  const got: string[] = [];
  client.on("message", (topic, payload) => void got.push(`${topic} ${String(payload)}`));
  if (topics.length) await client.subscribeAsync(topics, { qos: 1 });
  closing.push(() => client.endAsync(true));
  return { client, got };
}

const BROKERS: [string, () => Promise<Broker>, boolean][] = [
  ["Mosquitto", () => startMosquitto({ keepsSessions: true }), !findProgram("mosquitto")],
  ["aedes", startAedes, false],
];

describe.each(BROKERS)("%s", (_name, startBroker, isMissing) => {
  async function start() {
    const broker = await startBroker();
    closing.push(() => broker.stop());
    const terminal = createTerminal(broker.port);
    closing.push(() => mqtt.stopMqtt(terminal.session));
    return { broker, terminal };
  }

  test.skipIf(isMissing)("messages pass both ways, in order", async () => {
    const { broker, terminal } = await start();
    const { client, got } = await startOther(broker.port, ["t/7/up"]);
    await terminal.comeUp();
    for (let i = 0; i < 50; i++) {
      await vi.waitFor(
        () => expect(mqtt.publish(terminal.session, "t/7/up", fromLatin1(`${i}`))).toBe(true),
        { timeout: 5000, interval: 1 },
      );
      await client.publishAsync("t/7/down", `${i}`, { qos: 1 });
    }
    await vi.waitFor(() => expect(got).toHaveLength(50), WAIT);
    expect(got).toEqual(got.map((_, i) => `t/7/up ${i}`));
    await vi.waitFor(() => expect(terminal.log).toHaveLength(51), WAIT);
    expect(terminal.log.slice(1)).toEqual(got.map((_, i) => `t/7/down ${i}`));
  });

  test.skipIf(isMissing)("what was sent to an absent terminal waits for it, once", async () => {
    const { broker, terminal } = await start();
    const { client } = await startOther(broker.port, []);
    await client.publishAsync("t/7/roster/0", "page", { qos: 1, retain: true });
    await terminal.comeUp();
    await vi.waitFor(() => expect(terminal.log).toContain("t/7/roster/0 page"), WAIT);
    terminal.cut();
    await vi.waitFor(() => expect(terminal.log).toContain("down"), WAIT);
    for (const text of ["a", "b", "c"]) await client.publishAsync("t/7/down", text, { qos: 1 });
    await terminal.comeUp();
    await vi.waitFor(() => expect(terminal.log).toContain("t/7/down c"), WAIT);
    expect(terminal.log.filter((line) => line.startsWith("t/"))).toEqual([
      "t/7/roster/0 page", // retained, and not sent again to a session that still has its subscription
      "t/7/down a",
      "t/7/down b",
      "t/7/down c",
    ]);
    mqtt.subscribe(terminal.session);
    await vi.waitFor(() => expect(terminal.log.at(-1)).toBe("t/7/roster/0 page"), WAIT);
  });

  test.skipIf(isMissing)("`here` says 1, then 0 when the terminal is gone", async () => {
    const { broker, terminal } = await start();
    const { got } = await startOther(broker.port, ["t/7/here"]);
    await terminal.comeUp();
    await terminal.settled();
    terminal.cut();
    await vi.waitFor(() => expect(got).toEqual(["t/7/here 1", "t/7/here 0"]), WAIT);
    await terminal.comeUp();
    await vi.waitFor(() => expect(got.at(-1)).toBe("t/7/here 1"), WAIT);
  });

  test.skipIf(isMissing)("a message that could not be kept comes again", async () => {
    const { broker } = await start();
    let failures = 1;
    const terminal = createTerminal(broker.port, () => {
      if (failures-- > 0) throw new Error("state: flash is full");
    });
    closing.push(() => mqtt.stopMqtt(terminal.session));
    const { client } = await startOther(broker.port, []);
    await terminal.comeUp();
    await client.publishAsync("t/7/down", "lease", { qos: 1 });
    await vi.waitFor(() => expect(terminal.log).toContain("fault handler-failed"), WAIT);
    await terminal.comeUp();
    await vi.waitFor(
      () => expect(terminal.log.filter((line) => line === "t/7/down lease")).toHaveLength(2),
      WAIT,
    );
    expect(terminal.session.up).toBe(true);
  });

  test.skipIf(isMissing)("a broker killed without warning loses none of our messages", async () => {
    const { broker, terminal } = await start();
    const { client, got } = await startOther(broker.port, ["t/7/up"]);
    await terminal.comeUp();
    await terminal.settled();
    await broker.kill();
    // The session may not have noticed yet, or it may: then the caller keeps the message.
    const isTaken = mqtt.publish(terminal.session, "t/7/up", fromLatin1("in the storm"));
    await vi.waitFor(() => expect(terminal.session.up).toBe(false), WAIT);
    await broker.start();
    // A broker that lost its store must know the other side's subscription before our message comes.
    await vi.waitFor(() => expect(client.connected).toBe(true), WAIT);
    await client.subscribeAsync("t/7/up", { qos: 1 });
    await terminal.comeUp();
    if (!isTaken) mqtt.publish(terminal.session, "t/7/up", fromLatin1("in the storm"));
    await terminal.settled();
    await vi.waitFor(() => expect(got).toContain("t/7/up in the storm"), WAIT);
  });

  test.skipIf(isMissing)("each ping is answered, and the session stays up", async () => {
    const { terminal } = await start();
    await terminal.comeUp();
    for (let i = 0; i < 20; i++) {
      terminal.timers.advance(mqtt.PING_MS);
      await vi.waitFor(() => expect(terminal.session.pinged).toBe(false), WAIT);
    }
    expect(terminal.log).toEqual(["up"]);
  });
});
