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

// Typed arrays, because a terminal holds these all the time: lists of numbers would take it 160 variables more.
function fieldsWith(own: number[]): Uint8Array {
  const ofEvery = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  return new Uint8Array(ofEvery.concat(own));
}

/** The fields of each kind, ascending. */
export const FIELDS: { [kind: string]: Uint8Array } = {
  open: fieldsWith([22, 23]),
  purchase: fieldsWith([10, 11, 12, 13, 14, 15, 16, 17, 18]),
  void: fieldsWith([10, 11, 13, 15, 19]),
  collect: fieldsWith([10, 11, 16, 18, 20]),
  lowered: fieldsWith([11, 15, 21]),
  close: fieldsWith([]),
};
/** The one field that a kind may have or not: a sale that nobody had to allow says nothing about it. */
export const OVERRIDE = 24;
const BYTE_FIELDS = [4, 10, 22];
/** The parts of a line have their limits behind those of the fields. */
export const LINE = 25;
export const LINE_PARTS = 4;
/** Least and most of integer field n stand at 2 n; a byte field's are of its length. */
export const LIMITS = new Uint32Array(
  [0, U32_MAX, 1, U32_MAX, 1, U16_MAX, 1, U32_MAX, HASH_BYTES, HASH_BYTES]
    .concat([0, U32_MAX, 0, 1, 0, U32_MAX, 0, U32_MAX, 0, U32_MAX])
    .concat([4, 10, 0, U32_MAX, 0, U32_MAX, 1, TOTAL_CENTS_MAX, 0, TOTAL_CENTS_MAX])
    .concat([0, U32_MAX, 0, U32_MAX, 0, U32_MAX, 0, U32_MAX, 1, U32_MAX])
    .concat([1, U32_MAX, 0, U32_MAX, HASH_BYTES, HASH_BYTES, 1, U32_MAX])
    .concat([OVERRIDE_ALLERGEN, OVERRIDE_ALLERGEN])
    .concat([1, U32_MAX, 1, U16_MAX, 1, QUANTITY_MAX, 0, UNIT_CENTS_MAX]),
);
const PROOF = 18;

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
  const mandatory = FIELDS[kind] as Uint8Array;
  const isOverridden = kind === "purchase" && map[OVERRIDE] !== undefined;
  const expected = mandatory.length + (isOverridden ? 1 : 0);
  if (Object.keys(map).length !== expected) return "wrong-fields";
  let fault: TokenFault | undefined;
  for (let i = 0; i < expected; i++) {
    const field = i < mandatory.length ? (mandatory[i] as number) : OVERRIDE;
    const value = map[field];
    if (!isOfField(value, field)) return "wrong-fields";
    const size = value instanceof Uint8Array ? value.length : value;
    const counter = field === PROOF ? (value as number[])[1] || 0 : size;
    if (typeof counter === "number" && !isWithin(counter, field)) fault = "out-of-range";
  }
  if (fault || !map[12]) return fault;
  return faultOfLines(map[12] as number[][], map[13] as number, map[14] as number);
}

function isOfField(value: unknown, field: number): boolean {
  if (BYTE_FIELDS.indexOf(field) >= 0) return value instanceof Uint8Array;
  if (field === 12) return Array.isArray(value) && value.every(isLine);
  if (field === PROOF) return isProof(value);
  return typeof value === "number";
}

function isLine(value: unknown): boolean {
  return Array.isArray(value) && value.length === LINE_PARTS && value.every(isNumber);
}

function isProof(value: unknown): boolean {
  if (!Array.isArray(value) || !value.every(isNumber)) return false;
  return (value[0] === 0 && value.length === 1) || (value[0] === 1 && value.length === 2);
}

function isNumber(value: unknown): boolean {
  return typeof value === "number";
}

function isWithin(value: number, field: number): boolean {
  const least = LIMITS[2 * field] as number;
  return (
    Math.floor(value) === value && value >= least && value <= (LIMITS[2 * field + 1] as number)
  );
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
      if (!isWithin(line[j] as number, LINE + j)) return "out-of-range";
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
