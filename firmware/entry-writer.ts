// Writes an entry: gives it its place in the chain, burns a nonce for it, signs it, and appends it
// to the journal. When it returns the entry is in flash for good; when it throws, it is not, and
// nothing may beep.

import type { Entry, EntryHead } from "#protocol/entry.ts";
import { assembleToken, signedBytes } from "#protocol/token.ts";
import { encodeEntry } from "#protocol/write-entry.ts";
import type { Board } from "./board.ts";
import { entryTime } from "./facts.ts";
import type { Memory } from "./memory.ts";
import { noteEntry } from "./memory.ts";
import type { Body } from "./state.ts";

/** operator: whose badge it is entered under, 0 for nobody's. */
export function writeEntry(board: Board, memory: Memory, body: Body, operator: number): void {
  const nonces = memory.nonces;
  if (!nonces) throw new Error("entry-writer: no nonces to sign with");
  const entry = Object.assign(headOfNext(board, memory, nonces.next(), operator), body) as Entry;
  const payload = encodeEntry(entry);
  const signed = signedBytes(payload);
  const nonce = nonces.take(board.sha256(signed));
  if (nonce.index !== entry.nonce)
    throw new Error("entry-writer: nonce " + nonce.index + " for entry of " + entry.nonce);
  const signature = memory.signer.sign(nonce.index, nonce.point, signed);
  if (entry.kind === "purchase" && entry.graceCents)
    memory.grace.use(entry.student, entry.graceCents, entry.time);
  memory.journal.append(entry.seq, assembleToken(payload, signature), entry.time);
  noteEntry(memory, entry);
}

function headOfNext(board: Board, memory: Memory, nonce: number, operator: number): EntryHead {
  const last = memory.journal.last();
  return {
    terminal: memory.settings.terminal,
    epoch: memory.settings.epoch,
    seq: last.seq + 1,
    prev: last.hash,
    time: entryTime(board, memory),
    clock: board.clockTrusted() ? "trusted" : "suspect",
    nonce: nonce,
    operator: operator,
  };
}
