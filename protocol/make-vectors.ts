// Writes vectors.json: valid tokens, and every way to be invalid with its reason. Run it with
// `node protocol/make-vectors.ts` after a change of the protocol; a changed line is a changed protocol.
// Signatures are Node's own Ed25519, so the file owes nothing to the firmware's signer.

import { createHash, createPrivateKey, sign } from "node:crypto";
import { writeFileSync } from "node:fs";
import type { Bytes } from "./bytes.ts";
import { concat, fromHex, toHex } from "./bytes.ts";
import type { Value } from "./cbor.ts";
import { decode, encode } from "./cbor.ts";
import type { Entry, EntryHead } from "./entry.ts";
import { assembleToken, signedBytes } from "./token.ts";
import { encodeEntry } from "./write-entry.ts";

/** The Ed25519 test key of RFC 8032 section 7.1, test 1: anybody can check the file with it. */
const SEED = fromHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
const PUBLIC_KEY = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
// PKCS #8 (RFC 8410 section 7): the fixed head of an Ed25519 private key.
const PKCS8_HEAD = fromHex("302e020100300506032b657004220420");
const KEY = createPrivateKey({
  key: Buffer.from(concat([PKCS8_HEAD, SEED])),
  format: "der",
  type: "pkcs8",
});

const ZERO = new Uint8Array(32);
const CARD = fromHex("04a1b2c3d4e5f6");

function signToken(payload: Bytes): Bytes {
  return assembleToken(payload, new Uint8Array(sign(null, signedBytes(payload), KEY)));
}

function head(seq: number, prev: Bytes): EntryHead {
  return {
    terminal: 3,
    epoch: 1,
    seq,
    prev,
    time: 1_795_433_514 + seq * 10,
    clock: "trusted",
    nonce: seq + 4,
    operator: 0,
  };
}

const bodies = [
  ["open", { kind: "open", firmware: ZERO.slice().fill(0xab), boot: 7 }],
  [
    "purchase by UID",
    {
      kind: "purchase",
      card: CARD,
      student: 42,
      lines: [{ product: 1, revision: 1, quantity: 1, unitCents: 100 }],
      totalCents: 100,
      graceCents: 0,
      lease: 5,
      roster: 2,
      prices: 3,
      proof: { method: "uid" },
    },
  ],
  [
    "purchase by authenticated card, two lines, grace",
    {
      kind: "purchase",
      card: CARD,
      student: 42,
      lines: [
        { product: 1, revision: 1, quantity: 2, unitCents: 100 },
        { product: 300, revision: 2, quantity: 1, unitCents: 350 },
      ],
      totalCents: 550,
      graceCents: 200,
      lease: 5,
      roster: 2,
      prices: 3,
      proof: { method: "authenticated", counter: 70_000 },
    },
  ],
  [
    "purchase that staff allowed against an allergen",
    {
      kind: "purchase",
      card: CARD,
      student: 42,
      lines: [{ product: 1, revision: 1, quantity: 1, unitCents: 100 }],
      totalCents: 100,
      graceCents: 0,
      lease: 5,
      roster: 2,
      prices: 3,
      proof: { method: "uid" },
      override: "allergen",
    },
  ],
  ["void", { kind: "void", card: CARD, student: 42, totalCents: 550, lease: 5, voids: 3 }],
  [
    "collect",
    { kind: "collect", card: CARD, student: 42, roster: 2, proof: { method: "uid" }, order: 99 },
  ],
  ["lowered", { kind: "lowered", student: 42, lease: 6, ceilingCents: 1_200 }],
  ["close", { kind: "close" }],
] satisfies [string, object][];

/** One chain: each entry names the hash of the one before. */
function validTokens(): { name: string; entry: Entry; token: Bytes }[] {
  let prev: Bytes = ZERO;
  return bodies.map(([name, body], i) => {
    const entry = { ...head(i + 1, prev), ...body } as Entry;
    const token = signToken(encodeEntry(entry));
    prev = new Uint8Array(createHash("sha256").update(token).digest());
    return { name, entry, token };
  });
}

const valid = validTokens();
const purchase = valid[1] as (typeof valid)[number];

/** A token whose payload map was changed: signed well, so that only the named fault is wrong with it. */
function changed(change: (map: { [field: number]: Value }) => void): Bytes {
  const map = decode(encodeEntry(purchase.entry)) as { [field: number]: Value };
  change(map);
  const sorted: { [field: number]: Value } = {};
  for (const field of Object.keys(map)
    .map(Number)
    .sort((a, b) => a - b))
    sorted[field] = map[field] as Value;
  return signToken(encode(sorted, 1000));
}

/** Replaces the first occurrence of one piece of hex in the payload, then signs. */
function respelt(from: string, to: string): Bytes {
  const payload = toHex(encodeEntry(purchase.entry));
  if (!payload.includes(from)) throw new Error(`vectors: ${from} is not in the payload`);
  return signToken(fromHex(payload.replace(from, to)));
}

