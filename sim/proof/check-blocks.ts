// The chain of blocks, derived again from the rows of the transfers: whoever has kept one head can tell from it whether
// any transfer before it was changed, added, removed or moved.

import { encode } from "cborg";
import type { RowOf } from "./export-format.ts";
import type { Books, Report } from "./read-export.ts";
import { bytesOf, hex, sha256 } from "./signed-token.ts";

export function genesisOf(school: string): string {
  return hex(sha256(encode(["genesis/1", school])));
}

export type Sealed = Omit<RowOf<"transfer">, "reverses"> & { reverses: number | null };

export function leafOf(row: Sealed): Uint8Array {
  const { seq, source, counter, line, debit, credit, amount, at, reverses, evidence } = row;
  const numbers = [seq, source, counter, line, debit, credit, amount, at, reverses ?? 0];
  return sha256(encode(["transfer/1", ...numbers, bytesOf(evidence)]));
}

/** The hash of a block; prev in hex, leaves is the SHA-256 of all leaves of the block one after the other. */
export function blockHash(
  block: { no: number; first_seq: number; last_seq: number; prev: string },
  leaves: Uint8Array,
): string {
  const { no, first_seq: first, last_seq: last, prev } = block;
  return hex(sha256(encode(["block/1", no, first, last, bytesOf(prev), leaves])));
}

export function checkBlocks(books: Books, report: Report): void {
  const { block: blocks, transfer: transfers, header } = books;
  const bySeq = new Map(transfers.map((row) => [row.seq, row]));
  const [genesis] = blocks;
  if (genesis?.hash !== genesisOf(header.school))
    report("block", 0, `is not the genesis of school ${header.school}`);
  let before = genesis;
  for (const [index, block] of blocks.entries()) {
    if (index === 0 || !before) continue;
    checkLink(block, before, report);
    checkSeal(block, bySeq, report);
    before = block;
  }
  const sealed = before?.last_seq ?? 0;
  for (const { seq } of transfers.filter((row) => row.seq > sealed))
    report("transfer", seq, "is in no block");
  if (before?.no !== header.head.block || before.hash !== header.head.hash)
    report("line", 1, `says head ${header.head.block}, the last block is ${before?.no}`);
}

function checkLink(block: RowOf<"block">, before: RowOf<"block">, report: Report): void {
  const { no, prev, first_seq: first, last_seq: last } = block;
  if (no !== before.no + 1) report("block", no, `expected block ${before.no + 1}`);
  if (prev !== before.hash)
    report("block", no, `stands on ${short(prev)}, block ${before.no} is ${short(before.hash)}`);
  if (first !== before.last_seq + 1 || last < first)
    report("block", no, `covers ${first} to ${last}, expected from ${before.last_seq + 1}`);
}

function checkSeal(block: RowOf<"block">, bySeq: Map<number, Sealed>, report: Report): void {
  const mine: Sealed[] = [];
  for (let seq = block.first_seq; seq <= block.last_seq; seq++) {
    const row = bySeq.get(seq);
    if (row) mine.push(row);
  }
  const hash = blockHash(block, sha256(Buffer.concat(mine.map(leafOf))));
  if (hash !== block.hash)
    report("block", block.no, `its transfers hash to ${short(hash)}, it says ${short(block.hash)}`);
}

const short = (hash: string): string => hash.slice(0, 16);
