// How far this terminal may debit each student, offline and without overdraft. Ceilings come from
// the gateway and only grow here; spent and voided are this terminal's own sums over its journal.
// The store holds the sums up to one entry, the journal all entries after it. 2,000 students take
// 32 blocks of 1 KB, which lie here as they lie in flash.

import type { Bytes } from "#protocol/bytes.ts";
import { readU32, writeU32 } from "#protocol/bytes.ts";
import type { Lease } from "#protocol/downlink.ts";
import { COVERED, LEASE_BLOCK, LEASE_LOG } from "./store-log.ts";
import type { Put, Store } from "./store.ts";

/** Student numbers are given out in order by the school, from 1; each 64 take 1 KB of memory. */
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
  /** Puts all leases, and the seq of the last entry that their sums contain. */
  sumUp(put: Put, covered: number): void;
};

const BLOCK_WORDS = 256;
/** Where each column of a block of 64 students begins. */
const CEILING = 0;
const SPENT = 64;
const VOIDED = 128;
const VERSION = 192;

type Blocks = (Uint32Array | undefined)[];

/** Leases and sums of the store; the entries after coveredSeq(store) are still to be added. */
export function openLeases(store: Store): Leases {
  const blocks: Blocks = [];
  store.each(LEASE_BLOCK, (id, data) => {
    const block = new Uint32Array(BLOCK_WORDS);
    block.set(wordsOf(data), 0);
    blocks[id] = block;
  });
  const leases = createLeases(blocks);
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

function read(blocks: Blocks, student: number, column: number): number {
  const block = blocks[student >> 6];
  return block ? (block[column + (student & 63)] as number) : 0;
}

function add(blocks: Blocks, student: number, column: number, cents: number): void {
  // A sale wholly on grace takes nothing, and needs no lease.
  if (!cents) return;
  const block = blocks[student >> 6];
  if (!block) throw new Error("leases: student " + student + " has no lease to debit");
  block[column + (student & 63)] = read(blocks, student, column) + cents;
}

function grant(blocks: Blocks, lease: Lease): Grant {
  const student = lease.student;
  if (student < 1 || student > STUDENT_MAX) return "out-of-range";
  if (lease.version <= read(blocks, student, VERSION)) return "older";
  if (lease.ceilingCents < read(blocks, student, CEILING)) return "lower";
  const block = blocks[student >> 6] || new Uint32Array(BLOCK_WORDS);
  blocks[student >> 6] = block;
  block[CEILING + (student & 63)] = lease.ceilingCents;
  block[VERSION + (student & 63)] = lease.version;
  return "granted";
}

function createLeases(blocks: Blocks): Leases {
  return {
    remainingCents(student: number): number {
      const raised = read(blocks, student, CEILING) + read(blocks, student, VOIDED);
      return raised - read(blocks, student, SPENT);
    },
    version(student: number): number {
      return read(blocks, student, VERSION);
    },
    grant(lease: Lease): Grant {
      return grant(blocks, lease);
    },
    spend(student: number, cents: number): void {
      add(blocks, student, SPENT, cents);
    },
    giveBack(student: number, cents: number): void {
      add(blocks, student, VOIDED, cents);
    },
    sumUp(put: Put, covered: number): void {
      for (let id = 0; id < blocks.length; id++) {
        const block = blocks[id];
        if (block) put(LEASE_BLOCK, id, new Uint8Array(block.buffer));
      }
      const data = new Uint8Array(4);
      writeU32(data, 0, covered);
      put(COVERED, 0, data);
    },
  };
}
