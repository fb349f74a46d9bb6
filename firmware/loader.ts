// Chooses the firmware that starts: the newest slot that is whole and proven or still has starts to prove itself, or
// else the script that the box was built with. Small, and never replaced in the field. An attempt is burnt before it is
// made, so a firmware that hangs, whatever it does, is left after three.

import type { FlashRegion } from "./board.ts";
import type { Sha256 } from "./flash.ts";
import type { Slot } from "./slots.ts";
import { burnStart, hasRightHash, isStartable, readSlots } from "./slots.ts";

/** The slot to run, its start burnt; undefined for the script of the box. */
export function chooseFirmware(region: FlashRegion, sha256: Sha256): Slot | undefined {
  const slots = readSlots(region, sha256);
  const first = slots[0].version >= slots[1].version ? 0 : 1;
  const ordered = [slots[first], slots[1 - first] as Slot];
  for (let i = 0; i < 2; i++) {
    const slot = ordered[i] as Slot;
    if (!isStartable(slot) || !hasRightHash(sha256, slot)) continue;
    burnStart(sha256, slot);
    return slot;
  }
  return undefined;
}
