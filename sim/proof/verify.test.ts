// Goal: whatever is changed in an export, verify says so and names the place; and what a forger re-hashes with care, a
// published head still shows. Method: an export of books with everything in them; each row of a table changes one thing
// by hand. The file itself, unchanged, is in order.

import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSqld, stop } from "#sim/test-ledger.ts";
import { checkExport } from "./check-books.ts";
import { LINA_TOP_UP, forgeTopUp } from "./forgery.ts";
import { openPaperSchool } from "./paper-school.ts";
import { readLedger } from "./read-ledger.ts";

type Row = Record<string, unknown> & { table?: string };

const folder = mkdtempSync(join(tmpdir(), "obole-proof-"));
const servers: ChildProcess[] = [];
const lines: string[] = [];

beforeAll(async () => {
  const { ledger } = await openPaperSchool(await startSqld(join(folder, "ledger"), servers));
  for await (const line of readLedger(ledger.client, 1_795_500_000)) lines.push(line);
});
afterAll(async () => {
  await Promise.all(servers.map(stop));
  rmSync(folder, { recursive: true });
});

const rowsNow = (): Row[] => lines.map((line) => JSON.parse(line) as Row);

async function findingsIn(rows: Row[], heads: string[] = []): Promise<string[]> {
  const { findings } = await checkExport(
    rows.map((row) => JSON.stringify(row)),
    heads,
  );
  return findings.map(({ table, key, problem }) => `${table} ${key}: ${problem}`);
}

/** The row of a table whose columns are these. */
function find(rows: Row[], table: string, columns: Record<string, unknown>): Row {
  const row = rows.find(
    (one) => one.table === table && Object.entries(columns).every(([name, is]) => one[name] === is),
  );
  if (!row) throw new Error(`verify.test: no ${table} ${JSON.stringify(columns)}`);
  return row;
}

const add = (row: Row, column: string, by: number): number =>
  (row[column] = Number(row[column]) + by);
/** The last byte of a hex column becomes another. */
const flip = (row: Row, column: string, at = -2): void => {
  const text = String(row[column]);
  const byte = (Number.parseInt(text.slice(at).slice(0, 2), 16) ^ 1).toString(16).padStart(2, "0");
  row[column] = text.slice(0, at) + byte + text.slice(text.length + at + 2);
};
const remove = (rows: Row[], row: Row): void => {
  rows.splice(rows.indexOf(row), 1);
  const table = String(row.table);
  add(rows.at(-1)?.["end"] as Row, table, -1);
};

test("books with every outcome in them are in order", async () => {
  expect(await findingsIn(rowsNow())).toEqual([]);
  const outcomes = rowsNow().map((row) => row["outcome"]);
  for (const outcome of [
    "booked",
    "grace",
    "risk",
    "suspense",
    "nothing-to-void",
    "closed",
    "collected",
    "collected-twice",
  ])
    expect(outcomes).toContain(outcome);
});

const SALE = { terminal: 1, epoch: 1, seq: 2 };
/** Its first transfer. */
const SOLD = { source: 1, counter: 2 ** 32 + 2, line: 0 };
const LEASE = { terminal: 1, epoch: 1, student: 1 };

