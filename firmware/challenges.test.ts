// Challenges must differ from start to start and from box to box, without any help from the
// interpreter's own generator, and a recorded tap must be worth nothing after a power cut. The last
// test gives the reader a generator that does repeat, as Espruino's does on an ESP32: there the
// thief gets through, which shows that the attack is real.

import { expect, test } from "vitest";
import type { Bytes } from "#protocol/bytes.ts";
import { fromHex, toHex } from "#protocol/bytes.ts";
import { createManualTimers } from "#sim/manual-timers.ts";
import type { EmulatedCard } from "#sim/parts/card.ts";
import { ntag424Card } from "#sim/parts/ntag424.ts";
import { createEmulatedPn532 } from "#sim/parts/pn532.ts";
import { nodePrimitives, randomOf, sha512 } from "#sim/primitives.ts";
import { createChallenges } from "./challenges.ts";
import type { Challenges } from "./challenges.ts";
import { createReader } from "./drivers/reader.ts";

const SECRET = new Uint8Array(32).fill(5);
const UID = fromHex("04782e21801d80");
const KEY = { epoch: 1, secret: fromHex("4517af483e1cd93233319f41777c2c56") };
const WHILE_MS = 1000;

const draws = (challenges: Challenges, count: number): string[] =>
  Array.from({ length: count }, () => toHex(challenges.draw().bytes));

test("a thousand starts draw a hundred thousand challenges, and none twice", () => {
  const seen = new Set<string>();
  for (let boot = 1; boot <= 1000; boot++)
    for (const drawn of draws(createChallenges({ sha512 }, SECRET, boot), 100)) seen.add(drawn);
  expect(seen.size).toBe(100_000);
});

test("two boxes in the same start draw different ones", () => {
  const other = createChallenges({ sha512 }, new Uint8Array(32).fill(6), 1);
  expect(draws(createChallenges({ sha512 }, SECRET, 1), 1)).not.toEqual(draws(other, 1));
});

test("noise comes in at the start and at each draw, and its absence changes nothing else", () => {
  let value = 7;
  const noise = (): number => value;
  const quiet = draws(createChallenges({ sha512 }, SECRET, 1), 2);
  const noisy = draws(createChallenges({ sha512, noise }, SECRET, 1), 2);
  const changing = createChallenges({ sha512, noise }, SECRET, 1);
  const first = toHex(changing.draw().bytes);
  value = 8;
  expect([first, toHex(changing.draw().bytes) === noisy[1]]).toEqual([noisy[0], false]);
  expect(noisy[0]).not.toBe(quiet[0]);
});

test("challenges are numbered from 1 in each start", () => {
  const challenges = createChallenges({ sha512 }, SECRET, 3);
  expect([challenges.draw().number, challenges.draw().number]).toEqual([1, 2]);
});

/** Lays a card on a terminal that has just started, and says how it fared. */
function tapAfterStart(card: EmulatedCard, challenges: Challenges): string {
  const timers = createManualTimers();
  const chip = createEmulatedPn532((ms, action) => void timers.after(ms, action));
  const told: string[] = [];
  const silent = { onGone() {}, onTwoCards() {}, onUnreadable() {}, onDead() {}, onAlive() {} };
  createReader(
    { ...nodePrimitives, nfc: chip, after: timers.after, cancel: timers.cancel },
    { keyOf: () => KEY, draw: challenges.draw },
    { ...silent, onCard: ({ proof, fault }) => void told.push(fault ?? proof.method) },
  ).start();
  chip.place(card);
  timers.advance(WHILE_MS);
  return told.join();
}

/** The school's card, and a thief beside it who writes down what it answers. */
function recordTap(challenges: Challenges): { heard: string; answers: Bytes[] } {
  const keys = [0, 0, 0, 0, 0].map(() => KEY.secret);
  const card = ntag424Card({ ...nodePrimitives, random: randomOf(1) }, UID, keys);
  const answers: Bytes[] = [];
  const overheard: EmulatedCard = {
    ...card,
    exchange(command) {
      const said = card.exchange?.(command);
      if (said) answers.push(said);
      return said;
    },
  };
  return { heard: tapAfterStart(overheard, challenges), answers };
}

/** Has the UID and no key: says what the real card once said. */
function replayCard(answers: Bytes[]): EmulatedCard {
  let next = 0;
  return {
    ...ntag424Card({ ...nodePrimitives, random: randomOf(1) }, UID),
    exchange: () => answers[next++],
    leaveField() {
      next = 0;
    },
  };
}

test("a recorded tap, replayed after a power cut by a card without a key, is refused", () => {
  const recorded = recordTap(createChallenges({ sha512 }, SECRET, 1));
  expect(recorded.heard).toBe("authenticated");
  expect(recorded.answers).toHaveLength(3);
  const replayed = tapAfterStart(
    replayCard(recorded.answers),
    createChallenges({ sha512 }, SECRET, 2),
  );
  expect(replayed).toBe("untrue");
});

const repeating = (): Challenges => createChallenges({ sha512 }, SECRET, 1);

test("a generator that repeats after each start lets the same replay through", () => {
  const recorded = recordTap(repeating());
  expect(tapAfterStart(replayCard(recorded.answers), repeating())).toBe("authenticated");
});
