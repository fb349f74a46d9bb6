// Grants leases: reads the wallets and leases in question, decides, writes, and gives back what
// each terminal must be told. The write is refused by the database when a wallet would not cover
// it; then it is decided again.

import type { Row } from "@libsql/client/web";
import type { Lease } from "#protocol/downlink.ts";
import type { Ask, Held, Purse, Seller } from "./grants.ts";
import { decideGrants } from "./grants.ts";
import type { Grant } from "./ledger/batch.ts";
import { emptyBatch } from "./ledger/batch.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { commit, inTurn, isRefused } from "./ledger/ledger.ts";
import { numberIn } from "./ledger/row.ts";

const DECISIONS_MAX = 3;

const SELLERS = "select id, epoch from terminal where selling = 1 order by id";
const ROSTERED = "select distinct student from card where status = 'active'";
const NAMED = "select value from json_each(?)";

/** Raises the leases of these students (all who have a card when "everyone") and returns what was
 * written. */
export function grantLeases(
  ledger: Ledger,
  students: "everyone" | number[],
  asks: Ask[],
): Promise<Grant[]> {
  return inTurn(ledger, async () => {
    for (let attempt = 0; ; attempt++) {
      const { purses, sellers } = await readPurses(ledger, students);
      const batch = emptyBatch(Math.floor(Date.now() / 1000));
      batch.grants = decideGrants(purses, sellers, asks);
      try {
        if (batch.grants.length) await commit(ledger, batch);
        return batch.grants;
      } catch (error) {
        if (!isRefused(error) || attempt + 1 >= DECISIONS_MAX) throw error;
      }
    }
  });
}

/** Every lease that a terminal holds, for one that may have missed some. */
export async function readLeases(ledger: Ledger, seller: Seller): Promise<Lease[]> {
  const found = await ledger.client.execute({
    sql: "select student, ceiling, version from lease where terminal = ? and epoch = ?",
    args: [seller.terminal, seller.epoch],
  });
  return found.rows.map((row) => ({
    student: numberIn(row, "student"),
    ceilingCents: numberIn(row, "ceiling"),
    version: numberIn(row, "version"),
  }));
}

/** The leases that were asked about, as they stand: what cannot be met is answered too, and at once. */
export async function readAsked(ledger: Ledger, asks: Ask[]): Promise<(Seller & Lease)[]> {
  if (!asks.length) return [];
  const found = await ledger.client.execute({
    sql: `select j.value->>0 as terminal, j.value->>1 as epoch, j.value->>2 as student,
        coalesce(l.ceiling, 0) as ceiling, coalesce(l.version, 0) as version
      from json_each(?) j left join lease l on l.terminal = j.value->>0
        and l.epoch = j.value->>1 and l.student = j.value->>2`,
    args: [JSON.stringify(asks.map((ask) => [ask.terminal, ask.epoch, ask.student]))],
  });
  return found.rows.map((row) => ({
    terminal: numberIn(row, "terminal"),
    epoch: numberIn(row, "epoch"),
    student: numberIn(row, "student"),
    ceilingCents: numberIn(row, "ceiling"),
    version: numberIn(row, "version"),
  }));
}

async function readPurses(
  ledger: Ledger,
  students: "everyone" | number[],
): Promise<{ purses: Purse[]; sellers: Seller[] }> {
  const everyone = students === "everyone";
  const among = everyone ? ROSTERED : NAMED;
  const args = everyone ? [] : [JSON.stringify(students)];
  const [wallets, leases, selling] = await ledger.client.batch(
    [
      {
        sql: `select s.id, s.account, a.balance, a.reserved from student s
          join account a on a.id = s.account where s.id in (${among})`,
        args,
      },
      {
        sql: `select l.* from lease l join terminal t on t.id = l.terminal and t.epoch = l.epoch
          where l.student in (${among})`,
        args,
      },
      SELLERS,
    ],
    "read",
  );
  const held = new Map<number, Held[]>();
  for (const row of leases?.rows ?? []) {
    const student = numberIn(row, "student");
    const mine = held.get(student) ?? [];
    mine.push(heldOfRow(row));
    held.set(student, mine);
  }
  const sellers = (selling?.rows ?? []).map((row) => ({
    terminal: numberIn(row, "id"),
    epoch: numberIn(row, "epoch"),
  }));
  return { purses: (wallets?.rows ?? []).map((row) => purseOfRow(row, held)), sellers };
}

function heldOfRow(row: Row): Held {
  const ceilingCents = numberIn(row, "ceiling");
  return {
    terminal: numberIn(row, "terminal"),
    epoch: numberIn(row, "epoch"),
    ceilingCents,
    remainingCents: ceilingCents + numberIn(row, "voided") - numberIn(row, "spent"),
    version: numberIn(row, "version"),
  };
}

function purseOfRow(row: Row, held: Map<number, Held[]>): Purse {
  const student = numberIn(row, "id");
  return {
    student,
    account: numberIn(row, "account"),
    balanceCents: numberIn(row, "balance"),
    reservedCents: numberIn(row, "reserved"),
    held: held.get(student) ?? [],
  };
}
