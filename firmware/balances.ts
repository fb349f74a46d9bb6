// What the gateway last said that each wallet holds beside the lease of this terminal. Kept in
// memory only: a figure from before a power cut, without the time it was true, would mislead. Three
// bytes a student, in blocks of 64.

import type { Bytes } from "#protocol/bytes.ts";

const STUDENTS_PER_BLOCK = 64;
const CENTS_BYTES = 3;
const UNKNOWN = 0xffffff;

export type Balances = {
  /** The gateway spoke, at `now` (seconds since 1970): what it said before still holds. */
  noteHeard(now: number): void;
  /** Seconds since 1970 of its last word since this start, 0 for none. */
  heardAt(): number;
  hear(student: number, besideCents: number): void;
  /** Cents beside the lease; undefined when nothing was heard of this student. */
  besideCents(student: number): number | undefined;
};

export function createBalances(): Balances {
  const blocks: (Bytes | undefined)[] = [];
  let heardAt = 0;
  return {
    noteHeard: (now) => {
      heardAt = now;
    },
    heardAt: () => heardAt,
    hear: (student, besideCents) => {
      const number = Math.floor(student / STUDENTS_PER_BLOCK);
      const block = blocks[number] || emptyBlock();
      blocks[number] = block;
      const at = (student % STUDENTS_PER_BLOCK) * CENTS_BYTES;
      const cents = Math.min(besideCents, UNKNOWN - 1);
      block[at] = cents >> 16;
      block[at + 1] = cents >> 8;
      block[at + 2] = cents;
    },
    besideCents: (student) => {
      const block = blocks[Math.floor(student / STUDENTS_PER_BLOCK)];
      if (!block) return undefined;
      const at = (student % STUDENTS_PER_BLOCK) * CENTS_BYTES;
      const cents =
        ((block[at] as number) << 16) |
        ((block[at + 1] as number) << 8) |
        (block[at + 2] as number);
      return cents === UNKNOWN ? undefined : cents;
    },
  };
}

function emptyBlock(): Bytes {
  const block = new Uint8Array(STUDENTS_PER_BLOCK * CENTS_BYTES);
  block.fill(255);
  return block;
}
