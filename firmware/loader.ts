// Chooses the firmware that starts: the newest slot that is whole and proven or still has starts to prove itself, and is
// not older than a firmware that worked allows. Small, and never replaced in the field. An attempt is burnt before it is
// made, so a firmware that hangs, whatever it does, is left after three.

import type { FlashRegion } from "./board.ts";
import type { Sha256 } from "./flash.ts";
import { pagesOf } from "./flash.ts";
import { noteStart } from "./restarts.ts";
import type { Slot } from "./slots.ts";
import { burnStart, hasRightHash, isStartable, lowestVersion, readSlots } from "./slots.ts";

/** slot: what to run, its start burnt; undefined when there is nothing. waitMs: how long before it may run. */
export type Choice = { slot: Slot | undefined; waitMs: number };

export function chooseFirmware(region: FlashRegion, sha256: Sha256): Choice {
  const waitMs = noteStart(pagesOf(region, 0, 1));
  const slots = readSlots(region, sha256);
  const lowest = lowestVersion(slots);
  const first = slots[0].version >= slots[1].version ? 0 : 1;
  for (let i = 0; i < 2; i++) {
    const slot = slots[first ^ i] as Slot;
    if (slot.version < lowest || !isStartable(slot) || !hasRightHash(sha256, slot)) continue;
    burnStart(sha256, slot);
    return { slot: slot, waitMs: waitMs };
  }
  return { slot: undefined, waitMs: waitMs };
}
