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

type Writer = { bytes: Bytes; length: number };

/** Encodes into a buffer of at most sizeMax bytes; a value outside the subset or too large throws. */
export function encode(value: Value, sizeMax: number): Bytes {
  const writer = { bytes: new Uint8Array(sizeMax), length: 0 };
  writeValue(writer, value);
  if (writer.length > sizeMax) throw new Error("cbor: value is longer than " + sizeMax + " bytes");
  return copyBytes(writer.bytes, 0, writer.length);
}

function writeValue(writer: Writer, value: Value): void {
  if (typeof value === "number") {
    if (Math.floor(value) !== value || value > INTEGER_MAX || value < -INTEGER_MAX)
      throw new Error("cbor: not an integer: " + value);
    if (value < 0) writeHead(writer, NEGATIVE, -1 - value);
    else writeHead(writer, UNSIGNED, value);
  } else if (typeof value === "string") {
    writeHead(writer, TEXT, value.length);
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code > 127) throw new Error("cbor: text is not ASCII: " + value);
      writer.bytes[writer.length++] = code;
    }
  } else if (value instanceof Uint8Array) {
    writeHead(writer, BYTES, value.length);
    if (writer.length + value.length <= writer.bytes.length) writer.bytes.set(value, writer.length);
    writer.length += value.length;
  } else if (Array.isArray(value)) {
    writeHead(writer, ARRAY, value.length);
    for (let i = 0; i < value.length; i++) writeValue(writer, value[i] as Value);
  } else writeMap(writer, value);
}

function writeMap(writer: Writer, map: ValueMap): void {
  const keys = Object.keys(map);
  writeHead(writer, MAP, keys.length);
  let last = -1;
  for (let i = 0; i < keys.length; i++) {
    const key = Number(keys[i]);
    // Espruino keeps the order of insertion, V8 sorts: both must give the ascending order.
    if (!(key > last)) throw new Error("cbor: map key " + keys[i] + " is not above " + last);
    writeHead(writer, UNSIGNED, key);
    writeValue(writer, map[key] as Value);
    last = key;
  }
}

function writeHead(writer: Writer, major: number, count: number): void {
  const bytes = writer.bytes;
  const top = major << 5;
  if (count < 24) {
    bytes[writer.length++] = top | count;
    return;
  }
  let size = 1;
  if (count > 4294967295) size = 8;
  else if (count > 65535) size = 4;
  else if (count > 255) size = 2;
  bytes[writer.length++] = top | (size === 1 ? 24 : size === 2 ? 25 : size === 4 ? 26 : 27);
  let at = (writer.length += size);
  let rest = count;
  while (size--) {
    bytes[--at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
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
