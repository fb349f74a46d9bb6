// What each student usually spends where: the largest sum of one day at each counter in the last four
// weeks. Today does not count, so that it is read once a day and what it says does not change at
// lunch.

import type { Ledger } from "./ledger/ledger.ts";
import { numberIn } from "./ledger/row.ts";

const DAYS = 28;
const DAY_SECONDS = 86_400;
/** Half as much again as the dearest day, in steps that suit a price list. */
const MARGIN = 1.5;
const STEP_CENTS = 50;

/** needCents: what a terminal that hears nothing should be able to sell to this student. */
export type Habit = { terminal: number; needCents: number };
/** By student; the counter used on most days first. */
export type Habits = Map<number, Habit[]>;

const SPENT = `select student, terminal, max(spent) as most, count(*) as days from (
    select student, terminal, at / ${DAY_SECONDS} as day, sum(total) as spent from entry
    where at >= ? and at < ? and kind = 'purchase' group by student, terminal, day)
  group by student, terminal order by student, days desc, most desc, terminal`;

const known = new WeakMap<Ledger, { day: number; habits: Habits }>();

/** Days are those of UTC: no Belgian school sells at one in the morning. */
export async function readHabits(ledger: Ledger, nowMs: number): Promise<Habits> {
  const day = Math.floor(nowMs / 1000 / DAY_SECONDS);
  const last = known.get(ledger);
  if (last?.day === day) return last.habits;
  const args = [(day - DAYS) * DAY_SECONDS, day * DAY_SECONDS];
  const found = await ledger.client.execute({ sql: SPENT, args });
  const habits: Habits = new Map();
  for (const row of found.rows) {
    const student = numberIn(row, "student");
    const mine = habits.get(student) ?? [];
    const needCents = needOf(numberIn(row, "most"));
    mine.push({ terminal: numberIn(row, "terminal"), needCents });
    habits.set(student, mine);
  }
  known.set(ledger, { day, habits });
  return habits;
}

export function needOf(mostCents: number): number {
  return Math.ceil((mostCents * MARGIN) / STEP_CENTS) * STEP_CENTS;
}
