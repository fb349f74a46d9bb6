// The PN532 as a chip on a UART (HSU): one command at a time, answered, retried or reset.
// References are to the user manual UM0701-02. What is done with cards is in reader.ts.

import type { Bytes } from "#protocol/bytes.ts";
import { copyBytes } from "#protocol/bytes.ts";
import type { Board } from "../board.ts";
import type { Frame, Sum } from "./pn532-frame.ts";
import { ACK, addUp, CHIP, createDeframer, encodeFrame, HOST, NACK } from "./pn532-frame.ts";

/** The chip acknowledges within 15 ms (section 6.2.1.3), but Espruino on the ESP32 may look at
 * an idle UART only every 100 ms. */
const ACK_TIMEOUT_MS = 150;
const TRIES_MAX = 3;
/** InDataExchange (section 7.3.8): sent again it would reach the card twice, and break off what
 * is going on with it. */
const TO_CARD = 0x40;
/** RSTPD_N low: 100 ms also wakes modules that hang after hours (esphome issue 3281). */
const RESET_MS = 100;
/** From RSTPD_N high to the first byte: 2 ms (datasheet section 12.23), with room for a slow
 * oscillator. */
const START_MS = 10;

/** Wakes the UART of a sleeping chip: 55, and time in zeros for its oscillator (section 7.2.11). */
const WAKE = new Uint8Array([0x55, 0x55, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

export type Pn532Fault =
  /** Three time-outs, or one after the chip had passed something on to a card: only a reset may
   * help. */
  | "silent"
  /** The chip calls the command malformed: to send it again is pointless (section 6.2.1.5). */
  | "syntax";

/** data is what follows the response code; never with fault. */
export type Pn532Answer = { fault?: Pn532Fault; data: Bytes };

type Command = {
  frame: Bytes;
  code: number;
  timeoutMs: number;
  tries: number;
  acknowledged: boolean;
  done: (answer: Pn532Answer) => void;
};

export type Pn532 = {
  /** Sends a command (code, then parameters) and calls done once. timeoutMs counts from the
   * chip's ACK. Throws while another command runs. */
  command(data: Bytes, timeoutMs: number, done: (answer: Pn532Answer) => void): void;
  /** Pulls RSTPD_N, wakes the chip, then calls done; a running command is forgotten. */
  reset(done: () => void): void;
};

const NO_DATA = new Uint8Array(0);

/** Added up natively: a loop takes the interpreter 6 us a byte, and a card that proves itself sends a hundred. */
const ONE = new Uint8Array([1]);

function commandOf(data: Bytes, sum: Sum, timeoutMs: number, done: Command["done"]): Command {
  const content = new Uint8Array(data.length + 1);
  content[0] = HOST;
  content.set(data, 1);
  return {
    frame: encodeFrame(content, sum),
    code: data[0] as number,
    timeoutMs: timeoutMs,
    tries: 0,
    acknowledged: false,
    done: done,
  };
}

/** convolve: Espruino's, where there is one. */
export type ChipBoard = Pick<Board, "nfc" | "after" | "cancel"> & Partial<Pick<Board, "convolve">>;

export function createPn532(board: ChipBoard): Pn532 {
  const convolve = board.convolve;
  const sum: Sum = convolve ? (data) => convolve(data, ONE, 0) : addUp;
  let current: Command | undefined;
  let timer = -1;
  const deframer = createDeframer(onFrame, sum);
  board.nfc.onData((data) => deframer.push(data));

  function arm(ms: number, action: () => void): void {
    disarm();
    timer = board.after(ms, action);
  }

  function disarm(): void {
    if (timer !== -1) board.cancel(timer);
    timer = -1;
  }

  function attempt(command: Command): void {
    command.tries++;
    board.nfc.write(command.frame);
    arm(ACK_TIMEOUT_MS, onTimeout);
  }

  function finish(command: Command, answer: Pn532Answer): void {
    disarm();
    current = undefined;
    command.done(answer);
  }

  function onTimeout(): void {
    timer = -1;
    const command = current;
    if (!command) return;
    // An ACK from the host aborts whatever the chip still does (section 6.2.1.3).
    board.nfc.write(ACK);
    const passedOn = command.acknowledged && command.code === TO_CARD;
    if (command.tries < TRIES_MAX && !passedOn) attempt(command);
    else finish(command, { fault: "silent", data: NO_DATA });
  }

  function onFrame(frame: Frame): void {
    const command = current;
    if (!command) return;
    if (frame.kind === "ack") {
      command.acknowledged = true;
      arm(command.timeoutMs, onTimeout);
    } else if (frame.kind === "error") finish(command, { fault: "syntax", data: NO_DATA });
    else if (frame.kind === "corrupt") {
      // The only use of NACK: the chip sends its last frame again (section 6.2.1.4).
      if (command.tries++ < TRIES_MAX) board.nfc.write(NACK);
    } else if (frame.kind === "data") {
      const content = frame.content;
      if (content[0] !== CHIP || content[1] !== command.code + 1) return;
      finish(command, { data: copyBytes(content, 2, content.length - 2) });
    }
  }

  return {
    command: function (data, timeoutMs, done) {
      if (current) throw new Error("pn532: command " + data[0] + " while another runs");
      deframer.clear();
      current = commandOf(data, sum, timeoutMs, done);
      attempt(current);
    },
    reset: function (done) {
      current = undefined;
      board.nfc.reset(true);
      arm(RESET_MS, function () {
        board.nfc.reset(false);
        arm(START_MS, function () {
          timer = -1;
          board.nfc.write(WAKE);
          done();
        });
      });
    },
  };
}
