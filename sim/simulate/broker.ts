// The broker between terminals and gateway, packet by packet: QoS 1, a session per terminal, retained pages, wills.
// Here messages are lost, repeated, delayed, altered and put under other names, and here the broker itself loses all.

import type { Packet } from "mqtt-packet";
import { generate, parser } from "mqtt-packet";
import type { Message } from "#edge/border.ts";
import type { Socket, SocketEvents } from "#firmware/board.ts";
import { hereTopic, parseTopic, upTopic } from "#protocol/topics.ts";
import type { Random } from "#sim/school.ts";
import { pick } from "#sim/school.ts";
import type { Clock } from "./clock.ts";
import type { Story } from "./story.ts";

type Line = { events: SocketEvents; open: boolean; messageId: number };
type Session = { terminal: number; line: Line | undefined; waiting: Message[]; isKnown: boolean };

export type Broker = {
  /** What the gateway has not acknowledged. */
  arrived: Message[];
  /** Faults of a thousand messages, each kind; 0 in calm. */
  rate: number;
  publish(topic: string, payload: Uint8Array, retain: boolean): void;
  connect(terminal: number, events: SocketEvents): Socket;
  /** The network of a terminal breaks; its connection with it. */
  cut(terminal: number): void;
  /** Everything that the broker knew is gone. */
  restart(): void;
};

type State = Broker & {
  school: string;
  clock: Clock;
  random: Random;
  story: Story;
  sessions: Map<number, Session>;
  retained: Map<string, Message>;
  /** What a hostile network has recorded. */
  recorded: Message[];
};

const LATENCY_MS = 40;
const LATE_MS = 20_000;
const RECORDED_MAX = 200;

export function createBroker(school: string, clock: Clock, random: Random, story: Story): Broker {
  const state: State = {
    school,
    clock,
    random,
    story,
    sessions: new Map(),
    retained: new Map(),
    recorded: [],
    arrived: [],
    rate: 0,
    publish(topic, payload, retain) {
      const message = { topic, payload };
      if (retain) state.retained.set(topic, message);
      const terminal = parseTopic(topic)?.terminal ?? 0;
      for (const copy of distort(state, "down", message, terminal)) queue(state, terminal, copy);
    },
    connect: (terminal, events) => open(state, terminal, events),
    cut(terminal) {
      const session = state.sessions.get(terminal);
      if (session?.line) hangUp(state, session, session.line);
    },
    restart() {
      for (const session of state.sessions.values())
        if (session.line) hangUp(state, session, session.line);
      state.sessions.clear();
      state.retained.clear();
      state.arrived.length = 0;
    },
  };
  return state;
}

function open(broker: State, terminal: number, events: SocketEvents): Socket {
  const session = broker.sessions.get(terminal) ?? {
    terminal,
    line: undefined,
    waiting: [],
    isKnown: false,
  };
  broker.sessions.set(terminal, session);
  // A second connection under one name ends the first (MQTT 3.1.1 section 3.1.4).
  if (session.line) session.line.open = false;
  const line: Line = { events, open: true, messageId: 0 };
  session.line = line;
  const reader = parser();
  reader.on("packet", (packet) => hear(broker, session, line, packet));
  broker.clock.after(LATENCY_MS, () => void (line.open && events.onOpen()));
  return {
    write: (data) => void (line.open && reader.parse(Buffer.from(data))),
    close: () => void (line.open = false),
  };
}

function hangUp(broker: State, session: Session, line: Line): void {
  line.open = false;
  session.line = undefined;
  arrive(broker, hereTopic(broker.school, session.terminal), Buffer.from("0"));
  broker.clock.after(LATENCY_MS, () => line.events.onClose());
}

