// When the counters can sell: each has opened at the gateway, and the gateway has nothing left to tell
// them. Some may have no lease yet, when all the money of the school is leased to lost terminals.

import type { Client } from "@libsql/client/web";

const POLL_MS = 100;
/** What has reached the broker still has to be written to the flash of each terminal. */
const SETTLE_MS = 300;

/** False when that has not come to pass in time: with a broker out of reach, counters open when it
 * comes back. */
export async function untilCountersSell(
  ledger: Client,
  dashboard: string,
  counters: number,
  timeoutMs: number,
): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  let isQuiet = false;
  while (Date.now() < deadline) {
    const wasQuiet = isQuiet;
    isQuiet = (await areOpen(ledger, counters)) && (await isAllSent(dashboard));
    // Between a batch and the answers to it the gateway looks idle for a moment: once is not enough.
    if (isQuiet && wasQuiet) return true;
    await pause(isQuiet ? SETTLE_MS : POLL_MS);
  }
  return false;
}

async function areOpen(ledger: Client, counters: number): Promise<boolean> {
  const found = await ledger.execute("select count(*) as open from terminal where selling = 1");
  return Number(found.rows[0]?.["open"]) >= counters;
}

/** The gateway has nothing left that the broker has not taken. Asking makes it serve what is due. */
async function isAllSent(dashboard: string): Promise<boolean> {
  try {
    const answer = await fetch(`${dashboard}/health`);
    const health = (await answer.json()) as { waiting: number; unsent: number };
    return answer.ok && health.waiting === 0 && health.unsent === 0;
  } catch {
    return false;
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
