// What beeped is in the journal, whatever the power does; what is damaged is named, never skipped.
// The journal is compared with a plain array through random operations and starts, and through a
// cut at every flash operation.

import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Bytes } from "#protocol/bytes.ts";
import type { PowerSupply } from "#sim/parts/nor.ts";
import { createNor, createPowerSupply } from "#sim/parts/nor.ts";
import { cutEverywhere, isCut } from "#sim/parts/power-cuts.ts";
import { nodePrimitives } from "#sim/primitives.ts";
import type { Journal } from "./journal.ts";
import { openJournal } from "./journal.ts";

const PAGE_BYTES = 512;
const PAGES = 7;
const sha256 = nodePrimitives.sha256;

/** An entry of some length, different for each seq and try. */
function token(seq: number, attempt = 0): Bytes {
  const length = 40 + ((seq * 37) % 281);
  const seed = `entry ${seq} attempt ${attempt}`;
  return new Uint8Array(createHash("shake256", { outputLength: length }).update(seed).digest());
}

const flash = (power: PowerSupply = createPowerSupply()) =>
  createNor({ pageBytes: PAGE_BYTES, pages: PAGES }, power);

function open(region: ReturnType<typeof flash>): Journal {
  const opened = openJournal(region, sha256);
  if (!opened.ok) throw new Error(opened.detail);
  return opened.journal;
}

test("an empty journal has a chain to begin with", () => {
  const journal = open(flash());
  expect(journal.last()).toEqual({ seq: 0, timeSeconds: 0, hash: new Uint8Array(32) });
  expect([journal.unsent(), journal.oldestSeconds(), journal.acknowledged()]).toEqual([0, 0, 0]);
  expect(journal.room()).toBe(PAGES - 1);
  expect(journal.acknowledge(1)).toBe(false);
});

test("entries are found again after a start, with their hash, time and what is unsent", () => {
  const region = flash();
  const journal = open(region);
  for (let seq = 1; seq <= 6; seq++) journal.append(seq, token(seq), 1000 + seq);
  journal.acknowledge(2);
  const again = open(region);
  const hash = createHash("sha256").update(token(6)).digest();
  expect(Buffer.from(again.last().hash)).toEqual(hash);
  expect(again.last()).toMatchObject({ seq: 6, timeSeconds: 1006 });
  expect([again.unsent(), again.oldestSeconds(), again.acknowledged()]).toEqual([4, 1003, 2]);
  const seen: number[] = [];
  again.forEach(3, (seq, bytes) => {
    expect(bytes).toEqual(token(seq));
    seen.push(seq);
  });
  expect(seen).toEqual([3, 4, 5, 6]);
  expect(again.read(7)).toBe(undefined);
  expect(() => again.forEach(8, () => {})).toThrow("journal: entries 7 to 7 are gone");
});

test("what was acknowledged stays so over a start, also when it ended a page", () => {
  for (let first = 1; first <= 9; first++) {
    const region = flash();
    const journal = open(region);
    for (let seq = 1; seq <= first; seq++) journal.append(seq, token(seq), seq);
    journal.acknowledge(first);
    for (let seq = first + 1; seq <= 9; seq++) journal.append(seq, token(seq), seq);
    journal.acknowledge(9);
    expect(open(region).acknowledged()).toBe(9);
  }
});

test("misuse throws and names the entry", () => {
  const journal = open(flash());
  expect(() => journal.append(2, token(2), 0)).toThrow("journal: entry 2 does not follow 0");
  expect(() => journal.append(1, new Uint8Array(321), 0)).toThrow("journal: entry 1 has 321 bytes");
});

test("a full journal refuses until its entries are acknowledged and covered, both", () => {
  const region = flash();
  const journal = open(region);
  let seq = 0;
  while (journal.room()) journal.append(++seq, token(seq), seq);
  expect(() => {
    for (let more = 1; more <= 10; more++) journal.append(seq + more, token(280), 0);
  }).toThrow("journal: full at entry");
  const last = journal.last().seq;
  journal.acknowledge(last);
  expect(journal.room()).toBe(0);
  journal.release(last);
  expect(journal.room()).toBeGreaterThan(0);
  journal.append(last + 1, token(last + 1), 0);
  expect(open(region).last().seq).toBe(last + 1);
});

