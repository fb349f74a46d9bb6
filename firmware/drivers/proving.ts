// One attempt of a card to prove itself, through the PN532: which key, which challenge, what came
// of it. Section numbers are of the user manual UM0701-02.

import type { Bytes } from "#protocol/bytes.ts";
import { concat, copyBytes } from "#protocol/bytes.ts";
import type { CardKey } from "#protocol/card-key.ts";
import { keyNumberOf } from "#protocol/card-key.ts";
import type { Board } from "../board.ts";
import type { Challenge } from "../challenges.ts";
import type { CardFault, Exchange } from "./ntag424.ts";
import { authenticate, selectApplication } from "./ntag424.ts";
import type { Pn532 } from "./pn532.ts";
import type { Card } from "./presence.ts";

/** What a card must know to pass: its key from the roster, undefined for a card that is known by
 * its UID. draw gives the next challenge. Neither may throw. */
export type Prover = { keyOf(uid: Bytes): CardKey | undefined; draw(): Challenge };

/** counter: the number of the challenge that the card has met. */
export type Proving = { ok: true; counter: number } | { ok: false; fault: CardFault };

/** InDataExchange (7.3.8) with the first card listed; its answer begins with a status whose low
 * six bits are the fault. */
const EXCHANGE = new Uint8Array([0x40, 0x01]);
const STATUS_BITS = 0x3f;
/** A card computes for some 12 ms; the chip itself gives up earlier than this. */
const ANSWER_TIMEOUT_MS = 500;
/** The bit of SAK that says ISO/IEC 14443-4 (AN10833 section 3.2): what has it not cannot prove
 * itself. */
const SPEAKS_BLOCKS = 0x20;

/** Commands to the card that was listed last. */
export function exchangeOver(chip: Pn532): Exchange {
  return function (command, done) {
    chip.command(concat([EXCHANGE, command]), ANSWER_TIMEOUT_MS, function (answer) {
      const data = answer.data;
      if (answer.fault) done({ fault: "silent", data: data });
      else if (!data.length || (data[0] as number) & STATUS_BITS)
        done({ fault: "gone", data: data });
      else done({ data: copyBytes(data, 1, data.length - 1) });
    });
  };
}

export function proveCard(
  ciphers: Pick<Board, "encryptCbc" | "decryptCbc">,
  exchange: Exchange,
  draw: Prover["draw"],
  card: Card,
  key: CardKey,
  done: (proving: Proving) => void,
): void {
  if (!(card.sak & SPEAKS_BLOCKS)) return done({ ok: false, fault: "not-ntag424" });
  selectApplication(exchange, function (fault) {
    if (fault) return done({ ok: false, fault: fault });
    const challenge = draw();
    const cardKey = { number: keyNumberOf(key.epoch), secret: key.secret };
    authenticate(ciphers, exchange, cardKey, challenge.bytes, function (outcome) {
      done(outcome.ok ? { ok: true, counter: challenge.number } : outcome);
    });
  });
}
