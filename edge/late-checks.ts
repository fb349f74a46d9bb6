// The signatures that a later one vouched for, checked one by one when nobody waits. What is found
// bad was booked all the same, because the terminal's key stands behind it; it goes to quarantine
// as an alarm for the school.

import type { KeyObject } from "node:crypto";
import { signedBytes } from "#protocol/token.ts";
import type { Arrived } from "./admission.ts";
import { verifySignature } from "./crypto.ts";
import { emptyBatch } from "./ledger/batch.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { commit, inTurn } from "./ledger/ledger.ts";
import { quarantine } from "./plan.ts";

/** A check takes less than 0.1 ms natively: a slice of these delays a waiting batch by a few
 * milliseconds. */
const SLICE = 32;

/** How long a busy gateway is left alone before it is asked again whether it is idle. */
const BUSY_MS = 50;

export type LateChecks = {
  ledger: Ledger;
  owed: Owed[];
  running: boolean;
  isIdle: () => boolean;
};
export type Owed = { token: Arrived; key: KeyObject };

export function createLateChecks(ledger: Ledger, isIdle: () => boolean): LateChecks {
  return { ledger, owed: [], running: false, isIdle };
}

/** Checks all that is owed, in slices between which everything else runs, and only while nothing
 * else waits. Throws when the ledger is away: then what was not checked stays owed, and `verify`
 * would find it as well. */
export async function checkLate(late: LateChecks, owed: Owed[]): Promise<void> {
  for (const one of owed) late.owed.push(one);
  if (late.running) return;
  late.running = true;
  try {
    while (late.owed.length) {
      if (!late.isIdle()) {
        await sleep(BUSY_MS);
        continue;
      }
      const bad = late.owed.slice(0, SLICE).filter((one) => !isSigned(one));
      if (bad.length) await report(late.ledger, bad);
      late.owed.splice(0, SLICE);
      await sleep(0);
    }
  } finally {
    late.running = false;
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function isSigned({ token, key }: Owed): boolean {
  if (!token.decoded.ok) return false;
  const { payload, signature } = token.decoded.token;
  return verifySignature(key, signedBytes(payload), signature);
}

function report(ledger: Ledger, bad: Owed[]): Promise<unknown> {
  const batch = emptyBatch(Math.floor(Date.now() / 1000));
  for (const { token } of bad) quarantine(token, "booked-unsigned", batch);
  return inTurn(ledger, () => commit(ledger, batch));
}
