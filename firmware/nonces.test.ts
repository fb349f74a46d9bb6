// A nonce signs one message and no other, whatever the power does; and without a sound burn map
// nothing is signed. Real provisioned pools on emulated flash; the story is cut at every flash
// operation.

import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { Bytes } from "#protocol/bytes.ts";
import type { PowerSupply } from "#sim/parts/nor.ts";
import { createNor, createPowerSupply } from "#sim/parts/nor.ts";
import { cutEverywhere, isCut } from "#sim/parts/power-cuts.ts";
import { nodePrimitives } from "#sim/primitives.ts";
import type { NonceSource, Nonces } from "./nonces.ts";
import { openNonces } from "./nonces.ts";
import { HEADER_BYTES, POINT_RECORD_BYTES, SLOT_BYTES } from "./pool.ts";
import { provisionTerminal } from "./provision/provision.ts";
import { readSettings } from "./settings.ts";

const COUNT = 40;
const order = {
  school: "college-demo",
  terminal: 7,
  epoch: 1,
  sealSecret: new Uint8Array(32),
  broker: { host: "127.0.0.1", port: 1883 },
  nonces: COUNT,
};
const ours = provisionTerminal(order);
const foreign = provisionTerminal(order);
const hashOf = (text: string): Bytes => createHash("sha256").update(text).digest();

function box(power: PowerSupply = createPowerSupply(), terminal = ours) {
  const files: { [name: string]: Bytes } = Object.fromEntries(
    Object.entries(terminal.files).map(([name, data]) => [name, data.slice()]),
  );
  const reader = {
    read: (name: string, offset: number, length: number) =>
      files[name]?.slice(offset, offset + length),
  };
  const settings = readSettings(reader, nodePrimitives.sha256);
  if (!settings.ok) throw new Error(settings.fault);
  const burn = createNor({ pageBytes: 256, pages: 8 }, power);
  burn.content.set(terminal.burnMap, 0);
  const source: NonceSource = {
    files: reader,
    burn,
    points: createNor({ pageBytes: 256, pages: 4 }, power),
    sha256: nodePrimitives.sha256,
    nonceSeed: settings.settings.nonceSeed,
    epoch: 1,
    lastNonce: -1,
  };
  return { files, burn, source };
}

function open(source: NonceSource): Nonces {
  const opened = openNonces(source);
  if (!opened.ok) throw new Error(opened.fault);
  return opened.nonces;
}

test("indices are given out once each, in order, until all are used, also over starts", () => {
  const { source } = box();
  for (let index = 0; index < COUNT; index++) {
    const nonces = open(source);
    expect(nonces.left()).toBe(COUNT - index);
    expect(nonces.next()).toBe(index);
    expect(nonces.take(hashOf("message " + index)).index).toBe(index);
  }
  const nonces = open(source);
  expect(nonces.left()).toBe(0);
  expect(() => nonces.next()).toThrow("nonces: all 40 are used");
  expect(() => nonces.take(hashOf("one more"))).toThrow("nonces: all 40 are used");
});

test("the same message gets its index again, before and after a start; another never", () => {
  const { source } = box();
  const nonces = open(source);
  const first = nonces.take(hashOf("a"));
  expect(nonces.take(hashOf("a"))).toEqual(first);
  expect(open(source).take(hashOf("a"))).toEqual(first);
  expect(open(source).take(hashOf("b")).index).toBe(1);
  expect(open(source).take(hashOf("a")).index).toBe(2);
});

test("no power cut makes one index sign two messages, and none costs more than its own index", () => {
  const cuts = cutEverywhere((power) => {
    const { source } = box(power);
    const messageOf = new Map<number, string>();
    let last = -1;
    const take = (nonces: Nonces, message: string) => {
      const { index } = nonces.take(hashOf(message));
      expect(messageOf.get(index) ?? message).toBe(message);
      messageOf.set(index, message);
      last = Math.max(last, index);
    };
    return {
      act() {
        const nonces = open(source);
        for (let i = 0; i < 12; i++) take(nonces, "sale " + i);
      },
      check() {
        const before = last;
        const interrupted = "sale " + messageOf.size;
        // The terminal may try the interrupted message again, or go on with others; and power may
        // fail once more.
        for (const message of [interrupted, "other", "another"])
          for (let again = 0; again < 2; again++) {
            if (again === 0) power.cutAfter(0, "half");
            isCut(() => take(open(source), message));
            power.restore();
          }
        expect(last - before).toBeLessThanOrEqual(1 + 2 * 3);
        expect(last).toBeGreaterThanOrEqual(before + 3);
      },
    };
  });
  console.log(`nonces: ${cuts} power cuts`);
  expect(cuts).toBe(12 * 3);
});

type Box = ReturnType<typeof box>;
const used = (): Box => {
  const made = box();
  const nonces = open(made.source);
  for (let i = 0; i < 20; i++) nonces.take(hashOf("sale " + i));
  return made;
};
test.each<[string, (made: Box) => void]>([
  ["pool-missing", ({ files }) => delete files["pool"]],
  ["pool-damaged", ({ files }) => void ((files["pool"] as Bytes)[9] = 1)],
  ["pool-foreign", ({ files }) => (files["pool"] = foreign.files.pool)],
  ["pool-foreign", ({ source }) => void (source.epoch = 2)],
  ["burn-map-missing", ({ burn }) => burn.content.fill(255)],
  ["burn-map-damaged", ({ burn }) => void (burn.content[9] = 0)],
  ["burn-map-damaged", ({ burn }) => burn.erase(1)],
  ["burn-map-damaged", ({ burn }) => burn.write(SLOT_BYTES * 60, new Uint8Array(4))],
  ["burn-map-foreign", ({ burn }) => burn.content.set(foreign.burnMap, 0)],
  ["burn-map-behind", ({ source }) => void (source.lastNonce = 20)],
])("%s: nothing can be signed (%#)", (fault, damage) => {
  const made = used();
  expect(openNonces(made.source).ok).toBe(true);
  damage(made);
  expect(openNonces(made.source)).toEqual({ ok: false, fault });
});

test("a damaged point signs nothing and burns nothing", () => {
  const { files, source, burn } = box();
  const pool = files["pool"] as Bytes;
  const at = HEADER_BYTES + 2 * POINT_RECORD_BYTES + 5;
  pool[at] = (pool[at] as number) ^ 4;
  const nonces = open(source);
  nonces.take(hashOf("0"));
  nonces.take(hashOf("1"));
  const before = burn.content.slice();
  expect(() => nonces.take(hashOf("2"))).toThrow("nonces: point 2 is damaged");
  expect(burn.content).toEqual(before);
});

test("flash that does not take a burn signs nothing, and the index is not used again", () => {
  const { source, burn } = box();
  const nonces = open(source);
  burn.content[HEADER_BYTES + 3] = 0;
  expect(() => nonces.take(hashOf("0"))).toThrow("nonces: burn of 0 did not take");
  expect(nonces.take(hashOf("1")).index).toBe(1);
});
