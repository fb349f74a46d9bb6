// Gives an NTAG 424 DNA card its keys: 1 to 4 first, the one that may change them last, each noted
// before and after; then closes its NDEF file, which anybody may write on a card from the factory.
// Whatever interrupts it, laying the card again goes on where it was; at the end every key is tried.

import { randomBytes } from "node:crypto";
import type { Bytes, Primitives } from "#protocol/bytes.ts";
import { concat, sameBytes, toHex } from "#protocol/bytes.ts";
import type { Authentication, CardFault } from "../drivers/ntag424.ts";
import { authenticate, selectApplication, statusOf } from "../drivers/ntag424.ts";
import type { Session } from "../drivers/ntag424-session.ts";
import {
  CHANGE_FILE,
  CHANGE_KEY,
  fullCommand,
  keyChange,
  macOf,
  openSession,
} from "../drivers/ntag424-session.ts";
import type { KeyName, KeyRing } from "./card-keys.ts";
import { ADMIN, KEYS, plannedKeys, versionOf } from "./card-keys.ts";
import type { OfficeReader } from "./office-reader.ts";
import { CardGone } from "./office-reader.ts";
import type { Transcript } from "./transcript.ts";

/** changed: how many keys were written now; all five are right afterwards. */
export type Personalised =
  | { ok: true; changed: number }
  | { ok: false; reason: "not-ntag424" | "unknown-keys" | "card-refuses"; detail: string };

type Desk = {
  primitives: Primitives;
  reader: OfficeReader;
  uid: string;
  keyOf: KeyRing;
  transcript: Transcript;
};

const OK = 0x9100;
const MORE = 0x91af;
/** Of the NDEF file, number 2 (data sheet section 10.7.2): its rights are at byte 2 of the answer. */
const GET_FILE_SETTINGS = Uint8Array.of(0x90, 0xf5, 0, 0, 1, 2, 0);
const NDEF_FILE = Uint8Array.of(2);
const RIGHTS_AT = 2;
/** Everybody reads, key 0 writes and changes; plain, no SUN messages (data sheet section 8.2.3.3). */
const CLOSED = Uint8Array.of(0x00, 0xe0);
const PLAIN = Uint8Array.of(0x00);
const GET_VERSION = Uint8Array.of(0x90, 0x60, 0, 0, 0);
/** First part of GetVersion (data sheet NT4H2421Gx section 10.5.2): NXP, NTAG, and 30h for the
 * 424 DNA. */
const NXP = 0x04;
const NTAG = 0x04;
const IS_424_DNA = 0x30;

