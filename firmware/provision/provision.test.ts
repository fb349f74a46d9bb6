// What the office makes must be what the terminal can use: settings that read back, points that are
// multiples of the base point by node:crypto's own reckoning, tables that can never leave the exact
// range, and no two terminals alike.

import { createPrivateKey, createPublicKey } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Bytes } from "#protocol/bytes.ts";
import { toHex } from "#protocol/bytes.ts";
import { deriveSealKeys } from "#protocol/seal.ts";
import { createNor } from "#sim/parts/nor.ts";
import { nodePrimitives, sha512 } from "#sim/primitives.ts";
import { HEADER_BYTES, POINT_RECORD_BYTES } from "../pool.ts";
import { readSettings } from "../settings.ts";
import { nonceOf } from "../signer.ts";
import { L, baseMultiples, numberOf } from "./curve.ts";
import { brokerPassword, prepareFlash, provisionTerminal } from "./provision.ts";
import { makeSigningTable } from "./table.ts";

const sealSecret = new Uint8Array(32).fill(7);
const order = {
  school: "college-demo",
  terminal: 7,
  epoch: 2,
  sealSecret,
  broker: { host: "broker.example", port: 1883 },
  nonces: 20,
};
const serve = (files: { [name: string]: Bytes }) => ({
  read: (name: string, offset: number, length: number) =>
    files[name]?.slice(offset, offset + length),
});

/** Bytes that anybody can foresee, different at each call. */
function counting(): (length: number) => Bytes {
  let calls = 0;
  return (length) => new Uint8Array(length).fill(++calls);
}

const part = () => createNor({ pageBytes: 64, pages: 4 });

/** The public key that node:crypto derives from a seed, and the scalar that RFC 8032 does. */
function keyOfSeed(seed: Bytes): { publicKey: string; scalar: bigint } {
  const prefix = Buffer.from("302e020100300506032b657004220420", "hex");
  const key = createPrivateKey({
    key: Buffer.concat([prefix, seed]),
    format: "der",
    type: "pkcs8",
  });
  const jwk = createPublicKey(key).export({ format: "jwk" });
  const hash = sha512(seed).subarray(0, 32);
  hash[0] = (hash[0] as number) & 248;
  hash[31] = ((hash[31] as number) & 127) | 64;
  const publicKey = Buffer.from(jwk.x as string, "base64url").toString("hex");
  return { publicKey, scalar: numberOf(hash) };
}

test("multiples of the base point agree with node:crypto", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (seed) => {
      const { publicKey, scalar } = keyOfSeed(seed);
      expect(baseMultiples([scalar, scalar % L]).map(toHex)).toEqual([publicKey, publicKey]);
    }),
    { numRuns: 200 },
  );
});

test("the first multiples are those of RFC 8032: the neutral point and the base point", () => {
  expect(baseMultiples([0n, 1n, L, L + 1n]).map(toHex)).toEqual([
    "01" + "00".repeat(31),
    "58" + "66".repeat(31),
    "01" + "00".repeat(31),
    "58" + "66".repeat(31),
  ]);
});

test("the signing table of any scalar stays within 32-bit words and exact sums", () => {
  const scalar = fc.bigInt({ min: 1n << 254n, max: (1n << 255n) - 8n });
  fc.assert(
    fc.property(scalar, (a) => {
      makeSigningTable(a);
    }),
    { numRuns: 200 },
  );
  for (const edge of [0n, 1n, L - 1n, 1n << 254n, (1n << 255n) - 8n]) makeSigningTable(edge);
});

test("the settings read back as ordered, with the keys that the gateway derives too", () => {
  const made = provisionTerminal({ ...order, wifi: { name: "Ecole", password: "secret" } });
  const read = readSettings(serve(made.files), nodePrimitives.sha256);
  if (!read.ok) throw new Error(read.fault);
  expect(read.settings).toMatchObject({
    school: "college-demo",
    terminal: 7,
    epoch: 2,
    host: "broker.example",
    port: 1883,
    username: "obole-college-demo-7",
    password: brokerPassword(sealSecret, "obole-college-demo-7"),
    wifi: { name: "Ecole", password: "secret" },
    publicKey: made.publicKey,
  });
  for (const direction of ["up", "down"] as const)
    expect(read.settings[direction === "up" ? "sealUp" : "sealDown"]).toEqual(
      deriveSealKeys(nodePrimitives, sealSecret, "college-demo", 7, 2, direction),
    );
});

test("the pool holds the points of the nonces that the signer will derive", () => {
  const made = provisionTerminal(order);
  const read = readSettings(serve(made.files), nodePrimitives.sha256);
  if (!read.ok) throw new Error(read.fault);
  for (let index = 0; index < order.nonces; index++) {
    const nonce = numberOf(nonceOf(sha512, read.settings.nonceSeed, 2, index)) % L;
    const at = HEADER_BYTES + index * POINT_RECORD_BYTES;
    expect([made.files.pool.slice(at, at + 32)]).toEqual(baseMultiples([nonce]));
  }
});

test.each<[string, string, number]>([
  ["settings-damaged", "settings", 3],
  ["settings-damaged", "settings", 7],
  ["settings-damaged", "settings", 40],
  ["table-damaged", "table", 1000],
])("%s: file %s with a wrong byte %i is not used", (fault, name, at) => {
  const files: { [name: string]: Bytes } = provisionTerminal(order).files;
  const data = files[name] as Bytes;
  data[at] = (data[at] as number) ^ 1;
  expect(readSettings(serve(files), nodePrimitives.sha256)).toEqual({ ok: false, fault });
});

test.each(["settings", "table"])("%s-missing: a box without the file is not used", (name) => {
  const files: { [name: string]: Bytes } = provisionTerminal(order).files;
  delete files[name];
  const expected = { ok: false, fault: `${name}-missing` };
  expect(readSettings(serve(files), nodePrimitives.sha256)).toEqual(expected);
});

test("no two terminals share a key or a nonce; with a given source of randomness all is reproducible", () => {
  const a = provisionTerminal(order);
  const b = provisionTerminal(order);
  expect(a.publicKey).not.toEqual(b.publicKey);
  expect(a.files.pool).not.toEqual(b.files.pool);
  const one = provisionTerminal({ ...order, random: counting() });
  const same = provisionTerminal({ ...order, random: counting() });
  expect(one).toEqual(same);
});

test("preparing a box erases what an earlier terminal left and opens the burn map", () => {
  const flash = { journal: part(), burn: part(), points: part(), state: part(), roster: part() };
  for (const region of Object.values(flash)) region.write(60, new Uint8Array(4));
  const { burnMap } = provisionTerminal(order);
  prepareFlash(flash, burnMap);
  for (const region of [flash.journal, flash.points, flash.state, flash.roster])
    expect(region.content.every((byte) => byte === 255)).toBe(true);
  expect(flash.burn.read(0, burnMap.length)).toEqual(burnMap);
  expect(flash.burn.content.subarray(burnMap.length).every((byte) => byte === 255)).toBe(true);
});

test("1,000 nonces are made in about a second at most", () => {
  const start = performance.now();
  provisionTerminal({ ...order, nonces: 1000 });
  expect(performance.now() - start).toBeLessThan(3000);
});
