// A new roster comes into use only when it is whole and its hash is right; until then, and through
// any power cut, the old one serves. Pages may come in any order, repeated, and over several
// starts.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Bytes } from "#protocol/bytes.ts";
import { concat } from "#protocol/bytes.ts";
import type { RosterRecord } from "#protocol/roster.ts";
import { PAGE_BYTES, RECORD_BYTES, digestOfRoster, encodeRecord } from "#protocol/roster.ts";
import { createNor, createPowerSupply } from "#sim/parts/nor.ts";
import { cutEverywhere, isCut } from "#sim/parts/power-cuts.ts";
import { nodePrimitives } from "#sim/primitives.ts";
import type { RosterManifest, RosterPage, RosterStore } from "./roster-store.ts";
import { openRosterStore } from "./roster-store.ts";

const sha256 = nodePrimitives.sha256;

function record(i: number, version: number): RosterRecord {
  const length = i % 3 === 0 ? 4 : 7;
  const card = new Uint8Array(length);
  new DataView(card.buffer).setUint32(0, i * 2654435761);
  const name = new TextEncoder().encode(`Lina ${version}`);
  return { card, student: i + 1, allergens: 0, name, group: name.subarray(0, 4), key: undefined };
}

const byCard = (a: RosterRecord, b: RosterRecord) =>
  a.card.length - b.card.length || Buffer.compare(a.card, b.card);

