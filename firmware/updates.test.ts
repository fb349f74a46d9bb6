// Goal: whatever happens during an update, the terminal starts with one whole firmware that the office has signed: the old
// one until the new one is complete and checked, the new one only while it works. Method: the power cut at every flash
// operation of an announcement, its chunks, the check, the starts on trial, the proof and the loader itself, in three
// ways; then faults by hand. sim/terminals-update.test.ts plays the same with the whole terminal.

import { describe, expect, test } from "vitest";
import { arithmetic } from "#sim/arithmetic.ts";
import { readFile } from "#sim/board-node.ts";
import { cutEverywhere } from "#sim/parts/power-cuts.ts";
import type { PowerSupply } from "#sim/parts/nor.ts";
import { createNor, createPowerSupply } from "#sim/parts/nor.ts";
import { nodePrimitives } from "#sim/primitives.ts";
import { announce, chunksOf, newReleaseKey, publicKeyOf } from "#sim/signed-release.ts";
import type { Bytes } from "#protocol/bytes.ts";
import type { FirmwareAnnouncement } from "#protocol/downlink.ts";
import type { FlashRegion } from "./board.ts";
import { chooseFirmware } from "./loader.ts";
import { combTable } from "./provision/comb-table.ts";
import { firstSlot } from "./provision/first-slot.ts";
import { releaseKeyFile } from "./provision/release-key.ts";
import type { Updates } from "./updates.ts";
import { openUpdates } from "./updates.ts";
import { STARTS_MAX, readImage } from "./slots.ts";

const sha256 = nodePrimitives.sha256;
const office = newReleaseKey();
const stranger = newReleaseKey();
const FILES: { [name: string]: Bytes } = {
  comb: combTable(),
  release: releaseKeyFile(publicKeyOf(office)),
};
const PAGE_BYTES = 4096;
/** One for the starts, three for each slot. */
const PAGES = 7;

/** A script of its version: as many bytes as say so, not a multiple of anything. */
function scriptOf(version: number, bytes = 9_001): Bytes {
  return new Uint8Array(bytes).map((_, i) => (i * version + version) & 255);
}

const manifestOf = (version: number, minimum = 0) =>
  announce(office, version, scriptOf(version), minimum);

/** A signature takes long to check, and the same one is always as good. */
const known = new Map<number, FirmwareAnnouncement>();
function usual(version: number): FirmwareAnnouncement {
  const made = known.get(version) ?? manifestOf(version);
  known.set(version, made);
  return made;
}

/** A box as the office flashed it. */
function newBox(power: PowerSupply = createPowerSupply()) {
  const flash = createNor({ pageBytes: PAGE_BYTES, pages: PAGES }, power);
  flash.write(PAGE_BYTES, firstSlot(sha256, scriptOf(0)));
  return flash;
}

/** Starts as a box does. What starts must be whole. */
function start(flash: FlashRegion, files = FILES): { version: number; updates: Updates } {
  const { slot } = chooseFirmware(flash, sha256);
  if (!slot) throw new Error("neither slot may start");
  expect(readImage(slot, 0, slot.bytes)).toEqual(scriptOf(slot.version));
  const read = (name: string, at: number, length: number) => readFile(files[name], at, length);
  const parts = { sha256, ...arithmetic, files: { read }, log: () => undefined };
  return {
    version: slot.version,
    updates: openUpdates(parts, flash, slot.version, arithmetic.moduloL),
  };
}

function check(updates: Updates): void {
  while (updates.slice());
}

function bring(updates: Updates, version: number, manifest = usual(version)): void {
  updates.announce(manifest);
  for (const chunk of chunksOf(version, scriptOf(version))) updates.put(chunk);
  check(updates);
}

/** A box that runs this version, proven. */
function boxWith(version: number, power?: PowerSupply, manifest = usual(version)) {
  const flash = newBox(power);
  bring(start(flash).updates, version, manifest);
  start(flash).updates.prove();
  return flash;
}

