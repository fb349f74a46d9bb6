// What takes long in a school: evenings and days off, boxes that are used up, lost and replaced, and a disk that dies
// so that the ledger goes on from its backup.

import { tell as say } from "#edge/downlink.ts";
import type { Command } from "#edge/ledger/commands.ts";
import { numberIn } from "#edge/ledger/row.ts";
import { giveUpBox, setBack } from "./adversary.ts";
import type { Box } from "./box.ts";
import { switchOff } from "./box.ts";
import { chance } from "./chance.ts";
import { switchOn } from "./counter.ts";
import { lookAround, payAs, runGateway } from "./gateway-end.ts";
import type { Model } from "./model.ts";
import { chainName, chainOf, copyModel } from "./model.ts";
import type { World } from "./world.ts";
import { openBox } from "./world.ts";

const DAY_TAPS = 3000;
const DAY_MS = 86_400_000;
/** In UTC: what is after the school's closing time in Brussels, in winter and in summer. */
const EVENING_MS = 17.2 * 3_600_000;
const MORNING_MS = 7 * 3_600_000;
/** A box is replaced when it can sign no more than this. */
const WORN_NONCES = 30;
/** A backup is made of boxes that will last until it is used. */
const FRESH_NONCES = 300;
const DRAIN_ROUNDS = 60;
const LOST_TAPS = 60;
/** Of a hundred thousand taps. */
const LOSSES = 60;
/** A disk dies so long after the backup; the copy of a large ledger takes long, so that is not often. */
const SETBACK_TAPS = 500;
const FIRST_BACKUP_TAPS = 5000;
const BACKUP_EVERY_TAPS = 40_000;

/** What is remembered from the moment of a backup until the ledger has gone on from it. */
type Backup = {
  model: Model;
  kept: Pick<World, "bookedCount" | "lastRow" | "lastBlock">;
  atStep: number;
  since: Command[];
};
export type Season = {
  nextBackup: number;
  backup: Backup | undefined;
  /** Said again until the ledger takes them. */
  owed: Command[];
  lost: { box: Box; untilStep: number } | undefined;
};

export function createSeason(): Season {
  return { nextBackup: FIRST_BACKUP_TAPS, backup: undefined, owed: [], lost: undefined };
}

/** After each tap: whatever of all this is due. */
export async function live(world: World, season: Season): Promise<void> {
  const { story, random, boxes } = world;
  await recover(world, season);
  if (season.backup && story.step >= season.backup.atStep + SETBACK_TAPS) await fall(world, season);
  if (season.lost && story.step >= season.lost.untilStep) await replaceLost(world, season);
  if (season.backup || season.lost || world.model.isRecovering) return;
  for (const box of boxes) if (isWorn(box, WORN_NONCES)) await replace(world, box);
  if (story.step % DAY_TAPS === 0) await sleep(world);
  if (random() * 100_000 < LOSSES) await lose(world, season);
  else if (story.step >= season.nextBackup) await backUp(world, season);
}

function isWorn({ running }: Box, nonces: number): boolean {
  return running?.memory.nonces !== undefined && running.memory.nonces.left() < nonces;
}

/** Evening, night and morning; now and then a box stays in its cupboard for days. */
async function sleep(world: World): Promise<void> {
  const { clock, boxes, random, story, broker } = world;
  for (const box of boxes) switchOff(box);
  passUntil(world, EVENING_MS);
  for (const box of boxes) {
    if (box.daysOff) continue;
    box.isReachable = !chance(random, 100);
    switchOn(box);
  }
  for (let round = 0; round < 6; round++) {
    clock.advance(15_000);
    await runGateway(world);
    await lookAround(world);
  }
  for (const box of boxes) switchOff(box);
  passUntil(world, MORNING_MS);
  await runGateway(world);
  for (const box of boxes) {
    if (box.daysOff) box.daysOff--;
    else if (broker.rate && chance(random, 100)) {
      story.fault("box off for days", box.terminal);
      box.daysOff = 1 + Math.floor(random() * 3);
    }
    if (!box.daysOff) switchOn(box);
  }
}

function passUntil({ clock }: World, timeOfDayMs: number): void {
  clock.advance((timeOfDayMs - (clock.now() % DAY_MS) + DAY_MS) % DAY_MS);
}

/** Without faults, until all that this box has signed is in the ledger. */
async function drain(world: World, box: Box): Promise<void> {
  const { broker, clock, story } = world;
  const { rate } = broker;
  broker.rate = 0;
  box.daysOff = 0;
  box.isReachable = true;
  for (let round = 0; round < DRAIN_ROUNDS; round++) {
    switchOn(box);
    clock.advance(5000);
    await runGateway(world);
    const { running } = box;
    if (running && running.memory.journal.unsent() === 0 && round > 2) break;
  }
  story.tell(box.terminal, 0, "has sent all");
  broker.rate = rate;
}

