// People as the school's office sees them: who has an account, who has opened it, whom mail does not reach.

import type { Client } from "@libsql/client/web";
import { asc, eq, inArray } from "drizzle-orm";
import { guardianship, person, school, student } from "#edge/ledger/schema.ts";
import { numberIn } from "#edge/ledger/row.ts";
import type { Language, Role } from "#edge/session.ts";
import type { Database } from "./database.ts";

export async function readSchoolName(database: Database): Promise<string> {
  const rows = await database.select({ name: school.name }).from(school);
  return rows[0]?.name ?? "";
}

/** activatedAt, invitedAt: 0 for never. children: of a guardian; the student of a student's own account. */
export type AccountFile = {
  id: number;
  username: string;
  name: string;
  role: Role;
  language: Language;
  address: string;
  activatedAt: number;
  endsAt: number;
  invitedAt: number;
  hasSecondFactor: boolean;
  children: { id: number; firstName: string; lastName: string; class: string }[];
};
export type PeopleFilter = {
  name: string;
  state: "" | "closed" | "open" | "no-mail";
  group: string;
};

/** Those whose name, username or address holds every word; group: a class, "" for all. */
export async function readPeople(
  client: Client,
  database: Database,
  filter: PeopleFilter,
): Promise<AccountFile[]> {
  const files = await readFiles(client, database);
  const words = plain(filter.name).split(" ").filter(Boolean);
  return files.filter((one) => {
    const said = plain(`${one.name} ${one.username} ${one.address}`);
    if (!words.every((word) => said.includes(word))) return false;
    if (filter.group && !one.children.some((child) => child.class === filter.group)) return false;
    if (filter.state === "closed") return !one.activatedAt;
    if (filter.state === "open") return one.activatedAt > 0;
    return filter.state !== "no-mail" || !one.address;
  });
}

export async function readPerson(
  client: Client,
  database: Database,
  id: number,
): Promise<AccountFile | undefined> {
  return (await readFiles(client, database, id))[0];
}

async function readFiles(client: Client, database: Database, id?: number): Promise<AccountFile[]> {
  const [people, ties, facts] = await Promise.all([
    database
      .select()
      .from(person)
      .where(id === undefined ? undefined : eq(person.id, id))
      .orderBy(asc(person.name), asc(person.id)),
    database
      .select({
        person: guardianship.person,
        id: student.id,
        firstName: student.firstName,
        lastName: student.lastName,
        class: student.class,
      })
      .from(guardianship)
      .innerJoin(student, eq(student.id, guardianship.student))
      .where(id === undefined ? undefined : inArray(guardianship.person, [id])),
    client.execute({
      sql: `select p.id, p.two_factor_enabled
          or exists(select 1 from passkey where user_id = p.id) as second,
          coalesce((select max(created_at) from invitation where person = p.id), 0) as invited
        from person p where ?1 is null or p.id = ?1`,
      args: [id ?? null],
    }),
  ]);
  const childrenOf = Map.groupBy(ties, (tie) => tie.person);
  const factsOf = new Map(facts.rows.map((row) => [numberIn(row, "id"), row]));
  return people.map((one) => ({
    id: one.id,
    username: one.username,
    name: one.name,
    role: one.role,
    language: one.language,
    address: one.address,
    activatedAt: one.activatedAt,
    endsAt: one.endsAt,
    invitedAt: numberIn(factsOf.get(one.id), "invited"),
    hasSecondFactor: numberIn(factsOf.get(one.id), "second") === 1,
    children: (childrenOf.get(one.id) ?? []).map(({ person: _guardian, ...child }) => child),
  }));
}

function plain(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase()
    .trim();
}
