// The terminal's MQTT packets are the standard's. Method: mqtt-packet, the codec of mqtt.js, reads what we write
// and writes what we read; the stream is cut everywhere; every fault has an example in bytes.

import fc from "fast-check";
import type { Packet as TheirPacket } from "mqtt-packet";
import { generate, parser } from "mqtt-packet";
import { describe, expect, test } from "vitest";
import { fromHex, fromLatin1 } from "#protocol/bytes.ts";
import type { Packet } from "./mqtt-packets.ts";
import * as mqtt from "./mqtt-packets.ts";

function theirs(bytes: Uint8Array): TheirPacket {
  const reader = parser();
  const packets: TheirPacket[] = [];
  reader.on("packet", (packet) => packets.push(packet));
  expect(reader.parse(Buffer.from(bytes)), "bytes left over").toBe(0);
  expect(packets).toHaveLength(1);
  return packets[0] as TheirPacket;
}

/** Feeds the pieces and gives all packets; a fault throws. */
function ours(pieces: Uint8Array[]): Packet[] {
  const reader = mqtt.createPacketReader();
  return pieces.flatMap((piece) => {
    const { packets, fault } = mqtt.readPackets(reader, piece);
    if (fault) throw new Error(fault);
    return packets;
  });
}

const bytesOf = (packet: TheirPacket): Uint8Array => new Uint8Array(generate(packet));

describe("what the terminal sends is read by another codec", () => {
  test("CONNECT keeps the session and leaves a retained will", () => {
    const login = {
      clientId: "obole-college-demo-7",
      username: "obole-college-demo-7",
      password: "0123456789abcdef",
      keepaliveSeconds: 60,
      will: { topic: "obole/1/college-demo/7/here", payload: "0" },
    };
    expect(theirs(mqtt.connectPacket(login))).toMatchObject({
      cmd: "connect",
      protocolId: "MQTT",
      protocolVersion: 4,
      clean: false,
      keepalive: 60,
      clientId: "obole-college-demo-7",
      username: "obole-college-demo-7",
      password: Buffer.from("0123456789abcdef"),
      will: {
        topic: "obole/1/college-demo/7/here",
        payload: Buffer.from("0"),
        qos: 1,
        retain: true,
      },
    });
  });

  test("PUBLISH is of QoS 1, at every length of its remaining length", () => {
    for (const length of [0, 1, 100, 117, 118, 119, 127, 128, 2048, 4096, 16384, 20000]) {
      const payload = new Uint8Array(length).fill(7);
      const publish = { id: 65535, topic: "a/b", payload, retain: false };
      expect(theirs(mqtt.publishPacket(publish, false))).toMatchObject({
        cmd: "publish",
        qos: 1,
        dup: false,
        retain: false,
        messageId: 65535,
        topic: "a/b",
        payload: Buffer.from(payload),
      });
      expect(theirs(mqtt.publishPacket({ ...publish, retain: true }, true))).toMatchObject({
        dup: true,
        retain: true,
      });
    }
  });

  test("SUBSCRIBE, PUBACK, PINGREQ, DISCONNECT", () => {
    expect(theirs(mqtt.subscribePacket(258, ["a", "b/+"]))).toMatchObject({
      cmd: "subscribe",
      messageId: 258,
      subscriptions: [
        { topic: "a", qos: 1 },
        { topic: "b/+", qos: 1 },
      ],
    });
    expect(theirs(mqtt.pubackPacket(513))).toMatchObject({ cmd: "puback", messageId: 513 });
    expect(theirs(mqtt.pingPacket()).cmd).toBe("pingreq");
    expect(theirs(mqtt.disconnectPacket()).cmd).toBe("disconnect");
  });
});

