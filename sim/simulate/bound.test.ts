// Goal: the bound that edge/README.md publishes under "What can fall on the school": honest counters cost it nothing but
// grace, whatever was cut off from whatever for how long; a device that was written off costs at most what its leases
// still allowed, and that much when it is all sold. Method: fast-check makes up partitions, orders and numbers of
// counters, and plays them with the parts of the simulation; after every step its checks hold the books to the model.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { CONTROL_KEYS, PRODUCT_KEYS } from "#firmware/keys.ts";
import { fromHex } from "#protocol/bytes.ts";
import { giveUpBox } from "./adversary.ts";
import type { Box } from "./box.ts";
import { switchOff } from "./box.ts";
import { layCard, press, switchOn } from "./counter.ts";
import { checkAccounts, checkTerminals } from "./follow.ts";
import { lookAround, pay, runGateway } from "./gateway-end.ts";
import { chainOf } from "./model.ts";
import { begin } from "./simulate.ts";
import type { World } from "./world.ts";
import { openWorld } from "./world.ts";

const OK = PRODUCT_KEYS + CONTROL_KEYS.indexOf("ok");
const VOID = PRODUCT_KEYS + CONTROL_KEYS.indexOf("void");
const CANCEL = PRODUCT_KEYS + CONTROL_KEYS.indexOf("cancel");
const STUDENTS = 4;
const COUNTERS_MAX = 5;
const GRACE_CENTS = 200;
/** Today, and the day of a clock that nobody has set yet. */
const DAYS = 2;

type Step =
  | { do: "tap"; counter: number; student: number; key: number }
  | { do: "undo" | "cut off" | "join" | "switch" | "write off"; counter: number }
  | { do: "pay"; student: number; cents: number }
  | { do: "gateway" }
  | { do: "pass"; ms: number };

const counter = fc.nat(COUNTERS_MAX - 1);
const student = fc.integer({ min: 1, max: STUDENTS });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({ do: fc.constant("tap"), counter, student, key: fc.nat(1) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom("undo", "cut off", "join", "switch"), counter }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("write off"), counter }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("pay"),
      student,
      cents: fc.integer({ min: -900, max: 900 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("gateway") }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("pass"), ms: fc.integer({ min: 1, max: 70_000 }) }),
  },
) as fc.Arbitrary<Step>;

async function inSchool(counters: number, play: (world: World) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "obole-bound-"));
  const setting = { seed: 1, folder, engine: "sqlite" as const, terminals: counters, nonces: 120 };
  const world = await openWorld(setting, () => undefined);
  try {
    await begin(world);
    await play(world);
  } finally {
    world.database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function take(world: World, one: Step): Promise<void> {
  if (one.do === "gateway") return runGateway(world);
  if (one.do === "pass") return world.clock.advance(one.ms);
  if (one.do === "pay") return void (one.cents && (await pay(world, one.student, one.cents)));
  const box = world.boxes[one.counter % world.boxes.length] as Box;
  if (one.do === "tap") sell(world, box, one.student, one.key);
  if (one.do === "undo") press(box, VOID, OK);
  if (one.do === "join") box.isReachable = true;
  if (one.do === "cut off") cutOff(world, box);
  if (one.do === "switch") (box.running ? switchOff : switchOn)(box);
  const { terminal, epoch } = box;
  if (one.do === "write off" && !chainOf(world.model, terminal, epoch).isWrittenOff)
    await giveUpBox(world, box);
}

function sell(world: World, box: Box, of: number, key: number): void {
  press(box, CANCEL, key, OK);
  layCard(box, fromHex(world.cards[of - 1] ?? ""));
  // Whoever asks in vain decides alone.
  world.clock.advance(1600);
}

function cutOff({ broker }: World, box: Box): void {
  box.isReachable = false;
  broker.cut(box.terminal);
}

function leftOf({ running }: Box, of: number): number {
  return running?.memory.leases.remainingCents(of) ?? 0;
}

/** Everything arrives in the end. */
async function deliverAll(world: World): Promise<void> {
  for (const box of world.boxes) {
    box.isReachable = true;
    switchOn(box);
  }
  for (let round = 0; round < 30 && world.bookedCount < world.signedCount; round++) {
    world.clock.advance(20_000);
    await runGateway(world);
    await lookAround(world);
  }
}

test("any partition, any order, any number of counters: no wallet below zero, and the bound holds", async () => {
  const counters = fc.integer({ min: 1, max: COUNTERS_MAX });
  await fc.assert(
    fc.asyncProperty(counters, fc.array(step, { minLength: 5, maxLength: 60 }), (number, steps) =>
      inSchool(number, async (world) => {
        for (const one of steps) {
          await take(world, one);
          await checkAccounts(world);
          checkTerminals(world);
        }
        await deliverAll(world);
        await checkAccounts(world);
        const { house, riskBound } = world.model;
        expect(world.bookedCount).toBe(world.signedCount);
        expect(-house.risk).toBeLessThanOrEqual(riskBound);
        if (!steps.some((one) => one.do === "write off")) expect(house.risk).toBeCloseTo(0, 9);
        expect(-house.grace).toBeLessThanOrEqual(GRACE_CENTS * 60 * number * DAYS);
      }),
    ),
    { numRuns: 25 },
  );
}, 240_000);

test("a device that was written off and sells all it can costs exactly what its leases allowed", async () => {
  await inSchool(2, async (world) => {
    const box = world.boxes[0] as Box;
    cutOff(world, box);
    await giveUpBox(world, box);
    const left = (): number => [1, 2, 3].reduce((sum, of) => sum + leftOf(box, of), 0);
    const allowed = left();
    expect(allowed).toBeGreaterThan(0);
    while (left()) for (const of of [1, 2, 3]) sell(world, box, of, 0);
    // And then what is lent without a network, to the cent what the till allows.
    for (let round = 0; round < 3; round++) for (const of of [1, 2, 3]) sell(world, box, of, 0);
    await deliverAll(world);
    await checkAccounts(world);
    const { risk, grace } = world.model.house;
    expect({ risk: -risk, grace: -grace }).toEqual({ risk: allowed, grace: 3 * GRACE_CENTS });
  });
}, 60_000);
