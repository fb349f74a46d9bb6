// A school in a simulation: its students, its boxes, its broker, its gateway and its books, under one clock and one
// seed; and beside them the model, which is told what was signed.

import { createVoice } from "#edge/downlink.ts";
import type { Intake } from "#edge/ingest.ts";
import type { Command } from "#edge/ledger/commands.ts";
import { runCommands } from "#edge/ledger/commands.ts";
import type { Ledger } from "#edge/ledger/ledger.ts";
import { openLedger } from "#edge/ledger/ledger.ts";
import { registerTerminal } from "#edge/ledger/registrations.ts";
import type { Service } from "#edge/service.ts";
import { createService } from "#edge/service.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { fromHex, toHex } from "#protocol/bytes.ts";
import type { Entry } from "#protocol/entry.ts";
import { decodeToken } from "#protocol/token.ts";
import { sha256 } from "#edge/crypto.ts";
import type { Random } from "#sim/school.ts";
import { seededRandom } from "#sim/school.ts";
import type { Box } from "./box.ts";
import { createBox } from "./box.ts";
import type { Broker } from "./broker.ts";
import { createBroker } from "./broker.ts";
import { ciphers } from "./ciphers.ts";
import type { Clock } from "./clock.ts";
import { createClock } from "./clock.ts";
import type { Database, EngineName } from "./database.ts";
import { openDatabase } from "./database.ts";
import type { Model } from "./model.ts";
import { chainName, createModel } from "./model.ts";
import type { Story } from "./story.ts";
import { createStory } from "./story.ts";

export const SCHOOL = "college-simule";
export const STUDENTS = 60;
const SECRET = new Uint8Array(32).fill(11);
/** Monday 23 November 2026, 08:00 in Brussels. */
export const MORNING_MS = 1_795_417_200_000;

/** What a box has signed. */
export type Signed = { entry: Entry; card: string; hash: string; beeped: boolean };

export type World = {
  clock: Clock;
  random: Random;
  story: Story;
  broker: Broker;
  database: Database;
  ledger: Ledger;
  intake: Intake;
  service: Service;
  model: Model;
  /** One per terminal: the box that stands there. */
  boxes: Box[];
  cards: string[];
  /** By chain, then by seq; what is long booked is forgotten. */
  signed: Map<string, Map<number, Signed>>;
  signedCount: number;
  bookedCount: number;
  /** Rows of the ledger that the model has followed. */
  lastRow: number;
  lastBlock: { no: number; hash: string; lastSeq: number };
  commands: number;
  nonces: number;
  /** What was done since a backup is written down here. */
  said: Command[] | undefined;
};

/** nonces: of a box, until it is replaced by a new one of the next epoch. */
export type Setting = {
  seed: number;
  folder: string;
  engine: EngineName;
  terminals: number;
  nonces: number;
};

/** whenOpen is told of the clock before anything asks for the time. */
export async function openWorld(
  { seed, folder, engine, terminals, nonces }: Setting,
  whenOpen: (now: () => number) => void,
): Promise<World> {
  const clock = createClock(MORNING_MS);
  whenOpen(clock.now);
  const random = seededRandom(seed);
  const story = createStory(clock.now);
  const broker = createBroker(SCHOOL, clock, random, story);
  const database = await openDatabase(folder, engine);
  const ledger = await openLedger(database.client, SCHOOL);
  const border = { school: SCHOOL, primitives: ciphers, secret: SECRET, keys: new Map() };
  const intake: Intake = { ledger, border, ring: new Map(), now: clock.now };
  const students = Array.from({ length: STUDENTS }, (_, index) => index + 1);
  const world: World = {
    clock,
    random,
    story,
    broker,
    database,
    ledger,
    intake,
    service: startService(ledger, broker, clock),
    model: createModel(students),
    boxes: [],
    cards: students.map((student) => toHex(cardOf(student))),
    signed: new Map(),
    signedCount: 0,
    bookedCount: 0,
    lastRow: 0,
    lastBlock: { no: 0, hash: "", lastSeq: 0 },
    commands: 0,
    nonces,
    said: undefined,
  };
  await seed60(world, students);
  for (let terminal = 1; terminal <= terminals; terminal++)
    world.boxes.push(await openBox(world, terminal, 1));
  return world;
}

const cardOf = (student: number): Bytes => fromHex(`04${student.toString(16).padStart(12, "0")}`);

