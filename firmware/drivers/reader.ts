// Looks for cards with the PN532, again and again, has each prove itself that can, and brings the
// chip back when it hangs. Section numbers are of the user manual UM0701-02; when a card counts is
// decided in presence.ts.

import type { Bytes } from "#protocol/bytes.ts";
import { copyBytes } from "#protocol/bytes.ts";
import type { CardKey } from "#protocol/card-key.ts";
import type { Proof } from "#protocol/entry.ts";
import type { Board } from "../board.ts";
import type { CardFault } from "./ntag424.ts";
import type { ChipBoard } from "./pn532.ts";
import { createPn532 } from "./pn532.ts";
import type { Card, Notice, Presence, Sighting } from "./presence.ts";
import { EMPTY, observe, REFUSED } from "./presence.ts";
import type { Prover, Proving } from "./proving.ts";
import { exchangeOver, proveCard } from "./proving.ts";

/** SAMConfiguration: no secure module (7.2.10). It must be the first command: the chip starts in
 * a mode that takes no other (AN10609, section 3). */
const USE_NO_SAM = new Uint8Array([0x14, 0x01, 0x00, 0x01]);
const GET_FIRMWARE_VERSION = new Uint8Array([0x02]);
const PN532_IC = 0x32;
/** RFConfiguration item 5 (7.3.1): a poll that finds no card tries twice more, then answers by
 * itself. The retry also wakes a card that fell back to idle. */
const RETRY_TWICE = new Uint8Array([0x32, 0x05, 0xff, 0x01, 0x02]);
/** RFConfiguration item 1: no field between polls saves about 100 mA and resets every card in
 * it. */
const FIELD_OFF = new Uint8Array([0x32, 0x01, 0x00]);
/** InListPassiveTarget (7.3.5): up to two cards at 106 kbit/s, type A. One would hide that there
 * are two. */
const LIST_CARDS = new Uint8Array([0x4a, 0x02, 0x00]);
const ANSWER_TIMEOUT_MS = 500;
const POLL_PAUSE_MS = 120;
/** A card seen for the first time is looked at again at once; 10 ms without field are enough to
 * reset it (ISO 14443-3). */
const CONFIRM_PAUSE_MS = 10;
const REVIVE_PAUSE_MS = 2000;
const STARTS_FAILED_MAX = 3;
/** Longer than any step of the reader takes, and any of its pauses. */
const WATCH_MS = 3000;

/** fault says why a card that has a key did not prove itself: then the proof is its bare UID. */
export type Tap = { card: Card; proof: Proof; fault: CardFault | undefined };

export type ReaderEvents = {
  /** Once per tap, with a UID that is neither random nor of a wrong length. */
  onCard(tap: Tap): void;
  /** The field is empty again, or another card took the place. */
  onGone(): void;
  onTwoCards(): void;
  /** No UID to go by, or taken away before it had proved itself. */
  onUnreadable(): void;
  /** The chip does not answer any more, whatever is tried; trying goes on. */
  onDead(): void;
  onAlive(): void;
  /** The chip has answered a poll. */
  onPoll?(): void;
};

/** start() sets the chip up and polls for ever. An error that nobody catches, of a listener or for
 * want of memory, breaks off what follows it; the reader begins again within two WATCH_MS. */
