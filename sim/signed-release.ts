// The office that makes firmware, with a key of its own: what it signs, and how the gateway then says it.

import type { KeyObject } from "node:crypto";
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bytes } from "#protocol/bytes.ts";
import type { Downlink, FirmwareAnnouncement } from "#protocol/downlink.ts";
import { CHUNK_BYTES } from "#protocol/downlink.ts";
import { digestOfScript, signedRelease } from "#protocol/release.ts";
import { nodePrimitives } from "./primitives.ts";

/** Whose firmware a demonstration's terminals take: `npm run release -- --key STATE/release.key` signs with it. */
export const releaseKeyOf = (stateFolder: string): Bytes =>
  publicKeyOf(openReleaseKey(join(stateFolder, "release.key")));

/** The key in this file, made if it is not there. */
export function openReleaseKey(path: string): KeyObject {
  if (!existsSync(path)) {
    const pem = newReleaseKey().export({ format: "pem", type: "pkcs8" });
    writeFileSync(path, pem, { mode: 0o600, flag: "wx" });
  }
  return createPrivateKey(readFileSync(path));
}

export const newReleaseKey = (): KeyObject => generateKeyPairSync("ed25519").privateKey;

/** 32 bytes, as the gateway and the terminals have it. */
export function publicKeyOf(key: KeyObject): Bytes {
  const x = createPublicKey(key).export({ format: "jwk" }).x ?? "";
  return new Uint8Array(Buffer.from(x, "base64url"));
}

export function announce(
  key: KeyObject,
  version: number,
  script: Bytes,
  minimum = 0,
): FirmwareAnnouncement {
  const sha256 = digestOfScript(nodePrimitives.sha256, script);
  const facts = { version, minimum, bytes: script.length, sha256 };
  const signature = new Uint8Array(sign(null, signedRelease(facts), key));
  return { kind: "firmware", ...facts, signature };
}

export function chunksOf(version: number, script: Bytes): (Downlink & { kind: "chunk" })[] {
  return Array.from({ length: Math.ceil(script.length / CHUNK_BYTES) }, (_, chunk) => ({
    kind: "chunk" as const,
    version,
    chunk,
    data: script.slice(chunk * CHUNK_BYTES, (chunk + 1) * CHUNK_BYTES),
  }));
}
