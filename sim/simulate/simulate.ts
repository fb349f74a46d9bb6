// `npm run simulate -- --taps 1000000 --seed 1`: a school in one process and one thread, under a clock that is moved by
// hand: the modules of the terminals, of the gateway and of the ledger, and an adversary with a seed. After every step
// the books are held against a model; at the end everything has arrived and nothing twice. The same seed is the same
// story, byte for byte; a seed that fails tells its last lines.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { CONTROL_KEYS, PRODUCT_KEYS } from "#firmware/keys.ts";
import { fromHex, toHex } from "#protocol/bytes.ts";
import { dealMoney, disturb } from "./adversary.ts";
import type { Box } from "./box.ts";
import type { EngineName } from "./database.ts";
import { layCard, press, switchOn } from "./counter.ts";
import { chance, pick } from "./chance.ts";
import { checkAccounts, checkChain, checkTerminals } from "./follow.ts";
import { lookAround, pay, runGateway } from "./gateway-end.ts";
import type { Season } from "./season.ts";
import { createSeason, end, endRecovery, live } from "./season.ts";
import { Broken } from "./story.ts";
import type { World } from "./world.ts";
import { openWorld } from "./world.ts";

export type Simulated = {
  taps: number;
  faults: Record<string, number>;
  lost: number;
  doubled: number;
  negative: number;
  seconds: number;
  entries: number;
  /** Of everything that happened, and of the ledger as it stands: equal for equal seeds. */
  story: string;
  head: string;
};
export type SimulationOrder = {
  taps: number;
  seed: number;
  /** Ends after this step, when a story is to be looked at. */
  until?: number | undefined;
  engine?: EngineName;
  progress?: (world: World) => void;
};

const OK = PRODUCT_KEYS + CONTROL_KEYS.indexOf("ok");
const VOID = PRODUCT_KEYS + CONTROL_KEYS.indexOf("void");
const SHIFT = PRODUCT_KEYS + CONTROL_KEYS.indexOf("shift");
const CANCEL = PRODUCT_KEYS + CONTROL_KEYS.indexOf("cancel");
const BETWEEN_MS = 900;
const CHECK_EVERY = 50;
const CHAIN_EVERY = 500;
const TERMINALS = 6;
const NONCES = 1500;
const OPENING_CENTS = 3000;
const QUIET_ROUNDS = 60;

