// How far this terminal may debit each student, offline and without overdraft. Ceilings come from
// the gateway and only grow here; spent and voided are this terminal's own sums over its journal.
// The store holds the sums up to one entry, the journal all entries after it. 2,000 students take
// 32 blocks of 1 KB in flash and stay there: memory holds those that changed since the sums were
// stored, a row each.

import type { Bytes } from "#protocol/bytes.ts";
import { readU32, writeU32 } from "#protocol/bytes.ts";
import type { Lease } from "#protocol/downlink.ts";
import { COVERED, LEASE_ROWS, LEASE_LOG } from "./store-log.ts";
import type { Put, Store } from "./store.ts";

/** Student numbers are given out in order by the school, from 1; each 64 take 1 KB of flash. */
export const STUDENT_MAX = 8191;

export type Grant = "granted" | "older" | "lower" | "out-of-range";
export type Leases = {
  /** Cents that may still be debited: ceiling + voided - spent, all cumulative; 0 without a lease.
   * */
  remainingCents(student: number): number;
  /** Version of the lease, 0 without one. */
  version(student: number): number;
  /** Takes a newer lease with a ceiling that is not lower: lowering one is an entry of this
   * terminal's own journal, never a message. In memory only; putLeases persists. */
  grant(lease: Lease): Grant;
  /** Adds to the sums, for an entry that is in the journal; throws for a student without a lease.
   * */
  spend(student: number, cents: number): void;
  giveBack(student: number, cents: number): void;
  /** How many students changed since the sums were stored; each takes a variable or two. */
  changed(): number;
  /** Puts what changed, and the seq of the last entry that the sums contain. */
  sumUp(put: Put, covered: number): void;
  /** What sumUp put is stored for good: it need not be in memory any more. */
  forgetChanged(): void;
};

/** A student's row: four words, in a block of 64 students. */
const CEILING = 0;
const SPENT = 1;
const VOIDED = 2;
const VERSION = 3;
const ROW_WORDS = 4;
const ROW_BYTES = 16;
const BLOCK_BYTES = 1024;
/** Memory is taken for so many rows at a time. */
const ROWS_STEP = 64;
const NOBODY = 65535;

/** Place 0 is a copy of the row that was looked at last; from 1 up to count stand those that
 * changed. Places that nobody has hold student 0 and zeros. */
type Rows = { students: Uint16Array; words: Uint32Array; count: number };

/** Leases and sums of the store; the entries after coveredSeq(store) are still to be added. */
export function openLeases(store: Store): Leases {
  const leases = createLeases(store);
  store.each(LEASE_LOG, (_, data) => {
    const words = wordsOf(data);
    for (let i = 0; i + 2 < words.length; i += 3)
      leases.grant({
        student: words[i] as number,
        ceilingCents: words[i + 1] as number,
        version: words[i + 2] as number,
      });
  });
  return leases;
}

/** The seq of the last entry that the stored sums contain. */
export function coveredSeq(store: Store): number {
  const data = store.get(COVERED, 0);
  return data ? readU32(data, 0) : 0;
}

/** Persists granted leases as they came; sumUp takes their place at the next rewrite of the store.
 * */
export function putLeases(store: Store, granted: Lease[]): void {
  const words = new Uint32Array(granted.length * 3);
  for (let i = 0; i < granted.length; i++) {
    const lease = granted[i] as Lease;
    words[i * 3] = lease.student;
    words[i * 3 + 1] = lease.ceilingCents;
    words[i * 3 + 2] = lease.version;
  }
  store.put(LEASE_LOG, 0, new Uint8Array(words.buffer));
}

/** Little-endian, as every processor we run on stores words. */
function wordsOf(data: Bytes): Uint32Array {
  return new Uint32Array(data.buffer, data.byteOffset, data.length >> 2);
}

function createRows(places: number): Rows {
  const rows = {
    students: new Uint16Array(places),
    words: new Uint32Array(places * ROW_WORDS),
    count: 1,
  };
  rows.students[0] = NOBODY;
  return rows;
}

