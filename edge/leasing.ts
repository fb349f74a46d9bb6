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

/** A lease as terminals are told it. What lies beside it is the wallet without what this lease
 * may still spend: a sale on the lease that is still on its way to us changes neither. */
const LEASE = `l.terminal, l.epoch, l.student, l.ceiling, l.version,
  a.balance - (l.ceiling + l.voided - l.spent) as beside
  from lease l join account a on a.id = l.account`;

/** Every lease that a terminal holds, for one that may have missed some. */
export async function readLeases(ledger: Ledger, seller: Seller): Promise<Lease[]> {
  const found = await ledger.client.execute({
    sql: `select ${LEASE} where l.terminal = ? and l.epoch = ?`,
    args: [seller.terminal, seller.epoch],
  });
  return found.rows.map(leaseOfRow);
}

/** What all selling terminals hold of these students, and an empty lease for each ask about one
 * that is not held: what cannot be met is answered too, and at once. */
export async function readStanding(
  ledger: Ledger,
  students: number[],
  asks: Ask[],
): Promise<(Seller & Lease)[]> {
  if (!students.length) return [];
  const found = await ledger.client.execute({
    sql: `select ${LEASE} join terminal t on t.id = l.terminal and t.epoch = l.epoch
      where t.selling = 1 and l.student in (select value from json_each(?))`,
    args: [JSON.stringify(students)],
  });
  const standing = found.rows.map((row) => ({
    terminal: numberIn(row, "terminal"),
    epoch: numberIn(row, "epoch"),
    ...leaseOfRow(row),
  }));
  const isHeld = (ask: Ask): boolean =>
    standing.some((one) => one.terminal === ask.terminal && one.student === ask.student);
  const empty = asks.filter((ask) => !isHeld(ask)).map(emptyLease);
  return [...standing, ...empty];
}

function emptyLease({ terminal, epoch, student }: Ask): Seller & Lease {
  return { terminal, epoch, student, ceilingCents: 0, version: 0 };
}

function leaseOfRow(row: Row): Lease {
  return {
    student: numberIn(row, "student"),
    ceilingCents: numberIn(row, "ceiling"),
    version: numberIn(row, "version"),
    besideCents: numberIn(row, "beside"),
  };
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
