// The built-in MQTT broker: aedes, in memory, on this machine only. A client that calls itself one
// of the school's must prove it and stays within its own topics; any other may look around, as with
// a fresh Mosquitto. Nothing depends on either rule: what keeps strangers out is the seal.

import { timingSafeEqual } from "node:crypto";
import type { Server, Socket } from "node:net";
import { createServer } from "node:net";
import type { AuthenticateError } from "aedes";
import { Aedes } from "aedes";
import { brokerPassword } from "#firmware/provision/provision.ts";
import { fromHex } from "#protocol/bytes.ts";
import { parseTopic } from "#protocol/topics.ts";

/** CONNACK return code 4 of MQTT 3.1.1, table 3.1: bad user name or password. */
const BAD_PASSWORD = 4;
/** A subscriber that does not read must not hold up the others; aedes then drops it. */
const DRAIN_MS_MAX = 20_000;

export type Broker = { close(): Promise<void> };

export async function startBroker(
  port: number,
  school: string,
  sealSecret: string,
): Promise<Broker> {
  const secret = fromHex(sealSecret);
  const aedes = await Aedes.createBroker({
    drainTimeout: DRAIN_MS_MAX,
    authenticate(client, username, password, done) {
      if (!isOurs(client.id, school) || isProven(client.id, username, password, secret))
        return done(null, true);
      const refusal = Object.assign(new Error(`broker: ${client.id}: wrong password`), {
        returnCode: BAD_PASSWORD,
      });
      done(refusal as AuthenticateError, false);
    },
    authorizePublish(client, { topic }, done) {
      if (!client || mayPublish(client.id, school, topic)) return done(null);
      done(new Error(`broker: ${client.id} may not publish on ${topic}`));
    },
    authorizeSubscribe(client, subscription, done) {
      const may = maySubscribe(client.id, school, subscription.topic);
      done(null, may ? subscription : null);
    },
  });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    aedes.handle(socket);
  });
  await listen(server, port);
  return {
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await Promise.all([closed, new Promise<void>((resolve) => aedes.close(() => resolve()))]);
    },
  };
}

export function gatewayClientId(school: string): string {
  return `obole-${school}-gateway`;
}

/** Whether this client may publish there: a terminal only says what it says itself. */
export function mayPublish(clientId: string, school: string, topic: string): boolean {
  if (!isOurs(clientId, school)) return true;
  const parsed = parseTopic(topic);
  if (!parsed || parsed.school !== school) return false;
  const isForTerminals = parsed.channel === "down" || parsed.channel === "roster";
  if (clientId === gatewayClientId(school)) return isForTerminals;
  return !isForTerminals && clientId === `obole-${school}-${parsed.terminal}`;
}

/** Whether this client may subscribe to that filter: a terminal only hears what is said to it. */
export function maySubscribe(clientId: string, school: string, filter: string): boolean {
  if (!isOurs(clientId, school)) return true;
  const prefix = `obole/1/${school}/`;
  if (clientId === gatewayClientId(school))
    return filter === `${prefix}+/up` || filter === `${prefix}+/here`;
  const terminal = clientId.slice(`obole-${school}-`.length);
  return filter === `${prefix}${terminal}/down` || filter === `${prefix}${terminal}/roster/+`;
}

function isOurs(clientId: string, school: string): boolean {
  return clientId.startsWith(`obole-${school}-`);
}

function isProven(
  clientId: string,
  username: string | undefined,
  password: Buffer | undefined,
  secret: Uint8Array,
): boolean {
  const expected = Buffer.from(brokerPassword(secret, clientId));
  return (
    username === clientId &&
    password?.length === expected.length &&
    timingSafeEqual(password, expected)
  );
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
}
