// Goal: the watchdog is fed while the terminal can do its work and by nothing else, a firmware on trial is judged by the
// same signs, and what nobody caught reaches the gateway through restarts. Method: tables for the decisions, the whole
// terminal on a table for the rest.

import { describe, expect, test } from "vitest";
import { fromLatin1, toLatin1 } from "#protocol/bytes.ts";
import type { Health } from "#protocol/uplink.ts";
import { LAST_ERROR_MAX } from "#protocol/uplink.ts";
import { createCounterBox } from "#sim/counter-box.ts";
import { introduce, meetGateway } from "#sim/counter-gateway.ts";
import { cutEverywhere } from "#sim/parts/power-cuts.ts";
import { createNor } from "#sim/parts/nor.ts";
import { nodePrimitives } from "#sim/primitives.ts";
import { announce, chunksOf, newReleaseKey, publicKeyOf } from "#sim/signed-release.ts";
import { ERRORS_KEPT, openErrorRing } from "./error-ring.ts";
import { CONTROL_KEYS, PRODUCT_KEYS } from "./keys.ts";
import { LOOK_MS } from "./main.ts";
import { combTable } from "./provision/comb-table.ts";
import { releaseKeyFile } from "./provision/release-key.ts";
import { openStore } from "./store.ts";
import { TRIAL_LOOKS_MAX, isAlive, judgeTrial } from "./watchdog.ts";

const CANCEL = PRODUCT_KEYS + CONTROL_KEYS.indexOf("cancel");
const well = { reader: true, journal: true };

test.each([
  [well, true],
  [{ ...well, reader: false }, false],
  [{ ...well, journal: false }, false],
])("signs of life %j: fed %s", (signs, fed) => {
  expect(isAlive(signs)).toBe(fed);
});

test.each([
  ["all well and the gateway heard", well, 0, true, 2, "proven"],
  ["the gateway not heard yet", well, 0, false, 2, "on-trial"],
  ["a part is broken", well, 1, true, 2, "on-trial"],
  ["the reader silent", { ...well, reader: false }, 0, true, 2, "on-trial"],
  ["not proven in time", well, 0, false, TRIAL_LOOKS_MAX, "failed"],
  ["proven at the last moment", well, 0, true, TRIAL_LOOKS_MAX, "proven"],
])("on trial, %s", (_, signs, faults, heard, looks, verdict) => {
  expect(judgeTrial(signs, faults, heard, looks)).toBe(verdict);
});

/** What it has said of its condition since the last look. */
function conditions(box: ReturnType<typeof createCounterBox>): Health[] {
  return box.gateway
    .heard()
    .flatMap((said) => (said.kind === "status" && said.health ? [said.health] : []));
}

describe("the whole terminal", () => {
  test("feeds its watchdog at each look, also while a dead reader is on the display", () => {
    const box = createCounterBox();
    box.wait(3 * LOOK_MS);
    expect(box.timers.now() - box.fedAtMs()).toBeLessThanOrEqual(LOOK_MS);
    box.broken.reader = true;
    box.wait(12 * LOOK_MS);
    expect(box.see().lines).toEqual(["Lecteur de", "cartes muet"]);
    expect(box.timers.now() - box.fedAtMs()).toBeLessThanOrEqual(LOOK_MS);
  });

  test("an entry that does not read any more stops the feeding", () => {
    const box = createCounterBox();
    box.wait(LOOK_MS);
    const { journal } = box.flash;
    journal.content.fill(0, 40, 200);
    const before = box.fedAtMs();
    expect(() => box.wait(3 * LOOK_MS)).toThrow("journal: ");
    expect(box.fedAtMs()).toBe(before);
  });

  test("what nobody caught is told with the next sign of life, and after a restart", () => {
    const box = createCounterBox();
    box.connect();
    introduce(box, 1000);
    expect(conditions(box)).toMatchObject([{ errors: 0, firmware: 0 }]);
    box.tellError("Cannot read x of undefined \u2026");
    box.power(true);
    box.connect();
    const [told] = conditions(box);
    expect(told?.errors).toBe(1);
    expect(toLatin1(told?.lastError ?? new Uint8Array(0))).toBe("Cannot read x of undefined ?");
  });
});

describe("newer firmware", () => {
  const office = newReleaseKey();
  const script = new Uint8Array(3000).map((_, i) => i & 127);
  function meet() {
    const met = meetGateway();
    Object.assign(met.box.files, {
      comb: combTable(),
      release: releaseKeyFile(publicKeyOf(office)),
    });
    return met;
  }
  function send(box: ReturnType<typeof createCounterBox>, manifest = announce(office, 2, script)) {
    box.gateway.say(manifest);
    for (const chunk of chunksOf(2, script)) box.gateway.say(chunk);
  }

  test("is not taken in while a basket is open, not checked, and not started while one is", () => {
    const { box } = meet();
    box.wait(LOOK_MS);
    const writes = box.firmware.counts.writes;
    box.press(0);
    send(box);
    expect(box.firmware.counts.writes).toBe(writes);
    box.press(CANCEL);
    box.wait(5000);
    send(box);
    const arrived = box.firmware.counts.writes;
    expect(arrived).toBeGreaterThan(writes);
    box.press(0);
    box.wait(2 * LOOK_MS);
    expect(box.firmware.counts.writes).toBe(arrived);
    expect(box.isOn()).toBe(true);
    box.press(CANCEL);
    // Some 640 slices, and a look.
    box.wait(4 * LOOK_MS);
    expect(box.isOn()).toBe(false);
  });

  test("that the office has not signed stays out, and the gateway is told why, once", () => {
    const { box } = meet();
    box.wait(5000);
    const forged = announce(newReleaseKey(), 2, script);
    for (let times = 0; times < 3; times++) {
      send(box, forged);
      box.wait(2 * LOOK_MS);
    }
    expect(box.isOn()).toBe(true);
    box.disconnect();
    box.connect();
    const told = conditions(box).at(-1);
    expect(told?.errors).toBe(1);
    expect(toLatin1(told?.lastError ?? new Uint8Array(0))).toBe("firmware 2: not-signed");
  });
});

describe("the ring of errors", () => {
  const sha256 = nodePrimitives.sha256;
  function open(region = createNor({ pageBytes: 4096, pages: 4 })) {
    const store = openStore(region, sha256, () => undefined);
    if (!store.ok) throw new Error(store.detail);
    return openErrorRing(store.store);
  }

  test("numbers go on through restarts, texts are cut, one start writes few", () => {
    const region = createNor({ pageBytes: 4096, pages: 4 });
    for (let start = 0; start < 3; start++) {
      const ring = open(region);
      for (let i = 0; i < 100; i++) ring.add(`error ${start} ${"x".repeat(200)}`);
    }
    const ring = open(region);
    expect(ring.count()).toBe(48);
    expect(ring.last()).toEqual(fromLatin1(`error 2 ${"x".repeat(LAST_ERROR_MAX - 8)}`));
    expect(ERRORS_KEPT).toBeLessThan(ring.count());
  });

  test("a power cut at any operation loses at most the one that was being kept", () => {
    const cuts = cutEverywhere((power) => {
      const region = createNor({ pageBytes: 4096, pages: 4 }, power);
      let added = 0;
      return {
        act() {
          const ring = open(region);
          for (const text of ["one", "two", "three"]) {
            ring.add(text);
            added++;
          }
        },
        check() {
          const count = open(region).count();
          expect([added, added + 1]).toContain(count);
        },
      };
    });
    expect(cuts).toBeGreaterThan(5);
  });
});
