// `ESPRUINO=path/to/espruino npm run bench:firmware`: what the terminal costs on the real interpreter, beside what the design
// allows. Ends with 1 when a figure is missed. `-- --taps 500` is a quick look; ten thousand take many minutes.

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { stop } from "esbuild";
import { buildFirmware } from "#firmware/build.ts";
import { installCounter } from "./counter.ts";
import type { Figure } from "./figures.ts";
import { isMissed, lineOf } from "./figures.ts";
import type { Interpreter } from "./interpreter.ts";
import { measureSigning } from "./signing.ts";
import { RESIDENT, tapCounter } from "./tapping.ts";
import { measureTopUp } from "./topping.ts";

const TAP_MS_MAX = 4;
/** With three exchanges in between, in which the card proves itself. */
const PROVING_TAP_MS_MAX = 6;
const PROVING_TAPS_MAX = 500;
const VARIABLES_MAX = 5000;
/** What happens to be on its way at the moment of counting; a leak of one variable in fifty taps would be more. */
const GROWTH_MAX = 100;
/** With the code in flash a tap takes a hundred times as long on Linux; memory is steady after a few. */
const TAPS_IN_FLASH = 50;
const NONCES = 255;

async function inFolder<Result>(
  program: string,
  work: (interpreter: Interpreter) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "obole-bench-"));
  try {
    return await work({ program, folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bench(program: string, taps: number): Promise<Figure[]> {
  const firmware = await buildFirmware();
  const size: Figure = { name: "firmware", value: firmware.code.length, unit: "bytes" };
  const signing = await inFolder(program, async (interpreter) => {
    const order = { box: "bench.ts", brokerPort: 1883, nonces: NONCES };
    const counter = await installCounter(interpreter, firmware, order);
    return measureSigning(interpreter, counter.identity.publicKey);
  });
  const slices = await measureTopUp(program);
  const idle: Figure = {
    name: "longest slice of work while idle",
    value: slices.longestMs,
    unit: "ms",
    note: `median ${slices.medianMs.toFixed(3)} of ${slices.slices}; a card waits for one at most`,
  };
  say([size, ...signing, idle]);
  const timed = await inFolder(program, (one) => tapCounter(one, "in-memory", taps));
  const growth = timed.end - timed.warm;
  const median = (timed.timesMs[timed.timesMs.length >> 1] ?? 0).toFixed(3);
  const tapping: Figure[] = [
    {
      name: "from a card's UID to the end of all effects",
      value: timed.timesMs[0] ?? 0,
      unit: "ms",
      limit: TAP_MS_MAX,
      note: `best of ${taps}, median ${median}; 2,000 students; code of ${RESIDENT.length} modules in memory`,
    },
    {
      name: `variables more after ${taps} taps`,
      value: growth,
      unit: "variables",
      limit: GROWTH_MAX,
      note: `${timed.warm} before, code in memory`,
    },
  ];
  const provingTaps = Math.min(taps, PROVING_TAPS_MAX);
  const proved = await inFolder(program, (one) =>
    tapCounter(one, "in-memory", provingTaps, "proving"),
  );
  tapping.push({
    name: "from an NTAG 424 DNA card found to the end of all effects",
    value: proved.timesMs[0] ?? 0,
    unit: "ms",
    limit: PROVING_TAP_MS_MAX,
    note: `best of ${provingTaps}, median ${(proved.timesMs[provingTaps >> 1] ?? 0).toFixed(3)}; the card's own time is left out`,
  });
  say(tapping);
  const counted = await inFolder(program, (one) => tapCounter(one, "in-flash", TAPS_IN_FLASH));
  const memory: Figure = {
    name: `variables of the terminal after ${taps} taps, 2,000 students`,
    value: counted.end + growth,
    unit: "variables",
    limit: VARIABLES_MAX,
    note: `code in flash, counted after ${TAPS_IN_FLASH} taps and the growth above added; 16,383 are there`,
  };
  say([memory]);
  return [size, ...signing, idle, ...tapping, memory];
}

/** Each figure as soon as it is known: the next may take minutes. */
function say(figures: Figure[]): void {
  for (const figure of figures) console.log(lineOf(figure));
}

const program = process.env["ESPRUINO"];
if (!program || !existsSync(program)) {
  console.error("bench:firmware: NOT RUN. Set ESPRUINO to the interpreter: see test:espruino.");
  process.exit(1);
}
const { values } = parseArgs({ options: { taps: { type: "string", default: "10000" } } });
const missed = (await bench(program, Number(values.taps))).filter(isMissed);
await stop();
console.log(missed.length ? `bench:firmware: ${missed.length} MISSED` : "bench:firmware: all met");
process.exitCode = missed.length ? 1 : 0;
