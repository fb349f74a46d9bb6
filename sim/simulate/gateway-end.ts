// The gateway of a simulation: the steps of edge/gateway.ts between the broker's delivery and its last answer, each of
// which may be the last before it is killed, with a database that may be killed as well.

import { ingest } from "#edge/ingest.ts";
import type { Command, CommandResult } from "#edge/ledger/commands.ts";
import { runCommands } from "#edge/ledger/commands.ts";
import { askBack, readHolders } from "#edge/reclaim.ts";
import { recallShifts } from "#edge/recall.ts";
import { answer, noteMoved, serve, watchVersions } from "#edge/service.ts";
import { chance, pick } from "./chance.ts";
import { DatabaseAway } from "./database.ts";
import { followEntries, followLeases } from "./follow.ts";
import { payIn, reservedOf } from "./model.ts";
import { Broken } from "./story.ts";
import type { World } from "./world.ts";
import { startService } from "./world.ts";

const BATCH_MAX = 200;
/** Of a thousand batches, so many meet one of these. */
const FATAL = 130;
const FATES = [
  "gateway killed before the commit",
  "gateway killed after the commit",
  "gateway killed before the acks",
  "gateway killed before the grants",
  "database killed before the commit",
  "database killed after the commit",
] as const;
/** To die and to be started again. */
const RESTART_MS = 20;
const PATIENCE_MS = 1200;

type Fate = (typeof FATES)[number] | undefined;

export function restartGateway(world: World): void {
  world.clock.advance(RESTART_MS);
  world.ledger.head = undefined;
  world.service = startService(world.ledger, world.broker, world.clock);
}

/** One batch of whatever has arrived, and what it makes due; after each write the books are looked at. */
export async function runGateway(world: World): Promise<void> {
  const { broker, story, database, random } = world;
  const messages = broker.arrived.slice(0, BATCH_MAX);
  if (!messages.length) return serveDue(world);
  const fate: Fate = broker.rate && chance(random, FATAL) ? pick(FATES, random) : undefined;
  if (fate) story.fault(fate);
  if (fate === "gateway killed before the commit" || fate === "database killed before the commit")
    database.fate = "killed before the commit";
  if (fate === "database killed after the commit") database.fate = "killed after the commit";
  const ingested = await ingest(world.intake, messages).catch(unlessAway);
  database.fate = "as it should";
  await followEntries(world);
  if (!ingested || fate === "gateway killed after the commit") {
    if (fate?.startsWith("gateway")) restartGateway(world);
    return;
  }
  broker.arrived.splice(0, messages.length);
  if (fate === "gateway killed before the acks") return restartGateway(world);
  answer(world.service, ingested);
  checkAcks(world);
  if (fate === "gateway killed before the grants") return restartGateway(world);
  await serveDue(world);
}

export async function serveDue(world: World): Promise<void> {
  const { database, broker, random } = world;
  if (broker.rate && chance(random, FATAL / 6)) {
    database.fate = random() < 0.5 ? "killed before the commit" : "killed after the commit";
    world.story.fault(`database ${database.fate} of grants`);
  }
  const { writes } = database;
  await serve(world.service).catch(unlessAway);
  database.fate = "as it should";
  // What writes nothing has granted nothing.
  if (database.writes !== writes) await followLeases(world);
}

function unlessAway(error: unknown): undefined {
  if (!(error instanceof DatabaseAway)) throw error;
}

/** No terminal may have been told that an entry is in the ledger when it is not. */
function checkAcks(world: World): void {
  const { model } = world;
  if (model.isRecovering) return;
  for (const { running, terminal, epoch } of world.boxes) {
    const acked = running?.memory.journal.acknowledged() ?? 0;
    const booked = model.chains.get(`${terminal}/${epoch}`)?.booked ?? 0;
    if (acked > booked)
      throw new Broken(`entry ${acked} was acknowledged, the ledger ends at ${booked}`, terminal);
  }
}

/** The terminals that should be closed are asked to, and told what is new. */
export async function lookAround(world: World): Promise<void> {
  await watchVersions(world.service);
  await recallShifts(world.service);
  await serveDue(world);
}

/** Until its author has an answer, it is said again under the same id. */
export async function say(world: World, command: Command): Promise<CommandResult> {
  const { database, random, story, ledger } = world;
  for (;;) {
    if (world.broker.rate && chance(random, 60)) {
      database.fate = random() < 0.5 ? "killed before the commit" : "killed after the commit";
      story.fault(`database ${database.fate} of a command`);
    }
    const results = await runCommands(ledger, [command]).catch(unlessAway);
    database.fate = "as it should";
    const [result] = results ?? [];
    if (result) return result;
    ledger.head = undefined;
  }
}

/** Cents below zero: a correction, which takes only what no terminal may still spend. Whether it was done. */
export async function pay(world: World, student: number, cents: number): Promise<boolean> {
  const id = `pay/${++world.commands}`;
  const at = Math.floor(world.clock.now() / 1000);
  const means = cents < 0 ? ("correction" as const) : ("transfer" as const);
  const command: Command = {
    id,
    author: "office",
    at,
    kind: "topUp",
    student,
    cents,
    means,
    note: "",
  };
  return payAs(world, command);
}

export async function payAs(world: World, command: Command): Promise<boolean> {
  if (command.kind !== "topUp") return false;
  const { model, story } = world;
  const { student, cents } = command;
  const free = (model.wallets.get(student) ?? 0) - reservedOf(model, student);
  let result = await say(world, command);
  if (!result.ok && result.reason === "not-covered") {
    if (free + cents >= 0) throw new Broken(`${cents} not covered by ${free}`, 0, student);
    result = await sayAgain(world, command);
  }
  story.tell(0, student, `${command.id} of ${cents}: ${result.ok ? "done" : result.reason}`);
  if (!result.ok) return false;
  world.said?.push(command);
  payIn(model, student, cents, cents < 0 ? "correction" : "bank");
  noteMoved(world.service, student);
  return true;
}

/** As coverFor of reclaim.ts, with this clock: the counters are asked for what they hold, then once more. */
async function sayAgain(world: World, command: Command): Promise<CommandResult> {
  const { service, clock, ledger } = world;
  const student = command.kind === "topUp" ? command.student : 0;
  const holders = await readHolders(ledger.client, [student]);
  const waiting = [...service.waiting];
  if (holders.length) askBack(service, holders, { student });
  clock.advance(PATIENCE_MS);
  await runGateway(world);
  const result = await say(world, command);
  const mine = service.waiting.filter((one) => !one.ask && !waiting.includes(one));
  world.service.waiting = world.service.waiting.filter((one) => !mine.includes(one));
  return result;
}
