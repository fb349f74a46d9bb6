// One signature for a run of tokens. Each entry names the hash of the one before it, so a good
// signature on the last token proves that the terminal's key stands behind the whole run: a backlog
// of 500 sales costs one check before it is booked. The other signatures are checked when nobody
// waits (late-checks.ts); a bad one is an alarm about that terminal, not a loss.

import { sameBytes } from "#protocol/bytes.ts";
import { signedBytes } from "#protocol/token.ts";
import type { Books, Chain } from "./books.ts";
import { chainKey, entryKey } from "./books.ts";
import { verifySignature } from "./crypto.ts";
import type { Arrived } from "./admission.ts";

/** Asks the one signature of each run; the tokens before it become "vouched" when it is good. */
export function vouch(tokens: Arrived[], books: Books): void {
  for (const run of runsOf(tokens, books)) {
    const last = run[run.length - 1];
    if (!last || run.length < 2) continue;
    if (checkSignature(last, books.chains.get(chainKey(last.terminal, last.epoch))))
      for (const token of run) token.signed ??= "vouched";
  }
}

/** Whether the token's own signature is good; asked once, and remembered with the token. */
export function checkSignature(token: Arrived, chain: Chain | undefined): boolean {
  if (!token.decoded.ok || !chain) return false;
  const { payload, signature } = token.decoded.token;
  token.signed ??= verifySignature(chain.key, signedBytes(payload), signature) ? "good" : "bad";
  return token.signed !== "bad";
}

/** Tokens of one chain that follow each other in seq and hash, whatever came between them from
 * other chains. Those that the ledger has already need no signature at all. */
function runsOf(tokens: Arrived[], books: Books): Arrived[][] {
  const runs: Arrived[][] = [];
  const current = new Map<string, Arrived[]>();
  for (const token of tokens) {
    const key = chainKey(token.terminal, token.epoch);
    if (!token.decoded.ok || !books.chains.has(key)) continue;
    if (books.entries.has(entryKey(token.terminal, token.epoch, token.decoded.token.entry.seq)))
      continue;
    const run = current.get(key);
    if (run && follows(token, run[run.length - 1])) run.push(token);
    else {
      const fresh = [token];
      current.set(key, fresh);
      runs.push(fresh);
    }
  }
  return runs;
}

function follows(token: Arrived, before: Arrived | undefined): boolean {
  if (!token.decoded.ok || !before?.decoded.ok) return false;
  const { entry } = token.decoded.token;
  return (
    entry.seq === before.decoded.token.entry.seq + 1 &&
    entry.terminal === token.terminal &&
    entry.epoch === token.epoch &&
    sameBytes(entry.prev, before.hash)
  );
}
