// The school's name and the people who may log in.

import { eq } from "drizzle-orm";
import { person, school } from "#edge/ledger/schema.ts";
import type { Person } from "#edge/session.ts";
import type { Database } from "./database.ts";

/** Usernames are stored in lower case; people type them as they like. */
export async function readLogIn(
  database: Database,
  username: string,
): Promise<(Person & { password: string }) | undefined> {
  const rows = await database
    .select()
    .from(person)
    .where(eq(person.username, username.trim().toLowerCase()));
  return rows[0];
}

export async function readSchoolName(database: Database): Promise<string> {
  const rows = await database.select({ name: school.name }).from(school);
  return rows[0]?.name ?? "";
}
