// What the first slot of a new box holds: the script that the office flashes, as proven as a script can be that nothing
// stands behind (firmware/slots.ts). It has version 0, so that every release is newer.

import type { Bytes } from "#protocol/bytes.ts";
import { digestOfScript } from "#protocol/release.ts";
import type { StoragePlace } from "#firmware/boards/regions.ts";
import { firmwareInFile } from "#firmware/boards/regions.ts";
import type { Sha256 } from "#firmware/flash.ts";
import { wordsUp } from "#firmware/flash.ts";
import { PROVEN_AT, SCRIPT_AT, WHOLE_AT, encodeSlotHeader } from "#firmware/slots.ts";

/** Bytes of the slot from its start on; the rest of it is erased. */
export function firstSlot(sha256: Sha256, script: Bytes): Bytes {
  const slot = new Uint8Array(wordsUp(SCRIPT_AT + script.length)).fill(255);
  const header = encodeSlotHeader(sha256, {
    kind: "firmware",
    version: 0,
    minimum: 0,
    bytes: script.length,
    sha256: digestOfScript(sha256, script),
    signature: new Uint8Array(64),
  });
  slot.set(header, 0);
  slot.fill(0, WHOLE_AT, WHOLE_AT + 4);
  slot.fill(0, PROVEN_AT, PROVEN_AT + 4);
  slot.set(script, SCRIPT_AT);
  return slot;
}

/** Where it lies in the file "regions": behind the page of starts. */
export function firstSlotInFile(place: StoragePlace): number {
  return firmwareInFile(place) + place.pageBytes;
}
