// Goal: cards that prove themselves, through the whole terminal and into signed tokens. Method: the
// terminal on a table (sim/counter-box.ts) with a roster that has keys; real AES in the cards;
// copies, replays and cards pulled away.

import { expect, test } from "vitest";
import type { Bytes } from "#protocol/bytes.ts";
import { fromHex } from "#protocol/bytes.ts";
import type { Entry } from "#protocol/entry.ts";
import type { RosterRecord } from "#protocol/roster.ts";
import type { CounterBox } from "#sim/counter-box.ts";
import { createCounterBox } from "#sim/counter-box.ts";
import { createGatewayBook, introduce, noah, record, summaryOf } from "#sim/counter-gateway.ts";
import { ntagCard } from "#sim/parts/card.ts";
import type { EmulatedCard } from "#sim/parts/card.ts";
import { ntag424Card } from "#sim/parts/ntag424.ts";
import { nodePrimitives, randomOf } from "#sim/primitives.ts";
import { CONTROL_KEYS, PRODUCT_KEYS } from "./keys.ts";

const OK = PRODUCT_KEYS + CONTROL_KEYS.indexOf("ok");
const SECRET = fromHex("4517af483e1cd93233319f41777c2c56");
const ZERO = new Uint8Array(16);
const TAP_MS = 500;
/** Laid again sooner, a card asks for its balance. */
const ANSWER_OVER_MS = 5000;

const lina: RosterRecord = {
  ...record("04782e21801d80", 17, "Lina D."),
  key: { epoch: 1, secret: SECRET },
};

const cardWith = (secret: Bytes): EmulatedCard =>
  ntag424Card({ ...nodePrimitives, random: randomOf(1) }, lina.card, [
    ZERO,
    ZERO,
    ZERO,
    secret,
    ZERO,
  ]);

function openCounter() {
  const box = createCounterBox();
  box.connect();
  introduce(box, 10_000, [lina, noah]);
  const book = createGatewayBook(box);
  book.settle();
  return { box, book };
}

/** Lays a card, reads the display, takes it away, and lets its answer pass. */
function tap(box: CounterBox, card: EmulatedCard): string {
  box.nfc().place(card);
  box.wait(TAP_MS);
  const { big } = box.see();
  box.nfc().take(card);
  box.wait(ANSWER_OVER_MS);
  return big;
}

const proofs = (entries: Entry[]): unknown[] =>
  entries.flatMap((entry) => (entry.kind === "purchase" ? [entry.proof] : []));

test("the token says how the card proved itself, and to which challenge of which start", () => {
  const { box, book } = openCounter();
  const card = cardWith(SECRET);
  expect(tap(box, card)).toBe("Merci !");
  expect(tap(box, card)).toBe("Merci !");
  box.tap(noah);
  box.power(true);
  box.connect();
  expect(tap(box, card)).toBe("Merci !");
  book.settle();
  expect(summaryOf(book).filter((kind) => kind !== "open")).toHaveLength(4);
  expect(proofs(book.entries)).toEqual([
    { method: "authenticated", counter: 1 },
    { method: "authenticated", counter: 2 },
    { method: "uid" },
    { method: "authenticated", counter: 1 },
  ]);
  const boots = book.entries.flatMap((entry) => (entry.kind === "open" ? [entry.boot] : []));
  expect(boots).toEqual([1, 2]);
});

test.each([
  ["on another chip", ntagCard(lina.card)],
  ["on the same chip, without the key", cardWith(ZERO)],
])("a copy of its UID %s buys nothing", (_name, copy) => {
  const { box, book } = openCounter();
  box.press(0);
  expect(box.see().big).toBe("1,00 €");
  box.press(OK);
  expect(tap(box, copy)).toBe("Désolé");
  box.press(OK);
  expect(tap(box, copy)).toBe("Désolé");
  book.settle();
  expect(summaryOf(book)).toEqual(["open"]);
  expect(box.log().join()).toMatch(/card 04782e21801d80: (not-ntag424|wrong-key)/);
});

test("what was recorded at one tap buys nothing after a power cut", () => {
  const { box, book } = openCounter();
  const answers: Bytes[] = [];
  const card = cardWith(SECRET);
  const overheard: EmulatedCard = {
    ...card,
    exchange(command) {
      const answer = card.exchange?.(command);
      if (answer) answers.push(answer);
      return answer;
    },
  };
  expect(tap(box, overheard)).toBe("Merci !");
  let next = 0;
  const replay: EmulatedCard = { ...card, exchange: () => answers[next++] };
  box.power(true);
  box.connect();
  expect(tap(box, replay)).toBe("Désolé");
  expect(next).toBe(3);
  expect(box.log().join()).toContain("untrue");
  book.settle();
  expect(summaryOf(book).filter((kind) => kind !== "open")).toEqual(["17 pays 100"]);
});

test("laid before OK, it pays with the proof it gave when it was laid", () => {
  const { box, book } = openCounter();
  const card = cardWith(SECRET);
  box.press(1);
  box.nfc().place(card);
  box.wait(TAP_MS);
  expect(box.see().big).toBe("3,50 €");
  box.press(OK);
  expect(box.see().big).toBe("Merci !");
  book.settle();
  expect(proofs(book.entries)).toEqual([{ method: "authenticated", counter: 1 }]);
});

test("pulled away in the middle, it is to be laid again", () => {
  const { box, book } = openCounter();
  const card = cardWith(SECRET);
  const slipping: EmulatedCard = { ...card, exchange: () => undefined };
  expect(tap(box, slipping)).toBe("Encore");
  expect(tap(box, card)).toBe("Merci !");
  book.settle();
  expect(summaryOf(book)).toEqual(["open", "17 pays 100"]);
});
