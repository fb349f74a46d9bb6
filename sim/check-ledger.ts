// What must hold in the books of any school at any moment, asked of the database itself: sums,
// reservations, gapless chains, and every block derived again from its rows.

import type { Row } from "@libsql/client/web";
import { sha256 } from "#edge/crypto.ts";
import type { Ledger } from "#edge/ledger/ledger.ts";
import { bytesIn, numberIn } from "#edge/ledger/row.ts";
import { toHex } from "#protocol/bytes.ts";
import { encode } from "cborg";

const BROKEN: [string, string][] = [
  [
    "the sum of all balances is not zero",
    "select 1 from (select sum(balance) as total from account) where total <> 0",
  ],
  ["a wallet is short", "select 1 from account where kind = 'wallet' and balance < reserved"],
  [
    "a balance is not what its transfers say",
    `select 1 from account a where balance <>
      (select coalesce(sum(amount), 0) from transfer where credit = a.id) -
      (select coalesce(sum(amount), 0) from transfer where debit = a.id)`,
  ],
  [
    "a reservation is not the sum of its leases",
    `select 1 from account a where reserved <> (select coalesce(sum(ceiling + voided - spent), 0)
      from lease where account = a.id)`,
  ],
  [
    "transfers have a gap",
    "select 1 from (select count(*) as n, max(seq) as last from transfer) where n <> last",
  ],
  [
    "a chain of entries has a gap",
    "select 1 from entry group by terminal, epoch having count(*) <> max(seq)",
  ],
];

/** Throws, and says which, when anything that must always hold does not. */
export async function checkLedger(ledger: Ledger): Promise<void> {
  const { client } = ledger;
  const found = await client.batch(
    BROKEN.map(([, sql]) => sql),
    "read",
  );
  for (const [index, result] of found.entries())
    if (result.rows.length) throw new Error(`books: ${BROKEN[index]?.[0]}`);
  await checkChain(ledger);
}

/** Re-derives every block from the rows, with another CBOR library than the ledger's own. */
async function checkChain(ledger: Ledger): Promise<void> {
  const { client, school } = ledger;
  const blocks = (await client.execute("select * from block order by no")).rows;
  const transfers = await readTransfers(ledger);
  let prev = sha256(encode(["genesis/1", school]));
  let lastSeq = 0;
  for (const block of blocks) {
    const no = numberIn(block, "no");
    if (no > 0) {
      const end = numberIn(block, "last_seq");
      const leaves = transfers.slice(lastSeq, end).map((row) => {
        const names = ["seq", "source", "counter", "line", "debit", "credit", "amount", "at"];
        const numbers = [...names, "reverses"].map((name) => Number(row[name] ?? 0));
        return sha256(encode(["transfer/1", ...numbers, bytesIn(row, "evidence")]));
      });
      const leaf = sha256(Buffer.concat(leaves));
      prev = sha256(encode(["block/1", no, lastSeq + 1, end, prev, leaf]));
      lastSeq = end;
    }
    if (toHex(bytesIn(block, "hash")) !== toHex(prev))
      throw new Error(`books: the hash of block ${no} is not that of its transfers`);
  }
  if (lastSeq !== transfers.length) throw new Error("books: transfers outside any block");
}

/** In pages: sqld refuses to answer with more than 10 MB. */
async function readTransfers({ client }: Ledger): Promise<Row[]> {
  const transfers: Row[] = [];
  for (;;) {
    const page = await client.execute({
      sql: "select * from transfer where seq > ? order by seq limit 5000",
      args: [transfers.length],
    });
    if (!page.rows.length) return transfers;
    transfers.push(...page.rows);
  }
}
