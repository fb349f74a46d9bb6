// What the gateway owes the terminals after a batch: acks at once, then time, supplies and leases.
// Debts are kept until they are paid, so a ledger that is away delays them and loses none; a
// gateway that died is told by the next status of each terminal what that terminal has missed.

import type { Bytes } from "#protocol/bytes.ts";
import type { Downlink } from "#protocol/downlink.ts";
import type { Voice } from "./downlink.ts";
import { tell } from "./downlink.ts";
import type { Ask, Seller } from "./grants.ts";
import type { Ingested, Result } from "./ingest.ts";
import { serveLeases } from "./lease-round.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { Waiting } from "./reclaim.ts";
import { heardBack } from "./reclaim.ts";
import { serveRecovery } from "./recovery.ts";
import type { Supplies, Versions } from "./supplies.ts";
import { readSupplies, readVersions, supplyMessages } from "./supplies.ts";

/** A terminal needs a while to take in a roster; it is not told the same again before. */
const RETELL_MS = 30_000;
/** Leases on which something was sold are looked at this often, and under load all that is due; a
 * question from a counter is never kept. */
export const SERVE_MS = 500;
const NOTHING: Versions = { roster: 0, blocks: 0, prices: 0, orders: 0 };

/** A terminal as this gateway knows it since its own start. */
type Client = Seller & {
  sequence: number;
  /** As its last status said; undefined before the first, which follows every connect. */
  held: Versions | undefined;
  told: Versions;
  toldAt: number;
};
export type Service = {
  ledger: Ledger;
  voice: Voice;
  now: () => number;
  cardMaster: Bytes | undefined;
  servedAt: number;
  clients: Map<number, Client>;
  /** Students whose money moved. */
  students: Set<number>;
  /** Terminals that opened: everybody's lease is looked at. */
  everyone: boolean;
  asks: Ask[];
  /** Who waits until other counters have given back. */
  waiting: Waiting[];
  /** Whether a timer will look at them. */
  isWaking: boolean;
  /** The last lease told to each terminal for each student. */
  said: Map<string, string>;
  /** Terminals to which all their leases are said again, and those whose supplies are to be looked
   * at. */
  restate: Set<number>;
  resupply: Set<number>;
};

/** cardMaster: from which the keys of cards follow; a school whose cards have none needs none. */
export function createService(
  ledger: Ledger,
  voice: Voice,
  now: () => number,
  cardMaster?: Bytes,
): Service {
  const debts = {
    students: new Set<number>(),
    everyone: false,
    asks: [],
    waiting: [],
    isWaking: false,
  };
  const sets = { restate: new Set<number>(), resupply: new Set<number>() };
  const known = { clients: new Map<number, Client>(), said: new Map<string, string>() };
  return { ledger, voice, now, cardMaster, servedAt: 0, ...known, ...debts, ...sets };
}

/** Acknowledges what is in the ledger, and notes what the messages make due. */
export function answer(service: Service, ingested: Ingested): void {
  const { voice } = service;
  for (const { terminal, epoch, seq, nonce, gap } of ingested.standings) {
    const { no, hash } = ingested.head;
    if (seq > 0) tell(voice, terminal, epoch, { kind: "ack", seq, block: no, head: hash, nonce });
    if (gap) tell(voice, terminal, epoch, { kind: "resend", fromSeq: seq + 1 });
  }
  for (const entry of ingested.booked) {
    if (entry.student) service.students.add(entry.student);
    if (entry.kind === "open") welcome(service, entry.terminal);
    if (entry.kind === "lowered") heardBack(service, entry, entry.student);
    if (entry.kind === "close") heardBack(service, entry);
  }
  for (const result of ingested.results) note(service, result);
}

function welcome(service: Service, terminal: number): void {
  service.everyone = true;
  service.restate.add(terminal);
  service.resupply.add(terminal);
}

