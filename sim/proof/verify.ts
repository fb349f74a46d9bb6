// `npm run verify -- FILE [--head HASH]...`: checks an export with no access to the database. Says where it breaks and
// ends with exit code 1, or says what the books hold.

import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import type { Checked } from "./check-books.ts";
import { checkExport } from "./check-books.ts";

const USAGE = `npm run verify -- FILE [--head HASH]...
  FILE    made by npm run export
  --head  a head that was published or kept by somebody: it must be in this file's chain`;
/** One wrong row shows in many places; the first ones name it. */
const SHOWN_MAX = 20;

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { head: { type: "string", multiple: true, default: [] } },
    allowPositionals: true,
  });
  const [file, ...more] = positionals;
  if (!file || more.length) throw new Error(USAGE);
  const started = Date.now();
  const lines = createInterface({ input: createReadStream(file, "utf8") });
  const checked = await checkExport(lines, values.head);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  for (const { table, key, problem } of checked.findings.slice(0, SHOWN_MAX))
    console.error(`${table} ${key}: ${problem}`);
  if (!checked.findings.length) return console.log(describe(checked, seconds));
  const hidden = checked.findings.length - SHOWN_MAX;
  if (hidden > 0) console.error(`and ${hidden} more`);
  console.error(`verify: NOT in order: ${checked.findings.length} findings (${seconds} s)`);
  process.exitCode = 1;
}

function describe({ books }: Checked, seconds: string): string {
  const { header, block, transfer, entry, command, account, lease } = books;
  return [
    `${header.school}: in order (${seconds} s)`,
    `${account.length} accounts, ${transfer.length} transfers, ${block.length} blocks, ` +
      `${entry.length} signed tokens, ${command.length} commands, ${lease.length} leases`,
    `head ${header.head.block} ${header.head.hash}`,
  ].join("\n");
}