export function createReader(
  board: ChipBoard & Pick<Board, "encryptCbc" | "decryptCbc">,
  prover: Prover,
  events: ReaderEvents,
): { start(): void } {
  const chip = createPn532(board);
  const exchange = exchangeOver(chip);
  let presence: Presence = EMPTY;
  let startsFailed = 0;
  let silences = 0;
  const goOn = watchOver(board, start);

  function start(): void {
    goOn();
    chip.reset(() => configure([USE_NO_SAM, GET_FIRMWARE_VERSION, RETRY_TWICE], 0));
  }

  function configure(commands: Bytes[], at: number): void {
    const command = commands[at];
    if (!command) {
      if (startsFailed >= STARTS_FAILED_MAX) events.onAlive();
      startsFailed = 0;
      return poll();
    }
    chip.command(command, ANSWER_TIMEOUT_MS, function (answer) {
      const wrongChip = command === GET_FIRMWARE_VERSION && answer.data[0] !== PN532_IC;
      if (answer.fault || wrongChip) recover();
      else configure(commands, at + 1);
    });
  }

  /** A hung chip is reset at once; one that stays silent is tried every two seconds, and said to
   * be dead. */
  function recover(): void {
    goOn();
    startsFailed++;
    board.after(startsFailed > 1 ? REVIVE_PAUSE_MS : 0, start);
    if (startsFailed === STARTS_FAILED_MAX) events.onDead();
  }

  function poll(): void {
    goOn();
    chip.command(LIST_CARDS, ANSWER_TIMEOUT_MS, function (answer) {
      if (answer.fault) return recover();
      if (events.onPoll) events.onPoll();
      const observed = observe(presence, readSighting(answer.data));
      presence = observed.presence;
      const notice = observed.notice;
      const key = notice.kind === "card" ? prover.keyOf(notice.card.uid) : undefined;
      if (notice.kind === "card" && key) return prove(notice.card, key);
      // The chip goes on before anyone is told, so that a listener that throws cannot stop the
      // reader.
      rest();
      tell(events, notice);
    });
  }

  /** The field stays on meanwhile. A card that left, or a chip that failed, has not used its
   * attempt up. */
  function prove(card: Card, key: CardKey): void {
    proveCard(board, exchange, prover.draw, card, key, function (proving) {
      const fault = proving.ok ? undefined : proving.fault;
      silences = fault === "silent" ? silences + 1 : 0;
      // After the reset the card, which lies there still, is found and asked anew: once.
      if (fault === "silent") presence = silences > 1 ? REFUSED : EMPTY;
      if (fault === "gone") presence = REFUSED;
      if (fault === "silent") recover();
      else rest();
      if (presence === REFUSED) events.onUnreadable();
      else if (fault !== "silent")
        events.onCard({ card: card, proof: proofOf(proving), fault: fault });
    });
  }

  function rest(): void {
    const pauseMs = presence.kind === "seen" ? CONFIRM_PAUSE_MS : POLL_PAUSE_MS;
    chip.command(FIELD_OFF, ANSWER_TIMEOUT_MS, function (answer) {
      if (answer.fault) recover();
      else board.after(pauseMs, poll);
    });
  }

  return { start: start };
}

/** Gives what is to be called at each step of the reader. Where none comes for so long, begin: by a
 * timer of its own, which whatever broke off leaves alone. */
function watchOver(board: Pick<Board, "after">, begin: () => void): () => void {
  let hasGoneOn = true;
  function look(): void {
    board.after(WATCH_MS, look);
    if (!hasGoneOn) begin();
    hasGoneOn = false;
  }
  board.after(WATCH_MS, look);
  return () => {
    hasGoneOn = true;
  };
}

function tell(events: ReaderEvents, notice: Notice): void {
  if (notice.kind === "card")
    events.onCard({ card: notice.card, proof: { method: "uid" }, fault: undefined });
  else if (notice.kind === "gone") events.onGone();
  else if (notice.kind === "two-cards") events.onTwoCards();
  else if (notice.kind === "unreadable") events.onUnreadable();
}

function proofOf(proving: Proving): Proof {
  return proving.ok ? { method: "authenticated", counter: proving.counter } : { method: "uid" };
}

const RANDOM_UID = 0x08;

/** The answer to LIST_CARDS: number of cards, then for the first: number, ATQA (2), SAK, UID
 * length, UID, perhaps ATS. */
export function readSighting(data: Bytes): Sighting {
  if (!data[0]) return { kind: "nothing" };
  if (data[0] > 1) return { kind: "two-cards" };
  const length = data[5] as number;
  const known = length === 4 || length === 7 || length === 10;
  if (!known || data.length < 6 + length) return { kind: "unreadable" };
  const uid = copyBytes(data, 6, length);
  // A single-size UID that begins with 08 is a new random number at each tap (ISO 14443-3, 6.5.4):
  // phones and bank cards.
  if (length === 4 && uid[0] === RANDOM_UID) return { kind: "unreadable" };
  return { kind: "card", card: { uid: uid, sak: data[4] as number } };
}
