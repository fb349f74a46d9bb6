// Commands: numbered without a gap, each under an id of its own, and a top-up moved what it says from where it says. That
// the evidence of every transfer of a command is the hash of its body is checked with the transfers.

import type { RowOf } from "./export-format.ts";
import type { Books, Report } from "./read-export.ts";
import { accountName } from "./read-export.ts";

export function checkCommands(books: Books, report: Report): void {
  const ids = new Set<string>();
  const posted = new Map<number, RowOf<"transfer">[]>();
  for (const row of books.transfer)
    if (row.source === 0) posted.set(row.counter, [...(posted.get(row.counter) ?? []), row]);
  const names = new Map(books.account.map((account) => [account.id, accountName(account)]));
  let last = 0;
  for (const command of books.command) {
    const { no, id, kind } = command;
    if (no !== last + 1) report("command", no, `expected command ${last + 1}`);
    last = no;
    if (ids.has(id)) report("command", no, `a second command ${id}`);
    ids.add(id);
    const rows = posted.get(no) ?? [];
    if (kind === "topUp") checkTopUp(command, rows, names, report);
    const isSilent = ["openAccount", "registerTerminal", "writeOff"].includes(kind);
    if (isSilent && rows.length) report("command", no, `${kind} moves nothing, but was posted`);
  }
  const kinds = new Map(books.command.map(({ no, kind }) => [no, kind]));
  for (const { terminal, epoch, command } of books.write_off)
    if (kinds.get(command) !== "writeOff")
      report("write_off", `${terminal}/${epoch}`, `no command ${command} gave it up`);
}

type TopUp = { student: number; cents: number; means: string };

function checkTopUp(
  { no, body }: RowOf<"command">,
  rows: RowOf<"transfer">[],
  names: Map<number, string>,
  report: Report,
): void {
  const { student, cents, means } = JSON.parse(body) as TopUp;
  const house = means === "correction" ? "equity/correction" : `bank/${means}`;
  const sides = [house, `wallet/${student}`];
  const [debit, credit] = cents > 0 ? sides : sides.toReversed();
  const [row] = rows;
  const found = row && `${names.get(row.debit)} pays ${names.get(row.credit)} ${row.amount}`;
  const expected = `${debit} pays ${credit} ${Math.abs(cents)}`;
  if (rows.length !== 1 || found !== expected)
    report("command", no, `expected ${expected}, found ${found ?? "nothing"}`);
}
