// Makes the files of one terminal in the school's office: who it is, its keys, and the nonces it
// will sign with. The private scalar and the nonce seed live in these files and nowhere else; what
// the ledger learns is the public key. The seed is never used twice: provisioning a terminal again
// means a new epoch, and prepareFlash erases the old one.

import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  randomBytes,
} from "node:crypto";
import type { FlashRegions } from "#firmware/board.ts";
import { BURN_MAGIC, POOL_MAGIC, encodeHeader, encodeRecord, poolIdOf } from "#firmware/pool.ts";
import { encodeSettings } from "#firmware/settings.ts";
import { nonceOf } from "#firmware/signer.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { concat } from "#protocol/bytes.ts";
import { deriveSealKeys } from "#protocol/seal.ts";
import { L, baseMultiples, numberOf } from "./curve.ts";
import { releaseKeyFile } from "./release-key.ts";
import { makeSigningTable } from "./table.ts";

/** sealSecret: the school's, as the Worker has it. nonces: how many entries the terminal can sign.
 * random gives so many unpredictable bytes; only a demo or a test passes its own. */
export type TerminalOrder = {
  school: string;
  terminal: number;
  epoch: number;
  sealSecret: Bytes;
  broker: { host: string; port: number };
  wifi?: { name: string; password: string };
  nonces?: number;
  /** 32 bytes: who may sign newer firmware for it. Nobody without. */
  releaseKey?: Bytes;
  random?: (length: number) => Bytes;
};
/** files: what board.files serves, by name. burnMap: what region burn begins with; prepareFlash
 * writes it. */
export type ProvisionedTerminal = {
  publicKey: Bytes;
  files: { settings: Bytes; table: Bytes; pool: Bytes; release?: Bytes };
  burnMap: Bytes;
};

/** As many as a box can have from the start, unless fewer are asked for. They last for its first hours; it makes more by
 * itself. */
export const NONCES_MAX = 255;
/** A PKCS #8 key of Ed25519 is this and the 32 bytes of the seed (RFC 8410 section 7). */
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

const sha256 = (data: Bytes): Bytes => createHash("sha256").update(data).digest();
const sha512 = (data: Bytes): Bytes => createHash("sha512").update(data).digest();
const hmacSha256 = (key: Bytes, data: Bytes): Bytes =>
  createHmac("sha256", key).update(data).digest();

export function provisionTerminal(order: TerminalOrder): ProvisionedTerminal {
  const random = order.random ?? randomBytes;
  const key = makeKey(random(32));
  const nonceSeed = Uint8Array.from(random(32));
  const table = new Uint8Array(makeSigningTable(key.scalar).buffer);
  const poolId = poolIdOf(sha256, nonceSeed, order.epoch);
  const count = order.nonces ?? NONCES_MAX;
  return {
    publicKey: key.publicKey,
    files: {
      settings: makeSettings(order, key.publicKey, nonceSeed, table),
      table,
      pool: makePool(order.epoch, nonceSeed, poolId, count),
      ...(order.releaseKey && { release: releaseKeyFile(order.releaseKey) }),
    },
    burnMap: encodeHeader(sha256, BURN_MAGIC, count, poolId),
  };
}

/** Erases all of the box's changing memory and opens a fresh burn map: done once for each
 * provisioning, by hand and never by the terminal, which would otherwise start its nonces at 0
 * again after losing them. */
export function prepareFlash(flash: FlashRegions, burnMap: Bytes): void {
  for (const region of [flash.burn, flash.points, flash.journal, flash.state, flash.roster])
    for (let page = 0; page < region.pages; page++) region.erase(page);
  flash.burn.write(0, burnMap);
}

/** The scalar of RFC 8032 section 5.1.5 from the 32 bytes of a seed, and its public key. */
function makeKey(seed: Bytes): { scalar: bigint; publicKey: Bytes } {
  const hash = sha512(seed);
  hash[0] = (hash[0] as number) & 248;
  hash[31] = ((hash[31] as number) & 63) | 64;
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8, seed]),
    format: "der",
    type: "pkcs8",
  });
  const encoded = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  return {
    scalar: numberOf(hash.subarray(0, 32)),
    publicKey: Uint8Array.from(encoded.subarray(encoded.length - 32)),
  };
}

function makeSettings(
  order: TerminalOrder,
  publicKey: Bytes,
  nonceSeed: Bytes,
  table: Bytes,
): Bytes {
  const { school, terminal, epoch, sealSecret } = order;
  const username = `obole-${school}-${terminal}`;
  const primitives = { sha256, hmacSha256, encryptCbc: refuse, decryptCbc: refuse };
  return encodeSettings(sha256, {
    school,
    terminal,
    epoch,
    host: order.broker.host,
    port: order.broker.port,
    username,
    password: brokerPassword(sealSecret, username),
    wifi: order.wifi ?? { name: "", password: "" },
    sealUp: deriveSealKeys(primitives, sealSecret, school, terminal, epoch, "up"),
    sealDown: deriveSealKeys(primitives, sealSecret, school, terminal, epoch, "down"),
    publicKey,
    nonceSeed,
    tableHash: sha256(table),
    challengeSecret: Uint8Array.from((order.random ?? randomBytes)(32)),
  });
}

/** What the broker may ask of a client of this name; derived, so that the broker's own list can be
 * made without a database. The seal, not this, is what keeps strangers out. */
export function brokerPassword(sealSecret: Bytes, clientId: string): string {
  return createHmac("sha256", sealSecret)
    .update("obole/1/broker/" + clientId)
    .digest("hex");
}

function refuse(): never {
  throw new Error("provision: deriving keys encrypts nothing");
}

/** The points R of the nonces 0 to count - 1, each with a check that ties it to its pool and index.
 * */
function makePool(epoch: number, nonceSeed: Bytes, poolId: Bytes, count: number): Bytes {
  const nonces = Array.from(
    { length: count },
    (_, index) => numberOf(nonceOf(sha512, nonceSeed, epoch, index)) % L,
  );
  const records = baseMultiples(nonces).map((point, i) => encodeRecord(sha256, poolId, i, point));
  return concat([encodeHeader(sha256, POOL_MAGIC, count, poolId), ...records]);
}
