// A new year: whole classes move up at once, some leave the school, and some students stay where they are. As with a
// file, what is confirmed is what was shown.

import type { Client } from "@libsql/client/web";
import { sha256 } from "#edge/crypto.ts";
import { hexOf } from "#edge/hex.ts";
import type { Ledger } from "#edge/ledger/ledger.ts";
import { inTurn } from "#edge/ledger/ledger.ts";
import { numberIn, textIn } from "#edge/ledger/row.ts";
import { audit, auditAll } from "../audit.ts";
import { blockCards, leaveStudents } from "./leave.ts";
import { LENGTHS_MAX, isClass, tidy } from "./rules.ts";

/** to: the class of next year, "" for one that leaves the school. A class that no move names stays as it is. */
export type Move = { from: string; to: string };
/** stayers: students who are not moved with their class. */
export type Promotion = { moves: Move[]; stayers: number[] };
/** plan: its fingerprint, as it was shown. */
export type Promote = { kind: "promote"; plan: string } & Promotion;
type Asked = { by: number; at: number };
export type PromotionRefusal = "bad-class" | "plan-changed" | "nobody";
type Result = { ok: true } | { ok: false; reason: PromotionRefusal };

type Pupil = { id: number; firstName: string; lastName: string; class: string };
/** to: "" for whoever leaves. */
export type Moved = Pupil & { to: string; stays: boolean };
/** year: the one that begins. */
export type PromotionPlan = { year: number; moved: Moved[] };
export type ShownPromotion =
  | { ok: true; plan: PromotionPlan; fingerprint: string }
  | { ok: false; reason: "bad-class" };

/** Every student of the classes that move, with where each goes. Pure. */
export function planPromotion(
  year: number,
  pupils: Pupil[],
  { moves, stayers }: Promotion,
): PromotionPlan {
  const targets = new Map(moves.map(({ from, to }) => [from, tidy(to).toUpperCase()]));
  const stay = new Set(stayers);
  const moved = pupils.flatMap((pupil) => {
    const to = targets.get(pupil.class);
    if (to === undefined) return [];
    const stays = stay.has(pupil.id);
    return { ...pupil, to: stays ? pupil.class : to, stays };
  });
  return { year: year + 1, moved };
}

export async function readPromotion(client: Client, asked: Promotion): Promise<ShownPromotion> {
  const isGood = asked.moves.every(({ to }) => {
    const name = tidy(to);
    return name === "" || (isClass(name) && name.length <= LENGTHS_MAX.class);
  });
  if (!isGood) return { ok: false, reason: "bad-class" };
  const [years, found] = await client.batch(
    [
      "select max(year) as year from school_year",
      `select id, first_name, last_name, class from student where left_at = 0
        order by class, last_name, first_name, id`,
    ],
    "read",
  );
  const pupils = (found?.rows ?? []).map((row) => ({
    id: numberIn(row, "id"),
    firstName: textIn(row, "first_name"),
    lastName: textIn(row, "last_name"),
    class: textIn(row, "class"),
  }));
  const year = numberIn(years?.rows[0], "year");
  // Who stays is ticked on the page that shows the rest: it is no change of what was shown.
  const whole = planPromotion(year, pupils, { ...asked, stayers: [] });
  const fingerprint = hexOf(sha256(JSON.stringify(whole)));
  return { ok: true, plan: planPromotion(year, pupils, asked), fingerprint };
}

/** Sent twice, the second is of a year that has begun, and changes nothing. */
export function promote(ledger: Ledger, act: Asked & Promote): Promise<Result> {
  return inTurn(ledger, async () => {
    const shown = await readPromotion(ledger.client, act);
    if (!shown.ok) return shown;
    const { plan, fingerprint } = shown;
    if (fingerprint !== act.plan) return { ok: false, reason: "plan-changed" };
    if (!plan.moved.length) return { ok: false, reason: "nobody" };
    await ledger.client.batch(rowsOf(plan, act), "write");
    return { ok: true };
  });
}

function rowsOf({ year, moved }: PromotionPlan, { by: author, at, moves }: Asked & Promote) {
  const leavers = moved.filter(({ to }) => to === "").map(({ id }) => id);
  const placed = moved.filter(({ to }) => to !== "").map(({ id, to }) => [id, to]);
  const rows = JSON.stringify(placed);
  return [
    { sql: "insert into school_year(year, began_at) values(?, ?)", args: [year, at] },
    {
      sql: `update student set class = j.value->>1 from json_each(?) j
        where student.id = j.value->>0`,
      args: [rows],
    },
    // Who stays in a class of the same name is placed there anew.
    {
      sql: `insert into enrolment(student, year, class)
        select value->>0, ?2, value->>1 from json_each(?1) where true
        on conflict(student, year) do update set class = excluded.class`,
      args: [rows, year],
    },
    leaveStudents(leavers, at),
    blockCards(leavers, at, author),
    audit({ author, at, action: "register.promote", subject: `year/${year}`, after: { moves } }),
    auditAll(
      moved.map(({ id, class: before, to }) => ({
        author,
        at,
        action: to ? "student.change" : "student.leave",
        subject: `student/${id}`,
        before: { class: before },
        after: { class: to },
        reason: `year/${year}`,
      })),
    ),
  ];
}
