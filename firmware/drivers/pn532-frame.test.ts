// The frames of the PN532 as its user manual and captures of the real chip have them: each is built and found byte for
// byte, however the UART cuts it and whatever noise comes before; each broken one is told apart.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromHex, toHex } from "#protocol/bytes.ts";
import type { Frame } from "./pn532-frame.ts";
import { createDeframer, encodeFrame, FRAME_BYTES_MAX } from "./pn532-frame.ts";

const EXCHANGES: [name: string, content: string, frame: string][] = [
  ["GetFirmwareVersion", "d402", "0000ff02fed4022a00"],
  ["its answer", "d50332010607", "0000ff06fad50332010607e800"],
  ["SAMConfiguration", "d414010001", "0000ff05fbd4140100011600"],
  ["its answer", "d515", "0000ff02fed5151600"],
  ["RFConfiguration, field on", "d4320101", "0000ff04fcd4320101f800"],
  ["RFConfiguration, field off", "d4320100", "0000ff04fcd4320100f900"],
  ["SetParameters", "d41214", "0000ff03fdd412140600"],
  ["its answer", "d513", "0000ff02fed5131800"],
  ["InListPassiveTarget", "d44a0100", "0000ff04fcd44a0100e100"],
  ["no card", "d54b00", "0000ff03fdd54b00e000"],
  ["a Classic", "d54b0101000408044a8d694f", "0000ff0cf4d54b0101000408044a8d694f3f00"],
  ["an NTAG213", "d54b01010044000704d69302666080", "0000ff0ff1d54b01010044000704d69302666080de00"],
  [
    "an NTAG 424 DNA",
    "d54b01010344200704782e21801d80067777710280",
    "0000ff15ebd54b01010344200704782e21801d80067777710280a100",
  ],
  [
    "a phone",
    "d54b01010304200408a1b2c3067777710280",
    "0000ff12eed54b01010304200408a1b2c3067777710280ae00",
  ],
  ["InRelease", "d45200", "0000ff03fdd45200da00"],
  ["InSelect", "d45401", "0000ff03fdd45401d700"],
  ["Diagnose", "d40000313233", "0000ff06fad400003132339600"],
];

const OTHERS: [name: string, hex: string, found: string[]][] = [
  ["ACK", "0000ff00ff00", ["ack"]],
  ["NACK", "0000ffff0000", ["nack"]],
  ["error frame", "0000ff01ff7f8100", ["error"]],
  ["no preamble", "00ffff000000ff00ff00", ["nack", "ack"]],
  [
    "wrong length checksum: no frame, and what follows is found",
    "0000ff04fbd54b00e00000ff00ff00",
    ["ack"],
  ],
  ["wrong data checksum", "0000ff03fdd54b00e100", ["corrupt"]],
  ["noise before", "aa0055ff000000ff03fdd54b00e000", ["data d54b00"]],
  ["noise that ends like a start", "00000000ff03fdd54b00e000", ["data d54b00"]],
  ["nothing but noise", "ff".repeat(300), []],
  ["an empty frame is none", "0000ff00000000ff00ff00", ["ack"]],
  ["longer than the chip can send: no frame", "0000ffffff7000900000ff00ff00", ["ack"]],
  ["two in one piece", "0000ff00ff000000ff03fdd54b00e000", ["ack", "data d54b00"]],
];

const describeFrame = (frame: Frame): string =>
  frame.kind === "data" ? "data " + toHex(frame.content) : frame.kind;

/** What a deframer finds when the bytes come in pieces of these lengths, again and again. */
function find(hex: string, pieces: number[]): string[] {
  const found: string[] = [];
  const deframer = createDeframer((frame) => found.push(describeFrame(frame)));
  const data = fromHex(hex);
  for (let at = 0, i = 0; at < data.length; i++) {
    const length = pieces[i % pieces.length] ?? 1;
    deframer.push(data.subarray(at, at + length));
    at += length;
  }
  return found;
}

describe.each(EXCHANGES)("%s", (_name, content, frame) => {
  test("is framed byte for byte", () => expect(toHex(encodeFrame(fromHex(content)))).toBe(frame));
  test("is found whole, and cut anywhere", () => {
    expect(find(frame, [1000])).toEqual(["data " + content]);
    for (let cut = 1; cut < frame.length / 2; cut++)
      expect(find(frame, [cut, 1000])).toEqual(["data " + content]);
  });
});

test.each(OTHERS)("%s", (_name, hex, found) => {
  expect(find(hex, [1000])).toEqual(found);
  expect(find(hex, [1])).toEqual(found);
});

test("frames of any length and split arrive, normal and extended", () => {
  const contents = fc.array(fc.uint8Array({ minLength: 2, maxLength: FRAME_BYTES_MAX }), {
    minLength: 1,
    maxLength: 4,
  });
  const pieces = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(contents, pieces, (given, cuts) => {
      const hex = given.map((content) => toHex(encodeFrame(content))).join("");
      expect(find(hex, cuts)).toEqual(given.map((content) => "data " + toHex(content)));
    }),
  );
});

test("one flipped bit is never taken for the frame that was sent", () => {
  const frame = fromHex("0000ff0ff1d54b01010044000704d69302666080de00");
  for (let bit = 8; bit < (frame.length - 1) * 8; bit++) {
    const damaged = Uint8Array.from(frame);
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const found = find(toHex(damaged), [1000]).filter((one) => one.startsWith("data"));
    expect(found, "bit " + bit).toEqual([]);
  }
});

test("content that the chip has no room for throws", () => {
  expect(() => encodeFrame(new Uint8Array(0))).toThrow("pn532: a frame of 0 bytes");
  expect(() => encodeFrame(new Uint8Array(FRAME_BYTES_MAX + 1))).toThrow("of 266 bytes");
});
