// Which guardian of the file is which person of the school. One address is one person; somebody without an address is
// known by name among the guardians of the same student only, since two families may well have a Paul Lambert each. Pure.

import type { Language } from "#edge/session.ts";
import { plainOf } from "./plain.ts";
import type { GuardianLine, StudentLine } from "./read-line.ts";
import { nameOf } from "./read-line.ts";
import type { Roll, RollGuardian } from "./roll.ts";
import { takeUsername } from "./username.ts";

/** A person who is new, or whose name or address changes; username and language are for a new one. */
export type PlannedGuardian = {
  id: number;
  isNew: boolean;
  name: string;
  address: string;
  username: string;
  language: Language;
  before: { name: string; address: string };
};
/** student: its id, known or new. */
export type Placed = { student: number; line: StudentLine };
/** links: by student, the people who answer for it in the file. */
export type GuardianPlan = { guardians: PlannedGuardian[]; links: Map<number, number[]> };

type Identity = {
  name: string;
  address: string;
  language: Language | undefined;
  students: number[];
};

/** placed must always come in the same order, for new people get their numbers and usernames by it. */
export function planGuardians(placed: Placed[], roll: Roll): GuardianPlan {
  const identities = identitiesIn(placed);
  const people = findPeople(identities, roll);
  const usernames = new Set(roll.usernames);
  const guardians: PlannedGuardian[] = [];
  const ids = new Map<string, number>();
  let { lastPerson } = roll;
  for (const [key, identity] of identities) {
    const known = people.get(key);
    const id = known?.id ?? ++lastPerson;
    ids.set(key, id);
    const before = { name: known?.name ?? "", address: known?.address ?? "" };
    const after = { name: identity.name, address: identity.address || before.address };
    if (known && before.name === after.name && before.address === after.address) continue;
    if (guardians.some((one) => one.id === id)) continue;
    const username = known ? "" : takeUsername(identity.name, usernames);
    const language = identity.language ?? "fr";
    guardians.push({ id, isNew: !known, ...after, username, language, before });
  }
  const links = placed.map(({ student, line }): [number, number[]] => [
    student,
    line.guardians.map((one) => ids.get(keyOf(one, line)) ?? 0),
  ]);
  return { guardians, links: new Map(links) };
}

/** The address under which the school knows somebody of another name; undefined when all is as it should be. */
export function addressOfAnother(line: StudentLine, holders: Holders): string | undefined {
  return line.guardians.find((guardian) => {
    const known = guardian.address ? holders.get(guardian.address) : undefined;
    return known && !known.some((one) => isNamed(one, nameOf(guardian)));
  })?.address;
}

export type Holders = Map<string, RollGuardian[]>;

export function holdersIn(roll: Roll): Holders {
  return Map.groupBy(
    roll.guardians.filter(({ address }) => address),
    ({ address }) => address,
  );
}

function identitiesIn(placed: Placed[]): Map<string, Identity> {
  const identities = new Map<string, Identity>();
  for (const { student, line } of placed)
    for (const guardian of line.guardians) {
      const key = keyOf(guardian, line);
      const { address, language } = guardian;
      const known = identities.get(key);
      const identity = known ?? { name: nameOf(guardian), address, language, students: [] };
      identity.students.push(student);
      identity.language ??= language;
      identities.set(key, identity);
    }
  return identities;
}

function keyOf(guardian: GuardianLine, line: StudentLine): string {
  const { address } = guardian;
  return address ? `@${address}` : `${line.number}|${plainOf(nameOf(guardian))}`;
}

/** By key. Addresses first: whoever is found by one is not taken for somebody else of that name. */
function findPeople(identities: Map<string, Identity>, roll: Roll): Map<string, RollGuardian> {
  const found = new Map<string, RollGuardian>();
  const claimed = new Set<number>();
  const holders = holdersIn(roll);
  const claim = (key: string, person: RollGuardian | undefined): void => {
    if (!person) return;
    found.set(key, person);
    claimed.add(person.id);
  };
  for (const [key, { address, name }] of identities)
    if (address)
      claim(
        key,
        holders.get(address)?.find((one) => isNamed(one, name)),
      );
  const people = new Map(roll.guardians.map((one) => [one.id, one]));
  const guardiansOf = new Map(roll.students.map((one) => [one.id, one.guardians]));
  for (const [key, { address, name, students }] of identities) {
    if (found.has(key)) continue;
    const near = students
      .flatMap((student) => guardiansOf.get(student) ?? [])
      .flatMap((id) => people.get(id) ?? [])
      .filter((one) => isNamed(one, name));
    const free = near.find((one) => !claimed.has(one.id));
    claim(key, free ?? (address ? undefined : near[0]));
  }
  return found;
}

function isNamed({ name }: RollGuardian, other: string): boolean {
  return plainOf(name) === plainOf(other);
}
