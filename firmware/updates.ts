// The terminal's side of an update: takes the gateway's announcement and its chunks into the slot that does not run, and
// says when a restart would bring a newer firmware. Version numbers only grow: what is not newer than the newest
// firmware that ever worked here is refused, so nobody can bring an old hole back.

import type { FlashRegion } from "./board.ts";
import type { Sha256 } from "./flash.ts";
import { isSame } from "./flash.ts";
import type { FirmwareChunk, FirmwareManifest, FirmwareOutcome, Slot } from "./slots.ts";
import {
  commitSlot,
  firstMissing,
  fits,
  hasRightHash,
  isStartable,
  markProven,
  readSlots,
  startSlot,
  writeChunk,
} from "./slots.ts";

export type Updates = {
  /** Version that runs, 0 for the script of the box. */
  version(): number;
  /** The chunk that is wanted next, 0 when none is. */
  next(): number;
  announce(manifest: FirmwareManifest): FirmwareOutcome;
  put(chunk: FirmwareChunk): FirmwareOutcome;
  /** A newer firmware is whole and has starts left: restart when nobody is served. */
  isReady(): boolean;
  /** Whether what runs has still to prove itself. */
  isOnTrial(): boolean;
  prove(): void;
};

/** running: the version that the loader started. */
export function openUpdates(region: FlashRegion, sha256: Sha256, running: number): Updates {
  const slots = readSlots(region, sha256);
  const own = running && slots[1].version === running ? 1 : 0;
  const mine = running && slots[own].version === running ? slots[own] : undefined;
  const other: Slot = slots[mine ? 1 - own : slots[0].version <= slots[1].version ? 0 : 1] as Slot;

  /** The newest firmware that has worked: nothing older is taken. */
  function floor(): number {
    return Math.max(running, other.proven ? other.version : 0);
  }

  function settle(): FirmwareOutcome {
    if (other.whole) return "installed";
    if (firstMissing(other) >= 0) return "awaiting-chunks";
    if (!hasRightHash(sha256, other)) {
      startSlot(sha256, other, manifestOf(other));
      return "firmware-damaged";
    }
    commitSlot(sha256, other);
    return "installed";
  }

  // The power may have gone between the last chunk and the commit.
  if (other.version && !other.whole) settle();
  return {
    version: () => running,
    next: () => (other.version && !other.whole ? Math.max(0, firstMissing(other)) : 0),
    announce: function (manifest) {
      const same = manifest.version === other.version && isSame(manifest.sha256, other.hash);
      if (same && other.whole && !isStartable(other)) return "failed-before";
      if (manifest.version <= floor()) return same ? "installed" : "not-newer";
      if (same) return settle();
      if (manifest.version < other.version && isStartable(other)) return "not-newer";
      if (!fits(other, manifest.bytes)) return "does-not-fit";
      startSlot(sha256, other, manifest);
      return "awaiting-chunks";
    },
    put: function (chunk) {
      if (!other.version || chunk.version !== other.version) return "no-announcement";
      if (other.whole) return "installed";
      const outcome = writeChunk(sha256, other, chunk);
      return outcome === "awaiting-chunks" ? settle() : outcome;
    },
    isReady: () => other.version > running && isStartable(other),
    isOnTrial: () => mine !== undefined && !mine.proven,
    prove: function () {
      if (mine && !mine.proven) markProven(sha256, mine);
    },
  };
}

function manifestOf(slot: Slot): FirmwareManifest {
  return { kind: "firmware", version: slot.version, bytes: slot.bytes, sha256: slot.hash };
}