type Operation = { do: "append" | "acknowledge" | "release" | "restart"; part: number };
const operation: fc.Arbitrary<Operation> = fc.record({
  do: fc.constantFrom("append", "append", "append", "acknowledge", "release", "restart"),
  part: fc.double({ min: 0, max: 1, noNaN: true }),
});

test("through any appends, acknowledgements and starts the journal equals an array", () => {
  fc.assert(
    fc.property(fc.array(operation, { minLength: 60, maxLength: 160 }), (operations) => {
      const region = flash();
      let journal = open(region);
      let acknowledged = 0;
      let last = 0;
      for (const { do: what, part } of operations) {
        if (what === "append" && journal.room()) journal.append(++last, token(last), last * 10);
        if (what === "acknowledge") {
          acknowledged = Math.max(acknowledged, Math.floor(last * part));
          journal.acknowledge(acknowledged);
        }
        if (what === "release") journal.release(Math.floor(last * part));
        if (what === "restart") journal = open(region);
        expect([journal.last().seq, journal.acknowledged()]).toEqual([last, acknowledged]);
        const oldest = acknowledged < last ? (acknowledged + 1) * 10 : 0;
        expect(journal.oldestSeconds()).toBe(oldest);
        for (let seq = acknowledged + 1; seq <= last; seq++)
          expect(journal.read(seq)).toEqual(token(seq));
      }
    }),
    { numRuns: 150, endOnFailure: true },
  );
});

test("no power cut loses an entry that beeped, and each leaves a journal that goes on", () => {
  for (const second of [undefined, 0, 1, 2, 3]) {
    const cuts = cutEverywhere((power) => {
      const region = flash(power);
      let beeped = 0;
      let acknowledged = 0;
      const attempts: number[] = [];
      const sell = (journal: Journal, until: number, attempt: number) => {
        journal.release(journal.acknowledged());
        for (let seq = journal.last().seq + 1; seq <= until; seq++) {
          attempts[seq] = attempt;
          journal.append(seq, token(seq, attempt), seq);
          beeped = seq;
          if (seq % 3) continue;
          journal.acknowledge(seq - 1);
          acknowledged = seq - 1;
          journal.release(seq - 2);
        }
      };
      const inspect = (journal: Journal, attempt: number) => {
        expect([beeped, beeped + 1]).toContain(journal.last().seq);
        if (journal.last().seq > beeped) expect(attempts[beeped + 1]).toBeLessThan(attempt);
        beeped = journal.last().seq;
        expect(journal.acknowledged()).toBeGreaterThanOrEqual(acknowledged);
        expect(journal.acknowledged()).toBeLessThan(beeped + 1);
        for (let seq = journal.acknowledged() + 1; seq <= beeped; seq++)
          expect(journal.read(seq)).toEqual(token(seq, attempts[seq]));
      };
      return {
        act: () => sell(open(region), 20, 0),
        check() {
          if (second !== undefined) {
            power.cutAfter(second, "half");
            isCut(() => {
              const journal = open(region);
              inspect(journal, 1);
              sell(journal, 20, 1);
            });
            power.restore();
          }
          const journal = open(region);
          inspect(journal, 2);
          sell(journal, 30, 2);
          expect(open(region).last().seq).toBe(30);
        },
      };
    });
    console.log(`journal: ${cuts} power cuts, a second one ${second ?? "never"} operations later`);
    expect(cuts).toBeGreaterThan(150);
  }
});