/** Throws Broken at the first thing that must never be. Date.now is the simulation's clock meanwhile. */
export async function simulate(order: SimulationOrder): Promise<Simulated> {
  const folder = mkdtempSync(join(tmpdir(), "obole-simulate-"));
  const realNow = Date.now;
  const started = performance.now();
  let world: World | undefined;
  try {
    const { seed, engine } = { engine: "sqlite" as const, ...order };
    const setting = { seed, folder, engine, terminals: TERMINALS, nonces: NONCES };
    world = await openWorld(setting, (now) => (Date.now = now));
    const season = createSeason();
    await begin(world);
    await play(world, season, order);
    await settle(world, season);
    return await report(world, order, (performance.now() - started) / 1000);
  } catch (error) {
    if (world) addStory(error, world, order);
    throw error;
  } finally {
    Date.now = realNow;
    world?.database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function addStory(error: unknown, { story }: World, { taps, seed }: SimulationOrder): void {
  if (!(error instanceof Error)) return;
  const of = error instanceof Broken ? story.last(error.terminal, error.student) : story.last();
  const command = `npm run simulate -- --taps ${taps} --seed ${seed} --until ${story.step}`;
  const whose =
    error instanceof Broken ? ` (terminal ${error.terminal}, student ${error.student})` : "";
  error.message = [...of, `step ${story.step}: ${error.message}${whose}`, `again: ${command}`].join(
    "\n",
  );
}

/** Families have paid in, every box is on and has all that it needs. */
export async function begin(world: World): Promise<void> {
  for (const student of world.model.wallets.keys()) await pay(world, student, OPENING_CENTS);
  for (const box of world.boxes) switchOn(box);
  await rounds(world, 12);
  for (const box of world.boxes)
    if (!box.running?.memory.roster.version()) throw new Broken("has no roster", box.terminal);
}

async function rounds(world: World, times: number): Promise<void> {
  for (let round = 0; round < times; round++) {
    world.clock.advance(1500);
    await runGateway(world);
  }
}

async function play(world: World, season: Season, order: SimulationOrder): Promise<void> {
  const { story, random, clock, broker } = world;
  broker.rate = 1;
  const steps = Math.min(order.taps, order.until ?? Infinity);
  while (story.step < steps) {
    story.step++;
    clock.advance(random() * BETWEEN_MS);
    const index = Math.floor(random() * world.boxes.length);
    const box = world.boxes[index] as Box;
    await disturb(world, box);
    await dealMoney(world, box);
    await tap(world, box);
    if (broker.arrived.length > 12 || chance(random, 60)) await runGateway(world);
    await live(world, season);
    if (story.step % CHECK_EVERY === 0) await check(world);
    if (story.step % CHAIN_EVERY === 0) await checkChain(world);
    order.progress?.(world);
  }
}

async function check(world: World): Promise<void> {
  await checkAccounts(world);
  checkTerminals(world);
}

/** Somebody chooses, lays a card and takes it away; now and then the sale is taken back. */
async function tap(world: World, box: Box): Promise<void> {
  const { random, cards, clock } = world;
  if (!box.running) return;
  if (box.running.machine.state().phase.at === "closed") press(box, SHIFT);
  if (chance(random, 500))
    press(box, CANCEL, Math.floor(random() * 3), Math.floor(random() * 3), OK);
  layCard(box, fromHex(pick(cards, random)));
  const isAsking = box.running?.machine.state().phase.at === "asking";
  if (isAsking && chance(random, 400)) {
    clock.advance(60);
    await runGateway(world);
    clock.advance(60);
  }
  if (chance(random, 30)) press(box, VOID, OK);
}

/** Nothing fails any more, until everything has been delivered. */
async function settle(world: World, season: Season): Promise<void> {
  world.broker.rate = 0;
  await end(world, season);
  for (const box of world.boxes) {
    box.isReachable = true;
    switchOn(box);
  }
  for (let round = 0; round < QUIET_ROUNDS; round++) {
    world.clock.advance(20_000);
    while (world.broker.arrived.length) await runGateway(world);
    await lookAround(world);
    await endRecovery(world, season);
    const isDone = world.boxes.every(({ running }) => running?.memory.journal.unsent() === 0);
    if (isDone && world.signedCount === world.bookedCount && !world.model.isRecovering) break;
  }
  await check(world);
  await checkChain(world);
}

async function report(
  world: World,
  { taps }: SimulationOrder,
  seconds: number,
): Promise<Simulated> {
  const { story, signedCount, bookedCount, ledger } = world;
  const [negative, doubled] = await ledger.client.batch(
    [
      "select count(*) as n from account where kind = 'wallet' and balance < 0",
      "select count(*) as n from (select 1 from entry group by terminal, epoch, seq having count(*) > 1)",
    ],
    "read",
  );
  const count = (of: typeof negative): number => Number(of?.rows[0]?.["n"]);
  const faults = Object.fromEntries([...story.counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return {
    taps,
    faults,
    lost: signedCount - bookedCount,
    doubled: count(doubled),
    negative: count(negative),
    seconds: Math.round(seconds * 10) / 10,
    entries: bookedCount,
    story: story.digest(),
    head: toHex(ledger.head?.hash ?? new Uint8Array(0)),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      taps: { type: "string", default: "100000" },
      seed: { type: "string", default: "1" },
      until: { type: "string" },
      engine: { type: "string", default: "sqlite" },
    },
  });
  const taps = Number(values.taps);
  const started = performance.now();
  const done = await simulate({
    taps,
    seed: Number(values.seed),
    engine: values.engine === "libsql" ? "libsql" : "sqlite",
    until: values.until === undefined ? undefined : Number(values.until),
    progress: ({ story, bookedCount }) => {
      if (story.step % Math.ceil(taps / 20)) return;
      const seconds = Math.round((performance.now() - started) / 1000);
      console.error(`${story.step} taps, ${bookedCount} entries, ${seconds} s`);
    },
  }).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    if (!(error instanceof Broken) && error instanceof Error) console.error(error.stack);
    process.exit(1);
  });
  console.log(JSON.stringify(done));
}
