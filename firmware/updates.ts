// The terminal's side of an update: takes the gateway's announcement and its chunks into the slot that does not run, checks
// the office's signature while nobody is served, and says when a restart would bring a newer firmware. Version numbers
// only grow: what is not newer than the newest firmware that ever worked here is refused, so nobody can bring an old
// hole back.

import { signedRelease } from "#protocol/release.ts";
import type { Board, FlashRegion } from "./board.ts";
import type { Curve } from "./curve/curve.ts";
import { openCurve } from "./curve/curve.ts";
import type { Verification } from "./curve/verify.ts";
import { isSame } from "./flash.ts";
import type { Signer } from "./signer.ts";
import type { FirmwareChunk, FirmwareManifest, FirmwareOutcome, Slot } from "./slots.ts";
import {
  chunkCount,
  firstMissing,
  fits,
  hasRightHash,
  isStartable,
  markProven,
  markRefused,
  markWhole,
  readSlots,
  startSlot,
  writeChunk,
} from "./slots.ts";

export type Updates = {
  /** The chunk that is wanted next; past the last one when none is. */
  next(): number;
  announce(manifest: FirmwareManifest): FirmwareOutcome;
  put(chunk: FirmwareChunk): FirmwareOutcome;
  /** Checks the signature a little further; false when there is nothing to check. */
  slice(): boolean;
  /** A newer firmware is whole and has starts left: restart when nobody is served. */
  isReady(): boolean;
  /** Whether what runs has still to prove itself. */
  isOnTrial(): boolean;
  prove(): void;
  /** Nothing arrives, is being checked, waits for a restart, has to prove itself or was refused: flash says all. */
  isAtRest(): boolean;
};
type Check = { curve: Curve; verification: Verification };
type Parts = Pick<Board, "sha256" | "sha512" | "convolve" | "files" | "log">;

/** running: the version that the loader started. */
export function openUpdates(
  parts: Parts,
  region: FlashRegion,
  running: number,
  moduloL: Signer["moduloL"],
): Updates {
  const sha256 = parts.sha256;
  const pair = pairOf(readSlots(region, sha256), running);
  const mine = pair.mine;
  const other = pair.other;
  /** Nothing older is taken. */
  const newestProven = Math.max(running, other.proven ? other.version : 0);
  let check: Check | undefined;

  function isComplete(): boolean {
    return firstMissing(other) === chunkCount(other);
  }

  function settle(): FirmwareOutcome {
    if (other.whole) return "installed";
    if (other.refused) return "not-signed";
    if (!isComplete()) return "awaiting-chunks";
    if (check) return "awaiting-check";
    if (!hasRightHash(sha256, other)) {
      startSlot(sha256, other, manifestOf(other));
      return "firmware-damaged";
    }
    check = startCheck(parts, moduloL, other);
    if (check) return "awaiting-check";
    markRefused(sha256, other);
    return "not-signed";
  }

  const isReady = (): boolean => other.version > running && isStartable(other);
  const isOnTrial = (): boolean => mine !== undefined && !mine.proven;
  // The power may have gone between the last chunk and the check.
  if (other.bytes) settle();
  return {
    next: () => firstMissing(other),
    announce: function (manifest) {
      const same = isOf(manifest, other);
      if (same && other.whole && !isStartable(other)) return "failed-before";
      if (manifest.minimum > manifest.version) return "not-newer";
      if (manifest.version <= newestProven) return same ? "installed" : "not-newer";
      if (same) return settle();
      if (manifest.version < other.version && isStartable(other)) return "not-newer";
      if (!fits(other, manifest.bytes)) return "does-not-fit";
      check = undefined;
      startSlot(sha256, other, manifest);
      return "awaiting-chunks";
    },
    put: function (chunk) {
      if (!other.bytes || chunk.version !== other.version) return "no-announcement";
      if (isComplete()) return settle();
      const outcome = writeChunk(sha256, other, chunk);
      return outcome === "awaiting-chunks" ? settle() : outcome;
    },
    slice: function () {
      if (!check) return false;
      const verdict = check.curve.verifySlice(parts.files, check.verification);
      if (verdict === "checking") return true;
      check = undefined;
      if (verdict === "genuine") markWhole(sha256, other);
      else markRefused(sha256, other);
      parts.log("firmware: " + other.version + " is " + verdict);
      return true;
    },
    isReady: isReady,
    isOnTrial: isOnTrial,
    prove: function () {
      if (mine && !mine.proven) markProven(sha256, mine);
    },
    isAtRest: () => isComplete() && !other.refused && !check && !isReady() && !isOnTrial(),
  };
}

/** mine: what runs, if it came from a slot; other: where the next one goes. */
function pairOf(slots: [Slot, Slot], running: number): { mine: Slot | undefined; other: Slot } {
  const own = slots.findIndex((slot) => slot.whole && slot.version === running);
  const older = slots[0].version <= slots[1].version ? 0 : 1;
  return { mine: slots[own], other: slots[own < 0 ? older : 1 - own] as Slot };
}

function isOf(manifest: FirmwareManifest, slot: Slot): boolean {
  return (
    slot.bytes > 0 &&
    isSame(signedRelease(manifest), signedRelease(manifestOf(slot))) &&
    isSame(manifest.signature, slot.signature)
  );
}

/** undefined when the signature cannot be one, or nobody told this box whose it should be. */
function startCheck(parts: Parts, moduloL: Signer["moduloL"], slot: Slot): Check | undefined {
  const curve = openCurve(parts.convolve);
  const key = curve.readVerifyKey(parts.files);
  const arithmetic = { sha512: parts.sha512, convolve: parts.convolve, moduloL: moduloL };
  const message = signedRelease(manifestOf(slot));
  const verification = key && curve.startVerification(arithmetic, key, message, slot.signature);
  return verification && { curve: curve, verification: verification };
}

function manifestOf(slot: Slot): FirmwareManifest {
  return {
    kind: "firmware",
    version: slot.version,
    minimum: slot.minimum,
    bytes: slot.bytes,
    sha256: slot.hash,
    signature: slot.signature,
  };
}
