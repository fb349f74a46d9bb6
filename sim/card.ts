// `npm run card -- ...`: the office's tool for cards, at a PN532 on a serial port, or at an
// emulated one to try it out. See USAGE. What it does to a card is in
// firmware/cards/personalise.ts.

import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { connectLedger } from "#edge/ledger/ledger.ts";
import { openKeyRing } from "#firmware/cards/card-keys.ts";
import type { CardSecrets } from "#firmware/cards/card-keys.ts";
import type { OfficeReader } from "#firmware/cards/office-reader.ts";
import { CardGone, openOfficeReader } from "#firmware/cards/office-reader.ts";
import type { Point } from "#firmware/cards/originality.ts";
import { NXP, isOriginal } from "#firmware/cards/originality.ts";
import { isNtag424, personalise } from "#firmware/cards/personalise.ts";
import { openSerialDesk } from "#firmware/cards/serial.ts";
import { openTranscript } from "#firmware/cards/transcript.ts";
import type { Card } from "#firmware/drivers/presence.ts";
import { fromHex, toHex } from "#protocol/bytes.ts";
import { CARD_UID_BYTES, KEY_EPOCH_MAX } from "#protocol/card-key.ts";
import { TRY_OUT_MAKER, openTryOut } from "./card-desk.ts";
import { nodePrimitives } from "./primitives.ts";

const USAGE = `npm run card -- secrets --secrets FILE
npm run card -- enrol --port /dev/ttyUSB0
npm run card -- personalise --port /dev/ttyUSB0 --school SLUG --epoch N
                --secrets FILE --transcript FILE [--ledger URL]

secrets      makes the school's secrets for cards and prints what the Worker gets as CARD_SECRET.
             Keep the file: without it no card can be changed any more.
enrol        prints UID and kind of each card laid on the reader, and whether NXP signed it.
personalise  gives each NTAG 424 DNA its keys and closes its file. Interrupted? Lay the card again. Every run wants the
             same transcript. --ledger (with LEDGER_TOKEN in the environment, if it wants one)
             enters the epoch with the school's card: terminals then take its bare UID no more.
--unsigned   takes cards, too, that hold no signature of NXP.
--emulated   instead of --port: an emulated reader; three new cards are laid on it.`;

const SECRET_BYTES = 32;
const LOOK_MS = 200;

const OPTIONS = {
  port: { type: "string" },
  emulated: { type: "boolean", default: false },
  unsigned: { type: "boolean", default: false },
  school: { type: "string" },
  epoch: { type: "string", default: "1" },
  secrets: { type: "string" },
  transcript: { type: "string" },
  ledger: { type: "string" },
} as const;

type Words = ReturnType<typeof readWords>;

function readWords(words: string[]) {
  const { values, positionals } = parseArgs({
    args: words,
    options: OPTIONS,
    allowPositionals: true,
  });
  return { ...values, task: positionals[0] ?? "" };
}

/** Throws with what is missing. */
function demand(words: Words, name: "school" | "secrets" | "transcript" | "port"): string {
  const value = words[name];
  if (!value) throw new Error(`card: ${words.task} needs --${name}\n\n${USAGE}`);
  return value;
}

