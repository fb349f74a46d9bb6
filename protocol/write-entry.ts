// Writes an entry as its CBOR map, field by field in ascending order, and holds each value to the limits of fields.ts on
// the way. The terminal does this between card and beep, where a map of its own to be encoded would take four times as
// long: numbers are written in place, with as few steps of the interpreter as will do.

import type { Bytes } from "./bytes.ts";
import { copyBytes } from "./bytes.ts";
import type { Entry, Kind, Line, Proof, Purchase } from "./entry.ts";
import { KINDS, LINES_MAX, TOKEN_BYTES_MAX, TOKEN_VERSION } from "./entry.ts";
import { FIELDS, LIMITS, LINE, LINE_PARTS, OVERRIDE, OVERRIDE_ALLERGEN } from "./fields.ts";

// Initial bytes of CBOR (RFC 8949 section 3): major type in the upper three bits.
const U8 = 0x18;
const U16 = 0x19;
const U32 = 0x1a;
const BYTES = 0x40;
const ARRAY = 0x80;
const MAP = 0xa0;

/** The payload that is signed: the one encoding of entry. Throws on an entry that breaks a limit. */
export function encodeEntry(entry: Entry): Bytes {
  const bytes = new Uint8Array(TOKEN_BYTES_MAX);
  let at = writeHead(bytes, entry, entry.kind);
  if (entry.kind === "purchase") at = writePurchase(bytes, at, entry);
  else if (entry.kind === "open") {
    at = writeBytes(bytes, at, 22, entry.firmware);
    at = writeField(bytes, at, 23, entry.boot);
  } else if (entry.kind === "void") {
    at = writeField(bytes, writeBytes(bytes, at, 10, entry.card), 11, entry.student);
    at = writeField(bytes, at, 13, entry.totalCents);
    at = writeField(bytes, at, 15, entry.lease);
    at = writeField(bytes, at, 19, entry.voids);
  } else if (entry.kind === "collect") {
    at = writeField(bytes, writeBytes(bytes, at, 10, entry.card), 11, entry.student);
    at = writeField(bytes, at, 16, entry.roster);
    at = writeProof(bytes, at, entry.proof);
    at = writeField(bytes, at, 20, entry.order);
  } else if (entry.kind === "lowered") {
    at = writeField(bytes, at, 11, entry.student);
    at = writeField(bytes, at, 15, entry.lease);
    at = writeField(bytes, at, 21, entry.ceilingCents);
  }
  // Writing beyond the end of a typed array does nothing.
  if (at > bytes.length) throw new Error("token: an entry of " + at + " bytes");
  return copyBytes(bytes, 0, at);
}

function writeHead(bytes: Bytes, entry: Entry, kind: Kind): number {
  const fields = (FIELDS[kind] as Uint8Array).length;
  bytes[0] = MAP | ("override" in entry && entry.override ? fields + 1 : fields);
  bytes[1] = 0;
  bytes[2] = TOKEN_VERSION;
  let at = writeField(bytes, 3, 1, entry.terminal);
  at = writeField(bytes, at, 2, entry.epoch);
  at = writeField(bytes, at, 3, entry.seq);
  at = writeBytes(bytes, at, 4, entry.prev);
  at = writeField(bytes, at, 5, entry.time);
  bytes[at] = 6;
  bytes[at + 1] = entry.clock === "trusted" ? 0 : 1;
  bytes[at + 2] = 7;
  bytes[at + 3] = KINDS.indexOf(kind) + 1;
  at = writeField(bytes, at + 4, 8, entry.nonce);
  return writeField(bytes, at, 9, entry.operator);
}

