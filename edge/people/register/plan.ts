// What a register file would change: pure, from the lines of the file and the register as it stands. Nothing that the
// file does not mention is touched; who is missing from it is only listed.

import type { Language } from "#edge/session.ts";
import { plainOf } from "./columns.ts";
import type { Listed, ListedGuardian } from "./read-register.ts";

export type KnownStudent = {
  id: number;
  number: string | null;
  firstName: string;
  lastName: string;
  class: string;
  allergens: number;
  leftOn: number;
};
export type KnownGuardian = {
  id: number;
  username: string;
  name: string;
  address: string;
  language: Language;
};
export type Known = {
  students: KnownStudent[];
  /** All people, since usernames are unique among all. */
  usernames: string[];
  guardians: KnownGuardian[];
  ties: { person: number; student: number }[];
  nextStudent: number;
  nextPerson: number;
};

export type StudentRow = {
  id: number;
  number: string;
  firstName: string;
  lastName: string;
  class: string;
  allergens: number;
};
/** before: what differs, as it was. */
export type StudentChange = StudentRow & { before: Partial<StudentRow> & { leftOn?: number } };
export type GuardianRow = KnownGuardian & { before?: { address: string; language: Language } };
export type Plan = {
  added: StudentRow[];
  changed: StudentChange[];
  unchanged: number;
  guardiansAdded: GuardianRow[];
  guardiansChanged: GuardianRow[];
  ties: { person: number; student: number }[];
  /** Here now, with a number, and not in the file: perhaps leavers. */
  missing: KnownStudent[];
  /** In the register and not in the file; their access is not taken by a file. */
  otherGuardians: { person: number; student: number }[];
  /** Ids of the students in the file, in its order. */
  listed: { student: number; class: string }[];
};

const FIELDS = ["number", "firstName", "lastName", "class", "allergens"] as const;

export function planImport(listed: Listed[], known: Known): Plan {
  const plan: Plan = {
    added: [],
    changed: [],
    unchanged: 0,
    guardiansAdded: [],
    guardiansChanged: [],
    ties: [],
    missing: [],
    otherGuardians: [],
    listed: [],
  };
  const byNumber = new Map(known.students.map((one) => [one.number, one]));
  const people = openPeople(known, plan, listed);
  let nextStudent = known.nextStudent;
  for (const line of listed) {
    const before = byNumber.get(line.number);
    const id = before?.id ?? nextStudent++;
    placeStudent(plan, line, before, id);
    plan.listed.push({ student: id, class: line.class });
    const found = line.guardians.map((guardian) => people.find(id, guardian));
    for (const person of found) if (people.tie(person, id)) plan.ties.push({ person, student: id });
    for (const person of people.tiedTo(id))
      if (!found.includes(person)) plan.otherGuardians.push({ person, student: id });
  }
  const inFile = new Set(listed.map(({ number }) => number));
  plan.missing = known.students.filter(
    ({ number, leftOn }) => number !== null && !leftOn && !inFile.has(number),
  );
  return plan;
}

/** Without a column of allergens those that are known stay. Who comes back has left no more. */
function placeStudent(
  plan: Plan,
  line: Listed,
  before: KnownStudent | undefined,
  id: number,
): void {
  const { number, firstName, lastName } = line;
  const allergens = line.allergens ?? before?.allergens ?? 0;
  const row = { id, number, firstName, lastName, class: line.class, allergens };
  if (!before) {
    plan.added.push(row);
    return;
  }
  const differing = FIELDS.filter((field) => before[field] !== row[field]);
  const was = Object.fromEntries(differing.map((field) => [field, before[field]]));
  if (before.leftOn) Object.assign(was, { leftOn: before.leftOn });
  if (Object.keys(was).length) plan.changed.push({ ...row, before: was });
  else plan.unchanged++;
}

/** Somebody's guardian is known by the name among that student's guardians, or else by name and address together: the
 * same address with another name is another person of the house. A person's address changes only if all lines agree on
 * it; those that do not are about a namesake. */
