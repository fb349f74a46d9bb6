// `npm run verify -- FILE [--head HASH]...`: checks an export, or a parent's receipt, with no access to the database. Says where it breaks and
// ends with exit code 1, or says what the books hold.

import { createReadStream, readFileSync, statSync } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import type { Checked } from "./check-books.ts";
import { checkExport } from "./check-books.ts";
import { RECEIPT_FORMAT, checkReceipt } from "./check-receipt.ts";
import type { Receipt } from "#edge/reads/receipt.ts";

const USAGE = `npm run verify -- FILE [--head HASH]...
  FILE    made by npm run export, or a receipt from the page of a movement
  --head  a head that was published or kept by somebody: it must be in this file's chain`;
/** One wrong row shows in many places; the first ones name it. */
const SHOWN_MAX = 20;
/** A receipt holds the leaves of one block, and one line for each block of a day at most. */
const RECEIPT_BYTES_MAX = 4_000_000;

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
  const receipt = receiptIn(file);
  if (receipt) return verifyReceipt(receipt, values.head);
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

function receiptIn(file: string): Receipt | undefined {
  if (statSync(file).size > RECEIPT_BYTES_MAX) return undefined;
  try {
    const value = JSON.parse(readFileSync(file, "utf8")) as Receipt;
    return value.format === RECEIPT_FORMAT ? value : undefined;
  } catch {
    return undefined;
  }
}

async function verifyReceipt(receipt: Receipt, heads: string[]): Promise<void> {
  const problems = await checkReceipt(receipt, heads);
  for (const problem of problems) console.error(problem);
  if (problems.length) process.exitCode = 1;
  else
    console.log(
      `${receipt.school}: the receipt is in order, block ${receipt.block?.no ?? "none"}, ` +
        `published head ${receipt.head?.hash ?? "none yet"}`,
    );
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
