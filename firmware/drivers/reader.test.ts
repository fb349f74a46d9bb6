// The reader against the emulated chip: the bytes of its setting up, every kind of card, and every
// fault the real chip is known for. Time is moved by hand.

import { describe, expect, test } from "vitest";
import { fromHex, toHex } from "#protocol/bytes.ts";
import { createManualTimers } from "#sim/manual-timers.ts";
import { classicCard, ntagCard, phone, plainCard } from "#sim/parts/card.ts";
import { createEmulatedPn532 } from "#sim/parts/pn532.ts";
import { nodePrimitives } from "#sim/primitives.ts";
import type { Prover } from "./proving.ts";
import { createReader } from "./reader.ts";

const UID = fromHex("04d69302666080");
/** A roster without a key. */
const NOBODY: Prover = { keyOf: () => undefined, draw: () => ({ number: 1, bytes: UID }) };
/** Long enough for a card to count, or to be gone. */
const WHILE_MS = 1000;

function setUp() {
  const timers = createManualTimers();
  const chip = createEmulatedPn532((ms, action) => void timers.after(ms, action));
  const told: string[] = [];
  const sent: string[] = [];
  const nfc = {
    write(data: Uint8Array) {
      sent.push(toHex(data));
      chip.write(data);
    },
    onData: chip.onData,
    reset: chip.reset,
  };
  const reader = createReader(
    { ...nodePrimitives, nfc, after: timers.after, cancel: timers.cancel },
    NOBODY,
    {
      onCard: ({ card }) => void told.push(`card ${toHex(card.uid)} ${card.sak}`),
      onGone: () => void told.push("gone"),
      onTwoCards: () => void told.push("two cards"),
      onUnreadable: () => void told.push("unreadable"),
      onDead: () => void told.push("dead"),
      onAlive: () => void told.push("alive"),
    },
  );
  reader.start();
  return { timers, chip, told, sent };
}

test("the chip is reset, woken and set up in this order, then asked for cards", () => {
  const { timers, sent, chip } = setUp();
  timers.advance(250);
  expect(chip.resets()).toBe(1);
  expect(sent.slice(0, 6)).toEqual([
    "55550000000000000000000000000000",
    "0000ff05fbd4140100011600",
    "0000ff02fed4022a00",
    "0000ff06fad43205ff0102f300",
    "0000ff04fcd44a0200e000",
    "0000ff04fcd4320100f900",
  ]);
});

test.each([
  ["MIFARE Classic", classicCard(fromHex("8a4d694f")), "card 8a4d694f 8"],
  ["NTAG213", ntagCard(UID), "card 04d69302666080 0"],
  [
    "a card of ten bytes",
    plainCard(fromHex("04112233445566778899")),
    "card 04112233445566778899 0",
  ],
  ["NTAG 424 DNA", { ...phone(fromHex("04782e21801d80")) }, "card 04782e21801d80 32"],
  ["a phone with a random UID", phone(fromHex("08a1b2c3")), "unreadable"],
  ["a UID of six bytes, which no card has", plainCard(fromHex("040506070809")), "unreadable"],
])("%s: told once while it lies there, and gone when taken", (_name, card, expected) => {
  const { timers, chip, told } = setUp();
  timers.advance(WHILE_MS);
  chip.place(card);
  timers.advance(5 * WHILE_MS);
  expect(told).toEqual([expected]);
  chip.take(card);
  timers.advance(WHILE_MS);
  expect(told).toEqual([expected, "gone"]);
});

test("a card counts within 200 ms of lying on the reader", () => {
  const { timers, chip, told } = setUp();
  timers.advance(WHILE_MS);
  chip.place(ntagCard(UID));
  timers.advance(200);
  expect(told).toEqual(["card 04d69302666080 0"]);
});

test("two cards are refused, and the one left behind does not pay", () => {
  const { timers, chip, told } = setUp();
  const first = ntagCard(UID);
  const second = classicCard(fromHex("8a4d694f"));
  chip.place(first);
  chip.place(second);
  timers.advance(WHILE_MS);
  chip.take(first);
  timers.advance(WHILE_MS);
  expect(told).toEqual(["two cards"]);
});

describe("faults of the line cost time and nothing else", () => {
  test.each(["dropAck", "corrupt", "noise"] as const)("%s, at every command", (fault) => {
    for (let command = 0; command < 8; command++) {
      const { timers, chip, told } = setUp();
      while (chip.log.length < command) timers.advance(1);
      chip.faults[fault] = 1;
      chip.place(ntagCard(UID));
      timers.advance(2 * WHILE_MS);
      expect(chip.faults[fault], "the fault came to pass").toBe(0);
      expect(told, `at command ${command}`).toEqual(["card 04d69302666080 0"]);
      expect(chip.resets()).toBe(1);
    }
  });

  test.each(["zombie", "deaf"] as const)("a chip gone %s is reset by its line", (fault) => {
    for (let command = 1; command < 8; command++) {
      const { timers, chip, told } = setUp();
      while (chip.log.length < command) timers.advance(1);
      chip.faults[fault] = true;
      chip.place(ntagCard(UID));
      timers.advance(5 * WHILE_MS);
      expect(told, `at command ${command}`).toEqual(["card 04d69302666080 0"]);
      expect(chip.resets()).toBe(2);
    }
  });

  test("a card that stayed on the reader during a reset does not count twice", () => {
    const { timers, chip, told } = setUp();
    chip.place(ntagCard(UID));
    timers.advance(WHILE_MS);
    chip.faults.zombie = true;
    timers.advance(5 * WHILE_MS);
    expect(chip.resets()).toBe(2);
    expect(told).toEqual(["card 04d69302666080 0"]);
  });
});

test("a reader without a chip is said to be dead once, and alive when it is back", () => {
  const timers = createManualTimers();
  const chip = createEmulatedPn532((ms, action) => void timers.after(ms, action));
  const told: string[] = [];
  let plugged = false;
  const silent = { onCard() {}, onGone() {}, onTwoCards() {}, onUnreadable() {} };
  createReader(
    {
      ...nodePrimitives,
      nfc: { ...chip, write: (data) => void (plugged && chip.write(data)) },
      after: timers.after,
      cancel: timers.cancel,
    },
    NOBODY,
    { ...silent, onDead: () => void told.push("dead"), onAlive: () => void told.push("alive") },
  ).start();
  timers.advance(60_000);
  expect(told).toEqual(["dead"]);
  plugged = true;
  timers.advance(10_000);
  expect(told).toEqual(["dead", "alive"]);
});

test("a listener that throws does not stop the reader", () => {
  const timers = createManualTimers();
  const chip = createEmulatedPn532((ms, action) => void timers.after(ms, action));
  let taps = 0;
  const silent = { onGone() {}, onTwoCards() {}, onUnreadable() {}, onDead() {}, onAlive() {} };
  createReader(
    { ...nodePrimitives, nfc: chip, after: timers.after, cancel: timers.cancel },
    NOBODY,
    {
      ...silent,
      onCard() {
        taps++;
        throw new Error("no nonces left");
      },
    },
  ).start();
  const card = ntagCard(UID);
  for (let tap = 1; tap <= 2; tap++) {
    chip.place(card);
    // The exception surfaces where the interpreter would log it; the timers go on.
    expect(() => timers.advance(WHILE_MS)).toThrow("no nonces left");
    timers.advance(WHILE_MS);
    chip.take(card);
    timers.advance(WHILE_MS);
    expect(taps).toBe(tap);
  }
});
