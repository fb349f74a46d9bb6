// The end of a soak: what bystanders saw and heard, entry by entry against the ledger; the books; the flash.

import type { Ledger } from "#edge/ledger/ledger.ts";
import { numberIn, textIn } from "#edge/ledger/row.ts";
import type { Entry } from "#protocol/entry.ts";
import { checkLedger } from "./check-ledger.ts";
import type { SoakSchool } from "./soak-school.ts";
import { matchWitnesses, readEntries } from "./witnesses.ts";

/** Messages that the air has altered, and nothing else, may be in quarantine. */
const ALTERED = ["bad-seal", "not-sealed", "wrong-terminal"];

/** Throws at the first disagreement; gives the figures of the agreement in words. */
export async function auditSoak(soak: SoakSchool): Promise<string[]> {
  await checkLedger(soak.ledger);
  let certain = 0;
  let unheard = 0;
  let given = 0;
  for (const [index, counter] of soak.counters.entries()) {
    const entries = await readEntries(soak.ledger.client, index + 1);
    const matched = matchWitnesses(index + 1, counter.witnessed, entries);
    if (counter.box.see().unsent)
      throw new Error(`audit: terminal ${index + 1} shows unsent entries`);
    certain += matched.certain;
    unheard += matched.unheard;
    given += auditGivenBack(index + 1, entries);
  }
  const outcomes = await soak.ledger.client.execute(
    "select outcome, count(*) as n from entry group by outcome order by outcome",
  );
  return [
    `${certain} accepted taps, each in the ledger once; ${unheard} more were journalled when the power went before the beep`,
    await auditLeases(soak.ledger),
    `${given} entries gave leases back, and nothing of that was sold`,
    ...(await auditQuarantine(soak)),
    `outcomes: ${outcomes.rows.map((row) => `${textIn(row, "outcome")} ${numberIn(row, "n")}`).join(", ")}`,
    wearOf(soak),
  ];
}

/** No counter may have sold more than it was lent, and nothing of it may be the school's loss. */
export async function auditLeases({ client }: Ledger): Promise<string> {
  const [over, poor, risk] = await client.batch(
    [
      "select count(*) as n from lease where spent > ceiling + voided",
      "select count(*) as n from account where kind = 'wallet' and balance < 0",
      "select count(*) as n from entry where outcome = 'risk'",
    ],
    "read",
  );
  const [leases, wallets, risks] = [over, poor, risk].map((one) => numberIn(one?.rows[0], "n"));
  if (leases || wallets || risks)
    throw new Error(`audit: ${leases} leases exceeded, ${wallets} wallets below 0, ${risks} risks`);
  return "no lease exceeded, no wallet below zero, nothing on the school's risk";
}

/** What a terminal has signed away it sells no more: until it has a newer lease, no sale exceeds the ceiling of the last
 * `lowered`, and that is never below what was spent. Gives how many entries gave something back. */
function auditGivenBack(terminal: number, entries: Entry[]): number {
  const held = new Map<number, { lease: number; ceilingCents: number; spentCents: number }>();
  let given = 0;
  for (const entry of entries) {
    if (entry.kind === "close") given++;
    if (!("student" in entry)) continue;
    const lease = held.get(entry.student) ?? { lease: -1, ceilingCents: 0, spentCents: 0 };
    held.set(entry.student, lease);
    if (entry.kind === "lowered") {
      Object.assign(lease, { lease: entry.lease, ceilingCents: entry.ceilingCents });
      given++;
    }
    if (entry.kind === "purchase") lease.spentCents += entry.totalCents - entry.graceCents;
    if (entry.kind === "void") lease.spentCents -= entry.totalCents - graceOf(entries, entry.voids);
    const isOnLowered = entry.kind === "lowered" || (isSale(entry) && entry.lease === lease.lease);
    if (isOnLowered && lease.spentCents > lease.ceilingCents)
      throw new Error(`audit: terminal ${terminal} sold at ${entry.seq} what it had given back`);
  }
  return given;
}

const isSale = (entry: Entry): entry is Entry & { kind: "purchase" } => entry.kind === "purchase";

function graceOf(entries: Entry[], seq: number): number {
  const sale = entries[seq - 1];
  return sale?.kind === "purchase" ? sale.graceCents : 0;
}

async function auditQuarantine({ ledger }: SoakSchool): Promise<string[]> {
  const found = await ledger.client.execute(
    "select reason, count(*) as n from quarantine group by reason",
  );
  const reasons = found.rows.map((row) => textIn(row, "reason"));
  const other = reasons.filter((reason) => !ALTERED.includes(reason));
  if (other.length) throw new Error(`audit: in quarantine is ${other.join(", ")}`);
  return found.rows.map(
    (row) => `${numberIn(row, "n")} altered messages in quarantine as ${textIn(row, "reason")}`,
  );
}

function wearOf({ counters }: SoakSchool): string {
  const most = (["journal", "burn", "state", "roster"] as const).map((region) => {
    const erases = counters.flatMap(({ box }) => [...box.flash[region].wear]);
    return `${region} ${Math.max(...erases)}`;
  });
  return `most erases of one flash page: ${most.join(", ")} (flash bears 100,000)`;
}
