// `npm run backup`: a copy of the whole school while it is open. docs/restore.md says what to do with it.

import { createWriteStream, renameSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { connectLedger } from "#edge/ledger/ledger.ts";
import { readOptions } from "#sim/options.ts";
import { copyOut } from "./copy.ts";

const { values } = parseArgs({ options: { to: { type: "string" }, ledger: { type: "string" } } });
if (!values.to) throw new Error("npm run backup -- --to FILE [--ledger URL]; LEDGER_TOKEN");
const url = values.ledger ?? process.env["LEDGER_URL"] ?? readOptions([], {}).ledgerUrl;
const client = connectLedger(url, process.env["LEDGER_TOKEN"]);
let count = 0;
async function* lines(): AsyncGenerator<string> {
  for await (const line of copyOut(client, Math.floor(Date.now() / 1000))) {
    count++;
    yield `${line}\n`;
  }
}
// A copy that breaks off must not pass for one.
await pipeline(Readable.from(lines()), createWriteStream(`${values.to}.part`));
renameSync(`${values.to}.part`, values.to);
client.close();
console.log(`${values.to}: ${count} lines from ${url}`);
