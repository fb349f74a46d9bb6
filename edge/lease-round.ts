// One look at the leases that are due: grants what can be granted, fetches from other counters what
// somebody at a counter lacks, and tells each terminal what is new to it. What was due stays due when
// the ledger is away.

import type { Lease } from "#protocol/downlink.ts";
import { LEASES_PER_MESSAGE } from "#protocol/downlink.ts";
import { leaseKey } from "./books.ts";
import type { Voice } from "./downlink.ts";
import { tell } from "./downlink.ts";
import type { Ask, Decision, Seller } from "./grants.ts";
import type { Holding } from "./leasing.ts";
import { grantLeases, readLeases, readStanding } from "./leasing.ts";
import type { Waiting } from "./reclaim.ts";
import { askBack, chooseHolders, readHolders } from "./reclaim.ts";
import type { Service } from "./service.ts";

/** waiting: counters that have waited for others, and are due now. */
type Round = { everyone: boolean; students: Set<number>; asks: Ask[]; waiting: Waiting[] };

export async function serveLeases(service: Service): Promise<void> {
  const round = takeRound(service);
  const asks = [...round.asks, ...round.waiting.flatMap(({ ask }) => (ask ? [ask] : []))];
  const named = [...new Set([...round.students, ...asks.map((ask) => ask.student)])];
  if (round.everyone || named.length) await serveRound(service, round, named, asks);
  await restate(service);
}

/** Taken before the first await: what becomes due meanwhile is the next round's. */
function takeRound(service: Service): Round {
  const { everyone, students, asks } = service;
  const now = service.now();
  const isDue = (one: Waiting): boolean =>
    one.ask !== undefined && (everyone || students.has(one.student) || now >= one.untilMs);
  const waiting = service.waiting.filter(isDue);
  service.waiting = service.waiting.filter((one) => !isDue(one));
  Object.assign(service, { everyone: false, students: new Set(), asks: [] });
  return { everyone, students, asks, waiting };
}

async function serveRound(
  service: Service,
  round: Round,
  named: number[],
  asks: Ask[],
): Promise<void> {
  const { ledger } = service;
  const { everyone, students, waiting } = round;
  // What a command is waiting for is not given to a counter.
  const kept = new Set(service.waiting.flatMap((one) => (one.ask ? [] : [one.student])));
  const granted = await grantLeases(
    ledger,
    everyone ? "everyone" : named,
    asks,
    kept,
    service.now(),
  ).catch((error: unknown) => {
    service.everyone ||= everyone;
    for (const student of students) service.students.add(student);
    service.asks.unshift(...round.asks);
    service.waiting.push(...waiting);
    throw error;
  });
  const { grants } = granted;
  const touched = everyone ? [...new Set([...grants, ...asks].map((one) => one.student))] : named;
  try {
    const patient = await fetchFromOthers(service, round, granted);
    const answered = asks.filter((ask) => !patient.has(ask));
    const standing = await readStanding(ledger, touched, answered);
    for (const holding of standing) tellNews(service, holding, answered, patient);
  } catch (error) {
    const isGranted = (of: Seller & { student: number }): boolean =>
      grants.some((grant) => grant.terminal === of.terminal && grant.student === of.student);
    for (const student of touched) service.students.add(student);
    service.asks.unshift(...asks.filter((ask) => !isGranted(ask)));
    throw error;
  }
}

/** The asks that are answered later, because other counters were asked for what is lacking. */
async function fetchFromOthers(
  service: Service,
  { asks, waiting }: Round,
  { unmet }: Decision,
): Promise<Set<Ask>> {
  const patient = new Set<Ask>();
  for (const one of waiting) {
    const isUnmet = unmet.some(({ ask }) => ask === one.ask);
    if (!one.ask || !isUnmet || !one.holders.size || service.now() >= one.untilMs) continue;
    service.waiting.push(one);
    patient.add(one.ask);
  }
  const fresh = unmet.filter(({ ask }) => asks.includes(ask));
  if (!fresh.length) return patient;
  const students = fresh.map(({ ask }) => ask.student);
  const holders = await readHolders(service.ledger.client, students);
  for (const one of fresh) {
    const chosen = chooseHolders(one, holders, asks);
    if (!chosen.length) continue;
    askBack(service, chosen, { student: one.ask.student, ask: one.ask });
    patient.add(one.ask);
  }
  return patient;
}

/** Terminals to which all their leases are said again. */
async function restate(service: Service): Promise<void> {
  for (const terminal of service.restate) {
    const client = service.clients.get(terminal);
    if (client) {
      const holding = await readLeases(service.ledger, client);
      for (const lease of holding.leases) isNews(service, client, lease);
      tellLeases(service.voice, holding);
    }
    service.restate.delete(terminal);
  }
}

/** Whether the terminal was told something else last; a sale it made itself on its lease changes
 * nothing for it. */
function isNews(service: Service, { terminal, epoch }: Seller, lease: Lease): boolean {
  const key = leaseKey(terminal, epoch, lease.student);
  const said = `${lease.version}/${lease.besideCents}`;
  const isNew = service.said.get(key) !== said;
  service.said.set(key, said);
  return isNew;
}

/** What has changed, and what was asked even if it has not; but nothing to a counter that still
 * waits, because it would take that for its answer. */
function tellNews(service: Service, holding: Holding, asks: Ask[], patient: Set<Ask>): void {
  const isOf = (lease: Lease) => (ask: Ask) =>
    ask.terminal === holding.terminal && ask.student === lease.student;
  const due = holding.leases
    .filter((lease) => ![...patient].some(isOf(lease)))
    .filter((lease) => isNews(service, holding, lease) || asks.some(isOf(lease)));
  tellLeases(service.voice, { ...holding, leases: due });
}

/** One message, as far as they fit. */
function tellLeases(voice: Voice, { terminal, epoch, asOf, leases }: Holding): void {
  for (let from = 0; from < leases.length; from += LEASES_PER_MESSAGE) {
    const part = leases.slice(from, from + LEASES_PER_MESSAGE);
    tell(voice, terminal, epoch, { kind: "leases", asOf, leases: part });
  }
}
