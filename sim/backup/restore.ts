// `npm run restore`: a copy goes into an empty database. From then on the ledger knows that it may know
// less than the terminals: nothing is granted and no wallet pays until each has sent what it had sold.

import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { connectLedger, openLedger, readHead } from "#edge/ledger/ledger.ts";
import { textIn } from "#edge/ledger/row.ts";
import { beginRecovery } from "#edge/recovery.ts";
import { toHex } from "#protocol/bytes.ts";
import { checkLedger } from "#sim/check-ledger.ts";
import { readOptions } from "#sim/options.ts";
import { copyIn } from "./copy.ts";

const { values } = parseArgs({ options: { from: { type: "string" }, ledger: { type: "string" } } });
if (!values.from) throw new Error("npm run restore -- --from FILE [--ledger URL]; LEDGER_TOKEN");
const url = values.ledger ?? process.env["LEDGER_URL"] ?? readOptions([], {}).ledgerUrl;
const client = connectLedger(url, process.env["LEDGER_TOKEN"]);
const { at } = await copyIn(client, linesOf(values.from));
const school = await client.execute("select slug from school");
const ledger = await openLedger(client, textIn(school.rows[0], "slug"));
await checkLedger(ledger);
await beginRecovery(ledger, Math.floor(Date.now() / 1000));
const head = await readHead(ledger);
client.close();
console.log(
  `${url}: as of ${new Date(at * 1000).toISOString()}, block ${head.no} ${toHex(head.hash)}`,
);

/** Opened when the first line is asked for: readline drops what it reads before somebody listens. */
async function* linesOf(path: string): AsyncGenerator<string> {
  yield* createInterface(createReadStream(path));
}