class Refused extends Error {
  reason: "not-ntag424" | "unknown-keys" | "card-refuses";
  constructor(reason: Refused["reason"], detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/** epoch: whose key the terminals are to ask for. Throws CardGone when the card was pulled away:
 * then lay it again. */
export async function personalise(
  primitives: Primitives,
  reader: OfficeReader,
  card: { uid: Bytes; keyOf: KeyRing },
  epoch: number,
  transcript: Transcript,
): Promise<Personalised> {
  const desk = { primitives, reader, uid: toHex(card.uid), keyOf: card.keyOf, transcript };
  try {
    await identify(reader);
    const changed = await changeAll(desk, plannedKeys(epoch));
    for (const [number, name] of plannedKeys(epoch).entries())
      if (!(await tryKey(desk, number, name)))
        throw new Refused("card-refuses", `key ${number} is not ${name} after all`);
    await closeFile(desk, plannedKeys(epoch)[ADMIN] ?? "office");
    return { ok: true, changed };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, reason: error.reason, detail: error.message };
    throw error;
  }
}

/** Whether the card is an NTAG 424 DNA; throws CardGone. */
export async function isNtag424(reader: OfficeReader): Promise<boolean> {
  const version = await reader.exchange(GET_VERSION);
  if (statusOf(version) !== MORE) return false;
  return version[0] === NXP && version[1] === NTAG && version[3] === IS_424_DNA;
}

async function identify(reader: OfficeReader): Promise<void> {
  if (!(await isNtag424(reader))) throw new Refused("not-ntag424", "another kind of card");
  await select(reader);
}

/** Opens the application, and ends any session. */
async function select(reader: OfficeReader): Promise<void> {
  const fault = await new Promise<CardFault | undefined>((resolve) =>
    selectApplication(reader.callback, resolve),
  );
  if (fault === "gone" || fault === "silent") throw new CardGone(`card: ${fault}`);
  if (fault) throw new Refused("not-ntag424", fault);
}

async function changeAll(desk: Desk, planned: KeyName[]): Promise<number> {
  const wrong: { number: number; from: KeyName; to: KeyName }[] = [];
  for (let number = KEYS - 1; number >= ADMIN; number--) {
    const to = planned[number] ?? "office";
    const from = await presentKey(desk, number);
    if (from !== to) wrong.unshift({ number, from, to });
  }
  // The administrator's key, if it is among them, comes first: all others are changed with it as it
  // is now.
  const admin = wrong[0]?.number === ADMIN ? wrong.shift() : undefined;
  const adminKey = admin?.from ?? planned[ADMIN] ?? "office";
  if (!wrong.length && !admin) return 0;
  const session = await tryKey(desk, ADMIN, adminKey);
  if (!session) throw new Refused("unknown-keys", `key 0 is not ${adminKey} after all`);
  for (const change of wrong) await changeKey(desk, session, change);
  if (admin) await changeKey(desk, session, admin);
  return wrong.length + (admin ? 1 : 0);
}

/** The key under a number. Only where a change was interrupted must the card be asked: it counts
 * wrong tries. */
async function presentKey(desk: Desk, number: number): Promise<KeyName> {
  const possible = desk.transcript.possible(desk.uid, number);
  const only = possible[0];
  if (possible.length === 1 && only) return only;
  for (const name of possible)
    if (await tryKey(desk, number, name)) {
      desk.transcript.write({ uid: desk.uid, key: number, from: name, to: name, state: "done" });
      return name;
    }
  throw new Refused("unknown-keys", `key ${number} is none of ${possible.join(", ")}`);
}

/** The session that a key opens; undefined when the card says that it is another. */
async function tryKey(desk: Desk, number: number, name: KeyName): Promise<Session | undefined> {
  const { primitives, reader } = desk;
  const secret = desk.keyOf(number, name);
  const challenge = Uint8Array.from(randomBytes(16));
  const outcome = await new Promise<Authentication>((resolve) =>
    authenticate(primitives, reader.callback, { number, secret }, challenge, resolve),
  );
  if (outcome.ok)
    return openSession(primitives.encryptCbc, secret, challenge, outcome.rndB, outcome.ti);
  if (outcome.fault === "wrong-key") return undefined;
  if (outcome.fault === "gone" || outcome.fault === "silent")
    throw new CardGone(`card: ${outcome.fault}`);
  throw new Refused("card-refuses", `key ${number}: ${outcome.fault}`);
}

async function changeKey(
  desk: Desk,
  session: Session,
  change: { number: number; from: KeyName; to: KeyName },
): Promise<void> {
  const { number, from, to } = change;
  const { encryptCbc } = desk.primitives;
  const isOwn = number === ADMIN;
  const version = versionOf(to);
  const data = keyChange(isOwn, desk.keyOf(number, from), desk.keyOf(number, to), version);
  const command = fullCommand(encryptCbc, session, CHANGE_KEY, Uint8Array.of(number), data);
  const line = { uid: desk.uid, key: number, from, to };
  desk.transcript.write({ ...line, state: "begun" });
  const answer = await desk.reader.exchange(command);
  session.counter++;
  if (statusOf(answer) !== OK)
    throw new Refused("card-refuses", `key ${number}: ${toHex(answer)} to its change`);
  const mac = macOf(encryptCbc, session, 0, new Uint8Array(0));
  if (!isOwn && !sameBytes(answer.subarray(0, answer.length - 2), mac))
    throw new Refused("card-refuses", `key ${number}: an answer that the card did not give`);
  desk.transcript.write({ ...line, state: "done" });
}

async function closeFile(desk: Desk, adminKey: KeyName): Promise<void> {
  if (await isClosed(desk.reader)) return;
  const session = await tryKey(desk, ADMIN, adminKey);
  if (!session) throw new Refused("unknown-keys", `key 0 is not ${adminKey} after all`);
  const { encryptCbc } = desk.primitives;
  const settings = concat([PLAIN, CLOSED]);
  const command = fullCommand(encryptCbc, session, CHANGE_FILE, NDEF_FILE, settings);
  const answer = await desk.reader.exchange(command);
  if (statusOf(answer) !== OK || !(await isClosed(desk.reader)))
    throw new Refused("card-refuses", `its file stays open: ${toHex(answer)}`);
}

async function isClosed(reader: OfficeReader): Promise<boolean> {
  await select(reader);
  const answer = await reader.exchange(GET_FILE_SETTINGS);
  if (statusOf(answer) !== OK)
    throw new Refused("card-refuses", `its file is not told: ${toHex(answer)}`);
  return sameBytes(answer.subarray(RIGHTS_AT, RIGHTS_AT + CLOSED.length), CLOSED);
}
