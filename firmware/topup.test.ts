// A terminal that makes its own nonces never signs twice under one, whatever the power does, and the
// points it makes are right. Method: a pool of two nonces and pages of three, so that pages are
// filled, spent, erased and filled again all the time; points against the host's arithmetic,
// signatures against node:crypto, and the whole story cut at every flash operation.

import { createHash, createPublicKey, verify } from "node:crypto";
import { expect, test } from "vitest";
import type { Bytes } from "#protocol/bytes.ts";
import { toHex } from "#protocol/bytes.ts";
import { convolve } from "#sim/board-node.ts";
import { createManualTimers } from "#sim/manual-timers.ts";
import type { PowerSupply } from "#sim/parts/nor.ts";
import { createNor, createPowerSupply } from "#sim/parts/nor.ts";
import { cutEverywhere } from "#sim/parts/power-cuts.ts";
import { nodePrimitives, sha512 } from "#sim/primitives.ts";
import { createIdle } from "./idle.ts";
import type { NonceSource, Nonces } from "./nonces.ts";
import { openNonces } from "./nonces.ts";
import { combTable } from "./provision/comb-table.ts";
import { L, baseMultiples, numberOf } from "./provision/curve.ts";
import { provisionTerminal } from "./provision/provision.ts";
import { readSettings } from "./settings.ts";
import { createSigner, nonceOf } from "./signer.ts";
import { createTopUp } from "./topup.ts";

const POOL = 2;
const PER_PAGE = 3;
const PAGE_BYTES = 256;
const order = {
  school: "college-demo",
  terminal: 7,
  epoch: 1,
  sealSecret: new Uint8Array(32),
  broker: { host: "127.0.0.1", port: 1883 },
  nonces: POOL,
};
const made = provisionTerminal(order);
const hashOf = (text: string): Bytes => createHash("sha256").update(text).digest();

function createBox(power: PowerSupply = createPowerSupply(), pages = 4) {
  const files: { [name: string]: Bytes } = { ...made.files, comb: combTable().slice() };
  const reader = {
    read: (name: string, offset: number, length: number) =>
      files[name]?.slice(offset, offset + length),
  };
  const read = readSettings(reader, nodePrimitives.sha256);
  if (!read.ok) throw new Error(read.fault);
  const burn = createNor({ pageBytes: PAGE_BYTES, pages: 1 }, power);
  const points = createNor({ pageBytes: PAGE_BYTES, pages }, power);
  burn.content.set(made.burnMap, 0);
  const source: NonceSource = {
    files: reader,
    burn,
    points,
    sha256: nodePrimitives.sha256,
    nonceSeed: read.settings.nonceSeed,
    epoch: 1,
    lastNonce: -1,
  };
  const log: string[] = [];
  const sha256 = nodePrimitives.sha256;
  const parts = { files: reader, sha256, convolve, log: (text: string) => void log.push(text) };
  const signer = createSigner({ sha512, convolve }, read.signerKeys);
  return { files, burn, points, source, parts, signer, log };
}

type Box = ReturnType<typeof createBox>;

function open(source: NonceSource): Nonces {
  const opened = openNonces(source);
  if (!opened.ok) throw new Error(opened.fault);
  return opened.nonces;
}

/** A terminal after its start, which works on until there is nothing to do. */
function start(box: Box) {
  const nonces = open(box.source);
  const topUp = createTopUp(box.parts, nonces, box.signer);
  return {
    nonces,
    topUp,
    fill() {
      let slices = 0;
      while (topUp.slice()) slices++;
      return slices;
    },
  };
}

function pointOfHost(box: Box, index: number): string {
  const scalar = numberOf(nonceOf(sha512, box.source.nonceSeed, 1, index)) % L;
  return baseMultiples([scalar]).map(toHex).join();
}

test("indices go on behind the pool without a gap, each with its right point, over many erases", () => {
  const box = createBox();
  const used: number[] = [];
  for (let round = 0; round < 12; round++) {
    const { nonces, fill } = start(box);
    fill();
    while (nonces.left()) {
      const { index, point } = nonces.take(hashOf("message " + used.length));
      expect([index, toHex(point)]).toEqual([index, pointOfHost(box, index)]);
      used.push(index);
    }
    expect(() => nonces.next()).toThrow("are used");
    box.source.lastNonce = used.at(-1) ?? -1;
  }
  expect(used).toEqual(Array.from({ length: used.length }, (_, i) => i));
  expect(used.length).toBeGreaterThan(POOL + 12 * (4 - 1) * PER_PAGE);
  expect(box.points.counts.erases).toBeGreaterThan(20);
  expect(Math.max(...box.points.wear) - Math.min(...box.points.wear)).toBeLessThanOrEqual(1);
});

test("what is signed with them verifies as any Ed25519 signature", () => {
  const box = createBox();
  const { nonces, fill } = start(box);
  const key = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), made.publicKey]);
  const publicKey = createPublicKey({ key, format: "der", type: "spki" });
  for (let i = 0; i < 30; i++) {
    if (!nonces.left()) fill();
    const message = new TextEncoder().encode("message " + i);
    const { index, point } = nonces.take(hashOf("message " + i));
    expect(index).toBe(i);
    expect(verify(null, message, publicKey, box.signer.sign(index, point, message))).toBe(true);
  }
});

