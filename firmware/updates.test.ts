// Goal: whatever happens during an update, the terminal starts with one whole firmware: the old one until the new one is
// complete, the new one only while it works. Method: the power cut at every flash operation of an announcement, its
// chunks, the starts on trial and the proof, in three ways; then faults by hand. sim/terminals-update.test.ts plays the
// same with the whole terminal.

import { describe, expect, test } from "vitest";
import { nodePrimitives } from "#sim/primitives.ts";
import { cutEverywhere } from "#sim/parts/power-cuts.ts";
import type { PowerSupply } from "#sim/parts/nor.ts";
import { createNor, createPowerSupply } from "#sim/parts/nor.ts";
import { CHUNK_BYTES } from "#protocol/downlink.ts";
import type { Bytes } from "#protocol/bytes.ts";
import type { FlashRegion } from "./board.ts";
import { chooseFirmware } from "./loader.ts";
import type { Updates } from "./updates.ts";
import { openUpdates } from "./updates.ts";
import { STARTS_MAX, digestOfFirmware, readImage } from "./slots.ts";

const sha256 = nodePrimitives.sha256;

/** A script of its version: as many bytes as say so, not a multiple of anything. */
function scriptOf(version: number, bytes = 9_001): Bytes {
  return new Uint8Array(bytes).map((_, i) => (i * version + version) & 255);
}

function manifestOf(version: number, script = scriptOf(version)) {
  const digest = digestOfFirmware(sha256, script.length, (at, length) =>
    script.slice(at, at + length),
  );
  return { kind: "firmware" as const, version, bytes: script.length, sha256: digest };
}

function chunksOf(version: number, script = scriptOf(version)) {
  return Array.from({ length: Math.ceil(script.length / CHUNK_BYTES) }, (_, chunk) => ({
    kind: "chunk" as const,
    version,
    chunk,
    data: script.slice(chunk * CHUNK_BYTES, (chunk + 1) * CHUNK_BYTES),
  }));
}

function region(power: PowerSupply = createPowerSupply()) {
  return createNor({ pageBytes: 4096, pages: 8 }, power);
}

/** Starts as a box does; running 0 is the script it was built with. What starts must be whole. */
function start(flash: FlashRegion): { version: number; updates: Updates } {
  const slot = chooseFirmware(flash, sha256);
  if (slot) expect(readImage(slot, 0, slot.bytes)).toEqual(scriptOf(slot.version));
  const version = slot ? slot.version : 0;
  return { version, updates: openUpdates(flash, sha256, version) };
}

function bring(updates: Updates, version: number): void {
  updates.announce(manifestOf(version));
  for (const chunk of chunksOf(version)) updates.put(chunk);
}

/** A box that runs this version, proven. */
function boxWith(version: number, power?: PowerSupply) {
  const flash = region(power);
  bring(start(flash).updates, version);
  start(flash).updates.prove();
  return flash;
}

describe("an update", () => {
  test("arrives in any order, is started once whole, and stays once proven", () => {
    const flash = boxWith(1);
    const { version, updates } = start(flash);
    expect(version).toBe(1);
    expect(updates.announce(manifestOf(2))).toBe("awaiting-chunks");
    const chunks = chunksOf(2);
    for (const chunk of chunks.slice(1).toReversed()) updates.put(chunk);
    expect(updates.next()).toBe(0);
    expect(updates.isReady()).toBe(false);
    expect(start(flash).version).toBe(1);
    expect(start(flash).updates.put(chunks[0] as (typeof chunks)[0])).toBe("installed");
    const second = start(flash);
    expect(second.version).toBe(2);
    expect(second.updates.isOnTrial()).toBe(true);
    second.updates.prove();
    expect(start(flash).updates.isOnTrial()).toBe(false);
  });

  test("a firmware that does not prove itself in three starts is left, and not taken again", () => {
    const flash = boxWith(1);
    bring(start(flash).updates, 2);
    for (let attempt = 0; attempt < STARTS_MAX; attempt++) expect(start(flash).version).toBe(2);
    const back = start(flash);
    expect(back.version).toBe(1);
    expect(back.updates.announce(manifestOf(2))).toBe("failed-before");
    bring(back.updates, 3);
    expect(start(flash).version).toBe(3);
  });

  test("an older firmware is never taken back", () => {
    const { updates } = start(boxWith(5));
    expect(updates.announce(manifestOf(4))).toBe("not-newer");
    expect(updates.announce(manifestOf(5))).toBe("not-newer");
  });

  test.each([
    ["chunks without an announcement", "no-announcement", 7, manifestOf(6)],
    ["a chunk of another length", "bad-chunk", 2, { ...manifestOf(2), bytes: 9_000 }],
    ["the wrong hash", "firmware-damaged", 2, { ...manifestOf(2), sha256: new Uint8Array(32) }],
  ])("%s: %s", (_, outcome, version, manifest) => {
    const flash = boxWith(1);
    const { updates } = start(flash);
    updates.announce(manifest);
    expect(
      chunksOf(version)
        .map((chunk) => updates.put(chunk))
        .at(-1),
    ).toBe(outcome);
    expect(start(flash).version).toBe(1);
  });

  test("one that does not fit is refused before anything is erased", () => {
    const { updates } = start(boxWith(1));
    expect(updates.announce({ ...manifestOf(2), bytes: 3 * 4096 + 1 })).toBe("does-not-fit");
  });

  test("a bit that fell in flash is noticed before the script starts", () => {
    const flash = boxWith(2);
    flash.content[4096 + 100] = (flash.content[4096 + 100] as number) ^ 16;
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
});
