// What the terminal knows and may lose the history of: a log of records in region state. It grows in
// one half; when that is full, what still counts is written to the other half, whose header, written
// last, makes it the current one. After a power cut the last put is there whole or not at all.

import type { Bytes } from "#protocol/bytes.ts";
import type { FlashRegion } from "./board.ts";
import type { Sha256 } from "./flash.ts";
import { pagesOf, wordsUp } from "./flash.ts";
import type { Half, Log, RecordHead } from "./store-log.ts";
import {
  HALF_HEADER_BYTES,
  LENGTH_MAX,
  RECORD_HEADER_BYTES,
  appendRecord,
  commitHalf,
  emptyLog,
  eraseHalf,
  generationOf,
  isEmptyBehindHeader,
  isLog,
  keyOf,
  readHead,
  readLog,
} from "./store-log.ts";

export type Put = (type: number, id: number, data: Bytes) => void;
export type Store = {
  /** True until something has been put since the box was provisioned. */
  isFresh(): boolean;
  /** The newest record of type and id. */
  get(type: number, id: number): Bytes | undefined;
  /** Some bytes of it; undefined without such a record. */
  part(type: number, id: number, offset: number, length: number): Bytes | undefined;
  /** Persisted when it returns; throws "store: full" or "store: ... did not take". */
  put: Put;
  /** Live records of type in the order they were put, and all of a LOG type. */
  each(type: number, visit: (id: number, data: Bytes) => void): void;
  /** How many records the log holds: the start of the terminal reads them all. */
  records(): number;
  /** Writes what counts to the other half. */
  rewrite(): void;
};
export type StoreFault = "store-damaged";
export type OpenedStore =
  | { ok: true; store: Store }
  | { ok: false; fault: StoreFault; detail: string };

/** sumUp is called in each rewrite and puts the sum of all LOG records, which are dropped then, and
 * whatever else its owner holds anew; other records are kept as they are. A sumUp that puts nothing
 * sums up nothing. onRewritten is called when what it put is there for good. */
export function openStore(
  region: FlashRegion,
  sha256: Sha256,
  sumUp: (put: Put) => void,
  onRewritten?: () => void,
): OpenedStore {
  const pages = region.pages >> 1;
  const size = pages * region.pageBytes;
  const halves = [
    { region: pagesOf(region, 0, pages), size: size },
    { region: pagesOf(region, pages, pages), size: size },
  ];
  const generations = halves.map((half) => generationOf(sha256, half));
  const current = (generations[1] as number) > (generations[0] as number) ? 1 : 0;
  const generation = generations[current] as number;
  if (!generation) {
    // A header torn at the very first start has nothing behind it.
    if (!halves.every((half) => isEmptyBehindHeader(sha256, half)))
      return { ok: false, fault: "store-damaged", detail: "store: no half has a header" };
    eraseHalf(sha256, halves[0] as Half);
    commitHalf(sha256, halves[0] as Half, 1);
  }
  const log = readLog(sha256, halves[current] as Half, generation || 1);
  if (typeof log === "string") return { ok: false, fault: "store-damaged", detail: log };
  return { ok: true, store: createStore(sha256, halves, log, sumUp, onRewritten) };
}

function createStore(
  sha256: Sha256,
  halves: Half[],
  opened: Log,
  sumUp: (put: Put) => void,
  onRewritten: (() => void) | undefined,
): Store {
  let log = opened;

  function dataAt(offset: number): Bytes {
    const length = readHead(log.half, offset).length;
    return log.half.region.read(offset + RECORD_HEADER_BYTES, length);
  }

  /** Visits what a reader would be given: the newest of each type and id, and all LOG records. */
  function eachLive(visit: (head: RecordHead, offset: number) => void): void {
    let offset = HALF_HEADER_BYTES;
    for (let i = 0; i < log.records; i++) {
      const head = readHead(log.half, offset);
      if (isLog(head.type) || log.newest[keyOf(head.type, head.id)] === offset) visit(head, offset);
      offset += RECORD_HEADER_BYTES + wordsUp(head.length);
    }
  }

  function rewrite(): void {
    const other = log.half === halves[0] ? halves[1] : halves[0];
    const fresh = emptyLog(other as Half, log.generation + 1);
    eraseHalf(sha256, fresh.half);
    function putFresh(type: number, id: number, data: Bytes): void {
      if (!appendRecord(sha256, fresh, type, id, data)) throw new Error("store: full");
    }
    sumUp(putFresh);
    const hasSum = fresh.records > 0;
    eachLive((head, offset) => {
      const isSummed = isLog(head.type)
        ? hasSum
        : fresh.newest[keyOf(head.type, head.id)] !== undefined;
      if (!isSummed) putFresh(head.type, head.id, dataAt(offset));
    });
    commitHalf(sha256, fresh.half, fresh.generation);
    log = fresh;
    if (onRewritten) onRewritten();
  }

  function put(type: number, id: number, data: Bytes): void {
    if (data.length > LENGTH_MAX) throw new Error("store: a record of " + data.length + " bytes");
    if (appendRecord(sha256, log, type, id, data)) return;
    rewrite();
    if (!appendRecord(sha256, log, type, id, data)) throw new Error("store: full");
  }

  return {
    isFresh(): boolean {
      return log.generation === 1 && log.records === 0;
    },
    get(type: number, id: number): Bytes | undefined {
      const offset = log.newest[keyOf(type, id)];
      return offset === undefined ? undefined : dataAt(offset);
    },
    part(type: number, id: number, at: number, length: number): Bytes | undefined {
      const offset = log.newest[keyOf(type, id)];
      if (offset === undefined) return undefined;
      return log.half.region.read(offset + RECORD_HEADER_BYTES + at, length);
    },
    put: put,
    each(type: number, visit: (id: number, data: Bytes) => void): void {
      eachLive((head, offset) => {
        if (head.type === type) visit(head.id, dataAt(offset));
      });
    },
    records(): number {
      return log.records;
    },
    rewrite: rewrite,
  };
}