/** What the gateway sends for so many students. */
function roster(version: number, count: number) {
  const records = Array.from({ length: count }, (_, i) => record(i, version)).sort(byCard);
  const bytes = concat(records.map(encodeRecord));
  const pageOf = (page: number): Bytes => bytes.slice(page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
  const manifest: RosterManifest = {
    kind: "roster",
    version,
    records: count,
    sha256: digestOfRoster(sha256, count, pageOf),
  };
  const pages = Array.from(
    { length: Math.ceil(bytes.length / PAGE_BYTES) },
    (_, page): RosterPage => ({ kind: "page", version, page, records: pageOf(page) }),
  );
  return { records, manifest, pages };
}

const flash = () => createNor({ pageBytes: 1024, pages: 270 });

function load(store: RosterStore, { manifest, pages }: ReturnType<typeof roster>) {
  store.announce(manifest);
  for (const page of pages) store.put(page);
}

test("every card of 2,000 is found after a start, and no other", () => {
  const region = flash();
  const given = roster(1, 2000);
  load(openRosterStore(region, sha256), given);
  const store = openRosterStore(region, sha256);
  expect([store.version(), store.records(), store.missing()]).toEqual([1, 2000, []]);
  for (const one of given.records) expect(store.find(one.card)).toEqual(one);
  expect(store.find(Uint8Array.of(1, 2, 3, 4))).toBe(undefined);
  region.counts.reads = 0;
  store.find(given.records[777]?.card as Bytes);
  expect(region.counts.reads).toBeLessThanOrEqual(12);
});

test("the card that was just found is not searched again, until another roster is in use", () => {
  const region = flash();
  const store = openRosterStore(region, sha256);
  const [old, renewed] = [roster(1, 100), roster(2, 100)];
  load(store, old);
  const { card } = old.records[40] as RosterRecord;
  expect(store.find(card)).toEqual(old.records[40]);
  region.counts.reads = 0;
  expect(store.find(Uint8Array.from(card))).toEqual(old.records[40]);
  expect(region.counts.reads).toBe(0);
  store.announce(renewed.manifest);
  expect(store.find(card)).toEqual(old.records[40]);
  load(store, renewed);
  expect(store.find(card)).toEqual(renewed.records[40]);
  expect(store.find(Uint8Array.of(1, 2, 3, 4))).toBe(undefined);
  expect(store.find(card)).toEqual(renewed.records[40]);
});

test("what does not fit the story so far has an answer with a name, and changes nothing", () => {
  const store = openRosterStore(flash(), sha256);
  const first = roster(3, 70);
  const [page0, page1, page2] = first.pages as [RosterPage, RosterPage, RosterPage];
  expect(store.find(Uint8Array.of(1, 2, 3, 4))).toBe(undefined);
  expect(store.put(page0)).toBe("no-manifest");
  expect(store.announce(roster(4, 9000).manifest)).toBe("too-large");
  expect(store.announce(first.manifest)).toBe("awaiting-pages");
  expect(store.put({ ...page0, version: 2 })).toBe("older");
  expect(store.put({ ...page0, page: 3 })).toBe("bad-page");
  expect(store.put({ ...page0, records: page0.records.slice(RECORD_BYTES) })).toBe("bad-page");
  expect(store.put(page2)).toBe("awaiting-pages");
  expect(store.put(page2)).toBe("awaiting-pages");
  expect(store.announce(first.manifest)).toBe("awaiting-pages");
  expect(store.missing()).toEqual([0, 1]);
  expect(store.put(page0)).toBe("awaiting-pages");
  expect(store.version()).toBe(0);
  expect(store.put(page1)).toBe("in-use");
  expect([store.version(), store.records(), store.missing()]).toEqual([3, 70, []]);
  expect(store.announce(first.manifest)).toBe("in-use");
  expect(store.put(page1)).toBe("in-use");
  expect(store.announce(roster(2, 70).manifest)).toBe("older");
});

test("pages whose hash is not the announced one are all asked for again; the old roster serves", () => {
  const store = openRosterStore(flash(), sha256);
  load(store, roster(1, 40));
  const next = roster(2, 64);
  store.announce(next.manifest);
  store.put({ ...(next.pages[0] as RosterPage), records: new Uint8Array(PAGE_BYTES) });
  expect(store.put(next.pages[1] as RosterPage)).toBe("roster-damaged");
  expect([store.version(), store.missing()]).toEqual([1, [0, 1]]);
  for (const page of next.pages) store.put(page);
  expect(store.version()).toBe(2);
});

test("a roster that is overtaken by a newer one gives way to it", () => {
  const region = flash();
  const store = openRosterStore(region, sha256);
  const old = roster(2, 100);
  store.announce(old.manifest);
  store.put(old.pages[0] as RosterPage);
  const given = roster(3, 50);
  load(store, given);
  expect(store.put(old.pages[1] as RosterPage)).toBe("older");
  expect(openRosterStore(region, sha256).version()).toBe(3);
});

test("pages in any order, repeated, with starts in between, make the same roster", () => {
  const given = roster(1, 150);
  const order = fc.shuffledSubarray(given.pages.concat(given.pages), { minLength: 10 });
  fc.assert(
    fc.property(order, fc.nat(9), (pages, startAt) => {
      const region = createNor({ pageBytes: 4096, pages: 12 });
      let store = openRosterStore(region, sha256);
      store.announce(given.manifest);
      pages.forEach((page, i) => {
        if (i === startAt) store = openRosterStore(region, sha256);
        store.put(page);
      });
      for (const one of given.records) expect(store.find(one.card)).toEqual(one);
    }),
    { numRuns: 30 },
  );
});

test("through any power cut one whole roster serves, and the new one can still arrive", () => {
  const old = roster(1, 40);
  const next = roster(2, 70);
  const cuts = cutEverywhere((power) => {
    const region = createNor({ pageBytes: 1024, pages: 16 }, power);
    let hadOld = false;
    return {
      act() {
        const store = openRosterStore(region, sha256);
        load(store, old);
        hadOld = true;
        load(store, next);
      },
      check() {
        const store = openRosterStore(region, sha256);
        const serving = [undefined, old, next][store.version()];
        if (hadOld) expect(serving).toBeDefined();
        for (const one of serving?.records ?? []) expect(store.find(one.card)).toEqual(one);
        load(store, next);
        expect(openRosterStore(region, sha256).version()).toBe(2);
        for (const one of next.records) expect(store.find(one.card)).toEqual(one);
      },
    };
  });
  console.log(`roster: ${cuts} power cuts`);
  expect(cuts).toBeGreaterThan(60);
});

test("a roster that was whole when the power went is in use after the start, without another word", () => {
  const power = createPowerSupply();
  const region = createNor({ pageBytes: 1024, pages: 16 }, power);
  const given = roster(1, 70);
  load(openRosterStore(createNor({ pageBytes: 1024, pages: 16 }, power), sha256), given);
  // The last operation is the commit.
  power.cutAfter(power.operations - 1, "before");
  expect(isCut(() => load(openRosterStore(region, sha256), given))).toBe(true);
  power.restore();
  expect(openRosterStore(region, sha256).version()).toBe(1);
});
