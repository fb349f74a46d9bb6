// Goal: on the built-in broker nobody speaks as a terminal without its password, nor outside its
// own topics. Method: a table of topics for the rule; mqtt.js clients for the wire.

import { once } from "node:events";
import { createServer } from "node:net";
import mqtt from "mqtt";
import { afterAll, beforeAll, expect, test } from "vitest";
import { brokerPassword } from "#firmware/provision/provision.ts";
import { fromHex } from "#protocol/bytes.ts";
import type { Broker } from "./broker.ts";
import { mayPublish, maySubscribe, startBroker } from "./broker.ts";

const SECRET = "5a".repeat(32);
const TERMINAL = "obole-demo-7";
const GATEWAY = "obole-demo-gateway";

test.each([
  [TERMINAL, "obole/1/demo/7/up", true],
  [TERMINAL, "obole/1/demo/7/here", true],
  [TERMINAL, "obole/1/demo/7/down", false],
  [TERMINAL, "obole/1/demo/7/roster/1", false],
  [TERMINAL, "obole/1/demo/8/up", false],
  [TERMINAL, "obole/1/other/7/up", false],
  [TERMINAL, "else", false],
  [GATEWAY, "obole/1/demo/7/down", true],
  [GATEWAY, "obole/1/demo/7/roster/1", true],
  [GATEWAY, "obole/1/demo/7/up", false],
  ["a tool", "obole/1/demo/7/up", true],
])("%s publishing on %s: %s", (client, topic, may) => {
  expect(mayPublish(client, "demo", topic)).toBe(may);
});

test.each([
  [TERMINAL, "obole/1/demo/7/down", true],
  [TERMINAL, "obole/1/demo/7/roster/+", true],
  [TERMINAL, "obole/1/demo/+/down", false],
  [TERMINAL, "obole/1/demo/8/down", false],
  [TERMINAL, "#", false],
  [GATEWAY, "obole/1/demo/+/up", true],
  [GATEWAY, "obole/1/demo/+/here", true],
  [GATEWAY, "obole/1/+/+/up", false],
  ["a tool", "#", true],
])("%s subscribing to %s: %s", (client, filter, may) => {
  expect(maySubscribe(client, "demo", filter)).toBe(may);
});

let broker: Broker;
let url: string;

beforeAll(async () => {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  const port = typeof address === "object" && address ? address.port : 0;
  probe.close();
  url = `mqtt://127.0.0.1:${port}`;
  broker = await startBroker(port, "demo", SECRET);
});

afterAll(() => broker.close());

function connect(clientId: string, password: string): Promise<mqtt.MqttClient> {
  const login = { clientId, username: clientId, password };
  return mqtt.connectAsync(url, { ...login, reconnectPeriod: 0 }, false);
}

test("a terminal without its password is refused with return code 4", async () => {
  await expect(connect(TERMINAL, "guess")).rejects.toMatchObject({ code: 4 });
});

test("a terminal with its password hears the gateway, and nobody else's messages", async () => {
  const terminal = await connect(TERMINAL, brokerPassword(fromHex(SECRET), TERMINAL));
  const gateway = await connect(GATEWAY, brokerPassword(fromHex(SECRET), GATEWAY));
  const heard: string[] = [];
  terminal.on("message", (topic) => heard.push(topic));
  await terminal.subscribeAsync("obole/1/demo/7/down", { qos: 1 });
  await expect(terminal.subscribeAsync("obole/1/demo/8/down", { qos: 1 })).rejects.toThrow();
  await gateway.publishAsync("obole/1/demo/8/down", "8", { qos: 1 });
  await gateway.publishAsync("obole/1/demo/7/down", "7", { qos: 1 });
  await expect.poll(() => heard).toEqual(["obole/1/demo/7/down"]);
  await Promise.all([terminal.endAsync(true), gateway.endAsync(true)]);
});

test("publishing as another terminal closes the connection", async () => {
  const terminal = await connect(TERMINAL, brokerPassword(fromHex(SECRET), TERMINAL));
  const closed = new Promise<void>((resolve) => terminal.once("close", resolve));
  terminal.publish("obole/1/demo/8/up", "I am 8", { qos: 1 });
  await closed;
  await terminal.endAsync(true);
});
