// The PN532 on the office's desk: waits for a card and passes commands on to it, as promises. The
// drivers are the terminal's.

import type { Bytes } from "#protocol/bytes.ts";
import type { Board } from "../board.ts";
import type { CardAnswer, Exchange } from "../drivers/ntag424.ts";
import { createPn532 } from "../drivers/pn532.ts";
import type { Pn532 } from "../drivers/pn532.ts";
import type { Card } from "../drivers/presence.ts";
import { exchangeOver } from "../drivers/proving.ts";
import { readSighting } from "../drivers/reader.ts";

/** The same set-up as a terminal's (drivers/reader.ts). */
const SET_UP = ["14010001", "02", "3205ff0102"];
/** Two, so that a second one is seen. */
const LIST_CARDS = "4a0200";
const FIELD_OFF = "320100";
const ANSWER_TIMEOUT_MS = 500;

/** The card left the field, or the reader's chip hung. What was being done is in the transcript. */
export class CardGone extends Error {}

export type OfficeReader = {
  /** The card that lies alone on the reader, powered anew; undefined when there is none, or not
   * one. */
  find(): Promise<Card | undefined>;
  /** Throws CardGone. */
  exchange(command: Bytes): Promise<Bytes>;
  /** As the driver of the authentication wants it. */
  callback: Exchange;
};

type Desk = Pick<Board, "nfc" | "after" | "cancel">;

/** Throws when there is no PN532. */
export async function openOfficeReader(desk: Desk): Promise<OfficeReader> {
  const chip = createPn532(desk);
  await new Promise<void>((resolve) => chip.reset(resolve));
  for (const command of SET_UP) await run(chip, command);
  const callback = exchangeOver(chip);
  return {
    async find() {
      await run(chip, FIELD_OFF);
      const sighting = readSighting(await run(chip, LIST_CARDS));
      return sighting.kind === "card" ? sighting.card : undefined;
    },
    async exchange(command) {
      const answer = await new Promise<CardAnswer>((resolve) => callback(command, resolve));
      if (answer.fault) throw new CardGone(`card: ${answer.fault}`);
      return answer.data;
    },
    callback,
  };
}

function run(chip: Pn532, command: string): Promise<Bytes> {
  return new Promise((resolve, reject) => {
    chip.command(Buffer.from(command, "hex"), ANSWER_TIMEOUT_MS, ({ fault, data }) => {
      if (fault) reject(new Error(`reader: no PN532 answers command ${command}: ${fault}`));
      else resolve(data);
    });
  });
}
