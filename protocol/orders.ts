// The pre-orders of a day on a terminal: fixed 16-byte records sorted by student, so that the
// terminal finds those of a student in flash without decoding the others. An order of more than
// three lines goes on in the records after it.

import type { Bytes } from "./bytes.ts";
import { readU32, writeU32 } from "./bytes.ts";

export const ORDER_BYTES = 16;
/** A part, sealed, fits DOWNLINK_BYTES_MAX; all parts fit beside 2,000 leases into the
 * terminal's store. */
export const ORDERS_PER_PART = 128;
export const ORDER_PARTS_MAX = 2;
const LINES_PER_RECORD = 3;
const LINES_AT = 6;
const LINE_BYTES = 3;
const COLLECTED_AT = 15;
const U16_MAX = 65535;

export type OrderLine = { product: number; quantity: number };
/** One student's order; student and products up to 65535, quantities up to 99. collected: it was
 * handed over before the list was made. */
export type Order = { order: number; student: number; lines: OrderLine[]; collected: boolean };

// 0..3 order | 4..5 student | 6..14 three times product (2) and quantity (1), zeros when unused |
// 15 collected
export function encodeOrder(order: Order): Bytes {
  const records = Math.max(1, Math.ceil(order.lines.length / LINES_PER_RECORD));
  const bytes = new Uint8Array(records * ORDER_BYTES);
  for (let i = 0; i < records; i++) {
    writeU32(bytes, i * ORDER_BYTES, order.order);
    writeU16(bytes, i * ORDER_BYTES + 4, order.student);
    bytes[i * ORDER_BYTES + COLLECTED_AT] = order.collected ? 1 : 0;
  }
  for (let i = 0; i < order.lines.length; i++) {
    const line = order.lines[i] as OrderLine;
    const record = Math.floor(i / LINES_PER_RECORD);
    const at = record * ORDER_BYTES + LINES_AT + (i % LINES_PER_RECORD) * LINE_BYTES;
    writeU16(bytes, at, line.product);
    bytes[at + 2] = line.quantity;
  }
  return bytes;
}

/** The orders of student among sorted records, in their order. */
export function findOrders(records: Bytes, student: number): Order[] {
  const orders: Order[] = [];
  let at = firstOf(records, student);
  while (at < records.length && readU16(records, at + 4) === student) {
    addRecord(orders, records, at, student);
    at += ORDER_BYTES;
  }
  return orders;
}

/** Offset of the first record whose student is not below the one given. */
function firstOf(records: Bytes, student: number): number {
  let low = 0;
  let high = Math.floor(records.length / ORDER_BYTES);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (readU16(records, middle * ORDER_BYTES + 4) < student) low = middle + 1;
    else high = middle;
  }
  return low * ORDER_BYTES;
}

function addRecord(orders: Order[], records: Bytes, at: number, student: number): void {
  const number = readU32(records, at);
  let order = orders[orders.length - 1];
  if (!order || order.order !== number) {
    const collected = records[at + COLLECTED_AT] === 1;
    order = { order: number, student: student, lines: [], collected: collected };
    orders.push(order);
  }
  for (let i = 0; i < LINES_PER_RECORD; i++) {
    const line = at + LINES_AT + i * LINE_BYTES;
    const product = readU16(records, line);
    if (product) order.lines.push({ product: product, quantity: records[line + 2] as number });
  }
}

function writeU16(bytes: Bytes, at: number, value: number): void {
  if (value > U16_MAX) throw new Error("orders: " + value + " does not fit 16 bits");
  bytes[at] = value >> 8;
  bytes[at + 1] = value;
}

function readU16(bytes: Bytes, at: number): number {
  return (bytes[at] as number) * 256 + (bytes[at + 1] as number);
}
