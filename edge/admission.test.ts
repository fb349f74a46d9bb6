// Goal: a token is refused for the most fundamental reason that holds, in a fixed order, and a
// known one for none. Method: a good token is made worse step by step; each row breaks everything
// from its reason downwards, so that only the order of the checks can give the expected answer.

import { expect, test } from "vitest";
import { NOON, SEAL_SECRET } from "#sim/ledger-stage.ts";
import { entryOf, paperTerminal, signEntry } from "#sim/paper-terminal.ts";
import type { Claim, Standing, Verdict } from "./admission.ts";
import { admit } from "./admission.ts";
import { readToken } from "./read-token.ts";
import { sha256 } from "./crypto.ts";
import { importPublicKey } from "./crypto.ts";

const paper = { ...paperTerminal("college-test", 1, 1, SEAL_SECRET), seq: 5 };
const prev = sha256("entry 4");
const bytes = signEntry(paper, { ...entryOf(paper, { kind: "close" }, NOON), prev });
const key = importPublicKey(paper.publicKey);
const chain = { key, lastSeq: 4, lastHash: prev, lastNonce: 4, isWrittenOff: false };
const claim: Claim = { terminal: 1, epoch: 1, decoded: readToken(bytes), hash: sha256(bytes) };
const standing: Standing = { terminalKnown: true, chain, booked: undefined, isSigned: () => true };

const other = sha256("another token");
const unsigned = { isSigned: () => false };
const forked = { chain: { ...chain, lastHash: other } };
const behind = { chain: { ...chain, lastSeq: 2, lastHash: other } };

const ROWS: [Verdict, Partial<Claim>, Partial<Standing>][] = [
  [
    "malformed:too-long",
    { decoded: { ok: false, fault: "too-long" }, terminal: 2 },
    { terminalKnown: false },
  ],
  ["foreign-token", { terminal: 2 }, { terminalKnown: false, chain: undefined }],
  ["foreign-token", { epoch: 2 }, { terminalKnown: false, chain: undefined }],
  ["unknown-terminal", {}, { terminalKnown: false, chain: undefined }],
  ["unknown-epoch", {}, { chain: undefined, booked: claim.hash }],
  ["replayed", {}, { ...forked, ...unsigned, booked: claim.hash }],
  ["bad-signature", {}, { ...behind, ...unsigned, booked: other }],
  ["conflict", {}, { ...behind, booked: other }],
  ["conflict", {}, { chain: { ...chain, lastSeq: 5, lastHash: other } }],
  ["gap", {}, behind],
  ["broken-chain", {}, forked],
  ["book", {}, {}],
];

test.each(ROWS)("%s", (verdict, claimed, stood) => {
  expect(admit({ ...claim, ...claimed }, { ...standing, ...stood })).toBe(verdict);
});

test("a signature is not checked for a token that is known, foreign or of no chain", () => {
  const ask = (claimed: Partial<Claim>, stood: Partial<Standing>): number => {
    let asked = 0;
    const isSigned = (): boolean => ++asked > 0;
    admit({ ...claim, ...claimed }, { ...standing, ...stood, isSigned });
    return asked;
  };
  expect(ask({}, { booked: claim.hash })).toBe(0);
  expect(ask({ terminal: 2 }, {})).toBe(0);
  expect(ask({}, { chain: undefined })).toBe(0);
  expect(ask({}, {})).toBe(1);
});
