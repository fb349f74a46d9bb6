// What the school's office does between taps beside taking money in: it undoes sales and gives goodwill.

import type { Command } from "#edge/ledger/commands.ts";
import { noteMoved } from "#edge/service.ts";
import type { Box } from "./box.ts";
import { pick } from "./chance.ts";
import { say } from "./gateway-end.ts";
import { chainOf, payIn, reverse } from "./model.ts";
import { Broken } from "./story.ts";
import type { World } from "./world.ts";

const COUNTER_PER_EPOCH = 2 ** 32;
/** A sale that the counter can no longer take back itself: for a sale undone by both, see edge/README.md, known limits. */
const PAST_ENTRIES = 5;

/** While a ledger may be set back, or was, nobody touches what is done. */
const isCalm = ({ said, model }: World): boolean => !said && !model.isRecovering;

export async function undoSale(world: World, { terminal, epoch, running }: Box): Promise<void> {
  const { model, random, story } = world;
  const { sold, booked } = chainOf(model, terminal, epoch);
  const last = running?.machine.state().lastSale?.seq ?? Infinity;
  const past = [...sold.keys()].filter((seq) => seq < Math.min(last, booked - PAST_ENTRIES));
  if (!isCalm(world) || !past.length) return;
  const seq = pick(past, random);
  const student = sold.get(seq)?.student ?? 0;
  const order = { kind: "reverse" as const, source: terminal, reason: "erreur de caisse" };
  await demand(world, { ...order, ...head(world), counter: epoch * COUNTER_PER_EPOCH + seq });
  reverse(model, terminal, epoch, seq);
  story.tell(terminal, student, `entry ${epoch}/${seq} is reversed by the office`);
  noteMoved(world.service, student);
}

export async function giveGoodwill(world: World): Promise<void> {
  const { model, random, cards } = world;
  if (!isCalm(world)) return;
  const student = 1 + Math.floor(random() * cards.length);
  const cents = pick([100, 250], random);
  const order = { kind: "goodwill" as const, student, cents, reason: "repas froid" };
  await demand(world, { ...order, ...head(world) });
  payIn(model, student, cents, "correction");
  noteMoved(world.service, student);
}

function head(world: World): { id: string; author: string; at: number } {
  const at = Math.floor(world.clock.now() / 1000);
  return { id: `office/${++world.commands}`, author: "office", at };
}

async function demand(world: World, command: Command): Promise<void> {
  const result = await say(world, command);
  if (!result.ok) throw new Broken(`${command.kind} was refused: ${result.reason}`);
}
