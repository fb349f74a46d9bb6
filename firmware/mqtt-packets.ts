// MQTT 3.1.1 packets as bytes, both ways: what a terminal sends, and a reader that takes packets out of a
// stream cut anywhere. Section numbers are of the OASIS standard of 29 October 2014.
// Used by mqtt.ts, which decides when to send what.

import type { Bytes } from "#protocol/bytes.ts";
import { concat, copyBytes, fromLatin1, toLatin1 } from "#protocol/bytes.ts";

/** The largest sealed downlink with its topic is about 2,700 bytes; more would only eat the terminal's memory. */
export const PACKET_BYTES_MAX = 3072;

/** Section 2.2.1, shifted to the upper half of the first byte. */
const CONNECT = 0x10;
const CONNACK = 0x20;
const PUBLISH = 0x30;
const PUBACK = 0x40;
const SUBSCRIBE = 0x82; // the lower half is fixed by section 3.8.1
const SUBACK = 0x90;
const PINGREQ = 0xc0;
const PINGRESP = 0xd0;
const DISCONNECT = 0xe0;

const DUP = 8;
const QOS_1 = 2;
const RETAIN = 1;

/** Section 3.1.2.3: user name, password, retained will of QoS 1; no "clean session", so the broker keeps ours. */
const CONNECT_FLAGS = 0x80 | 0x40 | 0x20 | 0x08 | 0x04;
/** The only text of the protocol itself: the name "MQTT", then level 4 (section 3.1.2). */
const PROTOCOL = new Uint8Array([0, 4, 0x4d, 0x51, 0x54, 0x54, 4]);

export type Packet =
  | { kind: "connack"; sessionPresent: boolean; code: number }
  | { kind: "publish"; topic: string; payload: Bytes; qos: number; id: number }
  | { kind: "puback"; id: number }
  | { kind: "suback"; id: number; refused: boolean }
  | { kind: "pingresp" };

/** Why bytes from the broker are no packet that a terminal can get. */
export type PacketFault = "packet-too-long" | "bad-length" | "unknown-packet" | "malformed-packet";

export type Login = {
  clientId: string;
  username: string;
  password: string;
  keepaliveSeconds: number;
  will: { topic: string; payload: string };
};

export function connectPacket(login: Login): Bytes {
  return packet(CONNECT, [
    PROTOCOL,
    new Uint8Array([CONNECT_FLAGS]),
    twoBytes(login.keepaliveSeconds),
    text(login.clientId),
    text(login.will.topic),
    text(login.will.payload),
    text(login.username),
    text(login.password),
  ]);
}

/** Topics with QoS 1 (section 3.8). */
export function subscribePacket(id: number, topics: string[]): Bytes {
  const parts = [twoBytes(id)];
  for (let i = 0; i < topics.length; i++) {
    parts.push(text(topics[i] as string));
    parts.push(new Uint8Array([1]));
  }
  return packet(SUBSCRIBE, parts);
}

export type Publish = { id: number; topic: string; payload: Bytes; retain: boolean };

/** QoS 1. dup says that the broker may have it already (section 3.3.1.1). */
export function publishPacket(publish: Publish, dup: boolean): Bytes {
  const flags = QOS_1 | (dup ? DUP : 0) | (publish.retain ? RETAIN : 0);
  return packet(PUBLISH | flags, [text(publish.topic), twoBytes(publish.id), publish.payload]);
}

export function pubackPacket(id: number): Bytes {
  return packet(PUBACK, [twoBytes(id)]);
}

export const pingPacket = (): Bytes => new Uint8Array([PINGREQ, 0]);
export const disconnectPacket = (): Bytes => new Uint8Array([DISCONNECT, 0]);

function packet(first: number, parts: Bytes[]): Bytes {
  const body = concat(parts);
  const head = [first];
  let rest = body.length;
  do {
    head.push((rest & 127) | (rest > 127 ? 128 : 0)); // section 2.2.3, least significant first
    rest >>= 7;
  } while (rest);
  return concat([new Uint8Array(head), body]);
}

function text(value: string): Bytes {
  return concat([twoBytes(value.length), fromLatin1(value)]);
}

