// A PN532 at the end of a UART, byte for byte (user manual UM0701-02), with the faults the real
// ones show. Strict on purpose: asleep until 55, deaf to all but SAMConfiguration after a reset,
// cards that stay selected until the field goes off. Written in the terminal's language; time
// passes through `after`.

import {
  ACK,
  CHIP,
  createDeframer,
  encodeFrame,
  ERROR_FRAME,
} from "#firmware/drivers/pn532-frame.ts";
import type { Frame } from "#firmware/drivers/pn532-frame.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { concat, copyBytes, toHex } from "#protocol/bytes.ts";
import type { EmulatedCard } from "./card.ts";

const ACK_DELAY_MS = 1;
const ANSWER_DELAY_MS = 2;
const FOREVER = 0xff;
const NOISE = new Uint8Array([0xaa, 0x00, 0x55, 0x00, 0xff]);

/** How many of the next commands go wrong in this way; zombie and deaf last until the chip is
 * reset. */
export type Pn532Faults = {
  dropAck: number;
  corrupt: number;
  noise: number;
  /** Answers with an error frame and does nothing. */
  error: number;
  /** Its bytes arrive one by one. */
  split: number;
  /** Acknowledges and never answers. */
  zombie: boolean;
  /** Says nothing at all. */
  deaf: boolean;
};

export type EmulatedPn532 = {
  write(data: Bytes): void;
  onData(listener: (data: Bytes) => void): void;
  reset(low: boolean): void;
  place(card: EmulatedCard): void;
  take(card: EmulatedCard): void;
  faults: Pn532Faults;
  /** Commands understood so far, in hex, and resets. */
  log: string[];
  resets(): number;
};

type Chip = {
  after: (ms: number, action: () => void) => void;
  listener: (data: Bytes) => void;
  faults: Pn532Faults;
  log: string[];
  inField: EmulatedCard[];
  /** Cards that speak ISO 14443-4 and were selected: they hear no new poll until the field goes
   * off. */
  selected: EmulatedCard[];
  held: boolean;
  awake: boolean;
  configured: boolean;
  retries: number;
  lastSent: Bytes;
  resets: number;
  /** The last command's bytes come one by one. */
  isSplit: boolean;
  /** Cards as numbered by the last list. */
  listed: EmulatedCard[];
  /** Grows with each command, abort and reset, so that an answer to what went before is not
   * sent. */
  turn: number;
};

export function createEmulatedPn532(
  after: (ms: number, action: () => void) => void,
): EmulatedPn532 {
  const chip: Chip = {
    after: after,
    listener: ignore,
    faults: { dropAck: 0, corrupt: 0, noise: 0, error: 0, split: 0, zombie: false, deaf: false },
    log: [],
    inField: [],
    selected: [],
    held: false,
    awake: false,
    configured: false,
    retries: FOREVER,
    lastSent: ACK,
    resets: 0,
    isSplit: false,
    listed: [],
    turn: 0,
  };
  const deframer = createDeframer((frame) => receive(chip, frame));
  return {
    write: function (data) {
      if (chip.held) return;
      if (!chip.awake && data[0] === 0x55) chip.awake = true;
      if (chip.awake) deframer.push(data);
    },
    onData: function (listener) {
      chip.listener = listener;
    },
    reset: function (low) {
      if (low && !chip.held) chip.resets++;
      chip.held = low;
      deframer.clear();
      startOver(chip);
    },
    place: function (card) {
      chip.inField.push(card);
    },
    take: function (card) {
      chip.inField = chip.inField.filter((other) => other !== card);
      chip.selected = chip.selected.filter((other) => other !== card);
      if (card.leaveField) card.leaveField();
    },
    faults: chip.faults,
    log: chip.log,
    resets: () => chip.resets,
  };
}

function ignore(): void {}

/** As after a reset or at power-up: asleep, and with no memory of what was set. */
function startOver(chip: Chip): void {
  chip.turn++;
  chip.awake = false;
  chip.configured = false;
  fieldOff(chip);
  chip.retries = FOREVER;
  chip.faults.zombie = false;
  chip.faults.deaf = false;
}

function fieldOff(chip: Chip): void {
  chip.selected = [];
  chip.listed = [];
  chip.inField.forEach(function (card) {
    if (card.leaveField) card.leaveField();
  });
}

