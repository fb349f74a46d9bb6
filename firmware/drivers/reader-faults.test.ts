// The reader under every fault of the line at every command, and with a card pulled away at every
// exchange of its authentication. Each row of the first table is made, not written: six commands by
// eight faults. What must come of each is in `expected`: a fault costs time, and neither a sale nor
// a wrong key tried.

import { describe, expect, test } from "vitest";
import { fromHex, toHex } from "#protocol/bytes.ts";
import { createManualTimers } from "#sim/manual-timers.ts";
import { classicCard, ntagCard } from "#sim/parts/card.ts";
import type { EmulatedCard } from "#sim/parts/card.ts";
import { ntag424Card } from "#sim/parts/ntag424.ts";
import type { Ntag424 } from "#sim/parts/ntag424.ts";
import { createEmulatedPn532 } from "#sim/parts/pn532.ts";
import type { EmulatedPn532 } from "#sim/parts/pn532.ts";
import { nodePrimitives, randomOf } from "#sim/primitives.ts";
import { createPn532 } from "./pn532.ts";
import { createReader } from "./reader.ts";

const UID = fromHex("04782e21801d80");
const SECRET = fromHex("4517af483e1cd93233319f41777c2c56");
const OTHER = fromHex("00112233445566778899aabbccddeeff");
const ZERO = new Uint8Array(16);
const WHILE_MS = 1000;

const makeCard = (secret = SECRET): Ntag424 =>
  ntag424Card({ ...nodePrimitives, random: randomOf(1) }, UID, [ZERO, ZERO, ZERO, secret, ZERO]);

/** Hears what the reader writes to its chip, before the chip does. */
type Overhear = (chip: EmulatedPn532, frame: Uint8Array) => void;

function setUp(epoch = 1, overhear?: Overhear) {
  const timers = createManualTimers();
  const chip = createEmulatedPn532((ms, action) => void timers.after(ms, action));
  const write = (frame: Uint8Array): void => {
    overhear?.(chip, frame);
    chip.write(frame);
  };
  const told: string[] = [];
  const random = randomOf(2);
  let number = 0;
  createReader(
    { ...nodePrimitives, nfc: { ...chip, write }, after: timers.after, cancel: timers.cancel },
    {
      keyOf: (uid) => (toHex(uid) === toHex(UID) ? { epoch, secret: SECRET } : undefined),
      draw: () => ({ number: ++number, bytes: random(16) }),
    },
    {
      onCard: ({ proof, fault }) => void told.push(fault ?? proof.method),
      onGone: () => void told.push("gone"),
      onTwoCards: () => void told.push("two cards"),
      onUnreadable: () => void told.push("unreadable"),
      onDead: () => void told.push("dead"),
      onAlive: () => void told.push("alive"),
    },
  ).start();
  return { timers, chip, told };
}

const COMMANDS: { [name: string]: string } = {
  SAMConfiguration: "14010001",
  GetFirmwareVersion: "02",
  RFConfiguration: "320101",
  InListPassiveTarget: "4a0200",
  InDataExchange: "400100a4040007d276000085010100",
  InRelease: "5200",
};
type Fault = "none" | "dropAck" | "corrupt" | "noise" | "split" | "error" | "zombie" | "deaf";
const FAULTS: Fault[] = ["none", "dropAck", "corrupt", "noise", "split", "error", "zombie", "deaf"];

function inject(chip: EmulatedPn532, fault: Fault): void {
  if (fault === "zombie" || fault === "deaf") chip.faults[fault] = true;
  else if (fault !== "none") chip.faults[fault] = 1;
}

describe("each command of the chip, under each fault of its line", () => {
  const table = Object.entries(COMMANDS).flatMap(([name, command]) =>
    FAULTS.map((fault) => [name, fault, command] as const),
  );

  test.each(table)("%s, %s", (name, fault, command) => {
    const timers = createManualTimers();
    const emulated = createEmulatedPn532((ms, action) => void timers.after(ms, action));
    const chip = createPn532({ nfc: emulated, after: timers.after, cancel: timers.cancel });
    const run = (hex: string): string => {
      let outcome = "no answer";
      chip.command(fromHex(hex), 500, (answer) => {
        outcome = answer.fault ?? toHex(answer.data);
      });
      timers.advance(3000);
      return outcome;
    };
    const prepare = (): void => {
      chip.reset(() => undefined);
      timers.advance(WHILE_MS);
      run("14010001");
      run("3205ff0102");
      if (name !== "InListPassiveTarget") run("4a0200");
    };
    emulated.place(makeCard());
    prepare();
    const healthy = run(command);
    expect(healthy).not.toMatch(/silent|syntax|no answer/);
    prepare();
    inject(emulated, fault);
    const expected =
      { error: "syntax", zombie: "silent", deaf: "silent" }[fault as string] ?? healthy;
    expect(run(command)).toBe(expected);
    // Whatever it was, a reset ends it.
    prepare();
    expect(run(command)).toBe(healthy);
  });
});

