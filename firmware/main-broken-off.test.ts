// Goal: no error that nobody foresaw leaves a counter dead. Method: the whole terminal on a table
// (sim/counter-box.ts); at one tap, one call of the board throws, each call in turn, as an
// interpreter does whose memory is full. Whatever breaks off, the terminal sells again soon, or
// after a restart that nobody has to think of.

import { describe, expect, test } from "vitest";
import { fromHex } from "#protocol/bytes.ts";
import type { CounterBox } from "#sim/counter-box.ts";
import { createCounterBox } from "#sim/counter-box.ts";
import { createGatewayBook, introduce, noah, record } from "#sim/counter-gateway.ts";
import type { EmulatedCard } from "#sim/parts/card.ts";
import { ntagCard } from "#sim/parts/card.ts";
import { ntag424Card } from "#sim/parts/ntag424.ts";
import { nodePrimitives, randomOf } from "#sim/primitives.ts";
import { LOOK_MS } from "./main.ts";

const SECRET = fromHex("4517af483e1cd93233319f41777c2c56");
const ZERO = new Uint8Array(16);
const lina = {
  ...record("04782e21801d80", 17, "Lina D."),
  key: { epoch: 1, secret: SECRET },
};
const TAP_MS = 500;
/** A reader that broke off is back, the answer of a card is over. */
const SOON_MS = 10_000;

const provingCard = (): EmulatedCard =>
  ntag424Card({ ...nodePrimitives, random: randomOf(1) }, lina.card, [
    ZERO,
    ZERO,
    ZERO,
    SECRET,
    ZERO,
  ]);

function lay(box: CounterBox, card: EmulatedCard): void {
  box.nfc().place(card);
  box.wait(TAP_MS);
}

type Told = { beeps: number };

/** Whether a sale sounds. */
function sells(box: CounterBox, told: Told): boolean {
  const card = ntagCard(noah.card);
  box.hear();
  lay(box, card);
  box.nfc().take(card);
  box.wait(SOON_MS);
  const sounded = box.heardAccepted();
  if (sounded) told.beeps++;
  return sounded;
}

/** named: the fault stays on the display, until somebody comes. */
type Outcome = "soon" | "restart" | "named" | "silent";

/** Breaks call number `call` after a card was laid. Undefined: the tap was over before. */
function breakTap(card: EmulatedCard, call: number) {
  const box = createCounterBox();
  box.connect();
  introduce(box, 10_000, [lina, noah]);
  const book = createGatewayBook(box);
  book.settle();
  box.hear();
  box.failing.failAfter(call);
  lay(box, card);
  const told: Told = { beeps: box.heardAccepted() ? 1 : 0 };
  if (!box.failing.hasFailed()) return undefined;
  box.nfc().take(card);
  box.wait(SOON_MS);
  const outcome = outcomeOf(box, told);
  box.power(false);
  box.power(true);
  const sellsAgain = sells(box, told);
  box.connect();
  book.settle();
  return { outcome, beeps: told.beeps, sellsAgain, entries: book.entries };
}

function outcomeOf(box: CounterBox, told: Told): Outcome {
  if (sells(box, told)) return "soon";
  if (box.isOn() && box.see().big !== "En panne") return "silent";
  box.wait(LOOK_MS);
  return box.isOn() ? "named" : "restart";
}

describe.each([
  ["a card known by its UID", () => ntagCard(noah.card)],
  ["a card that proves itself", provingCard],
])("%s, and one call of its tap throws", (_name, makeCard) => {
  test("the counter lives, and whatever sounded is in the journal", () => {
    const calls: { [outcome in Outcome]: number } = { soon: 0, restart: 0, named: 0, silent: 0 };
    for (let call = 0; ; call++) {
      const broken = breakTap(makeCard(), call);
      if (!broken) break;
      calls[broken.outcome]++;
      expect(broken.sellsAgain, `call ${call}`).toBe(true);
      const sales = broken.entries.filter(({ kind }) => kind === "purchase").length;
      expect(sales, `call ${call}`).toBeGreaterThanOrEqual(broken.beeps);
    }
    expect(calls).toMatchObject({ named: 0, silent: 0 });
    // Reader, roster and display; nonces, signature and journal.
    expect(calls.soon).toBeGreaterThan(30);
    expect(calls.restart).toBeGreaterThan(5);
  });
});
