// The school of the soak: the demonstration's people on a real sqld, the gateway's own code (ingest, service, voice)
// over an air that loses and repeats, and as many counters as wanted.

import type { Message } from "#edge/border.ts";
import { primitives } from "#edge/crypto.ts";
import type { Voice } from "#edge/downlink.ts";
import { createVoice, tell } from "#edge/downlink.ts";
import type { Intake } from "#edge/ingest.ts";
import { ingest } from "#edge/ingest.ts";
import { runCommands } from "#edge/ledger/commands.ts";
import type { Ledger } from "#edge/ledger/ledger.ts";
import { connectLedger } from "#edge/ledger/ledger.ts";
import { numberIn } from "#edge/ledger/row.ts";
import type { Service } from "#edge/service.ts";
import { answer, createService, noteMoved, serve, watchVersions } from "#edge/service.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { fromHex, toHex } from "#protocol/bytes.ts";
import { cardMaster } from "#protocol/card-key.ts";
import { parseTopic } from "#protocol/topics.ts";
import type { EmulatedCard } from "./parts/card.ts";
import { createCounterBox } from "./counter-box.ts";
import type { Random, School } from "./school.ts";
import { COUNTERS, makeSchool, pick } from "./school.ts";
import { demoCards } from "./demo-cards.ts";
import { seedSchool } from "./seed.ts";
import { createAir } from "./soak-air.ts";
import type { Counter } from "./soak-counter.ts";
import { pass } from "./soak-counter.ts";
import type { Counts } from "./soak-counts.ts";
import { count } from "./soak-counts.ts";

const SECRET = new Uint8Array(32).fill(9);
const CARD_SECRET = new Uint8Array(32).fill(8);
/** Monday 23 November 2026, 12:00 in Brussels. */
const NOON_MS = 1_795_431_600_000;
/** Bytes of burn map for each nonce, in pages of 4,096 bytes. */
const NONCES_PER_PAGE = 128;
const EPOCH = 1;
const WISHES = 5;
const WISH_MS = 500;
const REST_MS = 8000;

export type SoakSchool = {
  school: School;
  ledger: Ledger;
  intake: Intake;
  service: Service;
  voice: Voice;
  counters: Counter[];
  random: Random;
  counts: Counts;
  /** The card of this UID, as it lies in somebody's pocket. */
  cardOf: (uid: Bytes) => EmulatedCard;
};

export type SoakOrder = {
  ledgerUrl: string;
  counters: number;
  /** How many entries each can sign. */
  nonces: number;
  random: Random;
  counts: Counts;
};

export async function openSchool(order: SoakOrder): Promise<SoakSchool> {
  const { random, counts } = order;
  const school = makeSchool();
  const ledger = await seedSchool(connectLedger(order.ledgerUrl, undefined), school);
  const counters: Counter[] = [];
  for (let id = 1; id <= order.counters; id++)
    counters.push(await openCounter(ledger, school.slug, id, order));
  const now = (): number => NOON_MS + Math.max(...counters.map(({ box }) => box.timers.now()));
  const border = { school: school.slug, primitives, secret: SECRET, keys: new Map() };
  const intake: Intake = { ledger, border, ring: new Map(), now };
  const gateway = startGateway(intake, counters);
  const cardOf = demoCards(school, toHex(CARD_SECRET));
  return { school, ledger, intake, counters, random, counts, cardOf, ...gateway };
}

async function openCounter(
  ledger: Ledger,
  school: string,
  id: number,
  { random, counts, nonces }: SoakOrder,
): Promise<Counter> {
  const broker = { host: "broker", port: 1883 };
  const burn = 1 + Math.ceil((nonces + 1) / NONCES_PER_PAGE);
  const pages = { journal: 56, burn, state: 24, roster: 66 };
  const randomBytes = (length: number) =>
    new Uint8Array(length).map(() => Math.floor(random() * 256));
  const identity = { school, terminal: id, epoch: EPOCH, sealSecret: SECRET, broker };
  const key = { ...identity, nonces, random: randomBytes };
  const box = createCounterBox(pages, key);
  const { name, till } = COUNTERS[(id - 1) % 2] ?? pick(COUNTERS, random);
  await ledger.client.batch(
    [
      {
        sql: "insert into terminal(id, name, till, epoch) values(?, ?, ?, ?)",
        args: [id, `${name} ${id}`, JSON.stringify(till), EPOCH],
      },
      {
        sql: "insert into terminal_key values(?, ?, ?, 0)",
        args: [id, EPOCH, box.publicKey],
      },
    ],
    "write",
  );
  return { box, air: createAir(box, random, counts), witnessed: [], lastUid: "" };
}

