// From messages to the ledger: reads, decides and writes a batch, and says what became of each.
// Knows nothing of transport, and calling it again with the same messages changes nothing. Throws
// only when the ledger is away: then nothing was lost, nothing may be acknowledged, and the same
// messages must come again.

import { copyBytes } from "#protocol/bytes.ts";
import { UPLINK_BYTES_MAX } from "#protocol/uplink.ts";
import type { Arrival, Border, Message, Unpacked } from "./border.ts";
import { unpack } from "./border.ts";
import type { Books } from "./books.ts";
import { chainKey } from "./books.ts";
import { primitives } from "./crypto.ts";
import { collectDraws } from "./giving-back.ts";
import type { Batch, EntryRow } from "./ledger/batch.ts";
import { emptyBatch } from "./ledger/batch.ts";
import type { Head } from "./ledger/chain.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { commit, inTurn, isRefused, readHead } from "./ledger/ledger.ts";
import type { Owed } from "./late-checks.ts";
import { oweChecks } from "./late-checks.ts";
import type { KeyRing } from "./open-books.ts";
import { openBooks } from "./open-books.ts";
import type { Arrived } from "./admission.ts";
import type { Outcome } from "./plan.ts";
import { planToken, quarantine } from "./plan.ts";
import { sellingOf, sightingsOf } from "./sightings.ts";
import { vouch } from "./vouching.ts";

/** Another writer may be ahead of us for a moment; a batch refused this often has a row that cannot
 * be written. */
const DECISIONS_MAX = 3;
/** Messages in one batch, each of up to ten tokens: it is written in a fraction of a second, and what
 * a larger one would save is little. */
export const BATCH_MESSAGES_MAX = 400;

export type Intake = { ledger: Ledger; border: Border; ring: KeyRing; now: () => number };
/** outcomes: one for each token of the message. */
export type Result = { arrival: Arrival; outcomes: Outcome[] };
/** What a terminal's chain stands at: entries up to seq are booked, with nonces up to nonce; the rest
 * is missing from there when gap. */
export type Standing = {
  terminal: number;
  epoch: number;
  seq: number;
  nonce: number;
  gap: boolean;
};
export type Ingested = {
  results: Result[];
  head: Head;
  standings: Standing[];
  booked: EntryRow[];
  /** Signatures that a later one has vouched for, to be checked when nobody waits. */
  owed: Owed[];
};

/** Done is collected over all writes of one call; a bisected batch takes several. */
type Done = {
  outcomes: Map<Arrived, Outcome>;
  standings: Map<string, Standing>;
  booked: EntryRow[];
  owed: Owed[];
};

export function ingest(intake: Intake, messages: Message[]): Promise<Ingested> {
  return ingestUnpacked(
    intake,
    messages.map((message) => unpack(intake.border, message)),
  );
}

/** The same, of messages that were unpacked when they arrived. */
export async function ingestUnpacked(intake: Intake, unpacked: Unpacked[]): Promise<Ingested> {
  const now = Math.floor(intake.now() / 1000);
  const notes = emptyBatch(now);
  const arrivals = unpacked.map(({ arrival }) => arrival);
  notes.also = sightingsOf(arrivals, now);
  for (const { arrival, message } of unpacked)
    if (arrival.kind === "fault") noteFault(arrival, message, notes);
  const done: Done = { outcomes: new Map(), standings: new Map(), booked: [], owed: [] };
  const tokens = unpacked.flatMap((one) => one.tokens);
  const head = await inTurn(intake.ledger, () => write(intake, tokens, notes, done));
  const results = unpacked.map((one) => ({
    arrival: one.arrival,
    outcomes: one.tokens.map((token) => outcomeOf(token, done)),
  }));
  const { booked, owed } = done;
  return { results, head, standings: [...done.standings.values()], booked, owed };
}

function outcomeOf(token: Arrived, done: Done): Outcome {
  const outcome = done.outcomes.get(token);
  if (!outcome) throw new Error(`ingest: a token of terminal ${token.terminal} was not decided`);
  return outcome;
}

/** Bytes beyond what any terminal sends are cut: the hash still tells them apart. */
function noteFault(arrival: Arrival & { kind: "fault" }, { payload }: Message, notes: Batch): void {
  const length = Math.min(payload.length, UPLINK_BYTES_MAX);
  const { terminal, fault } = arrival;
  const body = copyBytes(payload, 0, length);
  notes.quarantined.push({ terminal, reason: fault, body, hash: primitives.sha256(payload) });
}

/** Decides and writes tokens with the notes, again from fresh rows while the database refuses; what
 * it goes on refusing is halved until the one token that cannot be written stands alone, in
 * quarantine. */
async function write(intake: Intake, tokens: Arrived[], notes: Batch, done: Done): Promise<Head> {
  for (let attempt = 0; attempt < DECISIONS_MAX; attempt++) {
    try {
      return await decideAndCommit(intake, tokens, notes, done);
    } catch (error) {
      if (!isRefused(error)) throw error;
    }
  }
  const [only] = tokens;
  if (!only) throw new Error("ingest: the ledger refuses a batch without tokens");
  if (tokens.length > 1) {
    const half = tokens.length >> 1;
    await write(intake, tokens.slice(0, half), emptyBatch(notes.at), done);
    return write(intake, tokens.slice(half), notes, done);
  }
  const batch = { ...notes, quarantined: [...notes.quarantined] };
  quarantine(only, "poison", batch);
  done.outcomes.set(only, "poison");
  return commit(intake.ledger, batch);
}

async function decideAndCommit(
  intake: Intake,
  tokens: Arrived[],
  notes: Batch,
  done: Done,
): Promise<Head> {
  if (!tokens.length) {
    await commit(intake.ledger, notes);
    return readHead(intake.ledger);
  }
  const readable = tokens.flatMap(({ decoded }) => (decoded.ok ? [decoded.token] : []));
  const books = await openBooks(intake.ledger, intake.ring, readable);
  const batch = { ...emptyBatch(notes.at), quarantined: [...notes.quarantined] };
  vouch(tokens, books);
  const outcomes = tokens.map((token) => [token, planToken(token, books, batch)] as const);
  collectDraws(books, batch);
  batch.also.push(...oweChecks(tokens));
  batch.also.push(...sellingOf(batch.entries, notes.at), ...notes.also);
  const head = await commit(intake.ledger, batch);
  for (const [token, outcome] of outcomes) {
    done.outcomes.set(token, outcome);
    noteStanding(token, outcome, books, done);
    const key = books.chains.get(chainKey(token.terminal, token.epoch))?.key;
    if (key && token.signed === "vouched") done.owed.push({ token, key });
  }
  done.booked.push(...batch.entries);
  return head;
}

function noteStanding(token: Arrived, outcome: Outcome, books: Books, done: Done): void {
  const { terminal, epoch } = token;
  const key = chainKey(terminal, epoch);
  const chain = books.chains.get(key);
  const isProven = token.signed === "good" || token.signed === "vouched" || outcome === "replayed";
  if (!chain || !isProven) return;
  const gap = outcome === "gap" || (done.standings.get(key)?.gap ?? false);
  const { lastSeq: seq, lastNonce: nonce } = chain;
  done.standings.set(key, { terminal, epoch, seq, nonce, gap });
}
