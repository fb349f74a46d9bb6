// A database server for one test file alone, so that files may run side by side and each has one writer.

import { inject } from "vitest";

export async function newLedgerUrl(): Promise<string> {
  const answer = await fetch(inject("ledgersUrl"));
  if (!answer.ok) throw new Error("fresh ledger: " + (await answer.text()));
  return answer.text();
}
