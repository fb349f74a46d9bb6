// Runs on the interpreter: every published value of cards and their reader's frames, and the whole
// authentication of an emulated NTAG 424 DNA card, timed. Prints one line of JSON.

import { PRIMITIVES } from "#firmware/boards/espruino-crypto.ts";
import { createChallenges } from "#firmware/challenges.ts";
import { authenticate, selectApplication } from "#firmware/drivers/ntag424.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { copyBytes, fromHex, toHex } from "#protocol/bytes.ts";
import { checkVectors } from "../../nfc/check-vectors.ts";
import { ntag424Card } from "../../parts/ntag424.ts";

declare function getTime(): number;

const TAPS = 50;
const faults: string[] = [];
let checks = 0;
checkVectors(PRIMITIVES, function (name, got, expected) {
  checks++;
  if (got.toLowerCase() !== expected.toLowerCase()) faults.push(name + ": " + got);
});

// A message that the board encrypts in pieces; the hash is of what node:crypto (OpenSSL) made of it in one.
const LONG_HASH = "e19d64eba0887f8894858a8c51683ebc8551c1edf17771b8534309a4187bbc80";
const longKey = PRIMITIVES.sha256(new Uint8Array([1])).subarray(0, 16);
const longVector = PRIMITIVES.sha256(new Uint8Array([2])).subarray(0, 16);
const long = new Uint8Array(1600);
for (let i = 0; i < long.length; i++) long[i] = (i * 7) & 255;
const encrypted = PRIMITIVES.encryptCbc(longKey, longVector, long);
const decrypted = PRIMITIVES.decryptCbc(longKey, longVector, encrypted);
if (toHex(PRIMITIVES.sha256(encrypted)) !== LONG_HASH) faults.push("long message, encrypted");
if (decrypted.join() !== long.join()) faults.push("long message, decrypted");

const secret = new Uint8Array(32);
const challenges = createChallenges(PRIMITIVES, secret, 1);
const numbers = createChallenges(PRIMITIVES, secret, 2);
const crypto = {
  encryptCbc: PRIMITIVES.encryptCbc,
  decryptCbc: PRIMITIVES.decryptCbc,
  random: (length: number) => copyBytes(numbers.draw().bytes, 0, length),
};
const card = ntag424Card(crypto, fromHex("04782e21801d80"));

/** What the terminal's code costs, without the card: each answer is waiting when the command is
 * made. */
let cardSeconds = 0;
function exchange(command: Bytes, done: (answer: { data: Bytes }) => void): void {
  const startSeconds = getTime();
  const said = card.exchange ? card.exchange(command) : undefined;
  cardSeconds += getTime() - startSeconds;
  done({ data: said || new Uint8Array(0) });
}

const outcomes: { [outcome: string]: number } = {};
const startSeconds = getTime();
for (let i = 0; i < TAPS; i++)
  selectApplication(exchange, function () {
    const key = { number: 3, secret: card.keys[3] as Bytes };
    authenticate(PRIMITIVES, exchange, key, challenges.draw().bytes, function (outcome) {
      const name = outcome.ok ? "ok" : outcome.fault;
      outcomes[name] = (outcomes[name] || 0) + 1;
    });
  });
const tapMs = ((getTime() - startSeconds - cardSeconds) * 1000) / TAPS;

console.log(
  "VECTORS " + JSON.stringify({ checks: checks, faults: faults, outcomes: outcomes, tapMs: tapMs }),
);
