// The school's name and the people who may log in.

import { school } from "#edge/ledger/schema.ts";
import type { Database } from "./database.ts";

export async function readSchoolName(database: Database): Promise<string> {
  const rows = await database.select({ name: school.name }).from(school);
  return rows[0]?.name ?? "";
}
