// Who works for the school in Obole, those who have left last.

import { and, asc, inArray, sql } from "drizzle-orm";
import { person } from "#edge/ledger/schema.ts";
import { STAFF_ROLES } from "#edge/people/staff.ts";
import type { StaffRole } from "#edge/people/staff.ts";
import type { Database } from "./database.ts";

/** lastDay: "2026-11-23", the last on which they log in; "" for no end. */
export type Member = {
  id: number;
  username: string;
  name: string;
  address: string;
  role: StaffRole;
  lastDay: string;
  hasLeft: boolean;
};

const DAY = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Brussels" });

/** now in seconds since 1970. */
export async function readStaff(database: Database, now: number): Promise<Member[]> {
  const rows = await database
    .select({
      id: person.id,
      username: person.username,
      name: person.name,
      address: person.address,
      role: person.role,
      endsAt: person.endsAt,
    })
    .from(person)
    .where(
      and(
        inArray(person.role, STAFF_ROLES),
        sql`not exists(select 1 from erasure where subject = 'person/' || ${person.id})`,
      ),
    )
    .orderBy(sql`${person.endsAt} > 0 and ${person.endsAt} <= ${now}`, asc(person.name));
  return rows.flatMap(({ endsAt, role, ...one }) => {
    const known = STAFF_ROLES.find((staff) => staff === role);
    const lastDay = endsAt ? DAY.format((endsAt - 1) * 1000) : "";
    return known ? [{ ...one, role: known, lastDay, hasLeft: endsAt > 0 && endsAt <= now }] : [];
  });
}
