// An emulated PN532 on the office's desk, with somebody who lays three new cards on it, one after
// the other, and pulls the second away too early.

import { randomBytes } from "node:crypto";
import type { Desk } from "#firmware/cards/serial.ts";
import type { EmulatedCard } from "./parts/card.ts";
import { createCardMaker } from "./parts/card-maker.ts";
import { ntag424Card } from "./parts/ntag424.ts";
import { createEmulatedPn532 } from "./parts/pn532.ts";
import { nodePrimitives } from "./primitives.ts";

const CARDS = 3;
/** How long a card lies on the reader, and how long it is empty between two. */
const LIES_MS = 2000;
const EMPTY_MS = 600;
/** In the middle of the change of a key. */
const PULLED_AT_EXCHANGE = 10;

/** Who made these cards: not NXP. */
export const TRY_OUT_MAKER = createCardMaker("try-out");

export function openTryOut(): Desk {
  const timers = new Map<number, NodeJS.Timeout>();
  let last = 0;
  const after = (ms: number, action: () => void): number => {
    timers.set(++last, setTimeout(action, ms));
    return last;
  };
  const chip = createEmulatedPn532((ms, action) => void after(ms, action));
  const hand = { cardsLaid: 0, isOver: false };
  layNext();

  function layNext(): void {
    hand.isOver = hand.cardsLaid === CARDS;
    if (hand.isOver) return;
    const card = newCard();
    hand.cardsLaid++;
    lay(hand.cardsLaid === 2 ? pulledOnce(card) : card);
  }

  function lay(card: EmulatedCard): void {
    chip.place(card);
    after(LIES_MS, () => {
      chip.take(card);
      after(EMPTY_MS, layNext);
    });
  }

  /** The card has done what it was told, and its answer is lost. */
  function pulledOnce(card: EmulatedCard): EmulatedCard {
    let exchanges = 0;
    const slipping: EmulatedCard = {
      ...card,
      exchange(command) {
        const answer = card.exchange?.(command);
        if (++exchanges !== PULLED_AT_EXCHANGE) return answer;
        chip.take(slipping);
        after(EMPTY_MS, () => chip.place(slipping));
        return undefined;
      },
    };
    return slipping;
  }

  return {
    nfc: chip,
    after,
    cancel: (timer) => clearTimeout(timers.get(timer)),
    isOver: () => hand.isOver,
    close: () => timers.forEach((timer) => clearTimeout(timer)),
  };
}

function random(length: number): Uint8Array {
  return Uint8Array.from(randomBytes(length));
}

function newCard(): EmulatedCard {
  const uid = Uint8Array.from([0x04, ...random(6)]);
  const card = ntag424Card({ ...nodePrimitives, random }, uid);
  card.signature = TRY_OUT_MAKER.sign(uid);
  return card;
}
