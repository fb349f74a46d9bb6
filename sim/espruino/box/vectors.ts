// Runs on the interpreter: every published value of cards and their reader's frames, and the whole
// authentication of an emulated NTAG 424 DNA card, timed. Prints one line of JSON.

import { createEspruinoPrimitives } from "#firmware/boards/espruino-crypto.ts";
import { createChallenges } from "#firmware/challenges.ts";
import { authenticate, selectApplication } from "#firmware/drivers/ntag424.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { copyBytes, fromHex } from "#protocol/bytes.ts";
import { checkVectors } from "../../nfc/check-vectors.ts";
import { ntag424Card } from "../../parts/ntag424.ts";

declare function getTime(): number;

const TAPS = 50;
const primitives = createEspruinoPrimitives();
const faults: string[] = [];
let checks = 0;
checkVectors(primitives, function (name, got, expected) {
  checks++;
  if (got.toLowerCase() !== expected.toLowerCase()) faults.push(name + ": " + got);
});

const secret = new Uint8Array(32);
const challenges = createChallenges(primitives, secret, 1);
const numbers = createChallenges(primitives, secret, 2);
const crypto = {
  encryptCbc: primitives.encryptCbc,
  decryptCbc: primitives.decryptCbc,
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
    authenticate(primitives, exchange, key, challenges.draw().bytes, function (outcome) {
      const name = outcome.ok ? "ok" : outcome.fault;
      outcomes[name] = (outcomes[name] || 0) + 1;
    });
  });
const tapMs = ((getTime() - startSeconds - cardSeconds) * 1000) / TAPS;

console.log(
  "VECTORS " + JSON.stringify({ checks: checks, faults: faults, outcomes: outcomes, tapMs: tapMs }),
);
