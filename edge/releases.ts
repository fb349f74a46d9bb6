// Firmware that terminals are brought up to, a few chunks for each sign of life: slow on purpose, because the same
// messages carry acks and leases. A release whose signature is not the office's is not sent to anybody.

import type { Client } from "@libsql/client/web";
import type { Bytes } from "#protocol/bytes.ts";
import { sameBytes } from "#protocol/bytes.ts";
import type { Downlink } from "#protocol/downlink.ts";
import { CHUNK_BYTES } from "#protocol/downlink.ts";
import { digestOfScript, signedRelease } from "#protocol/release.ts";
import type { Health } from "#protocol/uplink.ts";
import { chainKey } from "./books.ts";
import { importPublicKey, sha256, verifySignature } from "./crypto.ts";
import type { Voice } from "./downlink.ts";
import { tell } from "./downlink.ts";
import type { Result } from "./ingest.ts";
import { bytesIn, numberIn } from "./ledger/row.ts";
import { log } from "./log.ts";

/** Each status asks for the next ones: 32 KB a minute, so a firmware takes some five minutes. */
const CHUNKS_PER_STATUS = 16;

export type Release = {
  version: number;
  minimum: number;
  script: Bytes;
  sha256: Bytes;
  signature: Bytes;
};

/** What the terminal checks again by itself. */
export function isGenuine(release: Release, releaseKey: Bytes): boolean {
  const { version, minimum, script, signature } = release;
  const digest = digestOfScript(sha256, script);
  if (!sameBytes(digest, release.sha256) || minimum > version) return false;
  const facts = { version, minimum, bytes: script.length, sha256: digest };
  return verifySignature(importPublicKey(releaseKey), signedRelease(facts), signature);
}

/** The newest release; known again when it is the newest still, since it is large. undefined when there is none. */
export async function readRelease(
  client: Client,
  known: Release | undefined,
): Promise<Release | undefined> {
  const newest = await client.execute("select coalesce(max(version), 0) as version from release");
  const version = numberIn(newest.rows[0], "version");
  if (!version || version === known?.version) return version ? known : undefined;
  const found = await client.execute({
    sql: "select minimum, script, sha256, signature from release where version = ?",
    args: [version],
  });
  const row = found.rows[0];
  const [script, digest, signature] = ["script", "sha256", "signature"].map((name) =>
    bytesIn(row, name),
  ) as [Bytes, Bytes, Bytes];
  return { version, minimum: numberIn(row, "minimum"), script, sha256: digest, signature };
}

/** What a terminal in this condition is told of a release. */
export function releaseMessages(release: Release, health: Health): Downlink[] {
  const { version, minimum, script, signature } = release;
  if (version <= health.firmware) return [];
  const messages: Downlink[] = [
    {
      kind: "firmware",
      version,
      minimum,
      bytes: script.length,
      sha256: release.sha256,
      signature,
    },
  ];
  const chunks = Math.ceil(script.length / CHUNK_BYTES);
  const end = Math.min(chunks, health.chunk + CHUNKS_PER_STATUS);
  for (let chunk = health.chunk; chunk < end; chunk++) {
    const data = script.slice(chunk * CHUNK_BYTES, (chunk + 1) * CHUNK_BYTES);
    messages.push({ kind: "chunk", version, chunk, data });
  }
  return messages;
}

/** What the gateway keeps of releases: the office's public key, and the newest release that it has signed. */
export type Releasing = {
  client: Client;
  voice: Voice;
  releaseKey: Bytes | undefined;
  newest: Release | undefined;
};

/** Answers each sign of life with the next part of a firmware that is newer than what runs there. */
export async function offerReleases(releasing: Releasing, results: Result[]): Promise<void> {
  const { client, voice, releaseKey } = releasing;
  const latest = new Map<string, { terminal: number; epoch: number; health: Health }>();
  for (const { arrival } of results) {
    if (arrival.kind !== "uplink" || arrival.uplink.kind !== "status") continue;
    const { terminal, epoch } = arrival.header;
    const { health } = arrival.uplink;
    if (health) latest.set(chainKey(terminal, epoch), { terminal, epoch, health });
  }
  if (!latest.size || !releaseKey) return;
  const release = await readRelease(client, releasing.newest);
  if (!release) return;
  if (release !== releasing.newest && !isGenuine(release, releaseKey)) {
    log("release-not-genuine", { version: release.version });
    return;
  }
  releasing.newest = release;
  for (const { terminal, epoch, health } of latest.values())
    for (const message of releaseMessages(release, health)) tell(voice, terminal, epoch, message);
}
