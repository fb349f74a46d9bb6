// A PN532 at the end of a UART, byte for byte (user manual UM0701-02), with the faults the real ones show.
// Strict on purpose: asleep until 55, deaf to all but SAMConfiguration after a reset, cards that stay selected until the
// field goes off. Written in the terminal's language; time passes through `after`.

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

/** How many of the next commands go wrong in this way; zombie and deaf last until the chip is reset. */
export type Pn532Faults = {
  dropAck: number;
  corrupt: number;
  noise: number;
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

export function createEmulatedPn532(
  after: (ms: number, action: () => void) => void,
): EmulatedPn532 {
  const inField: EmulatedCard[] = [];
  const faults: Pn532Faults = { dropAck: 0, corrupt: 0, noise: 0, zombie: false, deaf: false };
  const log: string[] = [];
  const deframer = createDeframer(onFrame);
  let listener: (data: Bytes) => void = () => undefined;
  let held = false;
  let awake = false;
  let configured = false;
  /** Cards that speak ISO 14443-4 and were selected: they hear no new poll until the field goes off. */
  let selected: EmulatedCard[] = [];
  let retries = FOREVER;
  let lastSent: Bytes = ACK;
  let resets = 0;
  /** Grows with each command, abort and reset, so that an answer to what went before is not sent. */
  let turn = 0;

  function deliver(data: Bytes): void {
    // In two pieces, as a UART that is read now and then delivers.
    const half = data.length >> 1;
    listener(copyBytes(data, 0, half));
    listener(copyBytes(data, half, data.length - half));
  }

  function send(data: Bytes, delayMs: number): void {
    const sentIn = turn;
    after(delayMs, function () {
      if (sentIn === turn) deliver(data);
    });
  }

  function answer(data: Bytes): void {
    lastSent = encodeFrame(concat([new Uint8Array([CHIP]), data]));
    if (!faults.corrupt) return send(lastSent, ANSWER_DELAY_MS);
    faults.corrupt--;
    const broken = copyBytes(lastSent, 0, lastSent.length);
    broken[broken.length - 2] = (broken[broken.length - 2] as number) ^ 1;
    send(broken, ANSWER_DELAY_MS);
  }

  function onFrame(frame: Frame): void {
    if (frame.kind === "ack") turn++;
    if (frame.kind === "nack") send(lastSent, ANSWER_DELAY_MS);
    if (frame.kind !== "data") return;
    const command = copyBytes(frame.content, 1, frame.content.length - 1);
    if (faults.deaf || (!configured && command[0] !== 0x14)) return;
    turn++;
    log.push(toHex(command));
    if (faults.noise) {
      faults.noise--;
      send(NOISE, 0);
    }
    if (faults.dropAck) faults.dropAck--;
    else send(ACK, ACK_DELAY_MS);
    if (!faults.zombie) obey(command);
  }

  function obey(command: Bytes): void {
    const code = command[0] as number;
    if (code === 0x14) {
      configured = true;
      answer(new Uint8Array([0x15]));
    } else if (code === 0x02) answer(new Uint8Array([0x03, 0x32, 0x01, 0x06, 0x07]));
    else if (code === 0x12) answer(new Uint8Array([0x13]));
    else if (code === 0x32) configureField(command);
    else if (code === 0x4a && command[2] === 0x00) listCards(command[1] as number);
    else send(ERROR_FRAME, ANSWER_DELAY_MS);
  }

  function configureField(command: Bytes): void {
    if (command[1] === 0x01 && !((command[2] as number) & 1)) selected = [];
    if (command[1] === 0x05) retries = command[4] as number;
    answer(new Uint8Array([0x33]));
  }

  function listCards(most: number): void {
    const found: Bytes[] = [];
    for (let i = 0; i < inField.length && found.length < most; i++) {
      const card = inField[i] as EmulatedCard;
      if (selected.indexOf(card) >= 0) continue;
      if (card.ats.length) selected.push(card);
      const head = new Uint8Array([found.length + 1, 0, 0, card.sak, card.uid.length]);
      head.set(card.atqa, 1);
      found.push(concat([head, card.uid, card.ats]));
    }
    // With endless retries and no card the chip does not answer (section 7.3.5).
    if (!found.length && retries === FOREVER) return;
    answer(concat([new Uint8Array([0x4b, found.length]), concat(found)]));
  }

  return {
    write: function (data) {
      if (held) return;
      if (!awake && data[0] === 0x55) awake = true;
      if (awake) deframer.push(data);
    },
    onData: function (given) {
      listener = given;
    },
    reset: function (low) {
      if (low && !held) resets++;
      held = low;
      turn++;
      awake = false;
      configured = false;
      selected = [];
      retries = FOREVER;
      faults.zombie = false;
      faults.deaf = false;
      deframer.clear();
    },
    place: function (card) {
      inField.push(card);
    },
    take: function (card) {
      const at = inField.indexOf(card);
      if (at >= 0) inField.splice(at, 1);
      selected = selected.filter((other) => other !== card);
    },
    faults: faults,
    log: log,
    resets: () => resets,
  };
}
