// The seal: what one end closes only the other end opens, and nothing near it opens at all. Node's own
// cryptography opens it too, written down here a second time from the specification.

import { createDecipheriv, createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nodePrimitives as primitives } from "#sim/primitives.ts";
import { fromHex, fromLatin1, toHex, toLatin1 } from "./bytes.ts";
import { deriveSealKeys, openSeal, readSealHeader, seal } from "./seal.ts";
import type { SealHeader } from "./seal.ts";

const secret = fromHex("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");
const keys = deriveSealKeys(primitives, secret, "college-demo", 3, 1, "down");
const header: SealHeader = { direction: "down", terminal: 3, epoch: 1, sequence: 2 ** 40 + 5 };
const message = fromLatin1("Potage 1,00 EUR");

describe("the keys", () => {
  it("differ by secret, school, terminal, epoch and direction", () => {
    const all = [
      keys,
      deriveSealKeys(primitives, secret.subarray(1), "college-demo", 3, 1, "down"),
      deriveSealKeys(primitives, secret, "college-autre", 3, 1, "down"),
      deriveSealKeys(primitives, secret, "college-demo", 4, 1, "down"),
      deriveSealKeys(primitives, secret, "college-demo", 3, 2, "down"),
      deriveSealKeys(primitives, secret, "college-demo", 3, 1, "up"),
    ];
    const seen = all.flatMap((each) => [toHex(each.cipher), toHex(each.mac)]);
    expect(new Set(seen).size).toBe(seen.length);
  });
});

describe("a sealed message", () => {
  const sealed = seal(primitives, keys, header, message);

  it("is 16 bytes of header, whole cipher blocks, 16 bytes of tag", () => {
    expect(sealed.length).toBe(16 + 16 + 16);
    expect(toHex(sealed.subarray(0, 16))).toBe("01010001000000030000010000000005");
  });

  it("opens for the holder of the keys", () => {
    const opened = openSeal(primitives, keys, sealed);
    expect(opened.ok && [toLatin1(opened.message), opened.header]).toEqual([
      "Potage 1,00 EUR",
      header,
    ]);
  });

  it("opens as the specification says, with Node's cryptography alone", () => {
    const body = sealed.subarray(0, -16);
    const tag = createHmac("sha256", keys.mac).update(body).digest().subarray(0, 16);
    expect(toHex(tag)).toBe(toHex(sealed.subarray(-16)));
    const ecb = createDecipheriv("aes-128-ecb", keys.cipher, null).setAutoPadding(false);
    const first = ecb.update(body.subarray(16, 32));
    const blank = seal(primitives, keys, header, new Uint8Array(0));
    // Two messages under one header share the vector: the difference of first blocks is that of the plain texts.
    const other = createDecipheriv("aes-128-ecb", keys.cipher, null).setAutoPadding(false);
    const firstBlank = other.update(blank.subarray(16, 32));
    const plain = first.map((byte, i) => byte ^ (firstBlank[i] as number) ^ 16);
    expect(toLatin1(plain.subarray(0, 15))).toBe("Potage 1,00 EUR");
  });

  it("does not open when any one bit is flipped", () => {
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const near = sealed.slice();
      near[bit >> 3] = (near[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(openSeal(primitives, keys, near).ok, `bit ${bit}`).toBe(false);
    }
  });

  it("does not open when cut at any length, nor with other keys", () => {
    for (let length = 0; length < sealed.length; length++)
      expect(openSeal(primitives, keys, sealed.subarray(0, length)).ok).toBe(false);
    const others = deriveSealKeys(primitives, secret, "college-demo", 4, 1, "down");
    expect(openSeal(primitives, others, sealed)).toEqual({ ok: false, fault: "bad-seal" });
  });

  it("says what it is not", () => {
    expect(readSealHeader(fromHex("00".repeat(48)))).toBeUndefined();
    expect(openSeal(primitives, keys, fromHex("02".repeat(48)))).toEqual({
      ok: false,
      fault: "not-sealed",
    });
  });
});

it("any message under any header comes back", () => {
  const headers = fc.record({
    direction: fc.constantFrom("up" as const, "down" as const),
    terminal: fc.integer({ min: 1, max: 0xffffffff }),
    epoch: fc.integer({ min: 1, max: 65535 }),
    sequence: fc.maxSafeNat(),
  });
  fc.assert(
    fc.property(headers, fc.uint8Array({ maxLength: 2000 }), (each, plain) => {
      const opened = openSeal(primitives, keys, seal(primitives, keys, each, plain));
      expect(opened.ok && opened.header).toEqual(each);
      expect(opened.ok && toHex(opened.message)).toBe(toHex(plain));
    }),
  );
});
