// Everything the terminal remembers through a power cut, opened in the order in which it depends on
// itself: settings, store, number of this start, journal, leases (stored sums, and the entries
// after them), nonces, roster.

import type { Bytes } from "#protocol/bytes.ts";
import type { Entry, Lowered } from "#protocol/entry.ts";
import { decodeToken } from "#protocol/token.ts";
import type { Board } from "./board.ts";
import type { Balances } from "./balances.ts";
import { createBalances } from "./balances.ts";
import type { Grace } from "./grace.ts";
import { createGrace } from "./grace.ts";
import type { Journal } from "./journal.ts";
import { openJournal } from "./journal.ts";
import type { Kept } from "./kept.ts";
import { countBoot, openKept } from "./kept.ts";
import type { Leases } from "./leases.ts";
import { coveredSeq, openLeases } from "./leases.ts";
import type { Nonces } from "./nonces.ts";
import { openNonces } from "./nonces.ts";
import type { PreOrders } from "./pre-orders.ts";
import { openPreOrders } from "./pre-orders.ts";
import type { Fault } from "./reasons.ts";
import type { RosterStore } from "./roster-store.ts";
import { openRosterStore } from "./roster-store.ts";
import type { Settings } from "./settings.ts";
import { readSettings } from "./settings.ts";
import type { Signer, SignerKeys } from "./signer.ts";
import { createSigner } from "./signer.ts";
import type { Store } from "./store.ts";
import { openStore } from "./store.ts";

/** A start adds up at most about so many entries, and reads about so many records: seconds on an
 * ESP32. */
export const UNCOVERED_MAX = 100;
const STORE_RECORDS_MAX = 300;
/** Leases in memory, of which a busy counter changes one with each sale; a lesson of many is stored
 * as it comes. */
const CHANGED_MAX = 64;
/** Fewer places in the journal than this: pages must become free. */
const ROOM_MIN = 50;

export type Memory = {
  settings: Settings;
  signer: Signer;
  /** Number of this start, from 1. */
  boot: number;
  store: Store;
  journal: Journal;
  leases: Leases;
  balances: Balances;
  preOrders: PreOrders;
  grace: Grace;
  roster: RosterStore;
  kept: Kept;
  /** undefined when they are lost: the journal can still be sent, but nothing signed. */
  nonces: Nonces | undefined;
  nonceFault: string;
};
/** What is summed up over the journal, and the journal. */
type Sums = Pick<Memory, "journal" | "leases" | "preOrders" | "balances">;
export type OpenedMemory =
  | { ok: true; memory: Memory }
  | { ok: false; fault: Fault; detail: string };

export function openMemory(board: Board): OpenedMemory {
  const sha256 = board.sha256;
  const read = readSettings(board.files, sha256);
  if (!read.ok) return { ok: false, fault: "settings-missing", detail: read.fault };
  const journal = openJournal(board.flash.journal, sha256);
  if (!journal.ok) return { ok: false, fault: "journal-torn", detail: journal.detail };
  // The store asks for the sums when it rewrites itself, and nothing is put before they are known.
  let sums: Sums | undefined;
  const store = openStore(
    board.flash.state,
    sha256,
    (put) => {
      if (!sums) return;
      sums.leases.sumUp(put, sums.journal.last().seq);
      sums.preOrders.sumUp(put);
    },
    () => {
      if (sums) sums.leases.forgetChanged();
    },
  );
  if (!store.ok) return { ok: false, fault: "state-torn", detail: store.detail };
  // Begun anew beside a journal in use, the store would count starts from 1 and use seal sequences
  // again.
  if (store.store.isFresh() && journal.journal.last().seq)
    return {
      ok: false,
      fault: "state-torn",
      detail: "memory: the journal has entries, the store none",
    };
  try {
    sums = {
      journal: journal.journal,
      leases: openLeases(store.store),
      balances: createBalances(),
      preOrders: openPreOrders(store.store),
    };
    addUncovered(sums, coveredSeq(store.store));
    const memory = openRest(board, read, store.store, sums);
    coverEntries(memory);
    return { ok: true, memory: memory };
  } catch (error) {
    return { ok: false, fault: "journal-torn", detail: (error as Error).message };
  }
}

