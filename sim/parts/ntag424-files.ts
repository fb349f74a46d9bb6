// The NDEF file of an emulated NTAG 424 DNA: who may read, write and change it (data sheet NT4H2421Gx sections 8.2.3 and
// 10.7). From the factory anybody may write it. Written in the terminal's language.

import type { Session } from "#firmware/drivers/ntag424-session.ts";
import { CHANGE_FILE, macOf, vectorOf } from "#firmware/drivers/ntag424-session.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { concat, copyBytes, sameBytes } from "#protocol/bytes.ts";
import type { CardCrypto } from "./ntag424.ts";

/** option: how it is spoken with. rights: of reading and writing at once and of changing, then of reading and of writing;
 * a number of a key each, 14 for everybody, 15 for nobody. */
export type NdefFile = { option: number; rights: Bytes; content: Bytes };

const NDEF_FILE = 2;
const EVERYBODY = 14;
const NDEF_BYTES = 256;
const MAC_BYTES = 8;
const PAD = 0x80;
/** Not more than 256 bytes, plain, by MAC, or encrypted. */
const OPTIONS = [0, 1, 3];
const HEADER_BYTES = 7;

export function factoryFile(): NdefFile {
  return { option: 0, rights: new Uint8Array([0xe0, 0xee]), content: new Uint8Array(NDEF_BYTES) };
}

function status(code: number): Bytes {
  return new Uint8Array([0x91, code]);
}

/** GetFileSettings outside of a session: type, option, rights, length. */
export function tellFile(file: NdefFile, command: Bytes): Bytes {
  if (command[5] !== NDEF_FILE) return status(0xf0);
  const head = new Uint8Array([0, file.option]);
  return concat([head, file.rights, new Uint8Array([0, NDEF_BYTES >> 8, 0]), status(0x00)]);
}

/** WriteData outside of a session: only what everybody may write. */
export function writeFile(file: NdefFile, command: Bytes): Bytes {
  if (command[5] !== NDEF_FILE) return status(0xf0);
  const both = (file.rights[0] as number) >> 4;
  const write = (file.rights[1] as number) & 15;
  if (both !== EVERYBODY && write !== EVERYBODY) return status(0x9d);
  const offset = (command[6] as number) + (command[7] as number) * 256;
  const length = (command[4] as number) - HEADER_BYTES;
  if (length < 0 || command[9] !== length || offset + length > NDEF_BYTES) return status(0x7e);
  file.content.set(copyBytes(command, 5 + HEADER_BYTES, length), offset);
  return status(0x00);
}

/** ChangeFileSettings, encrypted and under a MAC, with the key that may change the file. Whatever is wrong ends the
 * session: then answers is undefined. SUN messages, which this school does not use, are not played. */
export function changeFile(
  crypto: CardCrypto,
  file: NdefFile,
  session: { key: number; keys: Session },
  command: Bytes,
): { status: number; answer: Bytes | undefined } {
  const keys = session.keys;
  const body = copyBytes(command, 5, (command[4] as number) - MAC_BYTES);
  const mac = copyBytes(command, 5 + body.length, MAC_BYTES);
  if (!sameBytes(mac, macOf(crypto.encryptCbc, keys, CHANGE_FILE, body)))
    return { status: 0x1e, answer: undefined };
  if (body[0] !== NDEF_FILE) return { status: 0xf0, answer: undefined };
  if (session.key !== ((file.rights[0] as number) & 15)) return { status: 0x9d, answer: undefined };
  const vector = vectorOf(crypto.encryptCbc, keys);
  const plain = crypto.decryptCbc(keys.enc, vector, copyBytes(body, 1, body.length - 1));
  if (OPTIONS.indexOf(plain[0] as number) < 0 || plain[3] !== PAD)
    return { status: 0x9e, answer: undefined };
  file.option = plain[0] as number;
  file.rights = copyBytes(plain, 1, 2);
  keys.counter++;
  return { status: 0, answer: macOf(crypto.encryptCbc, keys, 0, new Uint8Array(0)) };
}
