// Which entries of the journal are on their way to the gateway. One batch at a time, so that entries stay in order
// and a slow gateway is not flooded; a batch counts as arrived only when the gateway's sealed `ack` covers it.
// Holds no entries itself: the journal does, until the ack.

import type { Board } from "./board.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { UPLINK_TOKENS_MAX } from "#protocol/uplink.ts";

/** A lunch peak answers in well under a second; after this long without `ack` the batch goes out again. */
export const ACK_TIMEOUT_MS = 5000;
/** A gateway that is down for hours must not find the broker full of copies: the wait doubles up to here. */
export const ACK_TIMEOUT_MAX_MS = 60000;

export type OutboxParts = {
  board: Pick<Board, "after" | "cancel" | "log">;
  /** Hands a batch to the session; false when it had no room. */
  send(tokens: Bytes[]): boolean;
  /** At most max entries of the journal from fromSeq on, acknowledged or not; none when they are forgotten. */
  tokens(fromSeq: number, max: number): Bytes[];
  /** The last seq that an `ack` has covered. */
  acknowledged(): number;
};

export type Outbox = {
  parts: OutboxParts;
  open: boolean;
  /** The seq at which the batch on its way ends; 0 when none is. */
  sentTo: number;
  /** What the gateway asked to have again; 0 when it has all that was acknowledged. */
  resendFrom: number;
  timer: number | undefined;
  waitMs: number;
  /** What the timer does. */
  onTimer(): void;
};

export function createOutbox(parts: OutboxParts): Outbox {
  const outbox: Outbox = {
    parts: parts,
    open: false,
    sentTo: 0,
    resendFrom: 0,
    timer: undefined,
    waitMs: ACK_TIMEOUT_MS,
    onTimer: () => sendAgain(outbox),
  };
  return outbox;
}

/** The session is up. A batch on its way goes out again with it; should the broker have lost it, the time-out helps. */
export function openOutbox(outbox: Outbox): void {
  outbox.open = true;
  outbox.waitMs = ACK_TIMEOUT_MS;
  if (outbox.sentTo) awaitAck(outbox);
  else sendEntries(outbox);
}

export function closeOutbox(outbox: Outbox): void {
  outbox.open = false;
  cancelTimer(outbox);
}

/** Sends what waits, unless a batch is on its way. */
export function sendEntries(outbox: Outbox): void {
  if (!outbox.sentTo && outbox.open) sendBatch(outbox);
}

function sendBatch(outbox: Outbox): void {
  const parts = outbox.parts;
  let from = outbox.resendFrom || parts.acknowledged() + 1;
  let tokens = parts.tokens(from, UPLINK_TOKENS_MAX);
  if (!tokens.length && outbox.resendFrom) {
    parts.board.log("outbox: entry " + from + " was asked for but is forgotten");
    outbox.resendFrom = 0;
    from = parts.acknowledged() + 1;
    tokens = parts.tokens(from, UPLINK_TOKENS_MAX);
  }
  if (!tokens.length) return;
  // When the session has no room, the time-out tries again.
  if (parts.send(tokens)) outbox.sentTo = from + tokens.length - 1;
  awaitAck(outbox);
}

/** After the journal has noted the gateway's ack. */
export function noteAck(outbox: Outbox, seq: number): void {
  // An entry asked for again lies below what was once acknowledged; go on from there until all of it is back.
  if (outbox.resendFrom && seq >= outbox.resendFrom)
    outbox.resendFrom = seq >= outbox.parts.acknowledged() ? 0 : seq + 1;
  outbox.waitMs = ACK_TIMEOUT_MS;
  if (seq < outbox.sentTo) return;
  cancelTimer(outbox);
  outbox.sentTo = 0;
  sendEntries(outbox);
}

/** The gateway lacks an entry. The same wish twice, while its answer is on its way, is one wish. */
export function noteResend(outbox: Outbox, fromSeq: number): void {
  if (outbox.sentTo && outbox.resendFrom === fromSeq) return;
  outbox.resendFrom = fromSeq;
  outbox.sentTo = 0;
  sendEntries(outbox);
}

function awaitAck(outbox: Outbox): void {
  cancelTimer(outbox);
  outbox.timer = outbox.parts.board.after(outbox.waitMs, outbox.onTimer);
}

function sendAgain(outbox: Outbox): void {
  outbox.timer = undefined;
  outbox.waitMs = Math.min(outbox.waitMs * 2, ACK_TIMEOUT_MAX_MS);
  outbox.sentTo = 0;
  sendEntries(outbox);
}

function cancelTimer(outbox: Outbox): void {
  if (outbox.timer !== undefined) outbox.parts.board.cancel(outbox.timer);
  outbox.timer = undefined;
}
