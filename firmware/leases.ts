// How far this terminal may debit each student, offline and without overdraft. The gateway raises
// ceilings; what lowers one is an entry of this terminal's own journal, `lowered` or `close`. Spent
// is its sum over that journal, without what was voided. The store holds the sums up to one entry,
// the journal all entries after it. 2,000 students take 32 blocks of 1 KB in flash and stay there:
// memory holds those that changed since the sums were stored, a row each.

import type { Bytes } from "#protocol/bytes.ts";
import { readU32, writeU32 } from "#protocol/bytes.ts";
import type { Lease } from "#protocol/downlink.ts";
import type { Lowered } from "#protocol/entry.ts";
import { COVERED, LEASE_ROWS, LEASE_LOG } from "./store-log.ts";
import type { Put, Store } from "./store.ts";

/** Student numbers are given out in order by the school, from 1; each 64 take 1 KB of flash. */
export const STUDENT_MAX = 8191;

export type Grant = "granted" | "older" | "lower" | "out-of-range";
export type Leases = {
  /** Cents that may still be debited; 0 without a lease, and for one that was closed since. */
  remainingCents(student: number): number;
  /** Version of the lease, 0 without one. */
  version(student: number): number;
  /** What grant would do. A lease is taken when it is newer and its ceiling is not lower; one that a
   * close has ended, also when the gateway says it again as of that close. */
  judge(lease: Lease): Grant;
  /** In memory only; putLeases persists. */
  grant(lease: Lease): Grant;
  /** The entry to sign in answer to the wish that a lease stands so; its ceiling is never below what
   * was spent, nor above what is held. undefined when there is nothing to answer: the wish is not
   * newer, or nothing is left to give back. */
  lowering(wish: Lease): Lowered | undefined;
  /** Such an entry is in the journal. It changes nothing for a lease that is newer. */
  lower(lowered: Lowered): void;
  /** A `close` entry is in the journal: nothing is left of any lease. */
  close(seq: number): void;
  /** The seq of the last `close`, 0 for none: what was granted as of an earlier entry is void. */
  closedAt(): number;
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

/** A student's row: four words, in a block of 64 students. A ceiling counts only until the next
 * close: CLOSED is the seq of the one before it, so that a close need not touch any row. */
const CEILING = 0;
const SPENT = 1;
const CLOSED = 2;
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
/** closed: the seq of the last close. */
type Held = { store: Store; rows: Rows; closed: number };

/** Leases and sums of the store; the entries after coveredSeq(store) are still to be added. */
export function openLeases(store: Store): Leases {
  const data = store.get(COVERED, 0);
  return createLeases(store, data && data.length > 4 ? readU32(data, 4) : 0);
}

/** The seq of the last entry that the stored sums contain. */
export function coveredSeq(store: Store): number {
  const data = store.get(COVERED, 0);
  return data ? readU32(data, 0) : 0;
}

/** Persists leases that will be granted, as of which close; sumUp takes their place at the next
 * rewrite of the store. */
export function putLeases(store: Store, granted: Lease[], closedAt: number): void {
  const words = new Uint32Array(granted.length * 3);
  for (let i = 0; i < granted.length; i++) {
    const lease = granted[i] as Lease;
    words[i * 3] = lease.student;
    words[i * 3 + 1] = lease.ceilingCents;
    words[i * 3 + 2] = lease.version;
  }
  store.put(LEASE_LOG, closedAt, new Uint8Array(words.buffer));
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
function find(held: Held, student: number): number {
  const rows = held.rows;
  const place = rows.students.indexOf(student);
  if (place >= 0) return place * ROW_WORDS;
  const stored = held.store.part(LEASE_ROWS, student >> 6, (student & 63) * ROW_BYTES, ROW_BYTES);
  if (stored) rows.words.set(wordsOf(stored), 0);
  else rows.words.fill(0, 0, ROW_WORDS);
  rows.students[0] = student;
  return 0;
}

/** The same for a row that is about to change. */
function change(held: Held, student: number): number {
  const at = find(held, student);
  const rows = held.rows;
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
function putChanged(held: Held, put: Put): void {
  const rows = held.rows;
  const blocks: number[][] = [];
  for (let place = 1; place < rows.count; place++) {
    const id = (rows.students[place] as number) >> 6;
    const places = blocks[id];
    if (places) places.push(place);
    else blocks[id] = [place];
  }
  blocks.forEach((places, id) => {
    const block = new Uint8Array(BLOCK_BYTES);
    const stored = held.store.get(LEASE_ROWS, id);
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

/** Takes up the leases of the store's log. They were judged when they came, after entries of the
 * journal that are not added yet: now only their versions tell which of them stands. */
function takeLog(held: Held): void {
  held.store.each(LEASE_LOG, (closed, data) => {
    const words = wordsOf(data);
    for (let i = 0; i + 2 < words.length; i += 3) {
      const version = words[i + 2] as number;
      const at = change(held, words[i] as number);
      if (version >= (held.rows.words[at + VERSION] as number))
        setRow(held.rows, at, words[i + 1] as number, closed, version);
    }
  });
}

function setRow(rows: Rows, at: number, ceiling: number, closed: number, version: number): void {
  rows.words[at + CEILING] = ceiling;
  rows.words[at + CLOSED] = closed;
  rows.words[at + VERSION] = version;
}

function setLease(held: Held, student: number, ceiling: number, version: number): void {
  setRow(held.rows, change(held, student), ceiling, held.closed, version);
}

function versionOf(held: Held, student: number): number {
  return held.rows.words[find(held, student) + VERSION] as number;
}

/** What counts of the ceiling in the row at `at`: after a close, only what was spent. */
function ceilingOf(held: Held, at: number): number {
  const words = held.rows.words;
  return words[words[at + CLOSED] === held.closed ? at + CEILING : at + SPENT] as number;
}

function add(held: Held, student: number, cents: number): void {
  // A sale wholly on grace takes nothing, and needs no lease.
  if (!cents) return;
  if (!versionOf(held, student))
    throw new Error("leases: student " + student + " has no lease to debit");
  const at = change(held, student) + SPENT;
  held.rows.words[at] = (held.rows.words[at] as number) + cents;
}

function isInRange(student: number): boolean {
  return student >= 1 && student <= STUDENT_MAX;
}

function judgeLease(held: Held, lease: Lease): Grant {
  if (!isInRange(lease.student)) return "out-of-range";
  const at = find(held, lease.student);
  const version = held.rows.words[at + VERSION] as number;
  const isEnded = version > 0 && held.rows.words[at + CLOSED] !== held.closed;
  if (lease.version < (isEnded ? version : version + 1)) return "older";
  return lease.ceilingCents < ceilingOf(held, at) ? "lower" : "granted";
}

function loweringOf(held: Held, wish: Lease): Lowered | undefined {
  const student = wish.student;
  if (!isInRange(student)) return undefined;
  const at = find(held, student);
  const version = held.rows.words[at + VERSION] as number;
  if (wish.version <= version) return undefined;
  const now = ceilingOf(held, at);
  const spent = held.rows.words[at + SPENT] as number;
  const ceiling = Math.min(now, Math.max(wish.ceilingCents, spent));
  // Whoever missed a grant gives that back, by saying what it holds.
  if (ceiling === now && wish.version === version + 1) return undefined;
  return { kind: "lowered", student: student, lease: wish.version, ceilingCents: ceiling };
}

/** closed: the seq of the last close that the stored rows know of. */
function createLeases(store: Store, closed: number): Leases {
  const held: Held = { store: store, rows: createRows(ROWS_STEP), closed: closed };
  takeLog(held);
  return {
    remainingCents(student: number): number {
      const at = find(held, student);
      return ceilingOf(held, at) - (held.rows.words[at + SPENT] as number);
    },
    version: (student) => versionOf(held, student),
    judge: (lease) => judgeLease(held, lease),
    grant(lease: Lease): Grant {
      const answer = judgeLease(held, lease);
      if (answer === "granted") setLease(held, lease.student, lease.ceilingCents, lease.version);
      return answer;
    },
    lowering: (wish) => loweringOf(held, wish),
    lower(lowered: Lowered): void {
      if (lowered.lease > versionOf(held, lowered.student))
        setLease(held, lowered.student, lowered.ceilingCents, lowered.lease);
    },
    close(seq: number): void {
      held.closed = seq;
    },
    closedAt: () => held.closed,
    spend: (student, cents) => add(held, student, cents),
    giveBack: (student, cents) => add(held, student, -cents),
    changed: () => held.rows.count - 1,
    sumUp(put: Put, covered: number): void {
      putChanged(held, put);
      const data = new Uint8Array(8);
      writeU32(data, 0, covered);
      writeU32(data, 4, held.closed);
      put(COVERED, 0, data);
    },
    forgetChanged(): void {
      held.rows = createRows(ROWS_STEP);
    },
  };
}
