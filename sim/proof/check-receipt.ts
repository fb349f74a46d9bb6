// A parent's receipt, checked with the code that checks exports: the signature, what was posted for it, the block that
// sealed it, and the way from there to a published head. The browser does the same with code of its own.

import type { Receipt } from "#edge/reads/receipt.ts";
import { blockHash, leafOf } from "./check-blocks.ts";
import { bytesOf, hex, isSignedBy, publicKeyOf, readToken, sha256 } from "./signed-token.ts";

export const RECEIPT_FORMAT = "obole/receipt/1";

/** What is wrong, in words; heads: published heads in hex, one of which must be the receipt's. */
export async function checkReceipt(receipt: Receipt, heads: string[]): Promise<string[]> {
  const { token, publicKey, command, transfers } = receipt;
  const problems: string[] = [];
  const cause = token ? bytesOf(token) : new TextEncoder().encode(command);
  const evidence = hex(sha256(cause));
  for (const { seq, evidence: named } of transfers)
    if (named !== evidence) problems.push(`transfer ${seq}: its evidence is not this receipt's`);
  if (token) problems.push(...(await problemsOfToken(cause, publicKey, transfers)));
  problems.push(...problemsOfSeal(receipt));
  if (heads.length && !heads.includes(receipt.head?.hash ?? ""))
    problems.push(`head: ${receipt.head?.hash ?? "none"} is not the published one`);
  return problems;
}

async function problemsOfToken(
  token: Uint8Array,
  publicKey: string,
  transfers: { amount: number }[],
): Promise<string[]> {
  const read = readToken(token);
  if (!read) return ["token: cannot be read"];
  const problems: string[] = [];
  if (!(await isSignedBy(read, publicKeyOf(publicKey))))
    problems.push("token: its signature is not by the terminal's key");
  const cents = transfers.reduce((sum, { amount }) => sum + amount, 0);
  if (read.said.kind === "purchase" && cents !== read.said.totalCents)
    problems.push(`token: says ${read.said.totalCents} cents, ${cents} were posted`);
  return problems;
}

function problemsOfSeal({ transfers, block, path, head }: Receipt): string[] {
  if (!block) return transfers.length ? ["block: none seals this movement"] : [];
  const problems: string[] = [];
  for (const row of transfers)
    if (
      block.leaves[row.seq - block.first] !==
      hex(leafOf({ ...row, reverses: row.reverses || null }))
    )
      problems.push(`transfer ${row.seq}: is not what block ${block.no} has sealed`);
  if (block.leaves.length !== block.last - block.first + 1)
    problems.push(`block ${block.no}: covers ${block.first} to ${block.last}, not its leaves`);
  let leaves = sha256(bytesOf(block.leaves.join("")));
  let last = { no: block.no, last: block.last, hash: hashOf({ ...block, leaves }, block.prev) };
  for (const next of path) {
    if (next.no !== last.no + 1 || next.first !== last.last + 1)
      problems.push(`block ${next.no}: does not follow block ${last.no}`);
    leaves = bytesOf(next.leaves);
    last = { no: next.no, last: next.last, hash: hashOf({ ...next, leaves }, last.hash) };
  }
  if (head && (head.block !== last.no || head.hash !== last.hash))
    problems.push(`head: block ${last.no} hashes to ${last.hash}, published was ${head.hash}`);
  return problems;
}

type Place = { no: number; first: number; last: number; leaves: Uint8Array };

function hashOf({ no, first, last, leaves }: Place, prev: string): string {
  return blockHash({ no, first_seq: first, last_seq: last, prev }, leaves);
}