function twoBytes(value: number): Bytes {
  return new Uint8Array([value >> 8, value & 255]);
}

/** Where in a packet the stream stands. body is undefined until its length has been read. */
export type PacketReader = {
  first: number | undefined;
  bodyBytes: number;
  factor: number;
  body: Bytes | undefined;
  filled: number;
};

export function createPacketReader(): PacketReader {
  return { first: undefined, bodyBytes: 0, factor: 1, body: undefined, filled: 0 };
}

/** Takes the next piece of the stream, cut anywhere. Gives the packets that became whole, in order; after a
 * fault the stream has lost its frame and the connection must be closed. */
export function readPackets(
  reader: PacketReader,
  data: Bytes,
): { packets: Packet[]; fault: PacketFault | undefined } {
  const packets: Packet[] = [];
  let at = 0;
  while (at < data.length) {
    if (reader.body) {
      // Espruino's subarray does not stop at the end of the array by itself.
      const part = data.subarray(at, Math.min(data.length, at + reader.bodyBytes - reader.filled));
      reader.body.set(part, reader.filled);
      reader.filled += part.length;
      at += part.length;
    } else {
      const fault = readHeadByte(reader, data[at++] as number);
      if (fault) return { packets: packets, fault: fault };
    }
    if (reader.first !== undefined && reader.body && reader.filled === reader.bodyBytes) {
      const whole = decodePacket(reader.first, reader.body);
      if (typeof whole === "string") return { packets: packets, fault: whole };
      packets.push(whole);
      reader.first = undefined;
      reader.body = undefined;
    }
  }
  return { packets: packets, fault: undefined };
}

function readHeadByte(reader: PacketReader, byte: number): PacketFault | undefined {
  if (reader.first === undefined) {
    reader.first = byte;
    reader.bodyBytes = 0;
    reader.factor = 1;
    return undefined;
  }
  reader.bodyBytes += (byte & 127) * reader.factor;
  if (reader.bodyBytes > PACKET_BYTES_MAX) return "packet-too-long";
  if (byte & 128) {
    reader.factor *= 128;
    return reader.factor > 2097152 ? "bad-length" : undefined; // four bytes at most, section 2.2.3
  }
  reader.body = new Uint8Array(reader.bodyBytes);
  reader.filled = 0;
  return undefined;
}

/** The packets a server sends to a client that never uses QoS 2 (section 3, all other types are refused). */
function decodePacket(first: number, body: Bytes): Packet | PacketFault {
  if ((first & 0xf0) === PUBLISH) return decodePublish(first, body);
  const id = body.length < 2 ? 0 : (body[0] as number) * 256 + (body[1] as number);
  if (first === CONNACK && body.length === 2 && (body[0] as number) < 2)
    return { kind: "connack", sessionPresent: body[0] === 1, code: body[1] as number };
  if (first === PUBACK && body.length === 2) return { kind: "puback", id: id };
  if (first === SUBACK && body.length > 2)
    return { kind: "suback", id: id, refused: refuses(body) };
  if (first === PINGRESP && body.length === 0) return { kind: "pingresp" };
  const known = first === CONNACK || first === PUBACK || first === SUBACK || first === PINGRESP;
  return known ? "malformed-packet" : "unknown-packet";
}

/** Section 3.9.3: return code 0x80 refuses; QoS 0 would lose what is sent while the terminal is away. */
function refuses(body: Bytes): boolean {
  for (let i = 2; i < body.length; i++) if (body[i] !== 1) return true;
  return false;
}

function decodePublish(first: number, body: Bytes): Packet | PacketFault {
  const qos = (first >> 1) & 3;
  const length = body.length < 2 ? 0 : (body[0] as number) * 256 + (body[1] as number);
  const start = 2 + length + (qos ? 2 : 0);
  if (qos > 1 || !length || body.length < start) return "malformed-packet";
  const id = qos ? (body[start - 2] as number) * 256 + (body[start - 1] as number) : 0;
  if (qos && !id) return "malformed-packet"; // section 2.3.1: an identifier is never 0
  return {
    kind: "publish",
    topic: toLatin1(body.subarray(2, 2 + length)),
    payload: copyBytes(body, start, body.length - start),
    qos: qos,
    id: id,
  };
}
