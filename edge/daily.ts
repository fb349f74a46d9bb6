// What the gateway does once a day, at the first look after midnight; asking more often is harmless.

import { publishHead } from "./heads.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { endBadges } from "./people/badges.ts";
import { removeOutdated } from "./people/retention.ts";

export async function doDaily(ledger: Ledger, nowMs: number): Promise<void> {
  await publishHead(ledger, nowMs);
  await removeOutdated(ledger, nowMs);
  await endBadges(ledger, nowMs);
}
