// The one-time nonces: burn first, then sign. Two messages under one nonce give the private key to
// anybody who holds both tokens, so an index is spent by one flash write that also says for which
// message, before a signature exists. No pool is ever restarted at 0: without a sound burn map the
// terminal signs nothing until it is provisioned again.

import type { Bytes } from "#protocol/bytes.ts";
import { copyBytes } from "#protocol/bytes.ts";
import type { Board, FlashRegion } from "./board.ts";
import type { Sha256 } from "./flash.ts";
import { isBlank, isSame } from "./flash.ts";
import type { NoncePages } from "./nonce-pages.ts";
import { openNoncePages, skipPages } from "./nonce-pages.ts";
import type { NonceRange, PoolMark } from "./nonce-range.ts";
import { burnBelow, burnNext, countWritten, intentOf, isInOrder, pointOf } from "./nonce-range.ts";
import {
  BURN_MAGIC,
  HEADER_BYTES,
  INTENT_BYTES,
  POINT_RECORD_BYTES,
  POOL_MAGIC,
  SLOT_BYTES,
  poolIdOf,
  readHeader,
} from "./pool.ts";

export type NonceFault =
  | "pool-missing"
  | "pool-damaged"
  | "pool-foreign"
  | "burn-map-missing"
  | "burn-map-damaged"
  | "burn-map-foreign"
  | "burn-map-behind";

export type Nonces = {
  /** How many indices can still sign. */
  left(): number;
  /** The index that the next entry must carry; throws when none is left. */
  next(): number;
  /** Burns the next index for the message of this SHA-256 and gives what signs it. The same message
   * again gets the same index again, any other message another one. Throws, with nothing signed,
   * when the flash does not take the burn or the point is damaged. */
  take(messageHash: Bytes): { index: number; point: Bytes };
  /** Every index below is spent. */
  spent(): number;
  /** The ledger has an entry with this index. When that is not below the next one, another box had
   * our key, or our flash was set back: all up to it are skipped, and a margin. True when that was
   * so. */
  witness(index: number): boolean;
  /** Where the terminal puts points of its own (topup.ts). */
  pages: NoncePages;
};
export type OpenedNonces = { ok: true; nonces: Nonces } | { ok: false; fault: NonceFault };

/** lastNonce is the index in the newest entry of the journal, -1 without one: a burn map that does
 * not know of it has been lost or put back. */
export type NonceSource = {
  files: Board["files"];
  burn: FlashRegion;
  points: FlashRegion;
  sha256: Sha256;
  nonceSeed: Bytes;
  epoch: number;
  lastNonce: number;
};

/** What another box may have signed and not yet sent, when we learn of it. */
const MARGIN = 64;

export function openNonces(source: NonceSource): OpenedNonces {
  const poolId = poolIdOf(source.sha256, source.nonceSeed, source.epoch);
  const mark = { sha256: source.sha256, poolId: poolId };
  const pool = source.files.read("pool", 0, HEADER_BYTES);
  if (!pool) return { ok: false, fault: "pool-missing" };
  const poolHeader = readHeader(source.sha256, POOL_MAGIC, pool);
  if (!poolHeader) return { ok: false, fault: "pool-damaged" };
  if (!isSame(poolHeader.poolId, poolId)) return { ok: false, fault: "pool-foreign" };
  const map = source.burn.read(0, HEADER_BYTES);
  if (isBlank(map)) return { ok: false, fault: "burn-map-missing" };
  const mapHeader = readHeader(source.sha256, BURN_MAGIC, map);
  if (!mapHeader) return { ok: false, fault: "burn-map-damaged" };
  if (!isSame(mapHeader.poolId, poolId)) return { ok: false, fault: "burn-map-foreign" };
  const slots = Math.floor((source.burn.pageBytes * source.burn.pages) / SLOT_BYTES) - 1;
  const host = openHostRange(source, Math.min(poolHeader.count, slots));
  const pages = openNoncePages(mark, source.points, poolHeader.count);
  if (!isInOrder(source.sha256, host, slots) || !pages)
    return { ok: false, fault: "burn-map-damaged" };
  const nonces = createNonces(mark, host, pages);
  if (source.lastNonce >= nonces.spent()) return { ok: false, fault: "burn-map-behind" };
  return { ok: true, nonces: nonces };
}

function openHostRange(source: NonceSource, count: number): NonceRange {
  return {
    first: 0,
    capacity: count,
    ready: count,
    burnt: countWritten(source.burn, HEADER_BYTES, SLOT_BYTES, count),
    region: source.burn,
    slotsAt: HEADER_BYTES,
    readPoint: (at) =>
      source.files.read("pool", HEADER_BYTES + at * POINT_RECORD_BYTES, POINT_RECORD_BYTES),
  };
}

function createNonces(mark: PoolMark, host: NonceRange, pages: NoncePages): Nonces {
  let range = runInUse(host, pages);
  /** The run that the last burnt index is of, and the message it was spent for. */
  let last = range;
  let intent = intentOf(mark, last);

  /** Moves on when a run is used up and a later one has points. */
  function current(): NonceRange {
    for (let i = 0; i < pages.live.length && range.burnt >= range.ready; i++) {
      const page = pages.live[i] as NonceRange;
      if (page.first > range.first && page.ready > page.burnt) range = page;
    }
    return range;
  }

  function next(): number {
    const used = current();
    if (used.burnt >= used.ready)
      throw new Error("nonces: all " + (used.first + used.burnt) + " are used");
    return used.first + used.burnt;
  }

  return {
    left: () => leftFrom(range, pages),
    next: next,
    take(messageHash: Bytes): { index: number; point: Bytes } {
      const wanted = copyBytes(messageHash, 0, INTENT_BYTES);
      const again = last.first + last.burnt - 1;
      if (intent && isSame(intent, wanted))
        return { index: again, point: pointOf(mark, last, again) };
      const index = next();
      const point = pointOf(mark, range, index);
      last = range;
      intent = undefined;
      burnNext(mark, last, wanted);
      intent = wanted;
      return { index: index, point: point };
    },
    spent: () => spentUpTo(range, pages),
    witness(index: number): boolean {
      if (index < spentUpTo(range, pages)) return false;
      intent = undefined;
      burnBelow(host, index + 1 + MARGIN);
      skipPages(pages, index + 1 + MARGIN);
      range = runInUse(host, pages);
      return true;
    },
    pages: pages,
  };
}

/** The last run that anything was burnt in: those before it are spent. So is all before the oldest
 * page, when pages before it were erased. */
function runInUse(host: NonceRange, pages: NoncePages): NonceRange {
  let range = host;
  for (let i = 0; i < pages.live.length; i++) {
    const page = pages.live[i] as NonceRange;
    if (page.burnt || (i === 0 && page.first > pages.floor)) range = page;
  }
  return range;
}

/** Behind a run that is used up, nothing stands before the next one. */
function spentUpTo(range: NonceRange, pages: NoncePages): number {
  const later = pages.live.filter((page) => page.first > range.first)[0];
  return later && range.burnt >= range.capacity ? later.first : range.first + range.burnt;
}

function leftFrom(range: NonceRange, pages: NoncePages): number {
  let left = Math.max(0, range.ready - range.burnt);
  for (let i = 0; i < pages.live.length; i++) {
    const page = pages.live[i] as NonceRange;
    if (page.first > range.first) left += Math.max(0, page.ready - page.burnt);
  }
  return left;
}