function openPeople(known: Known, plan: Plan, listed: Listed[]) {
  const byId = new Map<number, GuardianRow>(known.guardians.map((one) => [one.id, one]));
  const byAddress = new Map(
    known.guardians.filter(({ address }) => address).map((one) => [keyOf(one), one.id]),
  );
  const persons = new Map(
    [...Map.groupBy(known.ties, ({ student }) => student)].map(([student, ties]) => [
      student,
      new Set(ties.map(({ person }) => person)),
    ]),
  );
  const tiedTo = (student: number): number[] => [...(persons.get(student) ?? [])];
  const namesakes = (student: number, name: string): GuardianRow[] =>
    tiedTo(student)
      .flatMap((id) => byId.get(id) ?? [])
      .filter((one) => plainOf(one.name) === plainOf(name));
  const stated = statedAddresses(listed, known, namesakes);
  const settled = new Set<number>();
  const usernames = new Set(known.usernames);
  let nextPerson = known.nextPerson;

  function knownAs(student: number, name: string, address: string): number | undefined {
    const own = namesakes(student, name);
    const exact = own.find((one) => one.address.toLowerCase() === address);
    if (exact) return exact.id;
    const moved = own.find(({ id }) => !address || (stated.get(id)?.size ?? 0) < 2);
    return moved?.id ?? (address ? byAddress.get(keyOf({ name, address })) : undefined);
  }
  return {
    tiedTo,
    /** True when it is new. */
    tie(person: number, student: number): boolean {
      const of = persons.get(student) ?? new Set();
      persons.set(student, of);
      return of.size !== of.add(person).size;
    },
    find(student: number, guardian: ListedGuardian): number {
      const { address, language } = guardian;
      const name = `${guardian.firstName} ${guardian.lastName}`;
      const before = byId.get(knownAs(student, name, address) ?? 0);
      if (!before) {
        const username = freeUsername(name, usernames);
        const row = { id: nextPerson++, username, name, address, language: language ?? "fr" };
        byId.set(row.id, row);
        if (address) byAddress.set(keyOf(row), row.id);
        settled.add(row.id);
        plan.guardiansAdded.push(row);
        return row.id;
      }
      if (!settled.has(before.id)) renew(plan, byId, before, guardian);
      settled.add(before.id);
      return before.id;
    },
  };
}

/** By person, the addresses that lines give to whoever has that name among their student's guardians. */
function statedAddresses(
  listed: Listed[],
  known: Known,
  namesakes: (student: number, name: string) => GuardianRow[],
): Map<number, Set<string>> {
  const ids = new Map(known.students.map((one) => [one.number, one.id]));
  const stated = new Map<number, Set<string>>();
  for (const { number, guardians } of listed)
    for (const { firstName, lastName, address } of guardians)
      for (const { id } of namesakes(ids.get(number) ?? 0, `${firstName} ${lastName}`))
        if (address) stated.set(id, (stated.get(id) ?? new Set()).add(address));
  return stated;
}

function keyOf({ name, address }: { name: string; address: string }): string {
  return `${address.toLowerCase()} ${plainOf(name)}`;
}

/** What the file leaves empty stays as it was. */
function renew(
  plan: Plan,
  byId: Map<number, GuardianRow>,
  known: GuardianRow,
  listed: ListedGuardian,
): void {
  const address = listed.address || known.address;
  const language = listed.language ?? known.language;
  if (address === known.address && language === known.language) return;
  const before = { address: known.address, language: known.language };
  const row: GuardianRow = { ...known, address, language, before };
  byId.set(row.id, row);
  plan.guardiansChanged.push(row);
}

/** paul.lambert, or paul.lambert2 when that is taken. */
export function freeUsername(name: string, taken: Set<string>): string {
  const words = name
    .split(/[\s'’-]+/)
    .map(plainOf)
    .filter(Boolean);
  const wanted = words.join(".").slice(0, 40) || "compte";
  let username = wanted;
  for (let count = 2; taken.has(username); count++) username = wanted + count;
  taken.add(username);
  return username;
}
