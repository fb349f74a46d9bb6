// Who answers for a student, as the office says so by hand: somebody whom the school knows already, or a new person, who
// gets a username at once and a way in from the page of accounts.

import type { Row } from "@libsql/client/web";
import type { Ledger } from "#edge/ledger/ledger.ts";
import { inTurn } from "#edge/ledger/ledger.ts";
import { numberIn, textIn } from "#edge/ledger/row.ts";
import type { Language } from "#edge/session.ts";
import { audit } from "../audit.ts";
import { isAddress } from "./address.ts";
import { plainOf } from "./plain.ts";
import { flawOf, tidy } from "./rules.ts";
import { takeUsername } from "./username.ts";

/** named: a username, or a mail address that only one guardian has. */
export type LinkGuardian = { kind: "linkGuardian"; student: number; named: string };
export type CreateGuardian = {
  kind: "createGuardian";
  student: number;
  firstName: string;
  lastName: string;
  address: string;
  language: Language;
};
/** student: one for whom the person answers; what changes is the person's everywhere. */
export type ChangeGuardian = {
  kind: "changeGuardian";
  student: number;
  person: number;
  name: string;
  address: string;
};
export type RemoveGuardian = {
  kind: "removeGuardian";
  student: number;
  person: number;
  reason: string;
};
type Asked = { by: number; at: number };
export type GuardianRefusal =
  | "unknown-student"
  | "unknown-person"
  | "several-people"
  | "bad-name"
  | "bad-address"
  | "address-known"
  | "no-reason";
type Result = { ok: true } | { ok: false; reason: GuardianRefusal };

const NAME_LENGTH_MAX = 121;

export function linkGuardian(ledger: Ledger, act: Asked & LinkGuardian): Promise<Result> {
  return inTurn(ledger, async () => {
    if (!(await isStudent(ledger, act.student))) return refuse("unknown-student");
    const named = act.named.trim().toLowerCase();
    const found = await ledger.client.execute({
      sql: `select id from person where role = 'guardian' and ?1 <> ''
        and (username = ?1 or lower(address) = ?1)`,
      args: [named],
    });
    if (found.rows.length > 1) return refuse("several-people");
    const [row] = found.rows;
    if (!row) return refuse("unknown-person");
    const person = numberIn(row, "id");
    if (await isGuardian(ledger, person, act.student)) return { ok: true };
    await ledger.client.batch([link(person, act.student), added(act, person)], "write");
    return { ok: true };
  });
}

/** Sent twice, it finds the person it has made. */
export function createGuardian(ledger: Ledger, act: Asked & CreateGuardian): Promise<Result> {
  return inTurn(ledger, async () => {
    const { by: author, at, student, language } = act;
    if (!(await isStudent(ledger, student))) return refuse("unknown-student");
    const firstName = tidy(act.firstName);
    const lastName = tidy(act.lastName);
    const isNamed = firstName !== "" && lastName !== "";
    if (!isNamed || flawOf("firstName", firstName) || flawOf("lastName", lastName))
      return refuse("bad-name");
    const address = act.address.trim().toLowerCase();
    if (address && !isAddress(address)) return refuse("bad-address");
    const name = `${firstName} ${lastName}`;
    const near = await readPeople(ledger, student);
    if (near.some((one) => one.isHere && plainOf(one.name) === plainOf(name))) return { ok: true };
    if (address && near.some((one) => one.address === address && isSame(one.name, name)))
      return refuse("address-known");
    const person = near.reduce((last, { id }) => Math.max(last, id), 0) + 1;
    const username = takeUsername(name, new Set(near.map((one) => one.username)));
    const subject = `person/${person}`;
    await ledger.client.batch(
      [
        {
          sql: `insert into person(id, username, name, role, language, address, created_at,
              updated_at) values(?, ?, ?, 'guardian', ?, ?, ?, ?)`,
          args: [person, username, name, language, address, at, at],
        },
        link(person, student),
        audit({ author, at, action: "person.add", subject, after: { username, name, address } }),
        added(act, person),
      ],
      "write",
    );
    return { ok: true };
  });
}

export function changeGuardian(ledger: Ledger, act: Asked & ChangeGuardian): Promise<Result> {
  return inTurn(ledger, async () => {
    const { by: author, at, person } = act;
    const near = await readPeople(ledger, act.student);
    const known = near.find((one) => one.id === person && one.isHere);
    if (!known) return refuse("unknown-person");
    const name = tidy(act.name);
    const isLong = name.length > NAME_LENGTH_MAX;
    if (!name || isLong || flawOf("lastName", name.slice(0, 1))) return refuse("bad-name");
    const address = act.address.trim().toLowerCase();
    if (address && !isAddress(address)) return refuse("bad-address");
    if (name === known.name && address === known.address) return { ok: true };
    const before = { name: known.name, address: known.address };
    const subject = `person/${person}`;
    await ledger.client.batch(
      [
        {
          sql: "update person set name = ?, address = ?, updated_at = ? where id = ?",
          args: [name, address, at, person],
        },
        audit({ author, at, action: "person.change", subject, before, after: { name, address } }),
      ],
      "write",
    );
    return { ok: true };
  });
}

export function removeGuardian(ledger: Ledger, act: Asked & RemoveGuardian): Promise<Result> {
  return inTurn(ledger, async () => {
    const { by: author, at, person, student } = act;
    const reason = tidy(act.reason);
    if (!reason) return refuse("no-reason");
    if (!(await isGuardian(ledger, person, student))) return { ok: true };
    const subject = `student/${student}`;
    await ledger.client.batch(
      [
        {
          sql: "delete from guardianship where person = ? and student = ?",
          args: [person, student],
        },
        audit({ author, at, action: "guardian.remove", subject, before: { person }, reason }),
      ],
      "write",
    );
    return { ok: true };
  });
}

const refuse = (reason: GuardianRefusal): Result => ({ ok: false, reason });

const isSame = (one: string, other: string): boolean => plainOf(one) === plainOf(other);

function link(person: number, student: number) {
  return {
    sql: "insert or ignore into guardianship(person, student) values(?, ?)",
    args: [person, student],
  };
}

function added({ by: author, at, student }: Asked & { student: number }, person: number) {
  const subject = `student/${student}`;
  return audit({ author, at, action: "guardian.add", subject, after: { person } });
}

async function isStudent(ledger: Ledger, student: number): Promise<boolean> {
  const found = await ledger.client.execute({
    sql: "select 1 from student where id = ?",
    args: [student],
  });
  return found.rows.length > 0;
}

async function isGuardian(ledger: Ledger, person: number, student: number): Promise<boolean> {
  const found = await ledger.client.execute({
    sql: "select 1 from guardianship where person = ? and student = ?",
    args: [person, student],
  });
  return found.rows.length > 0;
}

/** Everybody; isHere: answers for this student. */
async function readPeople(ledger: Ledger, student: number) {
  const found = await ledger.client.execute({
    sql: `select id, username, name, lower(address) as address, role = 'guardian' and exists(
        select 1 from guardianship g where g.person = p.id and g.student = ?) as here
      from person p`,
    args: [student],
  });
  return found.rows.map((row: Row) => ({
    id: numberIn(row, "id"),
    username: textIn(row, "username"),
    name: textIn(row, "name"),
    address: textIn(row, "address"),
    isHere: numberIn(row, "here") > 0,
  }));
}
