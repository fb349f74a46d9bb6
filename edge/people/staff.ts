// Who works for the school in Obole, as what, and until when. A member of staff is added without a password; the mail with
// which they choose one is another act. There is always somebody who can let others in: the last bursar stays.

import type { InStatement, Row } from "@libsql/client/web";
import { endIn } from "#edge/calendar.ts";
import type { Ledger } from "#edge/ledger/ledger.ts";
import { inTurn } from "#edge/ledger/ledger.ts";
import { numberIn, textIn } from "#edge/ledger/row.ts";
import type { Role } from "#edge/session.ts";
import { isAddress } from "#edge/address.ts";
import { audit } from "./audit.ts";

export type StaffRole = Exclude<Role, "guardian" | "student">;
export const STAFF_ROLES: StaffRole[] = ["bursar", "secretary", "counter", "kitchen", "auditor"];

/** lastDay: "2026-11-23", the last on which they log in; "" for no end. */
export type StaffAct =
  | { kind: "addStaff"; name: string; username: string; address: string; role: string }
  | { kind: "changeStaff"; person: number; role: string; lastDay: string };
export type StaffRefusal =
  | "no-name"
  | "bad-username"
  | "bad-address"
  | "bad-role"
  | "bad-day"
  | "unknown-person"
  | "username-taken"
  | "yourself"
  | "last-bursar";
/** id: of whoever was added just now. */
export type StaffResult = { ok: true; id?: number } | { ok: false; reason: StaffRefusal };

const NAME_CHARACTERS_MAX = 80;
const USERNAME = /^[a-z0-9][a-z0-9._-]{1,39}$/;

type Doer = { by: number; at: number };

export function runStaffAct(ledger: Ledger, act: StaffAct & Doer): Promise<StaffResult> {
  return inTurn(ledger, () =>
    act.kind === "addStaff" ? addStaff(ledger, act) : changeStaff(ledger, act),
  );
}

type Adding = Extract<StaffAct, { kind: "addStaff" }> & Doer;

/** The same form again finds the person that it has added. */
async function addStaff(ledger: Ledger, act: Adding): Promise<StaffResult> {
  const { username, address } = act;
  const name = act.name.trim().normalize("NFC");
  const role = roleIn(act.role);
  if (!name || name.length > NAME_CHARACTERS_MAX) return { ok: false, reason: "no-name" };
  if (!USERNAME.test(username)) return { ok: false, reason: "bad-username" };
  if (address && !isAddress(address)) return { ok: false, reason: "bad-address" };
  if (!role) return { ok: false, reason: "bad-role" };
  const found = await ledger.client.execute({
    sql: "select name, role, address from person where username = ?",
    args: [username],
  });
  const [known] = found.rows;
  if (known) {
    const isSame = known["name"] === name && known["role"] === role && known["address"] === address;
    return isSame ? { ok: true } : { ok: false, reason: "username-taken" };
  }
  const next = await ledger.client.execute("select coalesce(max(id), 0) + 1 as id from person");
  const id = numberIn(next.rows[0], "id");
  await ledger.client.batch(
    [
      {
        sql: `insert into person(id, username, name, role, address, created_at)
          values(?, ?, ?, ?, ?, ?)`,
        args: [id, username, name, role, address, act.at],
      },
      audit({
        author: act.by,
        at: act.at,
        action: "staff.add",
        subject: `person/${id}`,
        after: { name, username, address, role },
      }),
    ],
    "write",
  );
  return { ok: true, id };
}

type Changing = Extract<StaffAct, { kind: "changeStaff" }> & Doer;

async function changeStaff(ledger: Ledger, act: Changing): Promise<StaffResult> {
  const role = roleIn(act.role);
  const endsAt = endIn(act.lastDay);
  if (!role) return { ok: false, reason: "bad-role" };
  if (endsAt === undefined) return { ok: false, reason: "bad-day" };
  const [found, others] = await ledger.client.batch(
    [
      { sql: "select id, role, ends_at from person where id = ?", args: [act.person] },
      {
        sql: `select count(*) as bursars from person where role = 'bursar' and id <> ?
          and (ends_at = 0 or ends_at > ?)`,
        args: [act.person, act.at],
      },
    ],
    "read",
  );
  const before = personIn(found?.rows[0]);
  if (!before) return { ok: false, reason: "unknown-person" };
  if (before.role === role && before.endsAt === endsAt) return { ok: true };
  if (act.person === act.by) return { ok: false, reason: "yourself" };
  const isLast = before.role === "bursar" && numberIn(others?.rows[0], "bursars") === 0;
  if (isLast && (role !== "bursar" || endsAt > 0)) return { ok: false, reason: "last-bursar" };
  await ledger.client.batch(changesOf(act, before, { role, endsAt }), "write");
  return { ok: true };
}

type Standing = { role: StaffRole; endsAt: number };

/** With another role, or after the end, whoever is logged in has to log in again. */
function changesOf(act: Changing, before: Standing, after: Standing): InStatement[] {
  return [
    {
      sql: "update person set role = ?, ends_at = ? where id = ?",
      args: [after.role, after.endsAt, act.person],
    },
    {
      sql: "delete from session where user_id = ? and (? or ?)",
      args: [
        act.person,
        Number(before.role !== after.role),
        Number(after.endsAt > 0 && after.endsAt <= act.at),
      ],
    },
    audit({
      author: act.by,
      at: act.at,
      action: "staff.change",
      subject: `person/${act.person}`,
      before,
      after,
    }),
  ];
}

/** Guardians and students are not staff, and do not become it. */
function personIn(row: Row | undefined): Standing | undefined {
  const role = row && roleIn(textIn(row, "role"));
  return role && { role, endsAt: numberIn(row, "ends_at") };
}

function roleIn(text: string): StaffRole | undefined {
  return STAFF_ROLES.find((role) => role === text);
}
