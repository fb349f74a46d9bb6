// Commands in an encrypted session against the examples that NXP prints (AN12196 section 6.16,
// ChangeKey); the vectors of authentication, CommMode.MAC and CommMode.Full are in nfc-vectors.json
// (sim/nfc/check-vectors.ts).

import { expect, test } from "vitest";
import { fromHex, fromLatin1, toHex } from "#protocol/bytes.ts";
import { nodePrimitives } from "#sim/primitives.ts";
import { CHANGE_KEY, crc32, fullCommand, keyChange, macOf } from "./ntag424-session.ts";

const { encryptCbc } = nodePrimitives;
const session = (counter: number) => ({
  enc: fromHex("4cf3cb41a22583a61e89b158d252fc53"),
  mac: fromHex("5529860b2fc5fb6154b7f28361d30bf9"),
  ti: fromHex("7614281a"),
  counter,
});
const ZERO = new Uint8Array(16);

test("the change of another key, and the card's answer to it", () => {
  const key = fromHex("f3847d627727ed3bc9c4cc050489b966");
  const change = keyChange(false, ZERO, key, 1);
  expect(toHex(fullCommand(encryptCbc, session(2), CHANGE_KEY, fromHex("02"), change))).toBe(
    "90c4000029022cf362b7bf4311ff3be1daa295e8c68de09050560d19b9e16c2393ae9cd1fac75d0ce20bcd1d06e600",
  );
  expect(toHex(macOf(encryptCbc, session(3), 0, new Uint8Array(0)))).toBe("203bb55d1089d587");
});

test("the change of the key of the session itself", () => {
  const key = fromHex("5004bf991f408672b1ef00f08f9e8647");
  const change = keyChange(true, ZERO, key, 1);
  expect(toHex(fullCommand(encryptCbc, session(3), CHANGE_KEY, fromHex("00"), change))).toBe(
    "90c400002900c0eb4deefeddf0b513a03a95a75491818580503190d4d05053ff75668a01d6fda6610234bded643200",
  );
});

test("the checksum is the catalogue's CRC-32/JAMCRC, lowest byte first", () => {
  expect(toHex(crc32(fromLatin1("123456789")))).toBe("d9c60b34");
});
