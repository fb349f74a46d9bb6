// What goes wrong at counters and in the school between two taps, each kind so often in a thousand taps. The network's
// faults are in broker.ts, those of gateway and database in gateway-end.ts.

import { tell as say } from "#edge/downlink.ts";
import { numberIn } from "#edge/ledger/row.ts";
import { writeOff } from "#edge/ledger/write-offs.ts";
import { beginRecovery } from "#edge/recovery.ts";
import { noteEverybody, watchVersions } from "#edge/service.ts";
import { fromHex } from "#protocol/bytes.ts";
import { CUT_MODES } from "#sim/parts/power-cuts.ts";
import type { Box } from "./box.ts";
import { switchOff } from "./box.ts";
import { switchOn } from "./counter.ts";
import { chance, pick } from "./chance.ts";
import { checkAccounts, followLeases } from "./follow.ts";
import { pay, restartGateway } from "./gateway-end.ts";
import { chainOf, giveUp } from "./model.ts";
import { giveGoodwill, undoSale } from "./office.ts";
import type { World } from "./world.ts";

type Trouble = {
  perMille: number;
  kind: string;
  act: (world: World, box: Box) => void | Promise<void>;
};

const HOUR_MS = 3_600_000;
const CUT_WITHIN = 12;

const TROUBLES: Trouble[] = [
  ...CUT_MODES.map((mode) => ({
    perMille: 1.6,
    kind: `power cut ${mode} a write`,
    act: ({ random }: World, box: Box): void =>
      box.supply.cutAfter(Math.floor(random() * CUT_WITHIN), mode),
  })),
  { perMille: 1.6, kind: "plug pulled", act: (_, box) => switchOff(box) },
  {
    perMille: 1.6,
    kind: "clock set back",
    act: (world, box) => moveClock(world, box, -24 * HOUR_MS),
  },
  {
    perMille: 1.6,
    kind: "clock set forward",
    act: (world, box) => moveClock(world, box, HOUR_MS / 6),
  },
  {
    perMille: 1.6,
    kind: "clock not to be trusted",
    act: (_, box) => void (box.clock.trusted = false),
  },
  { perMille: 3, kind: "network gone", act: (world, box) => unplug(world, box) },
  { perMille: 1.4, kind: "broker restarted, all forgotten", act: ({ broker }) => broker.restart() },
  { perMille: 6, kind: "leases wanted back", act: (world, box) => wantBack(world, box) },
  { perMille: 2, kind: "all leases recalled", act: (world, box) => recall(world, box) },
  { perMille: 1.4, kind: "card blocked", act: blockCard },
  { perMille: 1.4, kind: "cards unblocked", act: unblockCards },
];

function moveClock({ random }: World, box: Box, ms: number): void {
  box.clock.offsetMs += random() * ms;
}

function unplug({ broker }: World, box: Box): void {
  box.isReachable = false;
  broker.cut(box.terminal);
}

/** May be asked at any moment, and answered, ignored or lost. */
async function wantBack(world: World, { terminal, epoch }: Box): Promise<void> {
  const { random, ledger, service } = world;
  const found = await ledger.client.execute({
    sql: `select student, version, spent - voided as net from lease where terminal = ? and epoch = ? and ceiling + voided > spent
      order by student`,
    args: [terminal, epoch],
  });
  if (!found.rows.length) return;
  const row = pick(found.rows, random);
  const lease = { student: numberIn(row, "student"), version: numberIn(row, "version") + 1 };
  const ceilingCents = numberIn(row, "net") + pick([0, 100, 300], random);
  say(service.voice, terminal, epoch, { kind: "lower", leases: [{ ...lease, ceilingCents }] });
}

function recall({ service, model, random }: World, { terminal, epoch }: Box): void {
  const seq = chainOf(model, terminal, epoch).booked;
  say(service.voice, terminal, epoch, { kind: "recall", seq, reopen: random() < 0.6 });
}

/** A family says stop; until the terminals hear of it, what they sell is the school's. */
async function blockCard(world: World): Promise<void> {
  const { cards, random, model, ledger, clock, story } = world;
  const card = pick(cards, random);
  // A ledger that goes on from its backup forgets what was blocked since; the school blocks it again.
  if (world.said || model.isRecovering || model.blocked.has(card)) return;
  const since = Math.floor(clock.now() / 1000);
  await ledger.client.execute({
    sql: "update card set status = 'blocked', since = ? where uid = ?",
    args: [since, fromHex(card)],
  });
  model.blocked.set(card, since);
  model.stops.set(card, [...(model.stops.get(card) ?? []), { at: since, stop: true }]);
  story.tell(0, cards.indexOf(card) + 1, "the card is blocked");
  await watchVersions(world.service);
}

async function unblockCards(world: World): Promise<void> {
  const { model, ledger, clock } = world;
  if (world.said || model.isRecovering || model.blocked.size < 5) return;
  const since = Math.floor(clock.now() / 1000);
  await ledger.client.execute({
    sql: "update card set status = 'active', since = ? where status = 'blocked'",
    args: [since],
  });
  for (const card of model.blocked.keys()) model.stops.get(card)?.push({ at: since, stop: false });
  model.blocked.clear();
  await watchVersions(world.service);
}

/** Before a tap at this box. */
export async function disturb(world: World, box: Box): Promise<void> {
  const { random, story } = world;
  let fate = random() * 1000;
  for (const { perMille, kind, act } of TROUBLES) {
    fate -= perMille;
    if (fate >= 0) continue;
    story.fault(kind, box.terminal);
    return act(world, box);
  }
  if (!box.isReachable && !box.isLost && chance(random, 60)) box.isReachable = true;
  if (!box.running && !box.daysOff && chance(random, 300)) switchOn(box);
}

/** What families and the office do meanwhile. */
export async function dealMoney(world: World, box: Box): Promise<void> {
  const { random, cards } = world;
  if (chance(random, 6)) await undoSale(world, box);
  if (chance(random, 4)) await giveGoodwill(world);
  const student = 1 + Math.floor(random() * cards.length);
  if (chance(random, 150)) await pay(world, student, pick([500, 1000, 2500, 5000], random));
  if (chance(random, 15)) await pay(world, student, -pick([100, 300, 1000], random));
}

/** The school gives up the box at this terminal, wherever it is. */
export async function giveUpBox(world: World, box: Box): Promise<void> {
  const { ledger, clock, model, story, service } = world;
  const { terminal, epoch } = box;
  story.fault("box written off", terminal);
  const at = Math.floor(clock.now() / 1000);
  const id = `write-off/${terminal}/${epoch}`;
  const result = await writeOff(ledger, { id, author: "office", at, terminal, epoch });
  if (!result.ok) throw new Error(`simulate: the write-off was refused: ${result.reason}`);
  giveUp(model, terminal, epoch);
  noteEverybody(service);
  await followLeases(world);
  await checkAccounts(world);
}

/** The disk dies; the ledger goes on from its copy, and says so. */
export async function setBack(world: World): Promise<void> {
  const { story, clock, database } = world;
  story.fault("ledger set back to its backup");
  await database.restore();
  world.ledger.client = database.client;
  restartGateway(world);
  await beginRecovery(world.ledger, Math.floor(clock.now() / 1000));
}
