// When the counters can sell: each has opened at the gateway, been granted leases, and been sent
// its supplies.

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
  while (Date.now() < deadline) {
    if ((await areLeased(ledger, counters)) && (await isAllSent(dashboard))) {
      await pause(SETTLE_MS);
      return true;
    }
    await pause(POLL_MS);
  }
  return false;
}

async function areLeased(ledger: Client, counters: number): Promise<boolean> {
  const found = await ledger.execute(
    `select count(*) as leased from terminal where selling = 1 and exists(
      select 1 from lease where lease.terminal = terminal.id and lease.epoch = terminal.epoch)`,
  );
  return Number(found.rows[0]?.["leased"]) >= counters;
}

/** The gateway has nothing left that the broker has not taken. */
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
