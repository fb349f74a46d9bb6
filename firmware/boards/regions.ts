// How large the regions of a terminal's flash are, on every kind of box: the one table, from which Espruino's boards and the
// virtual terminals lay them out.

import type { FlashRegions } from "../board.ts";

/** Bytes, in the order in which they lie. Whole pages of 4,096, and so of 1,024 too. The burn map has 32 bytes for each of
 * 1,151 nonces of the host; the points and slots of 472 more lie in pages that the terminal fills again and again; the
 * state has two halves; the journal some 1,000 tokens, two days of a busy counter without network; the roster two
 * copies of 2,000 students. Of the 896 KB of Espruino's Storage this leaves a quarter to the bundle, the nonce pool and
 * the settings. */
export const REGION_BYTES = {
  burn: 36864,
  points: 32768,
  state: 98304,
  journal: 229376,
  roster: 270336,
} satisfies { [region in keyof FlashRegions]: number };
