// The deterministic CBOR subset that terminal and gateway speak (RFC 8949 section 4.2.1): integers,
// byte strings, ASCII text, arrays, and maps with ascending unsigned keys. One value has one encoding.
// Runs on Espruino; protocol/README.md answers every ambiguity of CBOR one by one.

import type { Bytes } from "./bytes.ts";
import { copyBytes } from "./bytes.ts";

export type Value = number | string | Bytes | Value[] | ValueMap;
export type ValueMap = { [key: number]: Value };

/** Deep enough for a token (map, lines, line) in a message; a bound, so that no input exhausts the stack. */
const DEPTH_MAX = 6;
/** Integers are exact in every runtime up to here (2^53 - 1). */
const INTEGER_MAX = 9007199254740991;

const UNSIGNED = 0;
const NEGATIVE = 1;
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
const MAP = 5;

/** Encodes into a buffer of at most sizeMax bytes; a value outside the subset or too large throws. */
export function encode(value: Value, sizeMax: number): Bytes {
  const bytes = new Uint8Array(sizeMax);
  const length = writeValue(bytes, 0, value);
  if (length > sizeMax) throw new Error("cbor: value is longer than " + sizeMax + " bytes");
  return copyBytes(bytes, 0, length);
}

// Each writer gives back the offset after what it wrote. Writing beyond the end of a typed array does nothing,
// so only encode() looks at the length. What a token has most of is asked first: this runs at the tap.
export function writeValue(bytes: Bytes, at: number, value: Value): number {
  if (typeof value === "number") {
    if (value >= 0 && value < 24 && value === (value | 0)) {
      bytes[at] = value;
      return at + 1;
    }
    return writeInteger(bytes, at, value);
  }
  if (value instanceof Uint8Array) {
    const start = writeHead(bytes, at, BYTES, value.length);
    if (start + value.length <= bytes.length) bytes.set(value, start);
    return start + value.length;
  }
  if (typeof value === "string") return writeText(bytes, at, value);
  if (Array.isArray(value)) {
    let end = writeHead(bytes, at, ARRAY, value.length);
    for (let i = 0; i < value.length; i++) end = writeValue(bytes, end, value[i] as Value);
    return end;
  }
  return writeMap(bytes, at, value);
}

function writeInteger(bytes: Bytes, at: number, value: number): number {
  if (Math.floor(value) !== value || value > INTEGER_MAX || value < -INTEGER_MAX)
    throw new Error("cbor: not an integer: " + value);
  if (value < 0) return writeHead(bytes, at, NEGATIVE, -1 - value);
  return writeHead(bytes, at, UNSIGNED, value);
}

function writeText(bytes: Bytes, at: number, text: string): number {
  let end = writeHead(bytes, at, TEXT, text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127) throw new Error("cbor: text is not ASCII: " + text);
    bytes[end++] = code;
  }
  return end;
}

function writeMap(bytes: Bytes, at: number, map: ValueMap): number {
  const keys = Object.keys(map);
  let end = writeHead(bytes, at, MAP, keys.length);
  let last = -1;
  for (let i = 0; i < keys.length; i++) {
    const key = Number(keys[i]);
    // Espruino keeps the order of insertion, V8 sorts: both must give the ascending order.
    if (!(key > last)) throw new Error("cbor: map key " + keys[i] + " is not above " + last);
    end = writeValue(bytes, writeHead(bytes, end, UNSIGNED, key), map[key] as Value);
    last = key;
  }
  return end;
}

function writeHead(bytes: Bytes, at: number, major: number, count: number): number {
  const top = major << 5;
  if (count < 24) {
    bytes[at] = top | count;
    return at + 1;
  }
  if (count < 256) {
    bytes[at] = top | 24;
    bytes[at + 1] = count;
    return at + 2;
  }
  const size = count < 65536 ? 2 : count <= 4294967295 ? 4 : 8;
  bytes[at] = top | (size === 2 ? 25 : size === 4 ? 26 : 27);
  const end = at + 1 + size;
  let rest = count;
  for (let i = end - 1; i > at; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return end;
}

type Reader = { bytes: Bytes; at: number };

/** Decodes exactly one value that fills all of bytes; whatever another encoder could have written
 * differently is refused. Throws an Error whose message begins with "cbor:". */
export function decode(bytes: Bytes): Value {
  const reader = { bytes: bytes, at: 0 };
  const value = readValue(reader, 0);
  if (reader.at !== bytes.length)
    throw new Error("cbor: " + (bytes.length - reader.at) + " bytes after the value");
  return value;
}

function readValue(reader: Reader, depth: number): Value {
  if (depth > DEPTH_MAX) throw new Error("cbor: nested deeper than " + DEPTH_MAX);
  if (reader.at >= reader.bytes.length) throw new Error("cbor: truncated at " + reader.at);
  const initial = reader.bytes[reader.at++] as number;
  const major = initial >> 5;
  if (major > MAP) throw new Error("cbor: byte " + initial + " is outside the subset");
  const count = readCount(reader, initial & 31);
  if (major === UNSIGNED) return count;
  if (major === NEGATIVE) {
    if (count === INTEGER_MAX) throw new Error("cbor: integer below -(2^53 - 1)");
    return -1 - count;
  }
  if (major === BYTES) return readBytes(reader, count);
  if (major === TEXT) return readText(reader, count);
  if (major === ARRAY) {
    const items: Value[] = [];
    for (let i = 0; i < count; i++) items.push(readValue(reader, depth + 1));
    return items;
  }
  return readMap(reader, count, depth);
}

function readCount(reader: Reader, info: number): number {
  if (info < 24) return info;
  if (info > 27) throw new Error("cbor: additional information " + info + " is outside the subset");
  let size = 1 << (info - 24);
  // A count needs more bytes than the size below it could hold (RFC 8949 section 4.2.1).
  const least = size === 1 ? 24 : size === 2 ? 256 : size === 4 ? 65536 : 4294967296;
  if (reader.at + size > reader.bytes.length) throw new Error("cbor: truncated at " + reader.at);
  let count = 0;
  while (size--) count = count * 256 + (reader.bytes[reader.at++] as number);
  if (count < least) throw new Error("cbor: " + count + " is not in its shortest form");
  if (count > INTEGER_MAX) throw new Error("cbor: integer above 2^53 - 1");
  return count;
}

function readBytes(reader: Reader, length: number): Bytes {
  if (reader.at + length > reader.bytes.length) throw new Error("cbor: truncated at " + reader.at);
  const data = copyBytes(reader.bytes, reader.at, length);
  reader.at += length;
  return data;
}

function readText(reader: Reader, length: number): string {
  const data = readBytes(reader, length);
  let text = "";
  for (let i = 0; i < length; i++) {
    if ((data[i] as number) > 127) throw new Error("cbor: text is not ASCII");
    text += String.fromCharCode(data[i] as number);
  }
  return text;
}

function readMap(reader: Reader, count: number, depth: number): ValueMap {
  const map: ValueMap = {};
  let last = -1;
  for (let i = 0; i < count; i++) {
    const key = readValue(reader, depth + 1);
    if (typeof key !== "number" || key <= last)
      throw new Error("cbor: map keys do not ascend after " + last);
    map[key] = readValue(reader, depth + 1);
    last = key;
  }
  return map;
}