const CHANGES: [string, (rows: Row[]) => void, string[]][] = [
  [
    "one cent more in a transfer",
    (rows) => add(find(rows, "transfer", SOLD), "amount", 1),
    ["entry 1/1/2: 301 cents were posted, its token says 300", "block 3: its transfers hash to"],
  ],
  [
    "one cent more in a balance",
    (rows) => add(find(rows, "account", { kind: "wallet", ref: "1" }), "balance", 1),
    ["account 8: balance 1531, its transfers sum to 1530"],
  ],
  [
    "a token removed from the middle of a journal",
    (rows) => remove(rows, find(rows, "entry", SALE)),
    ["entry 1/1/3: expected seq 2", "transfer 3: its cause is not there: entry 1/1/2"],
  ],
  [
    "the last token of a journal removed",
    (rows) => remove(rows, find(rows, "entry", { terminal: 2, epoch: 1, seq: 3 })),
    ["its cause is not there: entry 2/1/3"],
  ],
  [
    "one byte of a signature changed",
    (rows) => flip(find(rows, "entry", SALE), "token"),
    ["entry 1/1/2: its hash is not that of its token", "entry 1/1/2: its signature is not by"],
  ],
  [
    "one byte of what was signed changed",
    (rows) => flip(find(rows, "entry", SALE), "token", -160),
    ["entry 1/1/2: its hash is not that of its token"],
  ],
  [
    "the hash of a token changed",
    (rows) => flip(find(rows, "entry", SALE), "hash"),
    ["entry 1/1/2: its hash is not that of its token", "entry 1/1/3: its token does not follow"],
  ],
  [
    "two blocks swapped",
    (rows) => {
      const [one, other] = [find(rows, "block", { no: 2 }), find(rows, "block", { no: 3 })];
      [one["hash"], other["hash"]] = [other["hash"], one["hash"]];
      [one["prev"], other["prev"]] = [other["prev"], one["prev"]];
    },
    ["block 2: stands on", "block 2: its transfers hash to", "block 3: its transfers hash to"],
  ],
  [
    "a block removed",
    (rows) => remove(rows, find(rows, "block", { no: 4 })),
    ["block 5: expected block 4"],
  ],
  [
    "a transfer moved to the block before",
    (rows) => {
      add(find(rows, "block", { no: 3 }), "last_seq", 1);
      add(find(rows, "block", { no: 4 }), "first_seq", 1);
    },
    ["block 3: its transfers hash to", "block 4: its transfers hash to"],
  ],
  [
    "a transfer removed",
    (rows) => remove(rows, find(rows, "transfer", SOLD)),
    ["entry 1/1/2: 100 cents were posted, its token says 300", "transfer 4: expected transfer 3"],
  ],
  [
    "a lease raised",
    (rows) => add(find(rows, "lease", LEASE), "ceiling", 100),
    ["account 8: reserved 0, its leases sum to 100"],
  ],
  [
    "a lease that has spent less than its entries took",
    (rows) => add(find(rows, "lease", LEASE), "spent", -100),
    ["lease 1/1/1: spent 700, its entries took 800"],
  ],
  [
    "a lease of a device that was given up, alive again",
    (rows) => add(find(rows, "lease", { ...LEASE, terminal: 2 }), "ceiling", 50),
    ["lease 2/1/1: reserves 50 for a device that was given up"],
  ],
  [
    "an account renamed",
    (rows) => (find(rows, "account", { kind: "sales", ref: "repas" })["ref"] = "copies2"),
    ["sales/copies2 was opened by no command", "sales/repas, which is not there"],
  ],
  [
    "a student given another's wallet",
    (rows) => (find(rows, "student", { id: 2 })["account"] = 8),
    ["student 2: expected account wallet/2, found wallet/1"],
  ],
  [
    "a purchase paid by another child",
    (rows) => (find(rows, "transfer", SOLD)["debit"] = 9),
    ["transfer 3: wallet/2 pays for student 1"],
  ],
  [
    "a purchase that earns elsewhere",
    (rows) => (find(rows, "transfer", SOLD)["credit"] = 11),
    ["entry 1/1/2: earned sales/copies 300, which its lines do not say"],
  ],
  [
    "a void of something else",
    (rows) => (find(rows, "transfer", { ...SOLD, counter: 2 ** 32 + 3 })["reverses"] = 1),
    ["entry 1/1/3: does not undo its purchase 2", "transfer 5: is not the opposite of transfer 1"],
  ],
  [
    "another amount in the body of a command",
    (rows) => {
      const command = find(rows, "command", { no: LINA_TOP_UP });
      command["body"] = String(command["body"]).replace("2500", "2600");
    },
    [
      "command 5: topUp: expected bank/cash pays wallet/1 2600, found bank/cash pays wallet/1 2500",
      "transfer 1: its evidence is not the hash of command 5",
    ],
  ],
  [
    "a key exchanged",
    (rows) => flip(find(rows, "terminal_key", { terminal: 2 }), "public_key"),
    ["entry 2/1/1: its signature is not by the terminal's key"],
  ],
  [
    "another outcome",
    (rows) => (find(rows, "entry", { seq: 5, outcome: "grace" })["outcome"] = "booked"),
    ["entry 1/1/5: outcome booked, its postings say grace"],
  ],
  [
    "a goodwill of another amount",
    (rows) => add(find(rows, "transfer", { source: 0, debit: 12 }), "amount", 50),
    [
      "goodwill: expected equity/goodwill pays wallet/2 150, found equity/goodwill pays wallet/2 200",
    ],
  ],
  [
    "a sibling who gets more",
    (rows) => add(find(rows, "transfer", { source: 0, amount: 30 }), "amount", 5),
    ["toSibling: expected wallet/2 pays wallet/1 30, found wallet/2 pays wallet/1 35"],
  ],
  [
    "an order that earned elsewhere",
    (rows) => (find(rows, "transfer", { debit: 13, amount: 50 })["credit"] = 10),
    ["earned sales/repas 250, not what hold/orders has of order 1"],
  ],
  [
    "an order handed over twice",
    (rows) => (find(rows, "entry", { outcome: "collected-twice" })["outcome"] = "collected"),
    ["earned nothing, not what hold/orders has of order 1", "order 1 a second time"],
  ],
  [
    "an order of another price",
    (rows) => add(find(rows, "transfer", { credit: 13, amount: 250 }), "amount", 10),
    ["preOrder: expected wallet/1 pays hold/orders 250, found wallet/1 pays hold/orders 260"],
  ],
  [
    "an order given to another student",
    (rows) => (find(rows, "pre_order", { id: 1 })["student"] = 2),
    ["collected order 1 of student 2"],
  ],
  [
    "a purchase undone in part",
    (rows) =>
      remove(rows, rows.findLast((row) => row["reverses"] !== null && row["source"] === 0) ?? {}),
    ["reverse: expected sales/repas pays wallet/1 100 for"],
  ],
  [
    "a statement that closes otherwise",
    (rows) => add(find(rows, "statement", { no: 3 }), "closing", 1),
    ["statement 3: closing"],
  ],
  [
    "a month that ends elsewhere",
    (rows) => add(find(rows, "period", {}), "last_seq", -1),
    ["period 2", "does not"],
  ],
  [
    "another published head",
    (rows) => flip(find(rows, "head", {}), "hash"),
    ["is not what was published"],
  ],
  ["the end cut off", (rows) => rows.pop(), ["line last: is missing: the file was cut"]],
  [
    "a number that is a text",
    (rows) => (find(rows, "transfer", SOLD)["amount"] = "200"),
    ["transfer.amount is not of type number"],
  ],
  [
    "another school's name",
    (rows) => Object.assign(rows[0] ?? {}, { school: "college-autre" }),
    ["block 0: is not the genesis of school college-autre"],
  ],
];

test.each(CHANGES)("%s", async (_, change, expected) => {
  const rows = rowsNow();
  change(rows);
  const findings = await findingsIn(rows);
  for (const place of expected) expect(findings).toContainEqual(expect.stringContaining(place));
});

test("books forged with care, every hash made again, are in order by themselves; a published head shows them", async () => {
  const rows = rowsNow();
  const published = String(rows.findLast((row) => row.table === "block")?.["hash"]);
  expect(await findingsIn(rows, [published])).toEqual([]);
  forgeTopUp(rows, 1000);
  expect(await findingsIn(rows)).toEqual([]);
  expect(await findingsIn(rows, [published])).toEqual([
    `block ?: none has the published head ${published}`,
  ]);
});

test("what is no export is refused as such", async () => {
  await expect(checkExport(["{}"], [])).rejects.toThrow("this is no export");
  await expect(checkExport([], [])).rejects.toThrow("the file is empty");
});