function receive(chip: Chip, frame: Frame): void {
  if (frame.kind === "ack") chip.turn++;
  if (frame.kind === "nack") send(chip, chip.lastSent, ANSWER_DELAY_MS);
  if (frame.kind !== "data") return;
  const command = copyBytes(frame.content, 1, frame.content.length - 1);
  if (chip.faults.deaf || (!chip.configured && command[0] !== 0x14)) return;
  chip.turn++;
  chip.log.push(toHex(command));
  chip.isSplit = chip.faults.split > 0;
  if (chip.isSplit) chip.faults.split--;
  if (chip.faults.noise) {
    chip.faults.noise--;
    send(chip, NOISE, 0);
  }
  if (chip.faults.dropAck) chip.faults.dropAck--;
  else send(chip, ACK, ACK_DELAY_MS);
  if (chip.faults.error) {
    chip.faults.error--;
    send(chip, ERROR_FRAME, ANSWER_DELAY_MS);
  } else if (!chip.faults.zombie) obey(chip, command);
}

function obey(chip: Chip, command: Bytes): void {
  const code = command[0] as number;
  if (code === 0x14) {
    chip.configured = true;
    answer(chip, new Uint8Array([0x15]));
  } else if (code === 0x02) answer(chip, new Uint8Array([0x03, 0x32, 0x01, 0x06, 0x07]));
  else if (code === 0x12) answer(chip, new Uint8Array([0x13]));
  else if (code === 0x32) configureField(chip, command);
  else if (code === 0x4a && command[2] === 0x00) listCards(chip, command[1] as number);
  else if (code === 0x40) answer(chip, exchange(chip, command));
  else if (code === 0x52) answer(chip, new Uint8Array([0x53, 0x00]));
  else send(chip, ERROR_FRAME, ANSWER_DELAY_MS);
}

function configureField(chip: Chip, command: Bytes): void {
  if (command[1] === 0x01 && !((command[2] as number) & 1)) fieldOff(chip);
  if (command[1] === 0x05) chip.retries = command[4] as number;
  answer(chip, new Uint8Array([0x33]));
}

/** InDataExchange with a listed card: its answer, or status 01 when it says nothing (7.3.8,
 * table 15). */
function exchange(chip: Chip, command: Bytes): Bytes {
  const card = chip.listed[(command[1] as number) - 1];
  if (!card) return new Uint8Array([0x41, 0x27]);
  const hears = chip.selected.indexOf(card) >= 0;
  const said =
    hears && card.exchange ? card.exchange(copyBytes(command, 2, command.length - 2)) : undefined;
  return said ? concat([new Uint8Array([0x41, 0x00]), said]) : new Uint8Array([0x41, 0x01]);
}

function listCards(chip: Chip, most: number): void {
  chip.listed = [];
  const found: Bytes[] = [];
  for (let i = 0; i < chip.inField.length && found.length < most; i++) {
    const card = chip.inField[i] as EmulatedCard;
    if (chip.selected.indexOf(card) >= 0) continue;
    if (card.ats.length) chip.selected.push(card);
    chip.listed.push(card);
    const head = new Uint8Array([found.length + 1, 0, 0, card.sak, card.uid.length]);
    head.set(card.atqa, 1);
    found.push(concat([head, card.uid, card.ats]));
  }
  // With endless retries and no card the chip does not answer (section 7.3.5).
  if (!found.length && chip.retries === FOREVER) return;
  answer(chip, concat([new Uint8Array([0x4b, found.length]), concat(found)]));
}

function answer(chip: Chip, data: Bytes): void {
  chip.lastSent = encodeFrame(concat([new Uint8Array([CHIP]), data]));
  if (!chip.faults.corrupt) return send(chip, chip.lastSent, ANSWER_DELAY_MS);
  chip.faults.corrupt--;
  const broken = copyBytes(chip.lastSent, 0, chip.lastSent.length);
  broken[broken.length - 2] = (broken[broken.length - 2] as number) ^ 1;
  send(chip, broken, ANSWER_DELAY_MS);
}

/** In two pieces, as a UART that is read now and then delivers. */
function send(chip: Chip, data: Bytes, delayMs: number): void {
  const sentIn = chip.turn;
  const piece = chip.isSplit ? 1 : (data.length + 1) >> 1;
  chip.after(delayMs, function () {
    if (sentIn !== chip.turn) return;
    for (let at = 0; at < data.length; at += piece)
      chip.listener(copyBytes(data, at, Math.min(piece, data.length - at)));
  });
}
