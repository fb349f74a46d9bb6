// The terminal's MQTT session loses nothing that it was given and acknowledges nothing that it did not keep.
// Method: a broker played packet by packet. Brokers that others wrote are in mqtt-brokers.test.ts; how
// connections end is in mqtt-faults.test.ts.

import { describe, expect, test } from "vitest";
import { fromLatin1 } from "#protocol/bytes.ts";
import { createStage, MESSAGE_DOWN } from "#sim/scripted-broker.ts";
import * as mqtt from "./mqtt.ts";

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
    stage.say(MESSAGE_DOWN);
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
    stage.say(MESSAGE_DOWN);
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