/** As after any start: all that the gateway knew of its terminals is forgotten. */
function startGateway(intake: Intake, counters: Counter[]): { service: Service; voice: Voice } {
  const { school, secret } = intake.border;
  const master = cardMaster(primitives.hmacSha256, CARD_SECRET, school, "terminal");
  const voice = createVoice({
    school,
    secret,
    primitives,
    now: intake.now,
    publish(topic, payload, retain) {
      const counter = counters[(parseTopic(topic)?.terminal ?? 0) - 1];
      counter?.air.publish({ topic, payload }, retain);
    },
  });
  return { voice, service: createService(intake.ledger, voice, intake.now, master) };
}

export function killGateway(soak: SoakSchool): void {
  Object.assign(soak, startGateway(soak.intake, soak.counters));
}

/** One batch of whatever has arrived from these counters, and the answers to it. */
export async function runGateway(soak: SoakSchool, from: Counter[]): Promise<void> {
  const messages = from.flatMap(({ air }): Message[] => air.arrived.splice(0));
  if (!messages.length) return;
  answer(soak.service, await ingest(soak.intake, messages));
  await serve(soak.service);
}

let topUps = 0;

/** Families pay in, so that some wallets are full and some are empty. */
export async function payIn(soak: SoakSchool, times: number): Promise<void> {
  const commands = Array.from({ length: times }, () => ({
    id: `soak/${++topUps}`,
    author: "soak",
    at: Math.floor(soak.intake.now() / 1000),
    kind: "topUp" as const,
    student: pick(soak.school.students, soak.random).id,
    cents: pick([500, 1000, 2500, 5000], soak.random),
    means: "transfer" as const,
    note: "",
  }));
  await runCommands(soak.ledger, commands);
  for (const { student } of commands) noteMoved(soak.service, student);
}

/** A student gets a second card: the roster has a new version, which every terminal must take in. */
export async function giveCard(soak: SoakSchool): Promise<void> {
  const uid = new Uint8Array(7).map(() => Math.floor(soak.random() * 256));
  uid[0] = 4;
  const student = pick(soak.school.students, soak.random).id;
  await soak.ledger.client.execute({
    sql: "insert or ignore into card(uid, student, status, since) values(?, ?, 'active', 0)",
    args: [fromHex(toHex(uid)), student],
  });
  soak.school.cards.push({ uid: toHex(uid), student, status: "active", keyEpoch: 0 });
  await watchVersions(soak.service);
  count(soak.counts, "roster update", true);
}

/** The gateway wants leases back: of some students from every counter, now and then all of one counter's. It asks as
 * it would, from what the ledger knows at this moment, and the air does with it what it does. */
export async function wishBack(soak: SoakSchool): Promise<void> {
  const { random, counts, voice } = soak;
  // A recall is void once the journal has gone on, and while somebody is being served: now and then
  // there is a pause, and the gateway hears what there is.
  if (random() < 0.3) for (const counter of soak.counters) pass(counter, REST_MS);
  await runGateway(soak, soak.counters);
  const students = Array.from({ length: WISHES }, () => pick(soak.school.students, random).id);
  const [leases, chains] = await soak.ledger.client.batch(
    [
      {
        sql: `select terminal, student, version from lease
          where student in (select value from json_each(?)) order by terminal, student`,
        args: [JSON.stringify(students)],
      },
      "select terminal, max(seq) as seq from entry group by terminal order by terminal",
    ],
    "read",
  );
  for (const row of chains?.rows ?? []) {
    if (random() > 0.1) continue;
    const kind = "recall" as const;
    const message = { kind, seq: numberIn(row, "seq"), reopen: random() < 0.7 };
    tell(voice, numberIn(row, "terminal"), EPOCH, count(counts, "recall said", message));
  }
  for (const row of leases?.rows ?? []) {
    const lease = { student: numberIn(row, "student"), version: numberIn(row, "version") + 1 };
    const ceilingCents = pick([0, 500, 2000], random);
    const message = { kind: "lower" as const, leases: [{ ...lease, ceilingCents }] };
    tell(voice, numberIn(row, "terminal"), EPOCH, count(counts, "lower said", message));
  }
  // Nobody lays a card for so long, at most counters.
  for (const counter of soak.counters) if (random() < 0.8) pass(counter, WISH_MS);
}