test("an entry that lost its power half way is dropped and its number used again", () => {
  const power = createPowerSupply();
  const region = flash(power);
  const journal = open(region);
  journal.append(1, token(1), 1);
  power.cutAfter(0, "half");
  expect(isCut(() => journal.append(2, token(2), 2))).toBe(true);
  power.restore();
  const again = open(region);
  expect(again.last().seq).toBe(1);
  again.append(2, token(2, 1), 2);
  expect(open(region).read(2)).toEqual(token(2, 1));
});

test("an entry that was whole when the power went is an entry for good: damaged later, it is named", () => {
  const power = createPowerSupply();
  const region = flash(power);
  const journal = open(region);
  journal.append(1, token(1), 1);
  power.cutAfter(1, "before");
  expect(isCut(() => journal.append(2, token(2), 2))).toBe(true);
  power.restore();
  expect(open(region).last().seq).toBe(2);
  region.content[Buffer.from(region.content).indexOf(token(2)) + 9] = 0;
  const detail = "journal: entry 2 is damaged";
  expect(openJournal(region, sha256)).toEqual({ ok: false, fault: "journal-damaged", detail });
});

/** A journal of 8 entries over four pages, and where each begins. */
function filled() {
  const region = flash();
  const journal = open(region);
  const offsets: number[] = [];
  for (let seq = 1; seq <= 8; seq++) {
    journal.append(seq, token(seq), seq);
    offsets[seq] = Buffer.from(region.content).indexOf(token(seq)) - 16;
  }
  return { region, offsets };
}

test("damage to a written entry is named, wherever it is", () => {
  for (let seq = 1; seq <= 8; seq++)
    for (const at of [0, 5, 9, 13, 20, 50]) {
      const { region, offsets } = filled();
      const offset = (offsets[seq] as number) + at;
      // Byte 0 is of the mark: its low half alone says written.
      region.content[offset] = (region.content[offset] as number) ^ 0x10;
      const opened = openJournal(region, sha256);
      const readAll = () => open(region).forEach(1, () => {});
      if (at === 0) readAll();
      else if (opened.ok) expect(readAll).toThrow(/^journal: entry \d+ is (damaged|gone)$/);
      else expect(opened.detail).toMatch(/^journal: (entry|page) \d+ is damaged$/);
    }
});

test("a page whose header is damaged is named at the start", () => {
  for (let page = 0; page < 4; page++) {
    const { region } = filled();
    region.content[page * PAGE_BYTES + 6] = 77;
    expect(openJournal(region, sha256)).toEqual({
      ok: false,
      fault: "journal-damaged",
      detail: `journal: page ${page} is damaged`,
    });
  }
});

test("a page erased between others is named: entries are never skipped", () => {
  for (const page of [1, 2]) {
    const { region } = filled();
    region.erase(page);
    const opened = openJournal(region, sha256);
    expect(opened).toMatchObject({ ok: false, fault: "journal-damaged" });
    if (!opened.ok) expect(opened.detail).toMatch(/^journal: page \d is damaged$/);
  }
});

test("flash that does not take an entry is named, nothing is appended, and the next try succeeds", () => {
  const region = flash();
  const journal = open(region);
  journal.append(1, token(1), 1);
  const end = Buffer.from(region.content).indexOf(token(1)) + 80;
  region.content[end + 60] = 0;
  expect(() => journal.append(2, token(2), 2)).toThrow("journal: entry 2 did not take");
  expect(journal.last().seq).toBe(1);
  journal.append(2, token(2, 1), 2);
  expect(open(region).read(2)).toEqual(token(2, 1));
});

test("a start reads page headers and the records of two pages at most, however many entries wait", () => {
  const region = createNor({ pageBytes: 4096, pages: 60 });
  const opened = openJournal(region, sha256);
  if (!opened.ok) throw new Error(opened.detail);
  for (let seq = 1; seq <= 700; seq++) opened.journal.append(seq, token(seq), seq);
  region.counts.reads = 0;
  expect(openJournal(region, sha256).ok).toBe(true);
  const perPage = 4096 / 56;
  expect(region.counts.reads).toBeLessThan(2 * 60 + 4 * perPage);
});
