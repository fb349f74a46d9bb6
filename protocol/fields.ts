// The CBOR map of an entry. One table says which fields each kind has, what they hold and how far they go;
// protocol/README.md, section "Entry", is the same table for people.

import type { Bytes } from "./bytes.ts";
import type { ValueMap } from "./cbor.ts";
import type { Entry, Kind, Line, Proof, TokenFault } from "./entry.ts";
import {
  KINDS,
  LINES_MAX,
  QUANTITY_MAX,
  TOKEN_VERSION,
  TOTAL_CENTS_MAX,
  UNIT_CENTS_MAX,
} from "./entry.ts";

const U32_MAX = 4294967295;
const U16_MAX = 65535;
const HASH_BYTES = 32;
export const OVERRIDE_ALLERGEN = 1;

// Fields of every entry, then those of each kind; ascending.
const HEAD = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
export const FIELDS: { [kind: string]: number[] } = {
  open: HEAD.concat([22, 23]),
  purchase: HEAD.concat([10, 11, 12, 13, 14, 15, 16, 17, 18]),
  void: HEAD.concat([10, 11, 13, 15, 19]),
  collect: HEAD.concat([10, 11, 16, 18, 20]),
  lowered: HEAD.concat([11, 15, 21]),
  close: HEAD,
};
/** The one field that a kind may have or not: a sale that nobody had to allow says nothing about it. */
export const OVERRIDE = 24;
const BYTE_FIELDS = [4, 10, 22];
// [least, most] of each integer field; a byte field's is its length.
export const RANGES: { [field: number]: [number, number] } = {
  1: [1, U32_MAX],
  2: [1, U16_MAX],
  3: [1, U32_MAX],
  4: [HASH_BYTES, HASH_BYTES],
  5: [0, U32_MAX],
  6: [0, 1],
  8: [0, U32_MAX],
  9: [0, U32_MAX],
  10: [4, 10],
  11: [0, U32_MAX],
  13: [1, TOTAL_CENTS_MAX],
  14: [0, TOTAL_CENTS_MAX],
  15: [0, U32_MAX],
  16: [0, U32_MAX],
  17: [0, U32_MAX],
  19: [1, U32_MAX],
  20: [1, U32_MAX],
  21: [0, U32_MAX],
  22: [HASH_BYTES, HASH_BYTES],
  23: [1, U32_MAX],
  24: [OVERRIDE_ALLERGEN, OVERRIDE_ALLERGEN],
};
export const LINE_RANGES: [number, number][] = [
  [1, U32_MAX],
  [1, U16_MAX],
  [1, QUANTITY_MAX],
  [0, UNIT_CENTS_MAX],
];

const PROOF_COUNTER: [number, number] = [0, U32_MAX];

/** The entry that a decoded map says, or the first fault in the order version, kind, fields, ranges, total. */
export function entryOfMap(map: unknown): Entry | TokenFault {
  if (typeof map !== "object" || map === null || Array.isArray(map) || map instanceof Uint8Array)
    return "wrong-fields";
  const fields = map as ValueMap;
  return faultOfMap(fields) || entryOfFields(fields, KINDS[(fields[7] as number) - 1] as Kind);
}

/** Why the entry of a map may not be booked; undefined when it may. */
function faultOfMap(map: ValueMap): TokenFault | undefined {
  if (map[0] !== TOKEN_VERSION) return "unknown-version";
  const kind = KINDS[(map[7] as number) - 1];
  if (!kind) return "unknown-kind";
  const mandatory = FIELDS[kind] as number[];
  const isOverridden = kind === "purchase" && map[OVERRIDE] !== undefined;
  const expected = isOverridden ? mandatory.concat([OVERRIDE]) : mandatory;
  if (Object.keys(map).length !== expected.length) return "wrong-fields";
  let fault: TokenFault | undefined;
  for (let i = 0; i < expected.length; i++) {
    const field = expected[i] as number;
    const value = map[field];
    if (!isOfField(value, field)) return "wrong-fields";
    const range = RANGES[field];
    const size = value instanceof Uint8Array ? value.length : (value as number);
    if (range && !isWithin(size, range)) fault = "out-of-range";
    if (field === 18 && !isWithin((value as number[])[1] || 0, PROOF_COUNTER))
      fault = "out-of-range";
  }
  if (fault || !map[12]) return fault;
  return faultOfLines(map[12] as number[][], map[13] as number, map[14] as number);
}