function hear(broker: State, session: Session, line: Line, packet: Packet): void {
  const say = (answer: Packet): void => later(broker, line, answer);
  if (packet.cmd === "connect") {
    say({ cmd: "connack", returnCode: 0, sessionPresent: session.isKnown });
    if (session.isKnown)
      for (const message of session.waiting.splice(0)) deliver(broker, session, message);
    session.isKnown = true;
  } else if (packet.cmd === "pingreq") say({ cmd: "pingresp" });
  else if (packet.cmd === "subscribe") {
    say({ cmd: "suback", messageId: packet.messageId ?? 0, granted: [1, 1] });
    for (const message of broker.retained.values())
      if (parseTopic(message.topic)?.terminal === session.terminal)
        deliver(broker, session, message);
  } else if (packet.cmd === "publish") {
    say({ cmd: "puback", messageId: packet.messageId ?? 0 });
    const message = { topic: packet.topic, payload: new Uint8Array(packet.payload as Buffer) };
    for (const copy of distort(broker, "up", message, session.terminal)) take(broker, copy);
  } else if (packet.cmd === "disconnect") hangUp(broker, session, line);
}

function later(broker: State, line: Line, packet: Packet): void {
  broker.clock.after(LATENCY_MS, () => {
    if (line.open) line.events.onData(new Uint8Array(generate(packet)));
  });
}

function queue(broker: State, terminal: number, message: Message): void {
  const session = broker.sessions.get(terminal);
  if (session?.line) deliver(broker, session, message);
  else session?.waiting.push(message);
}

/** To the line that is open now, or to none: what gets lost so, the terminal's next status shows. */
function deliver(broker: State, session: Session, message: Message): void {
  const { line } = session;
  if (!line) return;
  const messageId = (line.messageId = (line.messageId % 65535) + 1);
  const { topic } = message;
  const payload = Buffer.from(message.payload);
  later(broker, line, {
    cmd: "publish",
    qos: 1,
    dup: false,
    retain: false,
    messageId,
    topic,
    payload,
  });
}

function take(broker: State, message: Message): void {
  broker.clock.after(LATENCY_MS, () => arrive(broker, message.topic, message.payload));
}

function arrive(broker: State, topic: string, payload: Uint8Array): void {
  broker.arrived.push({ topic, payload: new Uint8Array(payload) });
}

/** What a hostile or unlucky network makes of one message. */
function distort(broker: State, way: "up" | "down", message: Message, terminal: number): Message[] {
  const { random, story, clock } = broker;
  if (!broker.rate) return [message];
  const fate = Math.floor((random() * 1000) / broker.rate);
  if (fate > 6) return [message];
  broker.recorded.push(message);
  if (broker.recorded.length > RECORDED_MAX) broker.recorded.shift();
  if (way === "up" && fate > 3) return forge(broker, message, terminal, fate);
  const kinds = ["lost", "twice", "late", "altered"];
  const kind = kinds[fate % kinds.length] ?? "lost";
  story.fault(`message ${way} ${kind}`, terminal);
  if (kind === "twice") return [message, message];
  if (kind === "altered") return [alter(message, random)];
  if (kind === "late")
    clock.after(random() * LATE_MS, () =>
      way === "up"
        ? arrive(broker, message.topic, message.payload)
        : queue(broker, terminal, message),
    );
  return [];
}

/** Beside the message itself comes what somebody hostile makes of it and of others. */
function forge(broker: State, message: Message, terminal: number, fate: number): Message[] {
  const { random, story, school } = broker;
  const old = pick(broker.recorded, random);
  if (fate === 4) {
    story.fault("seal replayed", terminal);
    return [message, old];
  }
  if (fate === 5) {
    story.fault("other terminal's topic", terminal);
    return [message, { topic: upTopic(school, (terminal % 4) + 1), payload: message.payload }];
  }
  story.fault("terminal said to be gone", terminal);
  return [message, { topic: hereTopic(school, terminal), payload: Buffer.from("0") }];
}

function alter({ topic, payload }: Message, random: Random): Message {
  const altered = Uint8Array.from(payload);
  const at = Math.floor(random() * altered.length);
  altered[at] = (altered[at] ?? 0) ^ (1 << Math.floor(random() * 8));
  return { topic, payload: altered };
}
