// Every connection that ends has a name for why, and another follows after a wait that grows.
// Method: a broker played packet by packet, with time in our hands.

import { generate } from "mqtt-packet";
import { describe, expect, test } from "vitest";
import { fromHex, fromLatin1 } from "#protocol/bytes.ts";
import { createStage, MESSAGE_DOWN } from "#sim/scripted-broker.ts";
import * as mqtt from "./mqtt.ts";

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
    stage.current().events.onData(new Uint8Array(Buffer.concat([connack, generate(MESSAGE_DOWN)])));
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
