// The hash chain over the ledger: one block per batch of transfers, SHA-256 over deterministic
// CBOR. Whoever keeps a head elsewhere (a terminal does, in every ack) can prove that no row before
// it changed.

import { sha256 } from "#edge/crypto.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { concat } from "#protocol/bytes.ts";
import { encode, writeValue } from "#protocol/cbor.ts";

/** One row of the journal: `debit` pays `credit`. Times in seconds since 1970; see the table
 * `transfer`. */
export type Transfer = {
  seq: number;
  source: number;
  counter: number;
  line: number;
  debit: number;
  credit: number;
  amountCents: number;
  at: number;
  /** The seq of the transfer that this one corrects; 0 for none. */
  reverses: number;
  evidence: Bytes;
};

/** The newest block: its number, the last transfer it covers, its hash. */
export type Head = { no: number; lastSeq: number; hash: Bytes };

const LEAF_BYTES_MAX = 160;
const BLOCK_BYTES_MAX = 128;
const GENESIS_BYTES_MAX = 300;

/** Block 0 binds the chain to one school: its blocks fit no other school's ledger. */
export function genesisHash(school: string): Bytes {
  return sha256(encode(["genesis/1", school], GENESIS_BYTES_MAX));
}

/** Written over for each transfer, because 20,000 buffers a second cost more than what goes into them. */
const leaf = new Uint8Array(LEAF_BYTES_MAX);

/** The hash of one transfer, every column in the order of the table. */
export function leafHash(transfer: Transfer): Bytes {
  const { seq, source, counter, line, debit, credit, amountCents, at, reverses } = transfer;
  const numbers = [seq, source, counter, line, debit, credit, amountCents, at, reverses];
  const length = writeValue(leaf, 0, ["transfer/1", ...numbers, transfer.evidence]);
  if (length > LEAF_BYTES_MAX) throw new Error(`chain: transfer ${seq} takes ${length} bytes`);
  return sha256(leaf.subarray(0, length));
}

/** The head after these transfers, which must follow `head` without a gap; throws when they do
 * not. */
export function nextHead(head: Head, transfers: Transfer[]): Head {
  for (const [index, transfer] of transfers.entries())
    if (transfer.seq !== head.lastSeq + index + 1)
      throw new Error(`chain: transfer ${transfer.seq} does not follow ${head.lastSeq + index}`);
  const no = head.no + 1;
  const lastSeq = head.lastSeq + transfers.length;
  const leaves = sha256(concat(transfers.map(leafHash)));
  const block = ["block/1", no, head.lastSeq + 1, lastSeq, head.hash, leaves];
  return { no, lastSeq, hash: sha256(encode(block, BLOCK_BYTES_MAX)) };
}
