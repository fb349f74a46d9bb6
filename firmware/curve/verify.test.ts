// Goal: the terminal takes the signatures that node:crypto takes, and no other; the key, R, S or the message changed in any
// bit is another. Method: both on the same random keys and messages, by fast-check, and the edges by hand.

import { createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Bytes } from "#protocol/bytes.ts";
import { fromHex, fromLatin1 } from "#protocol/bytes.ts";
import { arithmetic } from "#sim/arithmetic.ts";
import { readFile } from "#sim/board-node.ts";
import { combTable } from "../provision/comb-table.ts";
import { L, baseMultiples, numberOf } from "../provision/curve.ts";
import { releaseKeyFile } from "../provision/release-key.ts";
import { readVerifyKey, startVerification, verifySlice } from "./verify.ts";

const SPKI = Buffer.from("302a300506032b6570032100", "hex");
const comb = combTable();

/** What the terminal says, and in how many slices. */
function judged(publicKey: Bytes, message: Bytes, signature: Bytes) {
  const all: { [name: string]: Bytes } = { comb, release: releaseKeyFile(publicKey) };
  const files = {
    read: (name: string, at: number, length: number) => readFile(all[name], at, length),
  };
  const key = readVerifyKey(files);
  if (!key) throw new Error("no key");
  const verification = startVerification(arithmetic, key, message, signature);
  if (!verification) return { isGenuine: false, slices: 0 };
  for (let slices = 1; ; slices++) {
    const verdict = verifySlice(files, verification);
    if (verdict !== "checking") return { isGenuine: verdict === "genuine", slices };
  }
}

function judgedByHost(publicKey: Bytes, message: Bytes, signature: Bytes): boolean {
  const key = Buffer.concat([SPKI, publicKey]);
  return verify(null, message, createPublicKey({ key, format: "der", type: "spki" }), signature);
}

function office() {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const bytes = publicKey.export({ format: "der", type: "spki" }).subarray(SPKI.length);
  const signed = (message: Bytes) => new Uint8Array(sign(null, message, privateKey));
  return { publicKey: new Uint8Array(bytes), signed };
}

const flipped = (bytes: Bytes, bit: number): Bytes =>
  bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
const littleEndian = (value: bigint): Bytes =>
  fromHex(value.toString(16).padStart(64, "0")).toReversed();

test("vector 2 of RFC 8032 section 7.1", () => {
  const publicKey = fromHex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const signature = fromHex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" +
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  );
  expect(judged(publicKey, Uint8Array.of(0x72), signature).isGenuine).toBe(true);
});

test("what an office signs is genuine; with any bit changed it is what node:crypto says", () => {
  let refused = 0;
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 90 }), fc.nat({ max: 511 }), (message, bit) => {
      const { publicKey, signed } = office();
      const signature = signed(message);
      expect(judged(publicKey, message, signature).isGenuine).toBe(true);
      const changed = flipped(signature, bit);
      const expected = judgedByHost(publicKey, message, changed);
      expect(judged(publicKey, message, changed).isGenuine).toBe(expected);
      if (!expected) refused++;
      const other = Uint8Array.of(...message, 1);
      expect(judged(publicKey, other, signature).isGenuine).toBe(false);
      expect(judged(office().publicKey, message, signature).isGenuine).toBe(false);
    }),
    { numRuns: 12 },
  );
  expect(refused).toBe(12);
}, 60_000);

describe("what must not pass for the signature of a message", () => {
  const message = fromLatin1("obole/1/release/2/0/9001/");
  const { publicKey, signed } = office();
  const signature = signed(message);
  const r = signature.slice(0, 32);
  const s = numberOf(signature.slice(32));

  test.each([
    ["S + L, which is the same modulo L", Uint8Array.of(...r, ...littleEndian(s + L))],
    ["S = L", Uint8Array.of(...r, ...littleEndian(L))],
    ["S = 2^255 - 1", Uint8Array.of(...r, ...littleEndian((1n << 255n) - 1n))],
    ["S = 0", Uint8Array.of(...r, ...littleEndian(0n))],
    ["a signature one byte short", signature.slice(0, 63)],
    ["zeros", new Uint8Array(64)],
    ["the neutral element for R", Uint8Array.of(1, ...new Uint8Array(31), ...littleEndian(s))],
  ])("%s", (_, forged) => {
    expect(judged(publicKey, message, forged).isGenuine).toBe(false);
  });

  test("it takes some 640 slices of idle time, none longer than an addition", () => {
    const { isGenuine, slices } = judged(publicKey, message, signature);
    expect(isGenuine).toBe(true);
    console.log(`signature of a release: ${slices} slices`);
    expect(slices).toBeLessThan(700);
  });
});

describe("a release key that is none is refused in the office", () => {
  test.each([
    ["no point of the curve", littleEndian(2n)],
    ["y above 2^255 - 19", littleEndian((1n << 255n) - 18n)],
    ["the neutral element, under which anything is signed", littleEndian(1n)],
    ["a point of order 2", littleEndian((1n << 255n) - 20n)],
    ["a point of order 4", littleEndian(0n)],
    ["31 bytes", new Uint8Array(31)],
  ])("%s", (_, bytes) => {
    expect(() => releaseKeyFile(bytes)).toThrow("no Ed25519 public key");
  });

  test("multiples of the base point are keys, with either sign of x", () => {
    for (const encoded of baseMultiples([1n, 2n, 3n, L - 1n]))
      expect(releaseKeyFile(encoded).slice(0, 32)).toEqual(encoded);
  });
});