describe("a card that proves itself, under each fault at each command of its tap", () => {
  // From the first look at the card: list, field off, list, three exchanges, field off, list.
  const table = FAULTS.flatMap((fault) =>
    [0, 1, 2, 3, 4, 5, 6, 7].map((at) => [fault, at] as const),
  );

  test.each(table)("%s at command %i", (fault, at) => {
    const { timers, chip, told } = setUp();
    timers.advance(WHILE_MS);
    const card = makeCard();
    chip.place(card);
    const start = chip.log.length;
    while (chip.log.length < start + at) timers.advance(1);
    inject(chip, fault);
    timers.advance(6 * WHILE_MS);
    expect(told).toEqual(["authenticated"]);
    expect(card.failures).toEqual({ row: 0, total: 0 });
    chip.take(card);
    timers.advance(WHILE_MS);
    expect(told).toEqual(["authenticated", "gone"]);
  });
});

test.each([1, 2, 3])(
  "pulled away at exchange %i, the card must be laid again, and then counts",
  (at) => {
    const { timers, chip, told } = setUp();
    let exchanges = 0;
    const card = makeCard();
    const pulled: EmulatedCard = {
      ...card,
      exchange(command) {
        const answer = card.exchange?.(command);
        if (++exchanges !== at) return answer;
        chip.take(pulled);
        return undefined;
      },
    };
    chip.place(pulled);
    timers.advance(2 * WHILE_MS);
    expect(told).toEqual(["unreadable", "gone"]);
    chip.place(pulled);
    timers.advance(WHILE_MS);
    expect(told).toEqual(["unreadable", "gone", "authenticated"]);
    expect(card.failures.total).toBe(0);
  },
);

describe("who has the UID of a card with a key", () => {
  const lost = makeCard(OTHER);
  const locked = makeCard(OTHER);
  locked.failures = { row: 50, total: 60 };
  const noApplication: EmulatedCard = {
    ...makeCard(),
    exchange: () => new Uint8Array([0x6a, 0x82]),
  };
  const mute: EmulatedCard = { ...makeCard(), exchange: () => undefined };
  const short: EmulatedCard = { ...makeCard(), exchange: () => new Uint8Array([0x90]) };
  const selects: EmulatedCard = {
    ...makeCard(),
    exchange: (command) =>
      command[1] === 0xa4 ? new Uint8Array([0x90, 0x00]) : new Uint8Array([0x91, 0x00]),
  };

  test.each<[string, EmulatedCard, string]>([
    ["a copy on another chip", ntagCard(UID), "not-ntag424"],
    ["a phone that imitates it", noApplication, "not-ntag424"],
    ["a card with another key", lost, "wrong-key"],
    ["a card that was tried too often", locked, "delayed"],
    ["a card that says nothing", mute, "unreadable"],
    ["a card that answers half a status", short, "not-ntag424"],
    ["a card that agrees to everything", selects, "refused"],
  ])("%s: %s %s", (_name, card, expected) => {
    const { timers, chip, told } = setUp();
    chip.place(card);
    timers.advance(3 * WHILE_MS);
    expect(told).toEqual([expected]);
  });

  test("one tap is one try, however long the card lies there", () => {
    const { timers, chip } = setUp();
    const card = makeCard(OTHER);
    chip.place(card);
    timers.advance(60 * WHILE_MS);
    expect(card.failures).toEqual({ row: 1, total: 1 });
    chip.take(card);
    timers.advance(WHILE_MS);
    chip.place(card);
    timers.advance(WHILE_MS);
    expect(card.failures).toEqual({ row: 2, total: 2 });
  });

  test("a card of the next epoch still has the key of this one", () => {
    const both = [ZERO, ZERO, ZERO, SECRET, OTHER];
    for (const [epoch, expected] of [
      [1, "authenticated"],
      [2, "wrong-key"],
    ] as const) {
      const { timers, chip, told } = setUp(epoch);
      chip.place(ntag424Card({ ...nodePrimitives, random: randomOf(1) }, UID, both));
      timers.advance(WHILE_MS);
      expect(told).toEqual([expected]);
    }
  });
});

test("a chip that dies whenever it asks the card is reset, asks once more, and says so", () => {
  const { timers, chip, told } = setUp(1, (dying, frame) => {
    if (toHex(frame).includes("d440")) dying.faults.zombie = true;
  });
  chip.place(makeCard());
  timers.advance(60 * WHILE_MS);
  expect(told).toEqual(["unreadable"]);
  expect(chip.resets()).toBe(3);
});

test("two cards are refused, whether they could prove themselves or not", () => {
  const { timers, chip, told } = setUp();
  chip.place(makeCard());
  chip.place(classicCard(fromHex("8a4d694f")));
  timers.advance(WHILE_MS);
  expect(told).toEqual(["two cards"]);
});