async function main(words: Words): Promise<void> {
  if (words.task === "secrets") return makeSecrets(demand(words, "secrets"));
  if (words.task === "enrol")
    return atEachCard(words, (reader, card) => enrol(reader, card, makerOf(words)));
  if (words.task !== "personalise") throw new Error(USAGE);
  const school = demand(words, "school");
  const secrets = readSecrets(demand(words, "secrets"));
  const transcript = openTranscript(demand(words, "transcript"));
  const epoch = Number(words.epoch);
  if (!Number.isInteger(epoch) || epoch < 1 || epoch > KEY_EPOCH_MAX)
    throw new Error(`card: epoch ${words.epoch} is not 1 to ${KEY_EPOCH_MAX}`);
  await atEachCard(words, async (reader, { uid }) => {
    if (uid.length !== CARD_UID_BYTES) return say(uid, "no NTAG 424 DNA: its UID has not 7 bytes");
    if (!(await isOriginal(reader, uid, makerOf(words))) && !words.unsigned)
      return say(uid, "NOT personalised: without NXP's signature: a clone? --unsigned takes it");
    const keyOf = openKeyRing(nodePrimitives, secrets, school, uid);
    const done = await personalise(nodePrimitives, reader, { uid, keyOf }, epoch, transcript);
    if (!done.ok) return say(uid, `NOT personalised: ${done.reason}: ${done.detail}`);
    say(uid, `personalised for epoch ${epoch}: ${done.changed} keys changed, all 5 tried`);
    if (words.ledger) await enter(words.ledger, uid, epoch);
  });
}

/** Not an entry of the ledger: the row of a card. Its trigger gives the roster a new version,
 * which the gateway tells. */
async function enter(ledger: string, uid: Uint8Array, epoch: number): Promise<void> {
  const client = connectLedger(ledger, process.env["LEDGER_TOKEN"]);
  const sql = "update card set key_epoch = ? where uid = ?";
  const { rowsAffected } = await client.execute({ sql, args: [epoch, uid] });
  client.close();
  say(uid, rowsAffected ? "entered" : "NOT entered: no student has this card");
}

const makerOf = (words: Words): Point => (words.emulated ? TRY_OUT_MAKER.publicKey : NXP);

async function enrol(reader: OfficeReader, { uid, sak }: Card, maker: Point): Promise<void> {
  const answers = sak === 0x20 && uid.length === CARD_UID_BYTES;
  if (!answers || !(await isNtag424(reader))) return say(uid, "known by its UID alone");
  const isSigned = await isOriginal(reader, uid, maker);
  say(uid, isSigned ? "NTAG 424 DNA, original" : "NTAG 424 DNA, WITHOUT its maker's signature");
}

/** Does the work once for each card that is laid on the reader, until somebody ends it. */
async function atEachCard(
  words: Words,
  work: (reader: OfficeReader, card: Card) => Promise<void>,
): Promise<void> {
  const desk = words.emulated ? openTryOut() : openSerialDesk(demand(words, "port"));
  try {
    const reader = await openOfficeReader(desk);
    let worked = "";
    for (;;) {
      if (desk.isOver()) return;
      const card = await reader.find();
      const uid = card ? toHex(card.uid) : "";
      if (card && uid !== worked) worked = await workOn(reader, card, work);
      else if (!card) worked = "";
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  } finally {
    desk.close();
  }
}

/** The UID once the work is done; nothing when the card has to be laid again. */
async function workOn(
  reader: OfficeReader,
  card: Card,
  work: (reader: OfficeReader, card: Card) => Promise<void>,
): Promise<string> {
  try {
    await work(reader, card);
    return toHex(card.uid);
  } catch (error) {
    if (!(error instanceof CardGone)) throw error;
    say(card.uid, "pulled away too early: lay it again");
    return "";
  }
}

function say(uid: Uint8Array, what: string): void {
  console.log(`${toHex(uid)}  ${what}`);
}

function makeSecrets(path: string): void {
  if (existsSync(path)) throw new Error(`card: ${path} exists, and cards may depend on it`);
  const secrets = { card: newSecret(), office: newSecret() };
  writeFileSync(path, JSON.stringify(secrets, null, 2) + "\n", { mode: 0o600, flag: "wx" });
  console.log(`wrangler secret put CARD_SECRET\n${secrets.card}`);
}

function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString("hex");
}

function readSecrets(path: string): CardSecrets {
  const { card, office } = JSON.parse(readFileSync(path, "utf8")) as Record<string, string>;
  return { card: fromHex(card ?? ""), office: fromHex(office ?? "") };
}

try {
  await main(readWords(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
