// Whether a token may be booked: one descending list of checks, from what the bytes are to where
// they stand in their chain. Known entries come before everything that is dear or could change its
// mind, so that sending again is always harmless. Pure; what a booked entry costs whom is in
// postings.ts.

import type { Bytes } from "#protocol/bytes.ts";
import { sameBytes } from "#protocol/bytes.ts";
import type { TokenFault } from "#protocol/entry.ts";
import type { Decoded } from "#protocol/token.ts";
import type { Chain } from "./books.ts";

/** Why a token is not in the ledger. `gap` is kept by the terminal and sent again; all others are
 * quarantined. */
export type Refusal =
  | `malformed:${TokenFault}`
  | "foreign-token"
  | "unknown-terminal"
  | "unknown-epoch"
  | "bad-signature"
  | "conflict"
  | "gap"
  | "broken-chain";
export type Verdict = "book" | "replayed" | Refusal;

export type Claim = {
  /** Whose seal the token came under. */
  terminal: number;
  epoch: number;
  decoded: Decoded;
  /** SHA-256 of the token's bytes. */
  hash: Bytes;
};

/** A token as it arrived: its bytes, and the answer to the dear question once it has been asked.
 * "vouched": by the signature of a later token (vouching.ts). */
export type Arrived = Claim & { bytes: Bytes; signed: "good" | "vouched" | "bad" | undefined };

export type Standing = {
  terminalKnown: boolean;
  /** The chain of this terminal and epoch; undefined when no key was registered for it. */
  chain: Chain | undefined;
  /** The hash of the entry that the ledger already has under this terminal, epoch and seq. */
  booked: Bytes | undefined;
  /** Asked only when reached: a signature costs more than all other checks together. */
  isSigned: () => boolean;
};

export function admit(claim: Claim, standing: Standing): Verdict {
  if (!claim.decoded.ok) return `malformed:${claim.decoded.fault}`;
  const { entry } = claim.decoded.token;
  if (entry.terminal !== claim.terminal || entry.epoch !== claim.epoch) return "foreign-token";
  if (!standing.terminalKnown) return "unknown-terminal";
  if (!standing.chain) return "unknown-epoch";
  if (standing.booked && sameBytes(standing.booked, claim.hash)) return "replayed";
  if (!standing.isSigned()) return "bad-signature";
  // Two signed entries under one number: a copied key or a journal that ran backwards.
  if (standing.booked || entry.seq <= standing.chain.lastSeq) return "conflict";
  if (entry.seq > standing.chain.lastSeq + 1) return "gap";
  if (!sameBytes(entry.prev, standing.chain.lastHash)) return "broken-chain";
  return "book";
}