const BROKER_SAYS: [TheirPacket, Packet][] = [
  [
    { cmd: "connack", returnCode: 0, sessionPresent: true },
    { kind: "connack", sessionPresent: true, code: 0 },
  ],
  [
    { cmd: "connack", returnCode: 5, sessionPresent: false },
    { kind: "connack", sessionPresent: false, code: 5 },
  ],
  [
    { cmd: "suback", messageId: 3, granted: [1, 1] },
    { kind: "suback", id: 3, refused: false },
  ],
  [
    { cmd: "suback", messageId: 4, granted: [1, 128] },
    { kind: "suback", id: 4, refused: true },
  ],
  [
    { cmd: "suback", messageId: 5, granted: [0] },
    { kind: "suback", id: 5, refused: true },
  ],
  [
    { cmd: "puback", messageId: 40000 },
    { kind: "puback", id: 40000 },
  ],
  [{ cmd: "pingresp" }, { kind: "pingresp" }],
  [
    { cmd: "publish", topic: "a", payload: "x", qos: 0, dup: false, retain: true },
    { kind: "publish", topic: "a", payload: fromLatin1("x"), qos: 0, id: 0 },
  ],
  [
    { cmd: "publish", topic: "a/b", payload: "", qos: 1, dup: true, retain: false, messageId: 9 },
    { kind: "publish", topic: "a/b", payload: new Uint8Array(0), qos: 1, id: 9 },
  ],
  [
    {
      cmd: "publish",
      topic: "a/b",
      payload: Buffer.alloc(2700, 5),
      qos: 1,
      dup: false,
      retain: false,
      messageId: 10,
    },
    { kind: "publish", topic: "a/b", payload: new Uint8Array(2700).fill(5), qos: 1, id: 10 },
  ],
];

describe("what a broker sends is read", () => {
  const stream = Buffer.concat(BROKER_SAYS.map(([packet]) => bytesOf(packet)));
  const expected = BROKER_SAYS.map(([, packet]) => packet);

  test("in one piece", () => expect(ours([new Uint8Array(stream)])).toEqual(expected));

  test("byte by byte", () => {
    expect(ours([...stream].map((byte) => new Uint8Array([byte])))).toEqual(expected);
  });

  test("cut anywhere", () => {
    const cuts = fc.array(fc.nat(stream.length), { maxLength: 20 });
    fc.assert(
      fc.property(cuts, (at) => {
        const ends = [0, ...at.toSorted((a, b) => a - b), stream.length];
        const pieces = ends
          .slice(1)
          .map((end, i) => new Uint8Array(stream.subarray(ends[i] ?? 0, end)));
        expect(ours(pieces)).toEqual(expected);
      }),
    );
  });
});

const FAULTS: [string, string, mqtt.PacketFault][] = [
  ["a remaining length of five bytes", "30 80 80 80 80 01", "bad-length"],
  ["more bytes than a terminal takes", "30 81 18", "packet-too-long"],
  ["CONNECT, which only clients send", "10 00", "unknown-packet"],
  ["PUBREC of QoS 2, which we never use", "50 02 00 01", "unknown-packet"],
  ["CONNACK with reserved flags", "21 02 00 00", "unknown-packet"],
  ["CONNACK of one byte", "20 01 00", "malformed-packet"],
  ["CONNACK with reserved bits beside session present", "20 02 02 00", "malformed-packet"],
  ["PUBACK without identifier", "40 00", "malformed-packet"],
  ["SUBACK without return code", "90 02 00 01", "malformed-packet"],
  ["PINGRESP with a body", "d0 01 00", "malformed-packet"],
  ["PUBLISH of QoS 2", "34 06 00 01 61 00 01 78", "malformed-packet"],
  ["PUBLISH of QoS 3", "36 06 00 01 61 00 01 78", "malformed-packet"],
  ["PUBLISH without topic", "30 02 00 00", "malformed-packet"],
  ["PUBLISH whose topic is longer than the packet", "30 03 00 05 61", "malformed-packet"],
  ["PUBLISH of QoS 1 with identifier 0", "32 05 00 01 61 00 00", "malformed-packet"],
  ["PUBLISH of QoS 1 without room for an identifier", "32 03 00 01 61", "malformed-packet"],
];

describe("bytes that are no packet end the stream with a name", () => {
  test.each(FAULTS)("%s", (_name, hex, fault) => {
    const bytes = fromHex(hex.replaceAll(" ", ""));
    const good = bytesOf({ cmd: "pingresp" });
    const read = mqtt.readPackets(mqtt.createPacketReader(), new Uint8Array([...good, ...bytes]));
    expect(read).toEqual({ packets: [{ kind: "pingresp" }], fault });
  });

  test("no bytes whatever make the reader throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        mqtt.readPackets(mqtt.createPacketReader(), bytes);
      }),
    );
  });
});
