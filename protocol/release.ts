// A firmware for terminals as the office's release key signs it: the terminal checks the signature itself, before it runs
// anything of it.

import type { Bytes, Primitives } from "./bytes.ts";
import { concat, fromLatin1 } from "./bytes.ts";

const PIECE_BYTES = 1024;

/** minimum: once this firmware has proven itself, none with a lower version runs any more. sha256: digestOfFirmware. */
export type SignedFacts = { version: number; minimum: number; bytes: number; sha256: Bytes };

/** SHA-256 over the SHA-256 of each kilobyte, so that no more than that must be in memory at once. */
export function digestOfFirmware(
  sha256: Primitives["sha256"],
  bytes: number,
  read: (at: number, length: number) => Bytes,
): Bytes {
  const pieces = Math.ceil(bytes / PIECE_BYTES);
  const hashes = new Uint8Array(pieces * 32);
  for (let i = 0; i < pieces; i++) {
    const at = i * PIECE_BYTES;
    hashes.set(sha256(read(at, Math.min(PIECE_BYTES, bytes - at))), i * 32);
  }
  return sha256(hashes);
}

/** digestOfFirmware of a script that lies in memory whole, as it does everywhere but on the terminal. */
export function digestOfScript(sha256: Primitives["sha256"], script: Bytes): Bytes {
  return digestOfFirmware(sha256, script.length, (at, length) => script.subarray(at, at + length));
}

/** What is signed. The version is in it, so that an old release cannot be called a new one. */
export function signedRelease(facts: SignedFacts): Bytes {
  const words = ["obole/1/release", facts.version, facts.minimum, facts.bytes, ""];
  return concat([fromLatin1(words.join("/")), facts.sha256]);
}
