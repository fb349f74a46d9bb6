// The signatures that NXP prints or put into real cards are accepted, and nothing else is: the check must not be one that
// passes whatever it is shown.

import { createECDH } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fromHex } from "#protocol/bytes.ts";
import { createCardMaker } from "#sim/parts/card-maker.ts";
import { BASE, NXP, isSignedBy, multiplied } from "./originality.ts";

/** The example of AN12196 section 7.2, and a card of Proxmark's list (tools/recover_pk.py). */
const CARDS = [
  [
    "04518dfaa96180",
    "d1940d17cfeda4bff80359ab975f9f6514313e8f90c1d3caaf5941ad744a1cdf9a83f883cafe0fe95d1939b1b7e47113993324473b785d21",
  ],
  [
    "04c46c222a6380",
    "344a806ebf704c05c19215d2f840529ce365aad2d08a469a95896d75d477d9fab02a0c827e9f215bd8eb0e56a3a9a008fb75d706aabbd4da",
  ],
] as const;

test.each(CARDS)("NXP's signature of %s verifies, and of no other UID", (uid, signature) => {
  expect(isSignedBy(NXP, fromHex(uid), fromHex(signature))).toBe(true);
  const other = fromHex(uid);
  other[6] = (other[6] ?? 0) ^ 1;
  expect(isSignedBy(NXP, other, fromHex(signature))).toBe(false);
});

test("no signature with any bit turned verifies", () => {
  const [uid, signature] = CARDS[0];
  for (let bit = 0; bit < 448; bit += 7) {
    const turned = fromHex(signature);
    turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(isSignedBy(NXP, fromHex(uid), turned)).toBe(false);
  }
  for (const none of [new Uint8Array(0), new Uint8Array(56), new Uint8Array(56).fill(255)])
    expect(isSignedBy(NXP, fromHex(uid), none)).toBe(false);
});

const hex = (value = 0n): string => value.toString(16).padStart(56, "0");

test("multiples of the base point are those of OpenSSL", () => {
  const scalars = fc
    .uint8Array({ minLength: 27, maxLength: 27 })
    .filter((one) => one.some(Boolean));
  fc.assert(
    fc.property(scalars, (scalar) => {
      const ecdh = createECDH("secp224r1");
      ecdh.setPrivateKey(Buffer.from(scalar));
      const point = multiplied(BigInt(`0x${Buffer.from(scalar).toString("hex")}`), BASE);
      expect(`04${hex(point?.x)}${hex(point?.y)}`).toBe(ecdh.getPublicKey("hex"));
    }),
    { numRuns: 20 },
  );
});

test("what another maker signed is told apart", () => {
  const uid = fromHex("04a1b2c3d4e580");
  const [ours, theirs] = [createCardMaker("ours"), createCardMaker("theirs")];
  expect(isSignedBy(ours.publicKey, uid, ours.sign(uid))).toBe(true);
  expect(isSignedBy(ours.publicKey, uid, theirs.sign(uid))).toBe(false);
  expect(isSignedBy(NXP, uid, ours.sign(uid))).toBe(false);
});