function openRest(
  board: Board,
  read: { settings: Settings; signerKeys: SignerKeys },
  store: Store,
  sums: Sums,
): Memory {
  const nonces = openNonces({
    files: board.files,
    burn: board.flash.burn,
    points: board.flash.points,
    sha256: board.sha256,
    nonceSeed: read.settings.nonceSeed,
    epoch: read.settings.epoch,
    lastNonce: lastNonce(sums.journal),
  });
  return {
    settings: read.settings,
    signer: createSigner(board, read.signerKeys),
    boot: countBoot(store),
    store: store,
    journal: sums.journal,
    leases: sums.leases,
    balances: sums.balances,
    preOrders: sums.preOrders,
    grace: createGrace(store),
    roster: openRosterStore(board.flash.roster, board.sha256),
    kept: openKept(store),
    nonces: nonces.ok ? nonces.nonces : undefined,
    nonceFault: nonces.ok ? "" : nonces.fault,
  };
}

/** What an entry of the journal does to what is summed up over it. The grace part of a sale was
 * never on a lease. */
export function noteEntry(sums: Sums, entry: Entry): void {
  const leases = sums.leases;
  if (entry.kind === "collect") sums.preOrders.collect(entry.order);
  if (entry.kind === "purchase") leases.spend(entry.student, entry.totalCents - entry.graceCents);
  if (entry.kind === "lowered") noteLowered(sums, entry);
  if (entry.kind === "close") {
    leases.close(entry.seq);
    // What lies beside each lease has grown, by as much as was left of it.
    sums.balances = createBalances();
  }
  if (entry.kind !== "void") return;
  const token = sums.journal.read(entry.voids);
  const sale = token ? readEntry(token) : undefined;
  // A sale that is long in the ledger may be erased here; not to give it back errs to the family's
  // safe side.
  if (sale && sale.kind === "purchase")
    leases.giveBack(entry.student, entry.totalCents - sale.graceCents);
}

/** What is given back lies beside the lease from now on, so the balance stays what it was. */
function noteLowered(sums: Sums, entry: Lowered): void {
  const student = entry.student;
  const leftCents = sums.leases.remainingCents(student);
  sums.leases.lower(entry);
  const givenCents = leftCents - sums.leases.remainingCents(student);
  const besideCents = sums.balances.besideCents(student);
  if (besideCents !== undefined) sums.balances.hear(student, besideCents + givenCents);
}

/** Stores the sums when many entries have come since, and lets the journal forget what is in them.
 * Takes as long as some erases do, so it is done while nobody waits. */
export function coverEntries(memory: Memory): void {
  const uncovered = memory.journal.last().seq - coveredSeq(memory.store);
  const isShort = uncovered > 0 && memory.journal.room() < ROOM_MIN;
  const isLong = uncovered >= UNCOVERED_MAX || memory.store.records() > STORE_RECORDS_MAX;
  if (isShort || isLong || memory.leases.changed() >= CHANGED_MAX) memory.store.rewrite();
  memory.journal.release(coveredSeq(memory.store));
}

function addUncovered(sums: Sums, covered: number): void {
  const last = sums.journal.last().seq;
  if (covered > last)
    throw new Error("memory: sums up to entry " + covered + ", but the journal ends at " + last);
  sums.journal.forEach(covered + 1, (_, token) => noteEntry(sums, readEntry(token)));
}

/** The index that signed the newest entry, -1 before the first: the burn map must know of it. */
function lastNonce(journal: Journal): number {
  const token = journal.read(journal.last().seq);
  return token ? readEntry(token).nonce : -1;
}

function readEntry(token: Bytes): Entry {
  const decoded = decodeToken(token);
  if (!decoded.ok) throw new Error("memory: an entry of the journal is " + decoded.fault);
  return decoded.token.entry;
}
