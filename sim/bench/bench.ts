// `npm run bench`: what this machine reaches, one row for each figure that was promised, next to what it is compared with
// in the same run. Absolute numbers on a shared machine are low bounds; the ratios are what to read. Ends with 1 when a
// figure is missed. Words choose parts: `npm run bench -- ingest chain pages`.

import { cpus } from "node:os";
import { findProgram } from "../debian.ts";
import { measureChain } from "./chain.ts";
import { measureIngest } from "./ingest.ts";
import { measurePages } from "./pages.ts";

const words = process.argv.slice(2);
const isAsked = (part: string): boolean => !words.length || words.includes(part);
const whole = (figure: number): string => Math.round(figure).toLocaleString("en");

const missed: string[] = [];
/** Prints a row; isMet is left out where nothing was promised. */
function row(what: string, figure: string, target = "", isMet = true): void {
  console.log(`${what.padEnd(58)} ${figure.padStart(16)}   ${target}${isMet ? "" : "   MISSED"}`);
  if (!isMet) missed.push(what);
}

const atLeast = (what: string, figure: number, least: number, digits = 0): void =>
  row(what, digits ? figure.toFixed(digits) : whole(figure), `>= ${least}`, figure >= least);
const atMost = (what: string, figure: number, most: number, digits = 0): void =>
  row(what, digits ? figure.toFixed(digits) : whole(figure), `<= ${most}`, figure <= most);

const processors = cpus();
console.log(
  `${processors.length} cores of ${processors[0]?.model ?? "unknown"}, Node ${process.version}\n`,
);

if (isAsked("ingest")) {
  const { ingestPerSecond, sqlitePerSecond, latePerSecond } = await measureIngest();
  atLeast("ingest / raw SQLite", ingestPerSecond / sqlitePerSecond, 0.25, 2);
  atLeast("ingest, signatures, chains, leases: tokens/s", ingestPerSecond, 10_000);
  row("the same statements in process, raw SQLite: tokens/s", whole(sqlitePerSecond));
  row("signatures left for quiet moments: checks/s", whole(latePerSecond));
}

if (isAsked("chain") && !findProgram("mosquitto"))
  row("the whole chain", "no Mosquitto", "apt install mosquitto");
else if (isAsked("chain")) {
  const { ackMs, tokensPerSecond } = await measureChain();
  atMost("publish to ack, 20 taps/s at 20 terminals: ms, p95", ackMs.p95, 150);
  row("the same: ms, p50 and p99", `${whole(ackMs.p50)}; ${whole(ackMs.p99)}`);
  row("Mosquitto, workerd, sqld and acks back: tokens/s", whole(tokensPerSecond));
}

if (isAsked("pages")) {
  const pages = await measurePages();
  for (const { path, firstByteMs } of pages.pages)
    atMost(`${path}: first byte ms, median`, firstByteMs, 50, 1);
  atMost("guardian's home with all it loads: bytes", pages.guardianBytes, 50_000);
}

console.log("\nThe terminal's figures: npm run bench:firmware");
if (missed.length) process.exitCode = 1;
