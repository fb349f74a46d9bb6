// An NTAG 424 DNA card with real AES (NXP AN12196; data sheet NT4H2421Gx): authentication, change of keys, version, its NDEF
// file, its maker's signature, and the counters with which it defends itself. Written in the terminal's language: it also
// runs on the interpreter.

import {
  macOf,
  openSession,
  vectorOf,
  CHANGE_FILE,
  CHANGE_KEY,
  crc32,
} from "#firmware/drivers/ntag424-session.ts";
import type { Session } from "#firmware/drivers/ntag424-session.ts";
import { turned } from "#firmware/drivers/ntag424.ts";
import type { Bytes, Primitives } from "#protocol/bytes.ts";
import { concat, copyBytes, sameBytes } from "#protocol/bytes.ts";
import { APPLICATION } from "#protocol/card-key.ts";
import type { EmulatedCard } from "./card.ts";
import type { NdefFile } from "./ntag424-files.ts";
import { changeFile, factoryFile, tellFile, writeFile } from "./ntag424-files.ts";

/** What it takes to be such a card: ciphers, and numbers that nobody foresees. */
export type CardCrypto = Pick<Primitives, "encryptCbc" | "decryptCbc"> & {
  random(length: number): Bytes;
};

/** failures: wrong keys in a row and in all. The card delays after 50 in a row; 1,000 in all
 * lock the key for ever; a success takes ten from them (AN12196 section 6.4). */
export type Ntag424 = EmulatedCard & {
  keys: Bytes[];
  versions: number[];
  failures: { row: number; total: number };
  ndef: NdefFile;
  /** Of its maker over its UID; zeros where nobody signed. */
  signature: Bytes;
  /** Commands it has understood, by code. */
  log: number[];
};

const KEYS = 5;
const ROW_MAX = 50;
const TOTAL_MAX = 1000;
const FORGIVEN = 10;
const BLOCK = 16;
const ZEROS = new Uint8Array(BLOCK);
const SELECT = 0xa4;
const GET_VERSION = 0x60;
const AUTHENTICATE = 0x71;
const MORE = 0xaf;
const TELL_FILE = 0xf5;
const WRITE_FILE = 0x8d;
const READ_SIGNATURE = 0x3c;
const SIGNATURE_BYTES = 56;
/** Hardware and software of an NTAG 424 DNA (data sheet section 10.5.2); the third part is UID
 * and batch. */
const VERSION_PARTS = [
  new Uint8Array([0x04, 0x04, 0x02, 0x30, 0x00, 0x11, 0x05]),
  new Uint8Array([0x04, 0x04, 0x02, 0x01, 0x02, 0x11, 0x05]),
];

/** What the card knows while it is in the field. */
type Power = {
  selected: boolean;
  asked: { key: number; rndB: Bytes } | undefined;
  session: { key: number; keys: Session } | undefined;
  versionPart: number;
};

/** keys: its five; a card from the factory has zeros. */
export function ntag424Card(crypto: CardCrypto, uid: Bytes, keys?: Bytes[]): Ntag424 {
  let power = powerUp();
  const card: Ntag424 = {
    uid: uid,
    atqa: new Uint8Array([0x03, 0x44]),
    sak: 0x20,
    ats: new Uint8Array([0x06, 0x77, 0x77, 0x71, 0x02, 0x80]),
    keys: keys || [ZEROS, ZEROS, ZEROS, ZEROS, ZEROS],
    versions: [0, 0, 0, 0, 0],
    failures: { row: 0, total: 0 },
    ndef: factoryFile(),
    signature: new Uint8Array(SIGNATURE_BYTES),
    log: [],
    exchange: (command) => obey(crypto, card, power, command),
    leaveField: function () {
      power = powerUp();
    },
  };
  return card;
}

function powerUp(): Power {
  return { selected: false, asked: undefined, session: undefined, versionPart: 0 };
}

function status(code: number): Bytes {
  return new Uint8Array([0x91, code]);
}

function obey(crypto: CardCrypto, card: Ntag424, power: Power, command: Bytes): Bytes {
  const code = command[1] as number;
  card.log.push(code);
  if (command[0] === 0x00 && code === SELECT) return select(power, command);
  if (command[0] !== 0x90) return new Uint8Array([0x6e, 0x00]);
  const asked = power.asked;
  const versionPart = power.versionPart;
  power.asked = undefined;
  power.versionPart = 0;
  if (code === GET_VERSION) return tellVersion(card, power, 0);
  if (code === MORE && versionPart) return tellVersion(card, power, versionPart);
  if (!power.selected) return status(0x1c);
  if (code === AUTHENTICATE) return ask(crypto, card, power, command[5] as number);
  if (code === MORE && asked) return judge(crypto, card, power, asked, command);
  if (code === CHANGE_KEY && power.session) return changeKey(crypto, card, power, command);
  if (code === CHANGE_FILE && power.session) return setFile(crypto, card, power, command);
  const isOpen = power.session !== undefined;
  power.session = undefined;
  if (code === READ_SIGNATURE || code === TELL_FILE || code === WRITE_FILE)
    return isOpen ? status(0x7e) : tellPlain(card, code, command);
  return status(code === MORE || code === CHANGE_KEY || code === CHANGE_FILE ? 0xca : 0x1c);
}

