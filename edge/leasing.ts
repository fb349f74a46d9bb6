// Grants leases: reads the wallets and leases in question, decides, writes, and gives back what
// each terminal must be told. The write is refused by the database when a wallet would not cover
// it; then it is decided again.

import type { Row } from "@libsql/client/web";
import type { Lease } from "#protocol/downlink.ts";
import type { Ask, Decision, Held, Purse, Seller, Selling } from "./grants.ts";
import { decideGrants } from "./grants.ts";
import type { Habits } from "./habits.ts";
import { readHabits } from "./habits.ts";
import { emptyBatch } from "./ledger/batch.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { LAST_SEQ, commit, inTurn, isRefused } from "./ledger/ledger.ts";
import { numberIn } from "./ledger/row.ts";
import { IS_RECOVERING, VERSIONS_PER_RECOVERY } from "./recovery.ts";

const DECISIONS_MAX = 3;

const SELLERS = `select id, epoch, (select count(*) from recovery r where r.terminal = t.id
    and r.epoch = t.epoch) * ${VERSIONS_PER_RECOVERY} as version_min
  from terminal t where selling = 1 order by id`;
const SELLING_AS_OF = `select id, epoch, ${LAST_SEQ} as seq from terminal t where selling = 1`;
const ROSTERED = "select distinct student from card where status = 'active'";
const NAMED = "select value from json_each(?)";

/** Raises the leases of these students (all who have a card when "everyone"); what is free of the
 * kept ones is left for what it is kept for. Returns what was written, and the asks that were not
 * met. */
export function grantLeases(
  ledger: Ledger,
  students: "everyone" | number[],
  asks: Ask[],
  kept: Set<number> = new Set(),
  nowMs: number = Date.now(),
): Promise<Decision> {
  return inTurn(ledger, async () => {
    for (let attempt = 0; ; attempt++) {
      const habits = await readHabits(ledger, nowMs);
      const { purses, sellers, isRecovering } = await readPurses(ledger, students, habits);
      // What the wallets hold is not known: asks are answered as the leases stand.
      if (isRecovering) return { grants: [], unmet: [] };
      const batch = emptyBatch(Math.floor(nowMs / 1000));
      const granted = decideGrants(purses, sellers, asks, kept);
      batch.grants = granted.grants;
      try {
        if (batch.grants.length) await commit(ledger, batch);
        return granted;
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

/** Leases of one terminal as the entries of its chain up to asOf have left them. */
export type Holding = Seller & { asOf: number; leases: Lease[] };

/** Every lease that a terminal holds, for one that may have missed some. */
export async function readLeases(ledger: Ledger, seller: Seller): Promise<Holding> {
  const { terminal, epoch } = seller;
  const [leases, last] = await ledger.client.batch(
    [
      { sql: `select ${LEASE} where l.terminal = ? and l.epoch = ?`, args: [terminal, epoch] },
      {
        sql: `select ${LAST_SEQ} as seq from (select ? as id, ? as epoch) t`,
        args: [terminal, epoch],
      },
    ],
    "read",
  );
  const asOf = numberIn(last?.rows[0], "seq");
  return { terminal, epoch, asOf, leases: (leases?.rows ?? []).map(leaseOfRow) };
}

/** What all selling terminals hold of these students, and an empty lease for each ask about one
 * that is not held: what cannot be met is answered too, and at once. */
export async function readStanding(
  ledger: Ledger,
  students: number[],
  asks: Ask[],
): Promise<Holding[]> {
  if (!students.length) return [];
  const [leases, selling] = await ledger.client.batch(
    [
      {
        sql: `select ${LEASE} join terminal t on t.id = l.terminal and t.epoch = l.epoch
          where t.selling = 1 and l.student in (select value from json_each(?))`,
        args: [JSON.stringify(students)],
      },
      SELLING_AS_OF,
    ],
    "read",
  );
  const holdings = new Map((selling?.rows ?? []).map((row) => [numberIn(row, "id"), emptyOf(row)]));
  for (const row of leases?.rows ?? [])
    holdings.get(numberIn(row, "terminal"))?.leases.push(leaseOfRow(row));
  for (const ask of asks) {
    const holding = holdings.get(ask.terminal);
    if (holding?.epoch !== ask.epoch) continue;
    if (!holding.leases.some((lease) => lease.student === ask.student))
      holding.leases.push({ student: ask.student, ceilingCents: 0, version: 0 });
  }
  return [...holdings.values()];
}

function emptyOf(row: Row): Holding {
  const epoch = numberIn(row, "epoch");
  return { terminal: numberIn(row, "id"), epoch, asOf: numberIn(row, "seq"), leases: [] };
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
  habits: Habits,
): Promise<{ purses: Purse[]; sellers: Selling[]; isRecovering: boolean }> {
  const everyone = students === "everyone";
  const among = everyone ? ROSTERED : NAMED;
  const args = everyone ? [] : [JSON.stringify(students)];
  const [wallets, leases, selling, open] = await ledger.client.batch(
    [
      {
        sql: `select s.id, s.account, a.balance, a.reserved from student s
          join account a on a.id = s.account where s.left_at = 0 and s.id in (${among})`,
        args,
      },
      {
        sql: `select l.* from lease l join terminal t on t.id = l.terminal and t.epoch = l.epoch
          where l.student in (${among})`,
        args,
      },
      SELLERS,
      IS_RECOVERING,
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
    versionMin: numberIn(row, "version_min"),
  }));
  const purses = (wallets?.rows ?? []).map((row) => purseOfRow(row, held, habits));
  return { purses, sellers, isRecovering: numberIn(open?.rows[0], "recovering") > 0 };
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

function purseOfRow(row: Row, held: Map<number, Held[]>, habits: Habits): Purse {
  const student = numberIn(row, "id");
  return {
    student,
    account: numberIn(row, "account"),
    balanceCents: numberIn(row, "balance"),
    reservedCents: numberIn(row, "reserved"),
    held: held.get(student) ?? [],
    habits: habits.get(student) ?? [],
  };
}
