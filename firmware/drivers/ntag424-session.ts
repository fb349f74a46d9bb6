// What follows an authentication on an NTAG 424 DNA card: session keys and commands with MAC and
// encryption (NXP AN12196 sections 4 and 6.6). The office changes keys with it, the emulated card
// checks it; a terminal needs none of it.

import type { Bytes, Primitives } from "#protocol/bytes.ts";
import { concat, copyBytes } from "#protocol/bytes.ts";
import { cmac } from "#protocol/cmac.ts";

type Encrypt = Primitives["encryptCbc"];

/** counter: commands since the authentication, told to nobody and part of every MAC. */
export type Session = { enc: Bytes; mac: Bytes; ti: Bytes; counter: number };

const BLOCK = 16;
const ZEROS = new Uint8Array(BLOCK);
const PAD = 0x80;
const FOR_ENC = new Uint8Array([0xa5, 0x5a]);
const FOR_MAC = new Uint8Array([0x5a, 0xa5]);
const MAC_BYTES = 8;
export const CHANGE_KEY = 0xc4;
export const CHANGE_FILE = 0x5f;

export function openSession(
  encryptCbc: Encrypt,
  secret: Bytes,
  rndA: Bytes,
  rndB: Bytes,
  ti: Bytes,
): Session {
  return {
    enc: cmac(encryptCbc, secret, sessionVector(FOR_ENC, rndA, rndB)),
    mac: cmac(encryptCbc, secret, sessionVector(FOR_MAC, rndA, rndB)),
    ti: ti,
    counter: 0,
  };
}

/** SV1 and SV2: label | 00 01 00 80 | A[15..14] | A[13..8] xor B[15..10] | B[9..0] | A[7..0],
 * numbered from the right. */
function sessionVector(label: Bytes, rndA: Bytes, rndB: Bytes): Bytes {
  const mixed = copyBytes(rndA, 2, 6);
  for (let i = 0; i < 6; i++) mixed[i] = (mixed[i] as number) ^ (rndB[i] as number);
  const constant = new Uint8Array([0x00, 0x01, 0x00, 0x80]);
  const ends = [rndB.subarray(6, BLOCK), rndA.subarray(8, BLOCK)];
  return concat([label, constant, rndA.subarray(0, 2), mixed].concat(ends));
}

/** The MAC that a command (first: its code) or an answer (first: 00, counter already one more)
 * carries. */
export function macOf(encryptCbc: Encrypt, session: Session, first: number, body: Bytes): Bytes {
  const head = new Uint8Array([first, session.counter, session.counter >> 8]);
  return truncated(cmac(encryptCbc, session.mac, concat([head, session.ti, body])));
}

/** Every second byte of a CMAC, as cards send it. */
export function truncated(whole: Bytes): Bytes {
  const mac = new Uint8Array(MAC_BYTES);
  for (let i = 0; i < MAC_BYTES; i++) mac[i] = whole[i * 2 + 1] as number;
  return mac;
}

/** The vector for the data of a command (AN12196 section 4.4). */
export function vectorOf(encryptCbc: Encrypt, session: Session): Bytes {
  const input = new Uint8Array(BLOCK);
  input.set(FOR_ENC, 0);
  input.set(session.ti, 2);
  input[6] = session.counter;
  input[7] = session.counter >> 8;
  return encryptCbc(session.enc, ZEROS, input);
}

/** A command in CommMode.Full: its header in the clear, its data encrypted, both under a MAC. */
export function fullCommand(
  encryptCbc: Encrypt,
  session: Session,
  code: number,
  header: Bytes,
  data: Bytes,
): Bytes {
  const padded = new Uint8Array(data.length - (data.length % BLOCK) + BLOCK);
  padded.set(data, 0);
  padded[data.length] = PAD;
  const hidden = encryptCbc(session.enc, vectorOf(encryptCbc, session), padded);
  const body = concat([header, hidden]);
  const mac = macOf(encryptCbc, session, code, body);
  const head = new Uint8Array([0x90, code, 0, 0, body.length + mac.length]);
  return concat([head, body, mac, ZEROS.subarray(0, 1)]);
}

/** What ChangeKey puts into a key (AN12196 section 6.16): for the key of this session the new
 * one and its version; for any other their difference, the version and a checksum, because the
 * card has to know the old one, too. */
export function keyChange(isOwn: boolean, oldKey: Bytes, newKey: Bytes, version: number): Bytes {
  const versionByte = new Uint8Array([version]);
  if (isOwn) return concat([newKey, versionByte]);
  const difference = new Uint8Array(BLOCK);
  for (let i = 0; i < BLOCK; i++) difference[i] = (oldKey[i] as number) ^ (newKey[i] as number);
  return concat([difference, versionByte, crc32(newKey)]);
}

/** The checksum of ISO/IEC 13239 without its last inversion, lowest byte first (AN12196:
 * CRC32NK; elsewhere JAMCRC). */
export function crc32(data: Bytes): Bytes {
  let sum = -1;
  for (let i = 0; i < data.length; i++) {
    sum ^= data[i] as number;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return new Uint8Array([sum, sum >>> 8, sum >>> 16, sum >>> 24]);
}