/** Played outside of a session only, where it needs no MAC. */
function tellPlain(card: Ntag424, code: number, command: Bytes): Bytes {
  if (code === READ_SIGNATURE) return concat([card.signature, status(0x90)]);
  return code === TELL_FILE ? tellFile(card.ndef, command) : writeFile(card.ndef, command);
}

function setFile(crypto: CardCrypto, card: Ntag424, power: Power, command: Bytes): Bytes {
  const session = power.session;
  if (!session) return status(0xae);
  const changed = changeFile(crypto, card.ndef, session, command);
  if (changed.answer) return concat([changed.answer, status(0x00)]);
  power.session = undefined;
  return status(changed.status);
}

function select(power: Power, command: Bytes): Bytes {
  const name = copyBytes(command, 5, APPLICATION.length);
  power.session = undefined;
  power.selected = command[4] === APPLICATION.length && sameBytes(name, APPLICATION);
  return power.selected ? new Uint8Array([0x90, 0x00]) : new Uint8Array([0x6a, 0x82]);
}

function tellVersion(card: Ntag424, power: Power, part: number): Bytes {
  if (part === 2) return concat([card.uid, new Uint8Array(7), status(0x00)]);
  power.versionPart = part + 1;
  return concat([VERSION_PARTS[part] as Bytes, status(MORE)]);
}

function ask(crypto: CardCrypto, card: Ntag424, power: Power, key: number): Bytes {
  power.session = undefined;
  if (key >= KEYS) return status(0x40);
  if (card.failures.total >= TOTAL_MAX || card.failures.row >= ROW_MAX) return status(0xad);
  const rndB = crypto.random(BLOCK);
  power.asked = { key: key, rndB: rndB };
  return concat([crypto.encryptCbc(card.keys[key] as Bytes, ZEROS, rndB), status(MORE)]);
}

function judge(
  crypto: CardCrypto,
  card: Ntag424,
  power: Power,
  asked: { key: number; rndB: Bytes },
  command: Bytes,
): Bytes {
  if (command[4] !== 2 * BLOCK || command.length !== 2 * BLOCK + 6) return status(0x7e);
  const secret = card.keys[asked.key] as Bytes;
  const plain = crypto.decryptCbc(secret, ZEROS, copyBytes(command, 5, 2 * BLOCK));
  if (!sameBytes(plain.subarray(BLOCK, 2 * BLOCK), turned(asked.rndB))) {
    card.failures.row++;
    card.failures.total++;
    return status(0xae);
  }
  card.failures.row = 0;
  card.failures.total = Math.max(0, card.failures.total - FORGIVEN);
  const rndA = copyBytes(plain, 0, BLOCK);
  const ti = crypto.random(4);
  const keys = openSession(crypto.encryptCbc, secret, rndA, asked.rndB, ti);
  power.session = { key: asked.key, keys: keys };
  const answer = concat([ti, turned(rndA), new Uint8Array(12)]);
  return concat([crypto.encryptCbc(secret, ZEROS, answer), status(0x00)]);
}

/** The new key is written before the answer: whoever pulls the card in between cannot know which
 * one it has. */
function changeKey(crypto: CardCrypto, card: Ntag424, power: Power, command: Bytes): Bytes {
  const session = power.session;
  if (!session) return status(0xae);
  power.session = undefined;
  const body = copyBytes(command, 5, (command[4] as number) - 8);
  const mac = copyBytes(command, 5 + body.length, 8);
  if (session.key !== 0) return status(0x9d);
  if (!sameBytes(mac, macOf(crypto.encryptCbc, session.keys, CHANGE_KEY, body)))
    return status(0x1e);
  const number = body[0] as number;
  const vector = vectorOf(crypto.encryptCbc, session.keys);
  const plain = crypto.decryptCbc(session.keys.enc, vector, copyBytes(body, 1, body.length - 1));
  const isOwn = number === session.key;
  const key = isOwn ? copyBytes(plain, 0, BLOCK) : differing(card.keys[number] as Bytes, plain);
  if (!isOwn && !sameBytes(copyBytes(plain, BLOCK + 1, 4), crc32(key))) return status(0x1e);
  card.keys = card.keys.map((old, i) => (i === number ? key : old));
  card.versions[number] = plain[BLOCK] as number;
  // A card whose own key changed has no session any more, and nothing to prove its answer with.
  if (isOwn) return status(0x00);
  session.keys.counter++;
  power.session = session;
  return concat([macOf(crypto.encryptCbc, session.keys, 0, new Uint8Array(0)), status(0x00)]);
}

function differing(old: Bytes, difference: Bytes): Bytes {
  const key = new Uint8Array(BLOCK);
  for (let i = 0; i < BLOCK; i++) key[i] = (old[i] as number) ^ (difference[i] as number);
  return key;
}
