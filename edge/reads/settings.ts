// What the school has set for itself.

import { asc } from "drizzle-orm";
import { committee, school } from "#edge/ledger/schema.ts";
import type { Database } from "./database.ts";

/** closesAt: minutes after midnight in Brussels; undefined while there is no school. */
export type Settings = {
  closesAt: number | undefined;
  keepers: (typeof committee.$inferSelect)[];
};

export async function readSettings(database: Database): Promise<Settings> {
  const [schools, keepers] = await database.batch([
    database.select({ closesAt: school.closesAt }).from(school),
    database.select().from(committee).orderBy(asc(committee.address)),
  ]);
  return { closesAt: schools[0]?.closesAt, keepers };
}