/** As after any start: all that the gateway knew of its terminals is forgotten. */
export function startService(ledger: Ledger, broker: Broker, clock: Clock): Service {
  const { now } = clock;
  const { publish } = broker;
  const voice = createVoice({ school: SCHOOL, secret: SECRET, primitives: ciphers, now, publish });
  return createService(ledger, voice, now);
}

async function seed60(world: World, students: number[]): Promise<void> {
  const { ledger, clock } = world;
  const at = Math.floor(clock.now() / 1000);
  const open = (account: "wallet" | "sales", ref: string): Command => {
    const id = `open/${account}/${ref}`;
    return { id, author: "office", at, kind: "openAccount", account, ref };
  };
  const wallets = students.map((student) => open("wallet", String(student)));
  const opened = await runCommands(ledger, [open("sales", "repas"), ...wallets]);
  const accounts = opened.map((one) => (one.ok ? one.account : 0));
  const rows = students.map((student) => [student, `Élève ${student}`, accounts[student]]);
  const cards = students.map((student) => [toHex(cardOf(student)), student]);
  await ledger.client.batch(
    [
      {
        sql: `insert into student(id, first_name, last_name, class, account)
          select value->>0, value->>1, 'S', '1A', value->>2 from json_each(?)`,
        args: [JSON.stringify(rows)],
      },
      {
        sql: `insert into card(uid, student, status, since)
          select unhex(value->>0), value->>1, 'active', 0 from json_each(?)`,
        args: [JSON.stringify(cards)],
      },
      "insert into product(id, category) values(1, 'repas'), (2, 'repas'), (3, 'repas')",
      `insert into product_revision(product, revision, name, cents, essential)
        values(1, 1, 'Potage', 100, 1), (2, 1, 'Repas', 480, 1), (3, 1, 'Gaufre', 150, 0)`,
      "insert into price(version, product, revision) values(1, 1, 1), (1, 2, 1), (1, 3, 1)",
      { sql: "insert into school(id, slug, name) values(1, ?, 'Simulée')", args: [SCHOOL] },
    ],
    "write",
  );
}

const TILL = JSON.stringify({
  language: "fr",
  soup: 1,
  keys: [1, 2, 3, 0, 0, 0, 0, 0],
  graceCents: 200,
});

/** A new box for this terminal, registered by the school's office, still switched off. */
export async function openBox(world: World, terminal: number, epoch: number): Promise<Box> {
  const { random, clock, broker, ledger } = world;
  const randomBytes = (length: number): Bytes =>
    new Uint8Array(length).map(() => Math.floor(random() * 256));
  const identity = { school: SCHOOL, terminal, epoch, sealSecret: SECRET };
  const box = createBox(
    { ...identity, nonces: world.nonces, random: randomBytes },
    { clock, broker, witness: (of, token, beeped) => witness(world, of, token, beeped) },
  );
  const order = { terminal, epoch, name: `Comptoir ${terminal}`, publicKey: toHex(box.publicKey) };
  const registered = await registerTerminal(ledger, order, Math.floor(clock.now() / 1000));
  if (!registered.ok)
    throw new Error(`world: terminal ${terminal} was refused: ${registered.reason}`);
  await ledger.client.execute({
    sql: "update terminal set till = ? where id = ?",
    args: [TILL, terminal],
  });
  return box;
}

function witness(world: World, box: Box, token: Bytes, beeped: boolean): void {
  const decoded = decodeToken(token);
  if (!decoded.ok)
    throw new Error(`world: terminal ${box.terminal} signed what is ${decoded.fault}`);
  const { entry } = decoded.token;
  const name = chainName(box.terminal, box.epoch);
  const chain = world.signed.get(name) ?? new Map<number, Signed>();
  world.signed.set(name, chain);
  const card = entry.kind === "purchase" ? toHex(entry.card) : "";
  chain.set(entry.seq, { entry, card, hash: toHex(sha256(token)), beeped });
  world.signedCount++;
  const student = "student" in entry ? entry.student : 0;
  world.story.tell(box.terminal, student, `${beeped ? "beeps for" : "writes"} ${wordsOf(entry)}`);
}

function wordsOf(entry: Entry): string {
  const head = `entry ${entry.epoch}/${entry.seq} ${entry.kind}`;
  if (entry.kind === "purchase") return `${head} ${entry.totalCents} (grace ${entry.graceCents})`;
  if (entry.kind === "void") return `${head} of ${entry.voids}`;
  if (entry.kind === "lowered") return `${head} to ${entry.ceilingCents} version ${entry.lease}`;
  return head;
}
