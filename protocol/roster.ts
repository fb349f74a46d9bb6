// The roster on a terminal: fixed 64-byte records sorted by card, so that the terminal finds a card by binary search
// in flash without copying it to memory. Written by the gateway, read by the firmware.

import type { Bytes, Primitives } from "./bytes.ts";
import { copyBytes, readU32, writeU32 } from "./bytes.ts";
import type { CardKey } from "./card-key.ts";
import { CARD_KEY_BYTES } from "./card-key.ts";

export const RECORD_BYTES = 64;
/** A page, sealed, fits DOWNLINK_BYTES_MAX. */
export const RECORDS_PER_PAGE = 32;
export const PAGE_BYTES = RECORDS_PER_PAGE * RECORD_BYTES;
export const NAME_MAX = 20;
export const CLASS_MAX = 8;
const UID_MAX = 10;
/** The length of the UID and the UID, filled up with zeros: in the order of records. */
export const KEY_BYTES = 1 + UID_MAX;
const NAME_AT = 18;
const CLASS_AT = 38;
const KEY_AT = 46;
const KEY_EPOCH_AT = 62;
const HAS_KEY = 1;
const IS_STAFF = 2;

/** name and group are Latin-1. A card with a key must prove itself (NTAG 424 DNA) and is never taken by its UID alone.
 * allergens: the bits of Product.allergens that this student must not eat. operator: the card is the badge of this member
 * of staff; student is 0 then. */
export type RosterRecord = {
  card: Bytes;
  student: number;
  allergens: number;
  name: Bytes;
  group: Bytes;
  key: CardKey | undefined;
  operator?: number;
};

// 0 length of UID | 1..10 UID | 11 flags: 1 key, 2 staff | 12..15 student, or operator of staff | 16..17 allergens |
// 18..37 name | 38..45 group | 46..61 card key | 62 its epoch | 63 zero. Names are padded with zeros.
export function encodeRecord(record: RosterRecord): Bytes {
  if (record.card.length < 4 || record.card.length > UID_MAX)
    throw new Error("roster: a card UID has 4 to 10 bytes, not " + record.card.length);
  const bytes = new Uint8Array(RECORD_BYTES);
  bytes[0] = record.card.length;
  bytes.set(record.card, 1);
  bytes[11] = (record.key ? HAS_KEY : 0) | (record.operator ? IS_STAFF : 0);
  writeU32(bytes, 12, record.operator || record.student);
  bytes[16] = record.allergens >> 8;
  bytes[17] = record.allergens;
  bytes.set(record.name.subarray(0, NAME_MAX), NAME_AT);
  bytes.set(record.group.subarray(0, CLASS_MAX), CLASS_AT);
  if (!record.key) return bytes;
  bytes.set(record.key.secret, KEY_AT);
  bytes[KEY_EPOCH_AT] = record.key.epoch;
  return bytes;
}

export function decodeRecord(bytes: Bytes): RosterRecord {
  const flags = bytes[11] as number;
  const record = {
    card: copyBytes(bytes, 1, bytes[0] as number),
    student: flags & IS_STAFF ? 0 : readU32(bytes, 12),
    allergens: (bytes[16] as number) * 256 + (bytes[17] as number),
    name: trimmed(bytes, NAME_AT, NAME_MAX),
    group: trimmed(bytes, CLASS_AT, CLASS_MAX),
    key: flags & HAS_KEY ? keyIn(bytes) : undefined,
  };
  return flags & IS_STAFF ? Object.assign(record, { operator: readU32(bytes, 12) }) : record;
}

function keyIn(bytes: Bytes): CardKey {
  const secret = copyBytes(bytes, KEY_AT, CARD_KEY_BYTES);
  return { epoch: bytes[KEY_EPOCH_AT] as number, secret: secret };
}

function trimmed(bytes: Bytes, offset: number, lengthMax: number): Bytes {
  let length = 0;
  while (length < lengthMax && bytes[offset + length]) length++;
  return copyBytes(bytes, offset, length);
}

/** Order of records: by length of the UID, then by its bytes. Negative when the card at offset comes first. */
export function compareCard(records: Bytes, offset: number, card: Bytes): number {
  const difference = (records[offset] as number) - card.length;
  if (difference) return difference;
  for (let i = 0; i < card.length; i++) {
    const byte = (records[offset + 1 + i] as number) - (card[i] as number);
    if (byte) return byte;
  }
  return 0;
}

/** Where the record of card begins among count sorted records, or -1. readKey gives the first KEY_BYTES bytes of record
 * i. Keys are compared as strings, natively: cards of one maker differ in their last bytes only, and this is done at a
 * tap. */
export function findRecord(count: number, readKey: (index: number) => Bytes, card: Bytes): number {
  if (card.length > UID_MAX) return -1;
  const key = new Uint8Array(KEY_BYTES);
  key[0] = card.length;
  key.set(card, 1);
  const textOf = String.fromCharCode;
  const wanted = textOf.apply(undefined, key as unknown as number[]);
  let low = 0;
  let high = count - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = textOf.apply(undefined, readKey(middle) as unknown as number[]);
    if (found === wanted) return middle;
    if (found < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** What a `roster` message says of records: the SHA-256 over the SHA-256 of each of its pages, in order. A terminal
 * has no memory for all the records at once, only for one page and the hashes. readPage(page) gives its records. */
export function digestOfRoster(
  sha256: Primitives["sha256"],
  records: number,
  readPage: (page: number) => Bytes,
): Bytes {
  const pages = Math.ceil(records / RECORDS_PER_PAGE);
  const hashes = new Uint8Array(pages * 32);
  for (let page = 0; page < pages; page++) hashes.set(sha256(readPage(page)), page * 32);
  return sha256(hashes);
}