/** The old one gives back what it holds and is wiped; the new one is of the next epoch. */
async function replace(world: World, box: Box): Promise<void> {
  const { story, service, model, clock, broker } = world;
  const { terminal, epoch } = box;
  await drain(world, box);
  const { rate } = broker;
  broker.rate = 0;
  for (let round = 0; round < DRAIN_ROUNDS && isHolding(world, box); round++) {
    const seq = chainOf(model, terminal, epoch).booked;
    say(service.voice, terminal, epoch, { kind: "recall", seq, reopen: false });
    clock.advance(5000);
    await runGateway(world);
  }
  broker.rate = rate;
  if (isHolding(world, box)) await giveUpBox(world, box);
  await change(world, box);
  story.tell(terminal, 0, `is replaced by epoch ${epoch + 1}`);
}

function isHolding({ model }: World, { terminal, epoch }: Box): boolean {
  const name = chainName(terminal, epoch);
  return [...model.leases.values()].some((mine) => {
    const lease = mine.get(name);
    return lease !== undefined && lease.ceiling > lease.net;
  });
}

async function change(world: World, box: Box): Promise<void> {
  const { terminal, epoch } = box;
  switchOff(box);
  const fresh = await openBox(world, terminal, epoch + 1);
  world.boxes[terminal - 1] = fresh;
  world.signed.delete(chainName(terminal, epoch));
  for (const mine of world.model.leases.values()) mine.delete(chainName(terminal, epoch));
  switchOn(fresh);
}

/** Given up; whoever has it goes on selling, until it comes back with what it sold. */
async function lose(world: World, season: Season): Promise<void> {
  const { boxes, random, broker, story } = world;
  const box = boxes[Math.floor(random() * boxes.length)];
  if (!box?.running || box.daysOff) return;
  box.isReachable = false;
  box.isLost = true;
  broker.cut(box.terminal);
  await giveUpBox(world, box);
  season.lost = { box, untilStep: story.step + LOST_TAPS };
}

async function replaceLost(world: World, season: Season): Promise<void> {
  const { box } = season.lost ?? {};
  season.lost = undefined;
  if (!box) return;
  box.isLost = false;
  await drain(world, box);
  await change(world, box);
}

async function backUp(world: World, season: Season): Promise<void> {
  const { model, story, database } = world;
  for (const box of world.boxes) {
    box.daysOff = 0;
    switchOn(box);
    if (isWorn(box, FRESH_NONCES)) await replace(world, box);
  }
  if (world.boxes.some((box) => !box.running)) return;
  season.nextBackup = story.step + BACKUP_EVERY_TAPS;
  await database.backUp();
  world.ledger.client = database.client;
  const { bookedCount, lastRow, lastBlock } = world;
  const kept = { bookedCount, lastRow, lastBlock };
  season.backup = { model: copyModel(model), kept, atStep: story.step, since: [] };
  world.said = season.backup.since;
}

/** Whoever asked for something since asks again: the bank's file is read in once more. */
async function fall(world: World, season: Season): Promise<void> {
  const { backup } = season;
  if (!backup) return;
  season.backup = undefined;
  world.said = undefined;
  await setBack(world);
  Object.assign(world, backup.kept, { model: backup.model });
  world.model.isRecovering = true;
  season.owed = backup.since;
  await sayOwed(world, season);
}

async function sayOwed(world: World, season: Season): Promise<void> {
  const owed = season.owed.splice(0);
  for (const command of owed)
    if (!(await payAs(world, command)) && world.model.isRecovering) season.owed.push(command);
}

async function recover(world: World, season: Season): Promise<void> {
  const { model, ledger, story } = world;
  if (!model.isRecovering || story.step % 20) return;
  if (story.step % 100 === 0) await pause(world);
  const open = await ledger.client.execute("select count(*) as open from recovery where ended = 0");
  if (numberIn(open.rows[0], "open")) return;
  model.isRecovering = false;
  story.tell(0, 0, "the ledger has all again");
  await sayOwed(world, season);
}

/** A counter closes when nobody is being served, and is asked once a minute. */
async function pause(world: World): Promise<void> {
  for (let round = 0; round < 15; round++) {
    world.clock.advance(5000);
    await runGateway(world);
  }
}

/** For the end: nothing of all this is left open. */
export async function end(world: World, season: Season): Promise<void> {
  season.backup = undefined;
  if (season.lost) await replaceLost(world, season);
  for (const box of world.boxes) box.daysOff = 0;
}

/** Once everything has arrived. */
export async function endRecovery(world: World, season: Season): Promise<void> {
  world.story.step = Math.ceil(world.story.step / 20) * 20;
  await recover(world, season);
}
