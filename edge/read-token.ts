// A token as the gateway reads it. Nearly all are purchases, so those have a reader of their own: one pass
// over the bytes, which must be exactly what the protocol's encoder writes. Whatever differs in any way is
// left to decodeToken, which takes six times as long, and names the fault.

import type { Bytes } from "#protocol/bytes.ts";
import type { Entry, Line, Proof } from "#protocol/entry.ts";
import { KINDS, LINES_MAX, TOKEN_BYTES_MAX, TOKEN_VERSION } from "#protocol/entry.ts";
import { FIELDS, LIMITS, LINE, LINE_PARTS } from "#protocol/fields.ts";
import type { Decoded } from "#protocol/token.ts";
import { ENVELOPE, SIGNATURE_BYTES, decodeToken } from "#protocol/token.ts";

// Initial bytes of CBOR (RFC 8949 section 3).
const U8 = 0x18;
const U16 = 0x19;
const U32 = 0x1a;
const BYTES = 0x40;
const ARRAY = 0x80;
const MAP = 0xa0;
const PURCHASE = KINDS.indexOf("purchase") + 1;
const PURCHASE_MAP = MAP | (FIELDS["purchase"]?.length ?? 0);

/** isOdd: something was not as the encoder writes a purchase. */
type Reader = { bytes: Bytes; at: number; isOdd: boolean };

/** Its parts are views of bytes, which must not change. */
export function readToken(bytes: Bytes): Decoded {
  if (bytes.length > TOKEN_BYTES_MAX) return decodeToken(bytes);
  const reader = { bytes, at: 0, isOdd: false };
  for (const byte of ENVELOPE) expect(reader, byte);
  expect(reader, BYTES | U8);
  const length = bytes[reader.at++] ?? 0;
  const start = reader.at;
  const end = start + length;
  if (reader.isOdd || bytes.length !== end + 2 + SIGNATURE_BYTES) return decodeToken(bytes);
  const entry = readPurchase(reader);
  if (reader.at !== end) return decodeToken(bytes);
  expect(reader, BYTES | U8);
  expect(reader, SIGNATURE_BYTES);
  if (reader.isOdd) return decodeToken(bytes);
  const token = { entry, payload: bytes.subarray(start, end), signature: bytes.subarray(end + 2) };
  return { ok: true, token };
}

function readPurchase(reader: Reader): Entry {
  expect(reader, PURCHASE_MAP);
  expect(reader, 0);
  expect(reader, TOKEN_VERSION);
  const terminal = readField(reader, 1);
  const epoch = readField(reader, 2);
  const seq = readField(reader, 3);
  const prev = readBytes(reader, 4);
  const time = readField(reader, 5);
  const clock = readField(reader, 6) === 0 ? "trusted" : "suspect";
  expect(reader, 7);
  expect(reader, PURCHASE);
  const nonce = readField(reader, 8);
  const operator = readField(reader, 9);
  const card = readBytes(reader, 10);
  const student = readField(reader, 11);
  const lines = readLines(reader);
  const totalCents = readField(reader, 13);
  const graceCents = readField(reader, 14);
  const lease = readField(reader, 15);
  const roster = readField(reader, 16);
  const prices = readField(reader, 17);
  const proof = readProof(reader);
  const sumCents = lines.reduce((sum, line) => sum + line.quantity * line.unitCents, 0);
  if (sumCents !== totalCents || graceCents > totalCents) reader.isOdd = true;
  const head = { kind: "purchase", terminal, epoch, seq, prev, time, clock, nonce } as const;
  const sold = { operator, card, student, lines, totalCents, graceCents } as const;
  return { ...head, ...sold, lease, roster, prices, proof };
}

function expect(reader: Reader, byte: number): void {
  if (reader.bytes[reader.at++] !== byte) reader.isOdd = true;
}

function readField(reader: Reader, field: number): number {
  expect(reader, field);
  return readWithin(reader, field);
}

/** A number in its shortest form, within the limits of a field or of a part of a line. */
function readWithin(reader: Reader, field: number): number {
  const first = reader.bytes[reader.at++] ?? U32;
  let value = first;
  if (first === U8) value = readUint(reader, 1, 24);
  else if (first === U16) value = readUint(reader, 2, 256);
  else if (first === U32) value = readUint(reader, 4, 65_536);
  else if (first > U8) reader.isOdd = true;
  const least = LIMITS[2 * field] ?? 0;
  const most = LIMITS[2 * field + 1] ?? 0;
  if (value < least || value > most) reader.isOdd = true;
  return value;
}

function readUint(reader: Reader, size: number, least: number): number {
  let value = 0;
  for (let i = 0; i < size; i++) value = value * 256 + (reader.bytes[reader.at++] ?? 0);
  if (value < least) reader.isOdd = true;
  return value;
}

function readBytes(reader: Reader, field: number): Bytes {
  expect(reader, field);
  const first = reader.bytes[reader.at++] ?? 0;
  let length = first - BYTES;
  if (first === (BYTES | U8)) length = readUint(reader, 1, 24);
  else if (length < 0 || length >= U8) reader.isOdd = true;
  const least = LIMITS[2 * field] ?? 0;
  const most = LIMITS[2 * field + 1] ?? 0;
  if (length < least || length > most) reader.isOdd = true;
  const value = reader.bytes.subarray(reader.at, reader.at + length);
  reader.at += length;
  return value;
}

function readLines(reader: Reader): Line[] {
  expect(reader, 12);
  const count = (reader.bytes[reader.at++] ?? 0) - ARRAY;
  if (count < 1 || count > LINES_MAX) reader.isOdd = true;
  const lines: Line[] = [];
  for (let i = 0; i < count && !reader.isOdd; i++) {
    expect(reader, ARRAY | LINE_PARTS);
    const product = readWithin(reader, LINE);
    const revision = readWithin(reader, LINE + 1);
    const quantity = readWithin(reader, LINE + 2);
    const unitCents = readWithin(reader, LINE + 3);
    lines.push({ product, revision, quantity, unitCents });
  }
  return lines;
}

function readProof(reader: Reader): Proof {
  expect(reader, 18);
  const parts = (reader.bytes[reader.at++] ?? 0) - ARRAY;
  if (parts === 1) {
    expect(reader, 0);
    return { method: "uid" };
  }
  if (parts !== 2) reader.isOdd = true;
  expect(reader, 1);
  return { method: "authenticated", counter: readWithin(reader, 18) };
}
