// Work that can wait, in small pieces, while nobody is at the counter: it starts a second after the
// last card or key, and stops with the piece in hand when the next one comes.

import type { Board } from "./board.ts";

/** So long nobody has done anything. */
const REST_MS = 1000;
/** Between two pieces everything else gets its turn. */
const GAP_MS = 2;
/** There may be work again when something was used up. */
const NOTHING_MS = 10000;

export type Idle = {
  /** Somebody is there. */
  disturb(): void;
  start(): void;
};

/** work does one piece and says whether there is more; it is not called while isFree says no. What it
 * throws is logged, and the last it does. */
export function createIdle(
  board: Pick<Board, "after" | "log">,
  isFree: () => boolean,
  work: () => boolean,
): Idle {
  let disturbed = false;

  function next(): void {
    if (disturbed || !isFree()) {
      disturbed = false;
      board.after(REST_MS, next);
      return;
    }
    try {
      board.after(work() ? GAP_MS : NOTHING_MS, next);
    } catch (error) {
      board.log("idle: " + (error as Error).message);
    }
  }

  return {
    disturb: function () {
      disturbed = true;
    },
    start: function () {
      board.after(REST_MS, next);
    },
  };
}
