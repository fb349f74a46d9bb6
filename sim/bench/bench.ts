// `npm run bench`: the figures this machine reaches, next to what they are compared with in the same run. Absolute
// numbers on a shared machine are low bounds; the ratios are what to read.

import { measureIngest } from "./ingest.ts";
import { measurePages } from "./pages.ts";

const line = (what: string, figure: string, target: string): void =>
  console.log(`${what.padEnd(58)} ${figure.padStart(16)}   ${target}`);
const whole = (figure: number): string => Math.round(figure).toLocaleString("en");

const ingest = await measureIngest();
line("ingest, signatures, chains, leases: tokens/s", whole(ingest.ingestPerSecond), ">= 10,000");
line("the same statements in process, raw SQLite: tokens/s", whole(ingest.sqlitePerSecond), "");
line(
  "ingest / raw SQLite",
  (ingest.ingestPerSecond / ingest.sqlitePerSecond).toFixed(2),
  ">= 0.25",
);

const pages = await measurePages();
for (const { path, firstByteMs, bytes } of pages.pages)
  line(
    `${path}: first byte ms, median; bytes`,
    `${firstByteMs.toFixed(1)}; ${whole(bytes)}`,
    "<= 50",
  );
line("guardian's home with all it loads: bytes", whole(pages.guardianBytes), "<= 50,000");
