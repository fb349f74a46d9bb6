// Runs on the interpreter: Espruino for Linux with the emulated reader, display, keys and buzzer as a box, worked from
// outside over a TCP connection, one line a command. The terminal's script, run next, finds its board here.
//   in   place UID [KEY] (with its key 3, an NTAG 424 DNA) | take UID | key N | look | memory
//   out  tone HZ | tap MILLISECONDS | glass HEX | memory JSON | log TEXT

import { createLinuxBoard } from "#firmware/boards/linux.ts";
import type { Board } from "#firmware/board.ts";
import { PRIMITIVES } from "#firmware/boards/espruino-crypto.ts";
import { createChallenges } from "#firmware/challenges.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { copyBytes, fromHex, toHex } from "#protocol/bytes.ts";
import type { EmulatedCard } from "../../parts/card.ts";
import { plainCard } from "../../parts/card.ts";
import { ntag424Card } from "../../parts/ntag424.ts";
import { createEmulatedPn532 } from "../../parts/pn532.ts";
import { createEmulatedDisplay } from "../../parts/ssd1306.ts";
import { openControl } from "./control.ts";

declare const global: { OBOLE_BOARD: Board };
declare const process: { memory(): unknown };
declare function getTime(): number;
declare function quit(): void;

/** The beep of an accepted sale. */
const ACCEPTED_HZ = 2600;

const chip = createEmulatedPn532((ms, action) => setTimeout(action, ms));
const display = createEmulatedDisplay();
const cards: { [uid: string]: EmulatedCard } = {};
const numbers = createChallenges(PRIMITIVES, new Uint8Array(32), Math.floor(getTime()));
const cardCrypto = {
  encryptCbc: PRIMITIVES.encryptCbc,
  decryptCbc: PRIMITIVES.decryptCbc,
  random: (length: number) => copyBytes(numbers.draw().bytes, 0, length),
};
let pressKey: (key: number) => void = (key) => say("log nobody watches key " + key);
let beeped = false;

const say = openControl(function (words) {
  const argument = words[1] || "";
  if (words[0] === "place") {
    const card = words[2] ? provingCard(argument, words[2]) : plainCard(fromHex(argument));
    cards[argument] = card;
    chip.place(card);
  } else if (words[0] === "take") chip.take(cards[argument] as EmulatedCard);
  else if (words[0] === "key") pressKey(Number(argument));
  else if (words[0] === "look") say("glass " + toHex(display.memory));
  else if (words[0] === "memory") say("memory " + JSON.stringify(process.memory()));
});

function provingCard(uid: string, key: string): EmulatedCard {
  const none = new Uint8Array(16);
  return ntag424Card(cardCrypto, fromHex(uid), [none, none, none, fromHex(key), none]);
}

/** The emulated chips work after the terminal is done, as real ones do beside it: the time of a tap is the firmware's. */
function later(action: (data: Bytes) => void): (data: Bytes) => void {
  return function (data) {
    const copy = copyBytes(data, 0, data.length);
    setTimeout(() => action(copy), 0);
  };
}

/** Says how long the terminal took from the reader's bytes to the end of all it did, when that was a sale. */
function timed(listener: (data: Bytes) => void): (data: Bytes) => void {
  return function (data) {
    beeped = false;
    const startSeconds = getTime();
    listener(data);
    if (beeped) say("tap " + (getTime() - startSeconds) * 1000);
  };
}

global.OBOLE_BOARD = createLinuxBoard({
  nfc: {
    write: later(chip.write),
    onData: (listener) => chip.onData(timed(listener)),
    reset: chip.reset,
  },
  display: { write: later(display.write) },
  keys: {
    onKey: function (listener) {
      pressKey = listener;
    },
  },
  tone: function (hz) {
    if (hz === ACCEPTED_HZ) beeped = true;
    setTimeout(() => say("tone " + hz), 0);
  },
  // The interpreter has no quit() yet when this runs as its boot code.
  restart: () => quit(),
});
global.OBOLE_BOARD.log = (text) => say("log " + text);