/** Where the student's row begins in the words. */
function find(store: Store, rows: Rows, student: number): number {
  const place = rows.students.indexOf(student);
  if (place >= 0) return place * ROW_WORDS;
  const stored = store.part(LEASE_ROWS, student >> 6, (student & 63) * ROW_BYTES, ROW_BYTES);
  if (stored) rows.words.set(wordsOf(stored), 0);
  else rows.words.fill(0, 0, ROW_WORDS);
  rows.students[0] = student;
  return 0;
}

/** The same for a row that is about to change. */
function change(store: Store, rows: Rows, student: number): number {
  const at = find(store, rows, student);
  if (at) return at;
  if (rows.count === rows.students.length) grow(rows);
  const place = rows.count++;
  rows.words.set(rows.words.subarray(0, ROW_WORDS), place * ROW_WORDS);
  rows.students[place] = student;
  rows.students[0] = NOBODY;
  return place * ROW_WORDS;
}

function grow(rows: Rows): void {
  const larger = createRows(rows.count + ROWS_STEP);
  larger.students.set(rows.students, 0);
  larger.words.set(rows.words, 0);
  rows.students = larger.students;
  rows.words = larger.words;
}

/** Puts the blocks in which something changed, each once; the store keeps the others as they are. */
function putChanged(store: Store, rows: Rows, put: Put): void {
  const blocks: number[][] = [];
  for (let place = 1; place < rows.count; place++) {
    const id = (rows.students[place] as number) >> 6;
    const places = blocks[id];
    if (places) places.push(place);
    else blocks[id] = [place];
  }
  blocks.forEach((places, id) => {
    const block = new Uint8Array(BLOCK_BYTES);
    const stored = store.get(LEASE_ROWS, id);
    if (stored) block.set(stored, 0);
    const words = wordsOf(block);
    for (let i = 0; i < places.length; i++) {
      const place = places[i] as number;
      const at = place * ROW_WORDS;
      const row = (rows.students[place] as number) & 63;
      words.set(rows.words.subarray(at, at + ROW_WORDS), row * ROW_WORDS);
    }
    put(LEASE_ROWS, id, block);
  });
}

function createLeases(store: Store): Leases {
  let rows = createRows(ROWS_STEP);

  function add(student: number, column: number, cents: number): void {
    // A sale wholly on grace takes nothing, and needs no lease.
    if (!cents) return;
    if (!rows.words[find(store, rows, student) + VERSION])
      throw new Error("leases: student " + student + " has no lease to debit");
    const at = change(store, rows, student) + column;
    rows.words[at] = (rows.words[at] as number) + cents;
  }

  return {
    remainingCents(student: number): number {
      const at = find(store, rows, student);
      const raised = (rows.words[at + CEILING] as number) + (rows.words[at + VOIDED] as number);
      return raised - (rows.words[at + SPENT] as number);
    },
    version: (student) => rows.words[find(store, rows, student) + VERSION] as number,
    grant(lease: Lease): Grant {
      const student = lease.student;
      if (student < 1 || student > STUDENT_MAX) return "out-of-range";
      const known = find(store, rows, student);
      if (lease.version <= (rows.words[known + VERSION] as number)) return "older";
      if (lease.ceilingCents < (rows.words[known + CEILING] as number)) return "lower";
      const at = change(store, rows, student);
      rows.words[at + CEILING] = lease.ceilingCents;
      rows.words[at + VERSION] = lease.version;
      return "granted";
    },
    spend: (student, cents) => add(student, SPENT, cents),
    giveBack: (student, cents) => add(student, VOIDED, cents),
    changed: () => rows.count - 1,
    sumUp(put: Put, covered: number): void {
      putChanged(store, rows, put);
      const data = new Uint8Array(4);
      writeU32(data, 0, covered);
      put(COVERED, 0, data);
    },
    forgetChanged(): void {
      rows = createRows(ROWS_STEP);
    },
  };
}