/** Uses up nonces and makes new ones until so many messages are signed, then the same after a cut. */
function cutStory(power: PowerSupply, content: Bytes[], from: number, more: number) {
  const box = createBox(power, 3);
  box.burn.content.set(content[0] ?? box.burn.content);
  box.points.content.set(content[1] ?? box.points.content);
  box.source.lastNonce = from - 1;
  const used = new Set<number>();
  const live = (enough: number) => {
    const { nonces, topUp } = start(box);
    while (used.size < enough) {
      if (!nonces.left()) expect(topUp.slice()).toBe(true);
      else {
        const { index } = nonces.take(hashOf("message " + used.size));
        expect(index).toBeGreaterThanOrEqual(from);
        expect(used.has(index)).toBe(false);
        used.add(index);
        box.source.lastNonce = index;
      }
    }
  };
  return { act: () => live(more), check: () => live(used.size + PER_PAGE + 1) };
}

test("wherever the power goes, a nonce signs one message and no other, and it goes on", () => {
  const old = createBox(undefined, 3);
  const { nonces, fill } = start(old);
  fill();
  while (nonces.left()) nonces.take(hashOf("message " + nonces.left()));
  const content = [old.burn.content, old.points.content];
  const first = cutEverywhere((power) => cutStory(power, [], 0, POOL + PER_PAGE));
  const again = cutEverywhere((power) =>
    cutStory(power, content, POOL + 3 * PER_PAGE, 2 * PER_PAGE),
  );
  console.log(`top-up: ${first + again} power cuts, no nonce used twice`);
  // A page: a header, three points, three burns; a spent one is retired and erased before.
  expect([first, again]).toEqual([3 * (POOL + 7), 3 * 2 * 9]);
}, 120_000);

test.each<[string, (box: Box) => void]>([
  ["burn-map-behind", (box) => box.points.content.fill(255)],
  ["burn-map-behind", (box) => newestPage(box).fill(255)],
  ["burn-map-behind", (box) => void (newestPage(box)[9] = 0)],
  ["burn-map-damaged", (box) => newestPage(box).fill(255, SECOND_SLOT, SECOND_SLOT + 32)],
])("%s: pages that were lost or damaged sign nothing (%#)", (fault, damage) => {
  const box = createBox();
  const { nonces, fill } = start(box);
  fill();
  for (let i = 0; nonces.left(); i++)
    box.source.lastNonce = nonces.take(hashOf("message " + i)).index;
  expect(openNonces(box.source).ok).toBe(true);
  damage(box);
  expect(openNonces(box.source)).toEqual({ ok: false, fault });
});

/** Behind a header, three points and one slot. */
const SECOND_SLOT = 32 + 3 * 36 + 32;

/** The page that holds index 11, 12 and 13: they were burnt last. */
function newestPage(box: Box): Bytes {
  return box.points.content.subarray(3 * PAGE_BYTES, 4 * PAGE_BYTES);
}

test("a table that is missing or damaged makes no point, and the pool still signs", () => {
  for (const damage of [
    (box: Box) => delete box.files["comb"],
    (box: Box) => void ((box.files["comb"] as Bytes)[17_000] = 99),
  ]) {
    const box = createBox();
    damage(box);
    const { nonces, fill } = start(box);
    fill();
    expect(nonces.left()).toBe(POOL);
    expect(box.log).toEqual(["topup: no whole file comb: the pool is all there is"]);
    expect(box.points.counts.writes).toBe(0);
  }
});

test("flash that does not take a point ends the work; after a start another page is begun", () => {
  const box = createBox();
  const first = start(box);
  while (box.points.counts.writes < 1) first.topUp.slice();
  box.points.content[40] = 0;
  expect(() => first.fill()).toThrow("nonces: point 2 did not take");
  expect(first.nonces.left()).toBe(POOL);
  first.fill();
  expect(first.nonces.left()).toBe(POOL + 3 * PER_PAGE);
  first.nonces.take(hashOf("0"));
  first.nonces.take(hashOf("1"));
  expect(first.nonces.next()).toBe(POOL + PER_PAGE);
});

test.each([
  ["in the pool", 0, POOL],
  ["in the first page", 3, POOL + PER_PAGE],
  ["beyond all pages", 1000, POOL],
])(
  "an index that the ledger knows and we do not is skipped, with a margin: %s",
  (_, index, used) => {
    const box = createBox();
    const before = start(box);
    before.fill();
    expect(before.nonces.witness(-1)).toBe(false);
    expect(before.nonces.witness(index)).toBe(true);
    expect(before.nonces.witness(index)).toBe(false);
    expect(before.nonces.left()).toBe(0);
    const after = start(box);
    expect(after.nonces.left()).toBe(0);
    after.fill();
    const next = after.nonces.take(hashOf("next"));
    expect(next.index).toBe(index + 65);
    expect(toHex(next.point)).toBe(pointOfHost(box, next.index));
    expect(used).toBeLessThan(next.index);
    box.source.lastNonce = next.index;
    expect(open(box.source).next()).toBe(next.index + 1);
  },
);

test("a card or a key stops the work before the next piece, and for a second", () => {
  const timers = createManualTimers();
  let pieces = 0;
  let isFree = true;
  const idle = createIdle(
    { after: timers.after, log: (text) => expect(text).toBe("") },
    () => isFree,
    () => ++pieces < 1000,
  );
  idle.start();
  timers.advance(999);
  expect(pieces).toBe(0);
  timers.advance(101);
  expect(pieces).toBeGreaterThan(40);
  const before = pieces;
  idle.disturb();
  timers.advance(1000);
  expect(pieces).toBe(before);
  timers.advance(100);
  expect(pieces).toBeGreaterThan(before);
  isFree = false;
  const busy = pieces;
  timers.advance(60_000);
  expect(pieces).toBe(busy);
});
