// The end of the chaos: what was heard at the counters and recorded at the desk, against the ledger as sqld alone holds
// it now; then the books themselves. Throws at the first disagreement.

import type { Client } from "@libsql/client/web";
import { openLedger } from "#edge/ledger/ledger.ts";
import { numberIn, textIn } from "#edge/ledger/row.ts";
import { toHex } from "#protocol/bytes.ts";
import type { CashDesk } from "./chaos-desk.ts";
import { checkLedger } from "./check-ledger.ts";
import { auditLeases } from "./soak-audit.ts";
import type { Witnessed } from "./witnesses.ts";
import { matchWitnesses, readEntries } from "./witnesses.ts";

export type ChaosFacts = {
  ledger: Client;
  school: string;
  terminals: number;
  witnessed: Map<number, Witnessed[]>;
  desk: CashDesk;
};

/** beeps: each in the ledger once. unheard: journalled when the process died before the beep. */
export type ChaosAudit = {
  beeps: number;
  unheard: number;
  entries: number;
  payments: number;
  lines: string[];
};

export async function auditChaos(facts: ChaosFacts): Promise<ChaosAudit> {
  const { ledger, witnessed } = facts;
  const sum = { beeps: 0, unheard: 0, entries: 0 };
  for (let terminal = 1; terminal <= facts.terminals; terminal++) {
    const entries = await readEntries(ledger, terminal);
    const matched = matchWitnesses(terminal, witnessed.get(terminal) ?? [], entries);
    sum.beeps += matched.certain;
    sum.unheard += matched.unheard;
    sum.entries += entries.length;
  }
  const books = await openLedger(ledger, facts.school);
  await checkLedger(books);
  return {
    ...sum,
    payments: facts.desk.recorded.size,
    lines: [
      `${sum.beeps} beeps, each in the ledger once; ${sum.unheard} sales more were journalled when the process died before the beep`,
      "sums are zero, balances and reservations follow from their rows, chains have no gap, every block stands on the one before",
      await auditLeases(books),
      await auditDesk(facts),
      await auditQuarantine(ledger),
      await outcomesOf(ledger),
    ],
  };
}

async function auditDesk({ ledger, desk }: ChaosFacts): Promise<string> {
  const found = await ledger.execute(
    "select id, body from command where id like 'chaos/%' order by no",
  );
  const booked = new Map(
    found.rows.map((row) => [
      textIn(row, "id"),
      (JSON.parse(textIn(row, "body")) as { cents: number }).cents,
    ]),
  );
  for (const [id, cents] of desk.recorded)
    if (booked.get(id) !== cents)
      throw new Error(`audit: ${id} of ${cents} cents was recorded, and is ${booked.get(id)}`);
  const paid = await ledger.execute(
    `select coalesce(sum(t.amount), 0) as cents from transfer t join command c
      on t.source = 0 and t.counter = c.no where c.id like 'chaos/%'`,
  );
  const cents = [...desk.recorded.values()].reduce((all, one) => all + one, 0);
  if (numberIn(paid.rows[0], "cents") !== cents)
    throw new Error(`audit: ${cents} cents came in, booked are ${numberIn(paid.rows[0], "cents")}`);
  return `${desk.recorded.size} payments at the desk, whose forms were sent ${desk.sent} times, each booked once`;
}

/** TCP alters nothing, so nothing may be there: no bad seal, no conflict, no nonce used twice. */
async function auditQuarantine(ledger: Client): Promise<string> {
  const found = await ledger.execute("select terminal, reason, body from quarantine");
  const [row] = found.rows;
  if (!row) return "nothing in quarantine";
  const body = toHex(new Uint8Array(row["body"] as ArrayBuffer)).slice(0, 80);
  throw new Error(
    `audit: in quarantine ${found.rows.length} times, first terminal ${numberIn(row, "terminal")}: ${textIn(row, "reason")}: ${body}`,
  );
}

async function outcomesOf(ledger: Client): Promise<string> {
  const found = await ledger.execute(
    "select outcome, count(*) as n from entry group by outcome order by outcome",
  );
  const outcomes = found.rows.map((row) => `${textIn(row, "outcome")} ${numberIn(row, "n")}`);
  return `outcomes: ${outcomes.join(", ")}`;
}