const line = (product: number, revision: number, quantity: number, cents: number): Value => [
  product,
  revision,
  quantity,
  cents,
];

const invalid: [string, string, Bytes][] = [
  ["empty", "not-cose-sign1", new Uint8Array(0)],
  ["truncated by one byte", "not-cose-sign1", purchase.token.subarray(0, -1)],
  ["one byte too many", "not-cose-sign1", concat([purchase.token, new Uint8Array(1)])],
  ["COSE tag missing", "not-cose-sign1", purchase.token.subarray(1)],
  [
    "another algorithm (ES256) in the protected header",
    "not-cose-sign1",
    fromHex(toHex(purchase.token).replace("43a10127", "43a10126")),
  ],
  [
    "payload length in more bytes than needed",
    "not-cose-sign1",
    fromHex(toHex(purchase.token).replace(/^(d28443a10127a0)58/, "$15900")),
  ],
  ["longer than any token", "too-long", new Uint8Array(321)],
  ["version in two bytes", "not-deterministic", respelt("b3000101", "b300180101")],
  ["map of indefinite length", "not-deterministic", signToken(fromHex("bf0001ff"))],
  ["payload ends inside the map", "not-deterministic", signToken(fromHex("b30001"))],
  ["total as a float", "not-deterministic", respelt("0d1864", "0df95640")],
  ["two keys exchanged", "not-deterministic", respelt("0103020", "0201010")],
  ["the same key twice", "not-deterministic", respelt("010302", "010301")],
  ["version 2", "unknown-version", changed((map) => (map[0] = 2))],
  ["no version", "unknown-version", changed((map) => delete map[0])],
  ["kind 9", "unknown-kind", changed((map) => (map[7] = 9))],
  ["no card", "wrong-fields", changed((map) => delete map[10])],
  ["a field of another kind", "wrong-fields", changed((map) => (map[19] = 1))],
  ["an unknown field", "wrong-fields", changed((map) => (map[40] = 1))],
  ["override of an unknown reason", "out-of-range", changed((map) => (map[24] = 2))],
  ["card as a number", "wrong-fields", changed((map) => (map[10] = 5))],
  ["a line of three numbers", "wrong-fields", changed((map) => (map[12] = [[1, 1, 1]]))],
  ["proof of an unknown method", "wrong-fields", changed((map) => (map[18] = [2]))],
  ["terminal 0", "out-of-range", changed((map) => (map[1] = 0))],
  ["epoch 0", "out-of-range", changed((map) => (map[2] = 0))],
  ["seq 0", "out-of-range", changed((map) => (map[3] = 0))],
  ["prev of 31 bytes", "out-of-range", changed((map) => (map[4] = ZERO.subarray(1)))],
  ["negative time", "out-of-range", changed((map) => (map[5] = -1))],
  ["clock state 2", "out-of-range", changed((map) => (map[6] = 2))],
  ["card of 3 bytes", "out-of-range", changed((map) => (map[10] = CARD.subarray(4)))],
  ["no line", "out-of-range", changed((map) => (map[12] = []))],
  [
    "nine lines",
    "out-of-range",
    changed((map) => {
      map[12] = Array.from({ length: 9 }, () => line(1, 1, 1, 100));
      map[13] = 900;
    }),
  ],
  [
    "quantity 0",
    "out-of-range",
    changed((map) => (map[12] = [line(1, 1, 0, 100), line(1, 1, 1, 100)])),
  ],
  [
    "unit price above the limit",
    "out-of-range",
    changed((map) => (map[12] = [line(1, 1, 1, 100_001)])),
  ],
  ["total 0", "out-of-range", changed((map) => (map[13] = 0))],
  ["total is not the sum of the lines", "wrong-total", changed((map) => (map[13] = 101))],
  ["grace above the total", "wrong-total", changed((map) => (map[14] = 101))],
  ["one bit of the payload flipped", "bad-signature", flipped(purchase.token, 40)],
  ["one bit of R flipped", "bad-signature", flipped(purchase.token, purchase.token.length - 64)],
  ["one bit of S flipped", "bad-signature", flipped(purchase.token, purchase.token.length - 32)],
];

function flipped(token: Bytes, at: number): Bytes {
  const copy = token.slice();
  copy[at] = (copy[at] as number) ^ 1;
  return copy;
}

const file = {
  about:
    "Obole tokens in hex. valid: one chain signed by publicKey. invalid: each with its reason.",
  publicKey: PUBLIC_KEY,
  valid: valid.map(({ name, entry, token }) => ({
    name,
    hex: toHex(token),
    entry: JSON.parse(
      JSON.stringify(entry, (_, value) => (value instanceof Uint8Array ? toHex(value) : value)),
    ) as object,
  })),
  invalid: invalid.map(([name, reason, token]) => ({ name, reason, hex: toHex(token) })),
};
writeFileSync(new URL("vectors.json", import.meta.url), JSON.stringify(file, null, 1) + "\n");
