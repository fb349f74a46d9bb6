// Makes the points of further nonces while nobody is served, so that a terminal never runs out of
// signatures. A slice is one addition of points, or as much: the longest that a card can have to
// wait. Between slices everything may stop for good: only whole points reach the flash.

import type { Bytes } from "#protocol/bytes.ts";
import type { Board } from "./board.ts";
import { TEETH, digestOfTooth, isWholeComb } from "./curve/comb.ts";
import type { Multiple } from "./curve/comb.ts";
import type { Curve } from "./curve/curve.ts";
import { openCurve } from "./curve/curve.ts";
import type { Encoding, Packed } from "./curve/encoding.ts";
import { makeRoom, putPoint, roomFor } from "./nonce-pages.ts";
import type { Nonces } from "./nonces.ts";
import type { Signer } from "./signer.ts";

/** One inversion serves so many points. More would save little time and cost memory. */
const BATCH = 8;
const HASH_BYTES = 32;

export type TopUp = {
  /** Does a little. False when there is nothing to do: all pages are full, or it cannot be done.
   * Throws when the flash does not take what is written. */
  slice(): boolean;
};

/** first: the index of the first point of the batch. */
type Batch = { curve: Curve; first: number; count: number; packed: Packed[] };
type Work = {
  /** undefined until the table has been checked. */
  whole: boolean | undefined;
  digests: Bytes;
  checked: number;
  batch: Batch | undefined;
  multiple: Multiple | undefined;
  encoding: Encoding | undefined;
  /** Points of the batch in flash. */
  written: number;
};
type Parts = Pick<Board, "files" | "sha256" | "convolve" | "log">;

export function createTopUp(parts: Parts, nonces: Nonces, signer: Signer): TopUp {
  const work: Work = {
    whole: undefined,
    digests: new Uint8Array(TEETH * HASH_BYTES),
    checked: 0,
    batch: undefined,
    multiple: undefined,
    encoding: undefined,
    written: 0,
  };

  function pointsOn(batch: Batch): void {
    const curve = batch.curve;
    if (!work.multiple) {
      work.multiple = curve.startMultiple(signer.scalarOf(batch.first + batch.packed.length));
      return;
    }
    if (curve.multiplyOn(curve.field, parts.files, work.multiple)) return;
    const sum = work.multiple.sum;
    if (!sum) throw new Error("topup: nonce " + (batch.first + batch.packed.length) + " is 0");
    batch.packed.push(curve.packPoint(sum));
    work.multiple = undefined;
    if (batch.packed.length === batch.count) work.encoding = curve.startEncoding(batch.packed);
  }

  function writeOn(batch: Batch, points: Bytes[]): void {
    const index = batch.first + work.written;
    const isWanted = putPoint(nonces.pages, index, points[work.written] as Bytes);
    work.written++;
    if (!isWanted || work.written === batch.count) drop(work);
  }

  function workOn(batch: Batch): void {
    const encoding = work.encoding;
    if (!encoding) pointsOn(batch);
    else if (encoding.encoded.length < batch.count)
      batch.curve.encodeSlice(batch.curve.field, encoding);
    else writeOn(batch, encoding.encoded);
  }

  return {
    slice(): boolean {
      if (work.whole === false) return false;
      if (work.whole === undefined) return checkOn(parts, work);
      const room = work.batch ? undefined : roomFor(nonces.pages);
      if (room)
        work.batch = {
          curve: openCurve(parts.convolve),
          first: room.index,
          count: Math.min(room.count, BATCH),
          packed: [],
        };
      if (!work.batch) return makeRoom(nonces.pages, nonces.spent());
      try {
        workOn(work.batch);
      } catch (error) {
        drop(work);
        throw error;
      }
      return true;
    },
  };
}

function drop(work: Work): void {
  work.batch = undefined;
  work.multiple = undefined;
  work.encoding = undefined;
  work.written = 0;
}

/** A tooth a slice. A box without the table, or with a damaged one, only uses up its pool. */
function checkOn(parts: Parts, work: Work): boolean {
  const digest = digestOfTooth(parts.files, parts.sha256, work.checked);
  if (digest) work.digests.set(digest, work.checked * HASH_BYTES);
  if (digest && ++work.checked < TEETH) return true;
  work.whole = digest !== undefined && isWholeComb(parts.sha256, work.digests);
  if (!work.whole) parts.log("topup: no whole file comb: the pool is all there is");
  return work.whole;
}