describe("an update", () => {
  test("arrives in any order, is started once whole and checked, and stays once proven", () => {
    const flash = boxWith(1);
    const { version, updates } = start(flash);
    expect(version).toBe(1);
    expect(updates.announce(usual(2))).toBe("awaiting-chunks");
    const chunks = chunksOf(2, scriptOf(2));
    for (const chunk of chunks.slice(1).toReversed()) updates.put(chunk);
    expect(updates.next()).toBe(0);
    expect(updates.isReady()).toBe(false);
    const again = start(flash).updates;
    expect(again.put(chunks[0] as (typeof chunks)[0])).toBe("awaiting-check");
    expect(again.isReady()).toBe(false);
    check(again);
    expect(again.isReady()).toBe(true);
    expect(again.next()).toBe(chunks.length);
    const second = start(flash);
    expect(second.version).toBe(2);
    expect(second.updates.isOnTrial()).toBe(true);
    second.updates.prove();
    expect(start(flash).updates.isOnTrial()).toBe(false);
  });

  test("the check goes on after a power cut that left all chunks there", () => {
    const flash = boxWith(1);
    const { updates } = start(flash);
    updates.announce(usual(2));
    for (const chunk of chunksOf(2, scriptOf(2))) updates.put(chunk);
    updates.slice();
    const again = start(flash);
    expect(again.version).toBe(1);
    check(again.updates);
    expect(start(flash).version).toBe(2);
  });

  test("a firmware that does not prove itself in three starts is left, and not taken again", () => {
    const flash = boxWith(1);
    bring(start(flash).updates, 2);
    for (let attempt = 0; attempt < STARTS_MAX; attempt++) expect(start(flash).version).toBe(2);
    const back = start(flash);
    expect(back.version).toBe(1);
    expect(back.updates.announce(usual(2))).toBe("failed-before");
    bring(back.updates, 3);
    expect(start(flash).version).toBe(3);
  });

  test("the first one leaves the script of the box behind it, and comes back to it", () => {
    const flash = newBox();
    bring(start(flash).updates, 1);
    for (let attempt = 0; attempt < STARTS_MAX; attempt++) expect(start(flash).version).toBe(1);
    expect(start(flash).version).toBe(0);
  });

  test("an older firmware is never taken back", () => {
    const { updates } = start(boxWith(5));
    expect(updates.announce(usual(4))).toBe("not-newer");
    expect(updates.announce(usual(5))).toBe("not-newer");
    expect(updates.announce(manifestOf(6, 7))).toBe("not-newer");
  });

  test("what is older than a proven firmware allows never runs, even when that one is damaged", () => {
    const flash = boxWith(2);
    bring(start(flash).updates, 3, manifestOf(3, 3));
    // On trial it has said nothing yet.
    for (let attempt = 0; attempt < STARTS_MAX; attempt++) expect(start(flash).version).toBe(3);
    expect(start(flash).version).toBe(2);
    bring(start(flash).updates, 4, manifestOf(4, 4));
    start(flash).updates.prove();
    damage(flash, 4);
    expect(() => start(flash)).toThrow("neither slot may start");
  });

  test.each([
    ["chunks without an announcement", "no-announcement", 7, usual(6)],
    ["a chunk of another length", "bad-chunk", 2, { ...usual(2), bytes: 9_000 }],
    ["the wrong hash", "firmware-damaged", 2, { ...usual(2), sha256: new Uint8Array(32) }],
  ])("%s: %s", (_, outcome, version, manifest) => {
    const flash = boxWith(1);
    const { updates } = start(flash);
    updates.announce(manifest);
    expect(
      chunksOf(version, scriptOf(version))
        .map((chunk) => updates.put(chunk))
        .at(-1),
    ).toBe(outcome);
    expect(start(flash).version).toBe(1);
  });

  test("one that does not fit is refused before anything is erased", () => {
    const { updates } = start(boxWith(1));
    expect(updates.announce({ ...usual(2), bytes: 3 * PAGE_BYTES - 255 })).toBe("does-not-fit");
  });

  test("a bit that fell in flash is noticed before the script starts", () => {
    const flash = boxWith(2);
    damage(flash, 2);
    expect(start(flash).version).toBe(0);
  });
});

/** A bit falls in the script of this version. */
function damage(flash: ReturnType<typeof newBox>, version: number): void {
  const at = Buffer.from(flash.content).indexOf(scriptOf(version)) + 4000;
  const before = flash.content[at] as number;
  flash.content[at] = before & (before - 1);
  expect(flash.content[at]).not.toBe(before);
}

describe("what the office has not signed is never started, and not fetched a second time", () => {
  const signed = usual(2);
  test.each([
    ["by a stranger's key", announce(stranger, 2, scriptOf(2))],
    ["as another version", { ...manifestOf(3), version: 2, sha256: signed.sha256 }],
    ["with another minimum", { ...signed, minimum: 1 }],
    ["with S above L", { ...signed, signature: new Uint8Array(64).fill(255) }],
  ])("%s", (_, manifest) => {
    const flash = boxWith(1);
    const { updates } = start(flash);
    bring(updates, 2, manifest);
    expect(updates.isReady()).toBe(false);
    expect(updates.announce(manifest)).toBe("not-signed");
    expect(updates.next()).toBe(chunksOf(2, scriptOf(2)).length);
    const again = start(flash);
    expect(again.version).toBe(1);
    expect(again.updates.announce(manifest)).toBe("not-signed");
    bring(again.updates, 3);
    expect(start(flash).version).toBe(3);
  });

  test("a box that was given no key takes no firmware", () => {
    const flash = newBox();
    const { updates } = start(flash, { comb: combTable() });
    bring(updates, 1);
    expect(updates.announce(usual(1))).toBe("not-signed");
    expect(start(flash).version).toBe(0);
  });
});

test("the power goes at every flash operation: one whole firmware starts, and the update ends", () => {
  const cuts = cutEverywhere((power) => {
    const flash = boxWith(1, power);
    return {
      act() {
        bring(start(flash).updates, 2);
        start(flash).updates.prove();
      },
      check() {
        const again = start(flash);
        expect([1, 2]).toContain(again.version);
        bring(again.updates, 2);
        const last = start(flash);
        expect(last.version).toBe(2);
        last.updates.prove();
        expect(start(flash).updates.isOnTrial()).toBe(false);
      },
    };
  });
  console.log(`firmware update: ${cuts} cut points`);
  expect(cuts).toBeGreaterThan(40);
}, 120_000);
