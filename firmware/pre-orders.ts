// The pre-orders of the day as the gateway sent them, and which of them were handed over here. The
// parts of the list lie in the store; what was collected follows from the journal, and is summed up
// when the store rewrites itself, as leases are.

import type { Bytes } from "#protocol/bytes.ts";
import { readU32, writeU32 } from "#protocol/bytes.ts";
import type { OrdersPart } from "#protocol/downlink.ts";
import type { Order } from "#protocol/orders.ts";
import { ORDER_PARTS_MAX, findOrders } from "#protocol/orders.ts";
import { COLLECTED, ORDERS } from "./store-log.ts";
import type { Put, Store } from "./store.ts";

/** Version, day and number of parts stand before the records of a part. */
const HEAD_BYTES = 12;

export type PreOrders = {
  /** Of the list that is here whole; 0 while parts of the newest are missing. */
  version(): number;
  /** Persisted when it returns; a part older than what is here changes nothing. */
  keep(message: OrdersPart): void;
  /** The student's orders, collected or not; undefined when the list here is not that day's (days
   * since 1970), or there is none. Without a day the list is taken as it is. */
  find(student: number, day: number | undefined): Order[] | undefined;
  /** For a `collect` entry that is in the journal. In memory only; sumUp persists. */
  collect(order: number): void;
  sumUp(put: Put): void;
};

type Head = { version: number; day: number; parts: number };

export function openPreOrders(store: Store): PreOrders {
  const heads: (Head | undefined)[] = [];
  for (let part = 0; part < ORDER_PARTS_MAX; part++) heads.push(headOf(store.get(ORDERS, part)));
  let newest = newestHead(heads);
  let collected = numbersOf(store.get(COLLECTED, 0));

  function keep(message: OrdersPart): void {
    const known = heads[message.part];
    if (message.part >= ORDER_PARTS_MAX || message.version < newest.version) return;
    if (known && known.version === message.version) return;
    store.put(ORDERS, message.part, dataOf(message));
    // An order has one number for ever: those of another day are only forgotten to save room.
    if (message.day !== newest.day) collected = [];
    heads[message.part] = { version: message.version, day: message.day, parts: message.parts };
    newest = newestHead(heads);
  }

  return {
    version: () => (isWholeList(heads, newest) ? newest.version : 0),
    keep: keep,
    find: (student, day) => {
      if (!newest.version || (day !== undefined && day !== newest.day)) return undefined;
      const orders: Order[] = [];
      for (let part = 0; part < newest.parts; part++) {
        const head = heads[part];
        const data = head && head.day === newest.day ? store.get(ORDERS, part) : undefined;
        if (data) addNew(orders, findOrders(data.subarray(HEAD_BYTES, data.length), student));
      }
      return orders.map((order) =>
        collected.indexOf(order.order) < 0 ? order : Object.assign({}, order, { collected: true }),
      );
    },
    collect: (order) => {
      if (collected.indexOf(order) < 0) collected.push(order);
    },
    sumUp: (put) => {
      const data = new Uint8Array(collected.length * 4);
      for (let i = 0; i < collected.length; i++) writeU32(data, i * 4, collected[i] as number);
      put(COLLECTED, 0, data);
    },
  };
}

/** While parts of two versions lie side by side, an order may stand in both. */
function addNew(orders: Order[], found: Order[]): void {
  for (let i = 0; i < found.length; i++) {
    const order = found[i] as Order;
    if (!orders.some((known) => known.order === order.order)) orders.push(order);
  }
}

function newestHead(heads: (Head | undefined)[]): Head {
  let newest: Head = { version: 0, day: 0, parts: 0 };
  for (let part = 0; part < heads.length; part++) {
    const head = heads[part];
    if (head && head.version > newest.version) newest = head;
  }
  return newest;
}

function isWholeList(heads: (Head | undefined)[], newest: Head): boolean {
  for (let part = 0; part < newest.parts; part++) {
    const head = heads[part];
    if (!head || head.version !== newest.version) return false;
  }
  return true;
}

function dataOf(message: OrdersPart): Bytes {
  const data = new Uint8Array(HEAD_BYTES + message.records.length);
  writeU32(data, 0, message.version);
  writeU32(data, 4, message.day);
  writeU32(data, 8, message.parts);
  data.set(message.records, HEAD_BYTES);
  return data;
}

function headOf(data: Bytes | undefined): Head | undefined {
  if (!data) return undefined;
  return { version: readU32(data, 0), day: readU32(data, 4), parts: readU32(data, 8) };
}

function numbersOf(data: Bytes | undefined): number[] {
  const numbers: number[] = [];
  if (!data) return numbers;
  for (let at = 0; at < data.length; at += 4) numbers.push(readU32(data, at));
  return numbers;
}
