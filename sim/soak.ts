// `npm run soak -- --taps 100000 --seed 1`: whole terminals from their source, at which so many cards are laid while
// power, network, reader, display and gateway fail at random, with time moved by hand; behind them the gateway's own
// code and a real sqld. At the end what was seen and heard at the counters and what is in the ledger must agree.

import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { seededRandom } from "./school.ts";
import { auditSoak } from "./soak-audit.ts";
import type { Counter } from "./soak-counter.ts";
import { pass, revive, tapOnce } from "./soak-counter.ts";
import type { Counts } from "./soak-counts.ts";
import { count } from "./soak-counts.ts";
import type { SoakSchool } from "./soak-school.ts";
import { giveCard, killGateway, openSchool, payIn, runGateway, wishBack } from "./soak-school.ts";
import { startSqld, stop } from "./test-ledger.ts";

const COUNTERS = 6;
/** Families pay in so often while each counter has a turn. */
const TOP_UPS = 10;
const TAPS_PER_TURN = 20;
/** Entries beside the taps: starts, sales undone, leases given back. */
const SPARE_NONCES = 300;
/** Of a hundred taps, so many entries of leases given back and shifts begun again. */
const GIVEN_BACK = 20;
const QUIET_ROUNDS_MAX = 100;
const QUIET_MS = 70_000;

export type SoakReport = { counts: Counts; lines: string[] };

/** Throws, and says what, when the counters and the ledger do not agree. */
export async function runSoak(
  taps: number,
  seed: number,
  progress: (done: number) => void = () => undefined,
): Promise<SoakReport> {
  const folder = mkdtempSync(join(tmpdir(), "obole-soak-"));
  const servers: ChildProcess[] = [];
  try {
    const counts: Counts = new Map();
    const nonces = Math.ceil((taps / COUNTERS) * (1 + GIVEN_BACK / 100)) + SPARE_NONCES;
    const ledgerUrl = await startSqld(join(folder, "ledger"), servers);
    const random = seededRandom(seed);
    const soak = await openSchool({ ledgerUrl, counters: COUNTERS, nonces, random, counts });
    await open(soak);
    await play(soak, taps, progress);
    await quiet(soak);
    return { counts, lines: await auditSoak(soak) };
  } finally {
    await Promise.all(servers.map(stop));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every terminal hears all that it needs to sell. */
async function open(soak: SoakSchool): Promise<void> {
  for (const { air } of soak.counters) {
    air.calm = true;
    air.reach(true);
  }
  for (let round = 0; round < 10; round++) await settle(soak, 2000);
  for (const { air } of soak.counters) air.calm = false;
}

async function settle(soak: SoakSchool, ms: number): Promise<void> {
  for (const counter of soak.counters) pass(counter, ms);
  await runGateway(soak, soak.counters);
}

async function play(
  soak: SoakSchool,
  taps: number,
  progress: (done: number) => void,
): Promise<void> {
  const { random, counts, counters } = soak;
  for (let done = 0; done < taps;) {
    for (const counter of counters) {
      await takeTurn(soak, counter, Math.min(TAPS_PER_TURN, taps - done));
      done += Math.min(TAPS_PER_TURN, taps - done);
    }
    if (random() < 0.02) killGateway(count(counts, "gateway killed", soak));
    if (random() < 0.02) await giveCard(soak);
    await wishBack(soak);
    await payIn(soak, TOP_UPS);
    await runGateway(soak, counters);
    progress(done);
  }
}

async function takeTurn(soak: SoakSchool, counter: Counter, taps: number): Promise<void> {
  const { random, counts, school } = soak;
  const cards = school.cards.map(({ uid }) => uid);
  for (let tap = 0; tap < taps; tap++) {
    await tapOnce(counter, {
      random,
      counts,
      cards,
      cardOf: soak.cardOf,
      ask: () => runGateway(soak, [counter]),
    });
    if (random() < 0.02) pass(counter, 20_000);
    revive(counter, counts);
  }
}

/** Nothing fails any more, until everything has been delivered. */
async function quiet(soak: SoakSchool): Promise<void> {
  for (const { box, air } of soak.counters) {
    box.broken.display = false;
    air.calm = true;
    air.reach(true);
  }
  for (let round = 0; round < QUIET_ROUNDS_MAX; round++) {
    await settle(soak, QUIET_MS);
    await settle(soak, 1000);
    if (soak.counters.every(({ box }) => box.see().unsent === 0 && box.see().online)) return;
  }
  throw new Error("soak: a terminal still has entries to send");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      taps: { type: "string", default: "100000" },
      seed: { type: "string", default: "1" },
    },
  });
  const started = performance.now();
  const taps = Number(values.taps);
  let told = 0;
  const report = await runSoak(taps, Number(values.seed), (done) => {
    if (done - told < taps / 10) return;
    told = done;
    console.error(`${done} taps, ${Math.round((performance.now() - started) / 1000)} s`);
  });
  for (const [name, times] of [...report.counts].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    console.log(`${String(times).padStart(8)}  ${name}`);
  for (const line of report.lines) console.log(line);
}