function writePurchase(bytes: Bytes, start: number, sale: Purchase): number {
  const lines = sale.lines;
  const count = lines.length;
  let at = writeBytes(bytes, start, 10, sale.card);
  at = writeField(bytes, at, 11, sale.student);
  if (count < 1 || count > LINES_MAX) throw outOfRange(12, count);
  bytes[at] = 12;
  bytes[at + 1] = ARRAY | count;
  at += 2;
  let sumCents = 0;
  for (let i = 0; i < count; i++) {
    const line = lines[i] as Line;
    at = writeLine(bytes, at, line);
    sumCents += line.quantity * line.unitCents;
  }
  at = writeField(bytes, at, 13, sale.totalCents);
  at = writeField(bytes, at, 14, sale.graceCents);
  if (sumCents !== sale.totalCents || sale.graceCents > sumCents)
    throw new Error("token: wrong-total: lines of " + sumCents + " for " + sale.totalCents);
  at = writeField(bytes, at, 15, sale.lease);
  at = writeField(bytes, at, 16, sale.roster);
  at = writeProof(bytes, writeField(bytes, at, 17, sale.prices), sale.proof);
  if (!sale.override) return at;
  bytes[at] = U8;
  bytes[at + 1] = OVERRIDE;
  bytes[at + 2] = OVERRIDE_ALLERGEN;
  return at + 3;
}

function writeLine(bytes: Bytes, start: number, line: Line): number {
  bytes[start] = ARRAY | LINE_PARTS;
  let at = writeWithin(bytes, start + 1, line.product, LINE);
  at = writeWithin(bytes, at, line.revision, LINE + 1);
  at = writeWithin(bytes, at, line.quantity, LINE + 2);
  return writeWithin(bytes, at, line.unitCents, LINE + 3);
}

function writeProof(bytes: Bytes, at: number, proof: Proof): number {
  bytes[at] = 18;
  if (proof.method === "uid") {
    bytes[at + 1] = ARRAY | 1;
    bytes[at + 2] = 0;
    return at + 3;
  }
  bytes[at + 1] = ARRAY | 2;
  bytes[at + 2] = 1;
  return writeNumber(bytes, at + 3, proof.counter, 18);
}

/** A field below 24 and its number. */
function writeField(bytes: Bytes, at: number, field: number, value: number): number {
  const limit = 2 * field;
  if (value < (LIMITS[limit] as number) || value > (LIMITS[limit + 1] as number))
    throw outOfRange(field, value);
  bytes[at] = field;
  // As writeNumber does it, a call less.
  if (value < 24 && value === (value | 0)) {
    bytes[at + 1] = value;
    return at + 2;
  }
  return writeNumber(bytes, at + 1, value, field);
}

/** A part of a line. */
function writeWithin(bytes: Bytes, at: number, value: number, part: number): number {
  const limit = 2 * part;
  if (value < (LIMITS[limit] as number) || value > (LIMITS[limit + 1] as number))
    throw outOfRange(12, value);
  if (value < 24 && value === (value | 0)) {
    bytes[at] = value;
    return at + 1;
  }
  return writeNumber(bytes, at, value, 12);
}

/** In the shortest form; no field holds more than 32 bits. */
function writeNumber(bytes: Bytes, at: number, value: number, field: number): number {
  if (value >>> 0 !== value) throw outOfRange(field, value);
  if (value < 24) {
    bytes[at] = value;
    return at + 1;
  }
  if (value < 256) {
    bytes[at] = U8;
    bytes[at + 1] = value;
    return at + 2;
  }
  if (value < 65536) {
    bytes[at] = U16;
    bytes[at + 1] = value >> 8;
    bytes[at + 2] = value;
    return at + 3;
  }
  bytes[at] = U32;
  bytes[at + 1] = value >>> 24;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 8;
  bytes[at + 4] = value;
  return at + 5;
}

function writeBytes(bytes: Bytes, at: number, field: number, value: Bytes): number {
  const length = value.length;
  const least = LIMITS[2 * field] as number;
  if (!(length >= least && length <= (LIMITS[2 * field + 1] as number)))
    throw outOfRange(field, length);
  bytes[at] = field;
  let start = at + 2;
  if (length < 24) bytes[at + 1] = BYTES | length;
  else {
    bytes[at + 1] = BYTES | U8;
    bytes[at + 2] = length;
    start++;
  }
  bytes.set(value, start);
  return start + length;
}

function outOfRange(field: number, value: number): Error {
  return new Error("token: out-of-range: " + value + " in field " + field);
}
