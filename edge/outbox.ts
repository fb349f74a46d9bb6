// QoS 1 publishes on their way to the broker: at most a window unacknowledged, the rest in line,
// all of them again after a reconnect. Pure bookkeeping; the session does the sending. Whatever is
// lost with this memory is found missing by the next status of a terminal, and said again.

import type { IPublishPacket } from "mqtt-packet";

/** Mosquitto holds 20 per client by default in the other direction; brokers differ, so stay
 * modest. */
export const WINDOW = 50;
/** A broker away for hours must not fill the memory; the oldest are the ones that newer versions
 * replace. */
export const QUEUE_MAX = 5000;
const ID_MAX = 65_534;

export type Outbox = {
  inFlight: Map<number, IPublishPacket>;
  queue: IPublishPacket[];
  lastId: number;
};

export function createOutbox(): Outbox {
  return { inFlight: new Map(), queue: [], lastId: 0 };
}

/** Takes a message, and gives the packets that may go out now. */
export function submit(
  outbox: Outbox,
  topic: string,
  payload: Uint8Array,
  retain: boolean,
  connected: boolean,
): IPublishPacket[] {
  const bytes = Buffer.from(payload);
  outbox.queue.push({ cmd: "publish", topic, payload: bytes, qos: 1, dup: false, retain });
  if (outbox.queue.length > QUEUE_MAX) outbox.queue.shift();
  return connected ? release(outbox) : [];
}

/** The broker has taken messageId; an id that we never sent changes nothing. */
export function settle(outbox: Outbox, messageId: number): IPublishPacket[] {
  outbox.inFlight.delete(messageId);
  return release(outbox);
}

/** After a reconnect: first what was on its way, in its old order (MQTT 3.1.1 section 4.4), then
 * the line. */
export function resend(outbox: Outbox): IPublishPacket[] {
  const again = [...outbox.inFlight.values()].map((packet) => ({ ...packet, dup: true }));
  return [...again, ...release(outbox)];
}

function release(outbox: Outbox): IPublishPacket[] {
  const packets: IPublishPacket[] = [];
  while (outbox.inFlight.size < WINDOW) {
    const packet = outbox.queue.shift();
    if (!packet) break;
    // Ids go round, and one may still be on its way from the round before.
    do outbox.lastId = (outbox.lastId % ID_MAX) + 1;
    while (outbox.inFlight.has(outbox.lastId));
    packet.messageId = outbox.lastId;
    outbox.inFlight.set(outbox.lastId, packet);
    packets.push(packet);
  }
  return packets;
}