function isOfField(value: unknown, field: number): boolean {
  if (BYTE_FIELDS.indexOf(field) >= 0) return value instanceof Uint8Array;
  if (field === 12) return Array.isArray(value) && value.every(isLine);
  if (field === 18) return isProof(value);
  return typeof value === "number";
}

function isLine(value: unknown): boolean {
  return Array.isArray(value) && value.length === LINE_RANGES.length && value.every(isNumber);
}

function isProof(value: unknown): boolean {
  if (!Array.isArray(value) || !value.every(isNumber)) return false;
  return (value[0] === 0 && value.length === 1) || (value[0] === 1 && value.length === 2);
}

function isNumber(value: unknown): boolean {
  return typeof value === "number";
}

function isWithin(value: number, range: [number, number]): boolean {
  return Math.floor(value) === value && value >= range[0] && value <= range[1];
}

function faultOfLines(
  lines: number[][],
  totalCents: number,
  graceCents: number,
): TokenFault | undefined {
  if (lines.length < 1 || lines.length > LINES_MAX) return "out-of-range";
  let sumCents = 0;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as number[];
    for (let j = 0; j < line.length; j++)
      if (!isWithin(line[j] as number, LINE_RANGES[j] as [number, number])) return "out-of-range";
    sumCents += (line[2] as number) * (line[3] as number);
  }
  return sumCents === totalCents && graceCents <= totalCents ? undefined : "wrong-total";
}

function entryOfFields(map: ValueMap, kind: Kind): Entry {
  const head = {
    terminal: map[1] as number,
    epoch: map[2] as number,
    seq: map[3] as number,
    prev: map[4] as Bytes,
    time: map[5] as number,
    clock: map[6] === 0 ? "trusted" : "suspect",
    nonce: map[8] as number,
    operator: map[9] as number,
  };
  return Object.assign(head, bodyOfFields(map, kind)) as Entry;
}

function bodyOfFields(map: ValueMap, kind: Kind): object {
  const card = map[10] as Bytes;
  const student = map[11] as number;
  const lease = map[15] as number;
  const roster = map[16] as number;
  if (kind === "open") return { kind: kind, firmware: map[22], boot: map[23] };
  if (kind === "purchase") return purchaseOfFields(map);
  if (kind === "void")
    return {
      kind: kind,
      card: card,
      student: student,
      totalCents: map[13],
      lease: lease,
      voids: map[19],
    };
  if (kind === "collect")
    return {
      kind: kind,
      card: card,
      student: student,
      roster: roster,
      proof: proofOfArray(map[18] as number[]),
      order: map[20],
    };
  if (kind === "lowered")
    return { kind: kind, student: student, lease: lease, ceilingCents: map[21] };
  return { kind: kind };
}

function purchaseOfFields(map: ValueMap): object {
  const purchase = {
    kind: "purchase",
    card: map[10],
    student: map[11],
    lines: (map[12] as number[][]).map(lineOfArray),
    totalCents: map[13],
    graceCents: map[14],
    lease: map[15],
    roster: map[16],
    prices: map[17],
    proof: proofOfArray(map[18] as number[]),
  };
  return map[OVERRIDE] ? Object.assign(purchase, { override: "allergen" }) : purchase;
}

function lineOfArray(line: number[]): Line {
  return {
    product: line[0] as number,
    revision: line[1] as number,
    quantity: line[2] as number,
    unitCents: line[3] as number,
  };
}

function proofOfArray(proof: number[]): Proof {
  return proof[0] === 0
    ? { method: "uid" }
    : { method: "authenticated", counter: proof[1] as number };
}
