// The end of a soak: what bystanders saw and heard, entry by entry against the ledger; the books; the flash.

import type { Row } from "@libsql/client/web";
import { bytesIn, numberIn, textIn } from "#edge/ledger/row.ts";
import { toHex } from "#protocol/bytes.ts";
import type { Entry } from "#protocol/entry.ts";
import { decodeToken } from "#protocol/token.ts";
import { checkLedger } from "./check-ledger.ts";
import type { Counter, Witnessed } from "./soak-counter.ts";
import type { SoakSchool } from "./soak-school.ts";

/** Messages that the air has altered, and nothing else, may be in quarantine. */
const ALTERED = ["bad-seal", "not-sealed", "wrong-terminal"];

/** Throws at the first disagreement; gives the figures of the agreement in words. */
export async function auditSoak(soak: SoakSchool): Promise<string[]> {
  await checkLedger(soak.ledger);
  let certain = 0;
  let unheard = 0;
  let given = 0;
  for (const [index, counter] of soak.counters.entries()) {
    const entries = await readEntries(soak, index + 1);
    const matched = matchWitnesses(index + 1, counter, entries);
    certain += matched.certain;
    unheard += matched.unheard;
    given += auditGivenBack(index + 1, entries);
  }
  const outcomes = await soak.ledger.client.execute(
    "select outcome, count(*) as n from entry group by outcome order by outcome",
  );
  return [
    `${certain} accepted taps, each in the ledger once; ${unheard} more were journalled when the power went before the beep`,
    ...(await auditLeases(soak)),
    `${given} entries gave leases back, and nothing of that was sold`,
    ...(await auditQuarantine(soak)),
    `outcomes: ${outcomes.rows.map((row) => `${textIn(row, "outcome")} ${numberIn(row, "n")}`).join(", ")}`,
    wearOf(soak),
  ];
}

async function readEntries(soak: SoakSchool, terminal: number): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (;;) {
    const page = await soak.ledger.client.execute({
      sql: "select token from entry where terminal = ? and seq > ? order by seq limit 5000",
      args: [terminal, entries.length],
    });
    if (!page.rows.length) return entries;
    entries.push(...page.rows.map((row) => entryOf(terminal, row)));
  }
}

function entryOf(terminal: number, row: Row): Entry {
  const decoded = decodeToken(bytesIn(row, "token"));
  if (!decoded.ok) throw new Error(`audit: terminal ${terminal} has a token that does not decode`);
  return decoded.token.entry;
}

/** Walks both lists at once. An entry without a witness must be one whose tap lost its power. */
function matchWitnesses(terminal: number, { box, witnessed }: Counter, entries: Entry[]) {
  const sales = entries.filter(({ kind }) => kind === "purchase" || kind === "void");
  let at = 0;
  let unheard = 0;
  for (const seen of witnessed) {
    const entry = sales[at];
    const isIt = entry !== undefined && agrees(entry, seen);
    if (!isIt && seen.certain)
      throw new Error(
        `audit: terminal ${terminal} heard ${JSON.stringify(seen)}, the ledger has ${JSON.stringify(entry)}`,
      );
    if (isIt) at++;
    if (isIt && !seen.certain) unheard++;
  }
  if (at < sales.length)
    throw new Error(`audit: terminal ${terminal}: nobody saw ${JSON.stringify(sales[at])}`);
  if (box.see().unsent) throw new Error(`audit: terminal ${terminal} shows unsent entries`);
  return { certain: sales.length - unheard, unheard };
}

function agrees(entry: Entry, seen: Witnessed): boolean {
  if (entry.kind !== "purchase" && entry.kind !== "void") return false;
  const isSame = entry.kind === seen.kind && toHex(entry.card) === seen.uid;
  return isSame && (seen.cents === undefined || seen.cents === entry.totalCents);
}

async function auditLeases({ ledger }: SoakSchool): Promise<string[]> {
  const [over, poor, risk] = await ledger.client.batch(
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
  return ["no lease exceeded, no wallet below zero, nothing on the school's risk"];
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
