// What every page finds in its context: who asks, when, what may be read and what may be asked to be written.
// The dashboard knows edge only through this type.

import type { Client } from "@libsql/client/web";
import type { Context, MiddlewareHandler } from "hono";
import { schoolDay } from "#edge/order-lists.ts";
import { databaseOf } from "#edge/reads/database.ts";
import type { Database } from "#edge/reads/database.ts";
import type { Until } from "#edge/reads/accounts.ts";
import { readAccount, readAccounts } from "#edge/reads/accounts.ts";
import { readClosable, readPeriods } from "#edge/reads/periods.ts";
import { readCommand } from "#edge/reads/commands.ts";
import { readEvidence } from "#edge/reads/evidence.ts";
import { readHeads, readMail } from "#edge/reads/heads.ts";
import { readDevices, readReserved } from "#edge/reads/leases.ts";
import { readMovements } from "#edge/reads/movements.ts";
import { readOrders } from "#edge/reads/orders.ts";
import { readReceipt } from "#edge/reads/receipt.ts";
import { readSchoolName } from "#edge/reads/people.ts";
import { readDay } from "#edge/reads/purchases.ts";
import { readChild, readChildren, readStudent, readStudents } from "#edge/reads/students.ts";
import { readSettings } from "#edge/reads/settings.ts";
import { readTerminals } from "#edge/reads/terminals.ts";
import type { Source } from "#edge/reads/source.ts";
import {
  readAbsences,
  readAbsent,
  readRegister,
  readRegisterFile,
  readSchoolYear,
} from "#edge/reads/register.ts";
import type { Person } from "#edge/session.ts";
import { personOf } from "#edge/session.ts";
import type { Desk } from "./desk.ts";
import { logIn, logOut } from "./log-in.ts";
import { readImports, readPreview } from "./register/imports.ts";
import type { Promotion } from "./register/promotion.ts";
import { readPromotion } from "./register/promotion.ts";

function readsOf(client: Client, database: Database) {
  return {
    day: (dayStart: number, limit: number) => readDay(database, dayStart, limit),
    students: (search: string, group: string) => readStudents(database, search, group),
    student: (id: number) => readStudent(database, id),
    children: (guardian: number) => readChildren(database, guardian),
    child: (guardian: number, id: number) => readChild(database, guardian, id),
    movements: (of: { id: number; account: number }, before: number, limit: number) =>
      readMovements(database, of, before, limit),
    evidence: (of: Source) => readEvidence(database, of),
    command: (id: string) => readCommand(database, id),
    schoolDay: (now: number) => schoolDay(now * 1000),
    orders: (student: number, now: number) => readOrders(database, student, now),
    reserved: (student: number) => readReserved(database, student),
    devices: () => readDevices(database),
    accounts: (until: Until) => readAccounts(database, until),
    account: (id: number, until: Until, before: number, limit: number) =>
      readAccount(database, id, until, before, limit),
    periods: (account: number) => readPeriods(client, account),
    closable: (now: number) => readClosable(client, now),
    receipt: (of: Source) => readReceipt(database, of),
    heads: () => readHeads(database),
    mail: () => readMail(database),
    settings: () => readSettings(database),
    terminals: (quarantineMax: number) => readTerminals(database, quarantineMax),
    register: (asked: { search: string; group: string; hasLeft: boolean }, day: number) =>
      readRegister(database, asked, day),
    registerFile: (id: number, day: number) => readRegisterFile(database, id, day),
    absences: (day: number) => readAbsences(database, day),
    absentOn: (day: number) => readAbsent(database, day),
    schoolYear: () => readSchoolYear(database),
    imports: () => readImports(client),
    importPreview: (id: string) => readPreview(client, id),
    promotion: (asked: Promotion) => readPromotion(client, asked),
  };
}

export type Reads = ReturnType<typeof readsOf>;
export type Visit = {
  /** Seconds since 1970. */
  now: number;
  school: string;
  person: Person | undefined;
  reads: Reads;
  desk: Desk;
  logIn: (given: { username: string; password: string }) => ReturnType<typeof logIn>;
  logOut: () => Promise<void>;
};

/** client reads; desk writes. */
export function visit(
  parts: (c: Context) => { client: Client; desk: Desk; now: number },
): MiddlewareHandler<{ Variables: Visit }> {
  return async (c, next) => {
    const { client, desk, now } = parts(c);
    const database = databaseOf(client);
    const [person, school] = await Promise.all([
      personOf(c, database, now),
      readSchoolName(database),
    ]);
    c.set("now", now);
    c.set("school", school);
    c.set("person", person);
    c.set("reads", readsOf(client, database));
    c.set("desk", desk);
    c.set("logIn", (given) => logIn(c, { database, desk, now }, given));
    c.set("logOut", () => logOut(c, desk));
    await next();
  };
}
