// `npm run chaos -- --minutes 10 --seed 1`: the whole system under load, every part in processes of its own, and for so
// many minutes kill -9 of broker, workerd, sqld and terminals at random, each started again at once or after seconds,
// while networks are cut. Then quiet, and every beep and every payment is looked for in the ledger. Last line JSON.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { ChaosAudit } from "./chaos-audit.ts";
import { auditChaos } from "./chaos-audit.ts";
import type { Counter } from "./chaos-counter.ts";
import { pause } from "./chaos-counter.ts";
import type { Accidents } from "./chaos-kills.ts";
import { wreak } from "./chaos-kills.ts";
import type { ChaosSchool, TakeDown } from "./chaos-school.ts";
import { openChaosSchool } from "./chaos-school.ts";
import { pick, seededRandom } from "./school.ts";
import type { Counts } from "./soak-counts.ts";
import { readWitnessBook } from "./witnesses.ts";

const QUIET_MS_MAX = 240_000;
const POLL_MS = 500;
/** Nothing new in the ledger for so long, and nothing unsent: it is over. */
const STILL_POLLS = 6;
const TELL_MS = 30_000;
const PAY_IN_MS = 400;
const PAYMENTS_CENTS = [200, 500, 1000, 2500];

export type ChaosOptions = { minutes: number; seed: number; terminals: number };
export type ChaosReport = ChaosAudit & {
  counts: Counts;
  tapsPerSecond: number;
  beepsPerSecond: number;
};
type GatewayState = { waiting: number; unsent: number };

/** Throws, and says what, when counters, desk and ledger do not agree; what there is then stays in its folder. */
export async function runChaos(
  options: ChaosOptions,
  say: (line: string) => void = () => undefined,
): Promise<ChaosReport> {
  const folder = mkdtempSync(join(tmpdir(), "obole-chaos-"));
  const takeDown: TakeDown = [];
  try {
    const report = await play(options, folder, takeDown, say);
    takeDown.unshift(() => rmSync(folder, { recursive: true, force: true }));
    return report;
  } catch (error) {
    say(`it did not end well; everything is in ${folder}`);
    throw error;
  } finally {
    for (const down of takeDown.toReversed()) await down();
  }
}

async function play(
  { minutes, seed, terminals }: ChaosOptions,
  folder: string,
  takeDown: TakeDown,
  say: (line: string) => void,
): Promise<ChaosReport> {
  const counts: Counts = new Map();
  const random = seededRandom(seed);
  const chaos = await openChaosSchool({ folder, terminals, random, counts }, takeDown);
  say(`${terminals} terminals are open`);
  const startMs = Date.now();
  const accidents = {
    ...chaos,
    random,
    counts,
    untilMs: startMs + minutes * 60_000,
    stricken: new Set<Counter>(),
  };
  const telling = setInterval(() => say(describe(counts)), TELL_MS);
  takeDown.push(() => clearInterval(telling));
  await lunch(accidents);
  const seconds = (Date.now() - startMs) / 1000;
  say("nothing fails any more");
  await untilQuiet(chaos);
  await Promise.all(chaos.counters.map((counter) => counter.kill()));
  await chaos.workerd.kill();
  const audit = await auditChaos({
    ledger: chaos.ledger,
    school: chaos.school.slug,
    terminals,
    witnessed: readWitnessBook(chaos.bookPath),
    desk: chaos.desk,
  });
  const perSecond = (of: string): number => Number((total(counts, of) / seconds).toFixed(1));
  return {
    ...audit,
    counts,
    tapsPerSecond: perSecond("tap: "),
    beepsPerSecond: perSecond("beep: purchase"),
  };
}

/** Cards are laid and money comes in while accidents happen, until the last of these is over. */
async function lunch(accidents: Accidents): Promise<void> {
  const { counters, untilMs } = accidents;
  const isOver = (): boolean => Date.now() > untilMs;
  const queues = counters.map((counter) => counter.serve(isOver));
  await Promise.all([wreak(accidents), payIn(accidents), ...queues]);
}

async function payIn({ desk, school, random, untilMs }: Accidents): Promise<void> {
  for (let no = 1; Date.now() < untilMs; no++) {
    const { id } = pick(school.students, random);
    await desk.payIn(`chaos/${no}`, id, pick(PAYMENTS_CENTS, random));
    await pause(PAY_IN_MS);
  }
}

/** Every terminal is connected and has sent all that it has, and the gateway has nothing in hand. */
async function untilQuiet({ counters, dashboard }: ChaosSchool): Promise<void> {
  const deadline = Date.now() + QUIET_MS_MAX;
  for (let still = 0; still < STILL_POLLS;) {
    const seen = await Promise.all(counters.map((counter) => counter.look()));
    const busy = seen.filter((one) => !one?.online || one.unsent);
    const isIdle = await fetch(`${dashboard}/health`)
      .then(async (answer) => {
        const { waiting, unsent } = (await answer.json()) as GatewayState;
        return answer.ok && waiting + unsent === 0;
      })
      .catch(() => false);
    still = busy.length || !isIdle ? 0 : still + 1;
    if (Date.now() > deadline)
      throw new Error(`chaos: not quiet: gateway ${isIdle}, ${JSON.stringify(busy)}`);
    await pause(POLL_MS);
  }
}

/** How often everything came whose name begins so. */
export function total(counts: Counts, of: string): number {
  return [...counts].reduce((sum, [name, times]) => sum + (name.startsWith(of) ? times : 0), 0);
}

function describe(counts: Counts): string {
  return [...counts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, times]) => `${name} ${times}`)
    .join(", ");
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: "string", default: "10" },
      seed: { type: "string", default: "1" },
      terminals: { type: "string", default: "40" },
    },
  });
  const { minutes, seed, terminals } = {
    minutes: Number(values.minutes),
    seed: Number(values.seed),
    terminals: Number(values.terminals),
  };
  const started = performance.now();
  const seconds = (): number => Math.round((performance.now() - started) / 1000);
  const report = await runChaos({ minutes, seed, terminals }, (line) =>
    console.error(`${String(seconds()).padStart(4)} s  ${line}`),
  );
  const { counts, beeps, unheard, entries, payments } = report;
  for (const [name, times] of [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    console.log(`${String(times).padStart(8)}  ${name}`);
  for (const line of report.lines) console.log(line);
  const accidents = Object.fromEntries(
    [...counts].filter(([name]) => /^(kill|cut|silent|store)/.test(name)),
  );
  const rates = { tapsPerSecond: report.tapsPerSecond, beepsPerSecond: report.beepsPerSecond };
  const figures = { beeps, unheard, entries, payments, ...rates };
  // The audit has thrown if one of the three were not so.
  const faults = { lost: 0, doubled: 0, negative: 0 };
  console.log(
    JSON.stringify({
      minutes,
      seed,
      terminals,
      ...figures,
      ...accidents,
      ...faults,
      seconds: seconds(),
    }),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
