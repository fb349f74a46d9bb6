// All that lies between one terminal of the soak and its gateway: a broker played packet by packet, and whatever a
// hostile or unlucky network may do to messages. Each way: lost after the broker has said that it has them, twice,
// late and so out of order, with a bit turned round.

import type { Message } from "#edge/border.ts";
import type { Bytes } from "#protocol/bytes.ts";
import type { CounterBox } from "./counter-box.ts";
import type { Random } from "./school.ts";
import { idOf } from "./scripted-broker.ts";
import type { Counts } from "./soak-counts.ts";
import { count } from "./soak-counts.ts";

/** Of a thousand messages. */
const LOST = 12;
const TWICE = 12;
const LATE = 12;
const ALTERED = 4;

export type Air = {
  /** From now on nothing goes wrong any more. */
  calm: boolean;
  /** What has reached the gateway and was not read yet. */
  arrived: Message[];
  publish(message: Message, retain: boolean): void;
  /** Lets the broker do what is due; called whenever a little time has passed. */
  poll(): void;
  reach(up: boolean): void;
};

type State = Air & {
  box: CounterBox;
  random: Random;
  counts: Counts;
  retained: Map<string, Message>;
  outbound: Message[];
  late: Message[];
  isReachable: boolean;
  isOpen: boolean;
  /** Connections of the terminal that were met. */
  met: number;
  messageId: number;
};

export function createAir(box: CounterBox, random: Random, counts: Counts): Air {
  const state: State = {
    box,
    random,
    counts,
    retained: new Map(),
    outbound: [],
    late: [],
    arrived: [],
    calm: false,
    isReachable: false,
    isOpen: false,
    met: 0,
    messageId: 0,
    publish(message, retain) {
      if (retain) state.retained.set(message.topic, message);
      state.outbound.push(message);
    },
    poll: () => poll(state),
    reach(up) {
      if (state.isReachable && !up && state.isOpen) box.broker.current().events.onClose();
      if (!up) state.isOpen = false;
      state.isReachable = up;
      box.reach(up);
      if (state.calm) state.arrived.push(...state.late.splice(0));
    },
  };
  return state;
}

function poll(air: State): void {
  const { box } = air;
  if (air.isOpen && (!box.isOn() || box.broker.current().closed)) air.isOpen = false;
  if (!box.isOn() || !air.isReachable) return;
  if (box.broker.connections.length > air.met) accept(air);
  if (!air.isOpen) return;
  hear(air);
  deliver(air);
}

function accept(air: State): void {
  air.met = air.box.broker.connections.length;
  air.isOpen = true;
  air.box.broker.comeUp(true);
  air.retained.forEach((message) => say(air, message, true));
}

function hear(air: State): void {
  const { broker } = air.box;
  for (const packet of broker.take()) {
    if (packet.cmd === "pingreq") broker.say({ cmd: "pingresp" });
    if (packet.cmd === "subscribe") {
      broker.say({ cmd: "suback", messageId: idOf(packet), granted: [1, 1] });
      air.retained.forEach((message) => say(air, message, true));
    }
    if (packet.cmd !== "publish") continue;
    broker.say({ cmd: "puback", messageId: idOf(packet) });
    const message = { topic: packet.topic, payload: new Uint8Array(packet.payload as Buffer) };
    for (const copy of distort(air, "up", message))
      (isLate(air, "up") ? air.late : air.arrived).push(copy);
    if (air.random() < 0.1) air.arrived.push(...air.late.splice(0));
  }
}

function deliver(air: State): void {
  const due = air.outbound.flatMap((message) => distort(air, "down", message));
  air.outbound = due.filter(() => isLate(air, "down"));
  for (const message of due)
    if (!air.outbound.includes(message) && air.box.isOn()) say(air, message, false);
}

function say(air: State, { topic, payload }: Message, retain: boolean): void {
  air.messageId = (air.messageId % 65535) + 1;
  const flags = { qos: 1 as const, dup: false, retain, messageId: air.messageId };
  air.box.broker.say({ cmd: "publish", topic, payload: Buffer.from(payload), ...flags });
}

function distort(air: State, way: "up" | "down", message: Message): Message[] {
  if (air.calm) return [message];
  const { counts, random } = air;
  const fate = Math.floor(random() * 1000);
  if (fate < LOST) return count(counts, `message ${way} lost`, []);
  if (fate < LOST + TWICE) return count(counts, `message ${way} twice`, [message, message]);
  if (fate < LOST + TWICE + ALTERED)
    return count(counts, `message ${way} altered`, [alter(message, random)]);
  return [message];
}

function isLate(air: State, way: "up" | "down"): boolean {
  return !air.calm && air.random() * 1000 < LATE && count(air.counts, `message ${way} late`, true);
}

function alter({ topic, payload }: Message, random: Random): Message {
  const altered: Bytes = Uint8Array.from(payload);
  const at = Math.floor(random() * altered.length);
  altered[at] = (altered[at] as number) ^ (1 << Math.floor(random() * 8));
  return { topic, payload: altered };
}
