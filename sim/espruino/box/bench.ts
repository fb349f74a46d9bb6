// Runs on the interpreter: the box of the bench. Around the terminal's script stands as little as can be, so that what is
// measured is the terminal: a chip that answers each command with a frame made before, a display that takes everything.
// Worked from outside over a TCP connection, one line a command.
//   in   tap UID [KEY] (with its key 3, an NTAG 424 DNA) | memory
//   out  parts VARIABLES | tapped MILLISECONDS, once the field is empty again | memory VARIABLES | log TEXT
// The pauses between two polls of the reader are left out: a tap takes as long as the interpreter needs for it.

import type { Board } from "#firmware/board.ts";
import { createLinuxBoard } from "#firmware/boards/linux.ts";
import { ACK, encodeFrame } from "#firmware/drivers/pn532-frame.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { concat, copyBytes, fromHex } from "#protocol/bytes.ts";
import { SLOT_BYTES } from "#firmware/pool.ts";
import { PRIMITIVES } from "#firmware/boards/espruino-crypto.ts";
import { createChallenges } from "#firmware/challenges.ts";
import type { Ntag424 } from "../../parts/ntag424.ts";
import { ntag424Card } from "../../parts/ntag424.ts";
import { openControl } from "./control.ts";

declare const NONCES: number;
declare const USED: number;
declare const global: { OBOLE_BOARD: Board };
declare const process: { memory(): { usage: number } };
declare function getTime(): number;
declare function quit(): void;

/** The longest pause of the reader (drivers/reader.ts). */
const POLL_PAUSE_MS = 120;
/** How much faster the terminal's other timers run. */
const PACE = 10;
/** The beep of an accepted sale. */
const ACCEPTED_HZ = 2600;
/** Empty polls before the same card counts again (drivers/presence.ts). */
const EMPTY_POLLS = 3;
const LIST_CARDS = 0x4a;
const CODE_AT = 6;
const EXCHANGE = 0x40;
const CHIP_VERSION = encodeFrame(new Uint8Array([0xd5, 0x03, 0x32, 0x01, 0x06, 0x07]));
const NO_CARD = encodeFrame(new Uint8Array([0xd5, 0x4b, 0x00]));
const CONFIGURED = encodeFrame(new Uint8Array([0xd5, 0x33]));
const AWAKE = encodeFrame(new Uint8Array([0xd5, 0x15]));

let toHost: (data: Bytes) => void = () => undefined;
let inField: Bytes | undefined;
let card: Ntag424 | undefined;
let emptyPolls = 0;
let spentMs = 0;
let sold = false;

const say = openControl(function (words) {
  if (words[0] === "tap") layCard(fromHex(words[1] || ""), words[2]);
  else if (words[0] === "memory") say("memory " + process.memory().usage);
});

const numbers = createChallenges(PRIMITIVES, new Uint8Array(32), 1);
const cardCrypto = {
  encryptCbc: PRIMITIVES.encryptCbc,
  decryptCbc: PRIMITIVES.decryptCbc,
  random: (length: number) => copyBytes(numbers.draw().bytes, 0, length),
};

function layCard(uid: Bytes, key: string | undefined): void {
  const none = new Uint8Array(16);
  card = key ? ntag424Card(cardCrypto, uid, [none, none, none, fromHex(key), none]) : undefined;
  inField = cardFrame(uid, card ? card.sak : 0x00, card ? card.ats : new Uint8Array(0));
}

/** What the chip says of a card of type A with a UID of seven bytes (UM0701-02 section 7.3.5). */
function cardFrame(uid: Bytes, sak: number, ats: Bytes): Bytes {
  const head = new Uint8Array([0xd5, 0x4b, 1, 1, 0x00, 0x44, sak, 7]);
  return encodeFrame(concat([head, uid, ats]));
}

/** The chip works after the terminal is done, as a real one does beside it. */
function command(data: Bytes): void {
  const code = data[CODE_AT];
  // Acknowledgements and the wake-up are no commands.
  if (data.length <= CODE_AT || !code) return;
  // Behind the code the number of the card, and at the end checksum and postamble.
  const toCard = copyBytes(data, CODE_AT + 2, Math.max(0, data.length - CODE_AT - 4));
  setTimeout(() => answer(code, toCard), 0);
}

function answer(code: number, toCard: Bytes): void {
  if (code === EXCHANGE) return answerExchange(toCard);
  toHost(ACK);
  if (code === LIST_CARDS) answerPoll();
  else toHost(code === 0x02 ? CHIP_VERSION : code === 0x32 ? CONFIGURED : AWAKE);
}

/** Times the terminal from the reader's bytes to the end of all it does, until that was a sale; then the card is gone. */
function answerPoll(): void {
  if (!inField) {
    // One line a tap: a second one would wait 40 ms for the acknowledgement of the first (RFC 896).
    if (emptyPolls && !--emptyPolls) say("tapped " + spentMs);
    return toHost(NO_CARD);
  }
  sold = false;
  spentMs = 0;
  give(inField);
}

/** The card works while nobody counts the time. */
function answerExchange(toCard: Bytes): void {
  const said = card && card.exchange ? card.exchange(toCard) : undefined;
  const content = new Uint8Array(said ? [0xd5, 0x41, 0x00] : [0xd5, 0x41, 0x01]);
  const frame = encodeFrame(said ? concat([content, said]) : content);
  give(ACK);
  give(frame);
}

function give(data: Bytes): void {
  const startSeconds = getTime();
  toHost(data);
  spentMs += (getTime() - startSeconds) * 1000;
  if (!sold) return;
  sold = false;
  inField = undefined;
  emptyPolls = EMPTY_POLLS;
}

const board = createLinuxBoard({
  nfc: { write: command, onData: (listener) => (toHost = listener), reset: () => undefined },
  display: { write: () => undefined },
  keys: { onKey: () => undefined },
  tone: function (hz) {
    if (hz === ACCEPTED_HZ) sold = true;
    else if (hz) say("log no sale, but a tone of " + hz + " Hz");
  },
  restart: quit,
});
board.log = (text) => say("log " + text);
// Cards follow one another a hundred times as fast as people: so must the looks of the terminal at itself.
board.after = (ms, action) => setTimeout(action, ms <= POLL_PAUSE_MS ? 0 : ms / PACE);

// More nonces than a box has flash for, in files beside it.
const pool = E.openFile("pool.bin", "r");
const burnt = E.openFile("burn.bin", "r+");
const readFile = board.files.read;
const pageBytes = board.flash.burn.pageBytes;

function readAt(file: EspruinoFile, offset: number, length: number): Bytes {
  file.seek(offset);
  return E.toUint8Array(file.read(length));
}

board.files.read = (name, offset, length) =>
  name === "pool" ? readAt(pool, offset, length) : readFile(name, offset, length);
board.flash.burn = {
  pageBytes: pageBytes,
  pages: Math.ceil(((NONCES + 1) * SLOT_BYTES) / pageBytes),
  read: (offset, length) => readAt(burnt, offset, length),
  write: function (offset, data) {
    burnt.seek(offset);
    burnt.write(E.toString(data));
  },
  erase: function (page) {
    throw new Error("bench: page " + page + " of the burn map was to be erased");
  },
};
global.OBOLE_BOARD = board;
say("parts " + (process.memory().usage - USED));
