// How much of the school's grace each student had today, so that an offline terminal keeps the
// bursar's limit a day. One record in the store, written before the entry it stands for: a power
// cut in between costs the student a little grace, and never the school.

import type { Bytes } from "#protocol/bytes.ts";
import { readU32, writeU32 } from "#protocol/bytes.ts";
import type { Store } from "./store.ts";
import { GRACE } from "./store-log.ts";

/** More hungry students than this in one day without network: then grace is over. */
export const GRACE_STUDENTS_MAX = 250;
const DAY_SECONDS = 86400;
const DAY_BYTES = 4;
const STUDENT_BYTES = 8;

export type Grace = {
  /** Cents that student had on the day of now; all there is when the day's record is full. */
  usedCents(student: number, now: number): number;
  /** Adds cents to it, persisted when it returns. */
  use(student: number, cents: number, now: number): void;
};

export function createGrace(store: Pick<Store, "get" | "put">): Grace {
  let record = store.get(GRACE, 0) || startDay(0);

  function today(now: number): Bytes {
    const day = Math.floor(now / DAY_SECONDS);
    return readU32(record, 0) === day ? record : startDay(day);
  }

  return {
    usedCents: (student, now) => {
      const data = today(now);
      const at = offsetOf(data, student);
      if (at < data.length) return readU32(data, at + 4);
      return data.length < DAY_BYTES + GRACE_STUDENTS_MAX * STUDENT_BYTES ? 0 : 4294967295;
    },
    use: (student, cents, now) => {
      const data = today(now);
      const at = offsetOf(data, student);
      const grown = new Uint8Array(Math.max(data.length, at + STUDENT_BYTES));
      grown.set(data, 0);
      writeU32(grown, at, student);
      writeU32(grown, at + 4, readU32(grown, at + 4) + cents);
      store.put(GRACE, 0, grown);
      record = grown;
    },
  };
}

/** A record of a day (4 bytes), to be followed by student and cents (4 bytes each). */
function startDay(day: number): Bytes {
  const data = new Uint8Array(DAY_BYTES);
  writeU32(data, 0, day);
  return data;
}

/** Where the student stands in the record, or its end. */
function offsetOf(data: Bytes, student: number): number {
  let at = DAY_BYTES;
  while (at < data.length && readU32(data, at) !== student) at += STUDENT_BYTES;
  return at;
}
