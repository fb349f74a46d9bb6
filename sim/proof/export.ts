// `npm run export`: the whole ledger as one file that needs no database any more. See USAGE.

import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { connectLedger } from "#edge/ledger/ledger.ts";
import { readOptions } from "#sim/options.ts";
import { readLedger } from "./read-ledger.ts";

const USAGE = `npm run export -- [--to FILE] [--ledger URL]
  --to      the file (default .obole/export.jsonl)
  --ledger  libSQL server; its token in LEDGER_TOKEN (default LEDGER_URL, else the one of npm start)`;

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      to: { type: "string", default: ".obole/export.jsonl" },
      ledger: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const url = values.ledger ?? process.env["LEDGER_URL"] ?? readOptions([], {}).ledgerUrl;
  const client = connectLedger(url, process.env["LEDGER_TOKEN"]);
  let count = 0;
  async function* lines(): AsyncGenerator<string> {
    for await (const line of readLedger(client, Math.floor(Date.now() / 1000))) {
      count++;
      yield `${line}\n`;
    }
  }
  mkdirSync(dirname(values.to), { recursive: true });
  try {
    await pipeline(Readable.from(lines()), createWriteStream(values.to));
  } finally {
    client.close();
  }
  console.log(`${values.to}: ${count} lines from ${url}`);
}
