// `npm run export`: the whole ledger as one file that needs no database any more. See USAGE.

import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { connectLedger } from "#edge/ledger/ledger.ts";
import { readOptions } from "#sim/options.ts";
import { journalOf } from "./journal.ts";
import { readBooks } from "./read-export.ts";
import { readLedger } from "./read-ledger.ts";

const USAGE = `npm run export -- [--hledger] [--to FILE] [--ledger URL]
  --to       the file (default .obole/export.jsonl, or .obole/export.journal)
  --hledger  writes a journal for hledger instead: hledger -f FILE check -s
  --ledger   libSQL server; its token in LEDGER_TOKEN (default LEDGER_URL, else that of npm start)`;

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      to: { type: "string" },
      ledger: { type: "string" },
      hledger: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const url = values.ledger ?? process.env["LEDGER_URL"] ?? readOptions([], {}).ledgerUrl;
  const file = values.to ?? `.obole/export.${values.hledger ? "journal" : "jsonl"}`;
  const client = connectLedger(url, process.env["LEDGER_TOKEN"]);
  let count = 0;
  async function* lines(): AsyncGenerator<string> {
    const rows = readLedger(client, Math.floor(Date.now() / 1000));
    for await (const line of values.hledger ? journalLines(rows) : rows) {
      count++;
      yield `${line}\n`;
    }
  }
  mkdirSync(dirname(file), { recursive: true });
  try {
    await pipeline(Readable.from(lines()), createWriteStream(file));
  } finally {
    client.close();
  }
  console.log(`${file}: ${count} lines from ${url}`);
}

async function* journalLines(rows: AsyncIterable<string>): AsyncGenerator<string> {
  const books = await readBooks(rows, (table, key, problem) => {
    throw new Error(`export: ${table} ${key}: ${problem}`);
  });
  yield* journalOf(books);
}
