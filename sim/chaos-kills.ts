// What happens to the parts of the chaos while people eat: each kind of accident has its own clock, so that they meet in
// every combination. Whoever is killed is started again at once or after seconds.

import type { Counter } from "./chaos-counter.ts";
import { pause } from "./chaos-counter.ts";
import type { ChaosSchool } from "./chaos-school.ts";
import type { Wire } from "./chaos-wire.ts";
import { CUT_MODES } from "./parts/power-cuts.ts";
import type { Random } from "./school.ts";
import { pick } from "./school.ts";
import type { Counts } from "./soak-counts.ts";
import { count } from "./soak-counts.ts";

/** On average, from the end of one to the next. */
const TERMINAL_MS = 2500;
const SERVER_MS = 12_000;
const WORKERD_MS = 20_000;
const NETWORK_MS = 5000;
const WIRE_MS = 15_000;
/** So long a terminal is given to write something. */
const PATIENCE_MS = 5000;
/** A sale is about four operations of flash. */
const OPERATIONS = 5;
/** So many terminals may be dead at the same moment. */
const LANES = 2;
const OUTAGE_MS_MAX = 6000;

export type Accidents = ChaosSchool & {
  random: Random;
  counts: Counts;
  untilMs: number;
  /** Terminals that are dead or about to die. */
  stricken: Set<Counter>;
};

/** Resolves when the time is over and all that was killed or cut is there again. Throws when a server does not come up. */
export async function wreak(accidents: Accidents): Promise<void> {
  const { broker, sqld, workerd } = accidents;
  const lanes = Array.from({ length: LANES }, () => [
    every(accidents, TERMINAL_MS, () => killTerminal(accidents)),
    every(accidents, NETWORK_MS, () => cutTerminal(accidents)),
    every(accidents, TERMINAL_MS, () => cutPower(accidents)),
  ]);
  await Promise.all([
    ...lanes.flat(),
    every(accidents, SERVER_MS, () =>
      killed(accidents, "broker", {
        kill: broker.kill,
        start() {
          if (accidents.random() < 0.25)
            count(accidents.counts, "store of the broker lost", broker).forget();
          return broker.start();
        },
      }),
    ),
    every(accidents, SERVER_MS, () => killed(accidents, "sqld", sqld)),
    every(accidents, WORKERD_MS, () => killed(accidents, "workerd", workerd)),
    every(accidents, WIRE_MS, () => troubled(accidents, "gateway to broker", accidents.brokerWire)),
    every(accidents, WIRE_MS, () => troubled(accidents, "gateway to sqld", accidents.ledgerWire)),
  ]);
}

async function every(
  { untilMs, random }: Accidents,
  averageMs: number,
  strike: () => Promise<void>,
): Promise<void> {
  for (;;) {
    const waitMs = averageMs * (0.25 + 1.5 * random());
    if (Date.now() + waitMs > untilMs) return;
    await pause(waitMs);
    await strike();
  }
}

/** Half of the time there is none. */
function outageMs({ random }: Accidents): number {
  return random() < 0.5 ? 0 : random() * OUTAGE_MS_MAX;
}

async function killed(
  accidents: Accidents,
  name: string,
  part: { kill(): Promise<void>; start(): Promise<void> },
): Promise<void> {
  await count(accidents.counts, `kill -9: ${name}`, part).kill();
  await pause(outageMs(accidents));
  await part.start();
}

async function killTerminal(accidents: Accidents): Promise<void> {
  await overcome(accidents, (counter) =>
    count(accidents.counts, "kill -9: terminal", counter).kill(),
  );
}

/** It dies in the middle of one of the next things that it writes: it kills itself, so nothing comes in between. */
async function cutPower(accidents: Accidents): Promise<void> {
  const { random, counts } = accidents;
  const mode = pick(CUT_MODES, random);
  await overcome(accidents, async (counter) => {
    const isDead = counter.dieIn(Math.floor(random() * OPERATIONS), mode).then(() => true);
    if (await Promise.race([isDead, pause(PATIENCE_MS)]))
      count(counts, `kill -9: terminal, ${mode} a write`, counter);
    else await count(counts, "kill -9: terminal", counter).kill();
  });
}

/** One accident at a time for each terminal. */
async function overcome(
  accidents: Accidents,
  accident: (counter: Counter) => Promise<void>,
): Promise<void> {
  const { counters, random, stricken } = accidents;
  const healthy = counters.filter((counter) => !stricken.has(counter));
  if (!healthy.length) return;
  const counter = pick(healthy, random);
  stricken.add(counter);
  await accident(counter);
  await pause(outageMs(accidents));
  counter.start();
  stricken.delete(counter);
}

async function cutTerminal(accidents: Accidents): Promise<void> {
  const counter = pick(accidents.counters, accidents.random);
  count(accidents.counts, "cut: terminal to broker", counter).network(false);
  await pause(outageMs(accidents));
  counter.network(true);
}

async function troubled(accidents: Accidents, name: string, wire: Wire): Promise<void> {
  const isSilent = accidents.random() < 0.5;
  count(accidents.counts, `${isSilent ? "silent" : "cut"}: ${name}`, wire);
  if (isSilent) wire.hush();
  else wire.cut();
  await pause(outageMs(accidents));
  wire.mend();
}
