// Starts that come to nothing come ever slower: after each that never showed a sign of life the next waits twice as long,
// up to a minute. One page of flash holds a word for each start, half cleared when it begins and cleared when all was
// well; a page lasts a thousand starts, and is erased when it is full.

import type { FlashRegion } from "./board.ts";
import { CLEARED, isBlank } from "./flash.ts";
import { readU32 } from "#protocol/bytes.ts";

const BEGUN = new Uint8Array([255, 255, 0, 0]);
const WAIT_MS = 1000;
export const WAIT_MS_MAX = 60000;
/** 2^6 seconds are more than the longest wait. */
const FAILURES_MAX = 7;

/** Notes that a start begins; gives how long it has to wait because those before it failed. */
export function noteStart(page: FlashRegion): number {
  let next = nextWord(page);
  const failures = failuresBefore(page, next);
  if (next * 4 >= page.pageBytes) {
    page.erase(0);
    next = 0;
  }
  page.write(next * 4, BEGUN);
  return failures ? Math.min(WAIT_MS << (failures - 1), WAIT_MS_MAX) : 0;
}

/** The start that runs has shown that all is well. */
export function noteWell(page: FlashRegion): void {
  const last = nextWord(page) - 1;
  if (last >= 0) page.write(last * 4, CLEARED);
}

/** Words are used one after the other: the first blank one is found by halves. */
function nextWord(page: FlashRegion): number {
  let low = 0;
  let high = page.pageBytes >> 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBlank(page.read(middle * 4, 4))) high = middle;
    else low = middle + 1;
  }
  return low;
}

function failuresBefore(page: FlashRegion, next: number): number {
  let failures = 0;
  while (failures < FAILURES_MAX && failures < next) {
    const word = readU32(page.read((next - 1 - failures) * 4, 4), 0);
    if (word === 0) break;
    failures++;
  }
  return failures;
}