function note(service: Service, result: Result): void {
  const { arrival } = result;
  if (arrival.kind !== "uplink") return;
  const { header, uplink } = arrival;
  const { terminal, epoch, sequence } = header;
  const known = service.clients.get(terminal);
  const isNew = known?.epoch !== epoch;
  // A message that the broker kept and repeats asks for nothing a second time.
  if (!isNew && sequence <= known.sequence) return;
  const fresh = { held: undefined, told: NOTHING, toldAt: 0 };
  const client: Client = { ...(isNew ? fresh : known), terminal, epoch, sequence };
  service.clients.set(terminal, client);
  if (uplink.kind === "ask") {
    const { student, cents } = uplink;
    service.asks.push({ terminal, epoch, student, cents });
  }
  if (uplink.kind !== "status") return;
  const { roster, blocks, prices, orders } = uplink;
  client.held = { roster, blocks, prices, orders };
  service.voice.lastSequence = Math.max(service.voice.lastSequence, uplink.sequence);
  // The first word since we started: what was said to it before our start may never have left.
  if (isNew) service.restate.add(terminal);
  service.resupply.add(terminal);
}

/** A command moved this student's money. */
export function noteMoved(service: Service, student: number): void {
  service.students.add(student);
}

/** Money of many has become free. */
export function noteEverybody(service: Service): void {
  service.everyone = true;
}

/** Whether somebody stands at a counter, or has waited long enough. */
export function isPressing(service: Service): boolean {
  const { asks, waiting, students } = service;
  const isFetched = waiting.some((one) => one.ask && students.has(one.student));
  return asks.length > 0 || isFetched || service.now() - service.servedAt > SERVE_MS;
}

/** Whether more is due than to look at leases on which something was sold. */
export function hasNews(service: Service): boolean {
  return service.everyone || service.restate.size > 0 || service.resupply.size > 0;
}

/** How long until somebody who waits at a counter must have an answer. */
export function patienceMs(service: Service): number | undefined {
  const until = service.waiting.flatMap((one) => (one.ask ? [one.untilMs] : []));
  return until.length ? Math.max(0, Math.min(...until) - service.now()) : undefined;
}

/** Pays what is due. Throws when the ledger is away; what is still due then stays due. */
export async function serve(service: Service): Promise<void> {
  service.servedAt = service.now();
  // Before anything is granted: a terminal that has just spoken may know more than the ledger.
  if (service.resupply.size) await serveRecovery(service);
  await serveLeases(service);
  await serveSupplies(service);
}

/** Time for every terminal that has spoken, and whatever copy of it is older than the school's. Reading
 * them derives the key of every card, so that is done only when somebody is behind. */
async function serveSupplies(service: Service): Promise<void> {
  const { client: database } = service.ledger;
  let versions: Versions | undefined;
  let supplies: Supplies | undefined;
  for (const terminal of service.resupply) {
    const client = service.clients.get(terminal);
    if (client?.held) {
      const now = service.now();
      versions ??= await readVersions(database, now);
      const holds = now - client.toldAt < RETELL_MS ? client.told : client.held;
      if (isBehind(holds, versions))
        supplies ??= await readSupplies(database, now, service.cardMaster);
      resupply(service, client, holds, supplies);
    }
    service.resupply.delete(terminal);
  }
}

function resupply(
  service: Service,
  client: Client,
  holds: Versions,
  supplies: Supplies | undefined,
): void {
  const { terminal, epoch } = client;
  const now = service.now();
  const say = (message: Downlink): void => tell(service.voice, terminal, epoch, message);
  say({ kind: "time", seconds: Math.floor(now / 1000) });
  const messages = supplies ? supplyMessages(supplies, terminal, holds) : [];
  for (const message of messages) say(message);
  if (messages.length) Object.assign(client, { told: supplies?.versions, toldAt: now });
}

/** Looks whether a page or an import changed what terminals hold, and makes the telling due. */
export async function watchVersions(service: Service): Promise<void> {
  const versions = await readVersions(service.ledger.client, service.now());
  for (const { terminal, held, told } of service.clients.values())
    if (held && isBehind(held, versions) && isBehind(told, versions))
      service.resupply.add(terminal);
}

function isBehind(held: Versions, versions: Versions): boolean {
  const names = ["roster", "blocks", "prices", "orders"] as const;
  return names.some((name) => held[name] < versions[name]);
}
