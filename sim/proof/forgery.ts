// What an operator with full access could do, for the test that shows how it is found out: one top-up larger, and every
// balance, evidence and hash after it made again, so that the books tie out.

import { blockHash, leafOf } from "./check-blocks.ts";
import type { RowOf, TableName } from "./export-format.ts";
import { hex, sha256 } from "./signed-token.ts";

type Row = Record<string, unknown> & { table?: string };

/** The number of the command that paid in for Lina (paper-school.ts). */
export const LINA_TOP_UP = 5;

export function forgeTopUp(rows: Row[], byCents: number): void {
  const of = <Name extends TableName>(table: Name) =>
    rows.filter((row) => row.table === table) as unknown as RowOf<Name>[];
  const command = of("command").find(({ no }) => no === LINA_TOP_UP);
  const transfer = of("transfer").find(
    ({ source, counter }) => source === 0 && counter === LINA_TOP_UP,
  );
  if (!command || !transfer) throw new Error("forgery: no such top-up");
  const body = JSON.parse(command.body) as { cents: number };
  body.cents += byCents;
  command.body = JSON.stringify(body);
  transfer.amount += byCents;
  transfer.evidence = hex(sha256(command.body));
  for (const account of of("account")) {
    if (account.id === transfer.debit) account.debits += byCents;
    if (account.id === transfer.credit) account.credits += byCents;
    account.balance = account.credits - account.debits;
  }
  for (const statement of of("statement")) {
    if (statement.account === transfer.debit) statement.debits += byCents;
    if (statement.account === transfer.credit) statement.credits += byCents;
    statement.closing = statement.opening + statement.credits - statement.debits;
  }
  let prev = "";
  for (const block of of("block")) {
    const mine = of("transfer").filter(
      ({ seq }) => seq >= block.first_seq && seq <= block.last_seq,
    );
    if (block.no > 0) {
      block.prev = prev;
      block.hash = blockHash(block, sha256(Buffer.concat(mine.map(leafOf))));
    }
    prev = block.hash;
    Object.assign(rows[0] ?? {}, { head: { block: block.no, hash: block.hash } });
  }
  const hashes = new Map(of("block").map(({ no, hash }) => [no, hash]));
  for (const row of [...of("head"), ...of("period")]) row.hash = hashes.get(row.block) ?? "";
}
