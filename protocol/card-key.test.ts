// AES-CMAC and the derivation of card keys against published values (RFC 4493, NXP AN10922), and the one layout of Obole,
// fixed here for ever: a card that was personalised with another would never prove itself again.

import { describe, expect, it, test } from "vitest";
import { nodePrimitives } from "#sim/primitives.ts";
import { fromHex, fromLatin1, toHex } from "./bytes.ts";
import { cardMaster, deriveCardKey, keyNumberOf, terminalKey } from "./card-key.ts";
import { cmac } from "./cmac.ts";

const { encryptCbc, hmacSha256 } = nodePrimitives;
const RFC_KEY = fromHex("2b7e151628aed2a6abf7158809cf4f3c");
const RFC_MESSAGE = fromHex(
  "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51" +
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
);

test.each([
  [0, "bb1d6929e95937287fa37d129b756746"],
  [16, "070a16b46b4d4144f79bdd9dd04a287c"],
  [40, "dfa66747de9ae63030ca32611497c827"],
  [64, "51f0bebf7e3b9d92fc49741779363cfe"],
])("AES-CMAC of the first %i bytes, RFC 4493 section 4", (length, mac) => {
  expect(toHex(cmac(encryptCbc, RFC_KEY, RFC_MESSAGE.subarray(0, length)))).toBe(mac);
});

test("AN10922 section 2.2.1: its example key", () => {
  const key = fromHex("00112233445566778899aabbccddeeff");
  const input = fromHex("0104782e21801d803042f54e585020416275");
  expect(toHex(cmac(encryptCbc, key, input))).toBe("a8dd63a3b89d54b37ca802473fda9175");
});

describe("the keys of a card", () => {
  const master = fromHex("00112233445566778899aabbccddeeff");
  const uid = fromHex("04782e21801d80");

  it("follow from master, UID, application, key number and epoch in this order", () => {
    const input = fromHex("0104782e21801d80d27600008501010301");
    expect(deriveCardKey(encryptCbc, master, uid, 3, 1)).toEqual(cmac(encryptCbc, master, input));
    // The published vector: protocol/README.md shows the same.
    expect(toHex(deriveCardKey(encryptCbc, master, uid, 3, 1))).toBe(
      "4517af483e1cd93233319f41777c2c56",
    );
  });

  it("have a master for each school and purpose", () => {
    const secret = new Uint8Array(32).fill(7);
    const masters = [
      cardMaster(hmacSha256, secret, "college-demo", "terminal"),
      cardMaster(hmacSha256, secret, "college-demo", "office"),
      cardMaster(hmacSha256, secret, "college-other", "terminal"),
    ].map(toHex);
    expect(new Set(masters).size).toBe(3);
    expect(masters[0]).toBe("b0c9e891688f60d6b35592d8cd33b6f8");
  });

  it("for terminals change their place with each epoch, so that a card holds those of two", () => {
    expect([1, 2, 3, 4, 255].map(keyNumberOf)).toEqual([3, 4, 3, 4, 3]);
    const keys = [1, 2, 3].map((epoch) =>
      toHex(terminalKey(encryptCbc, master, uid, epoch).secret),
    );
    expect(new Set(keys).size).toBe(3);
  });

  it.each([
    ["a UID of 4 bytes", fromHex("8a4d694f"), 1],
    ["epoch 0", uid, 0],
    ["epoch 256", uid, 256],
  ])("do not exist for %s", (_name, badUid, epoch) => {
    expect(() => deriveCardKey(encryptCbc, master, badUid, 3, epoch)).toThrow("card-key");
  });

  it("do not exist for a master of another length", () => {
    expect(() => deriveCardKey(encryptCbc, fromLatin1("short"), uid, 3, 1)).toThrow("card-key");
  });
});
