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
import type { Evidence } from "#edge/reads/evidence.ts";
import { readEvidence } from "#edge/reads/evidence.ts";
import { readHeads, readMail } from "#edge/reads/heads.ts";
import { readDevices, readReserved } from "#edge/reads/leases.ts";
import { readMovements } from "#edge/reads/movements.ts";
import { isAnothers, readerOf } from "#edge/reads/payers.ts";
import { readOrders } from "#edge/reads/orders.ts";
import { readOpened, readOwnAccount } from "#edge/reads/own-account.ts";
import { readReceipt } from "#edge/reads/receipt.ts";
import type { PeopleFilter } from "#edge/reads/people.ts";
import { readPeople, readPerson, readSchoolName } from "#edge/reads/people.ts";
import { readDay } from "#edge/reads/purchases.ts";
import { csvOf } from "#edge/csv.ts";
import type { AuditQuery } from "#edge/reads/audit.ts";
import { readAudit, readAuditChoices } from "#edge/reads/audit.ts";
import type { Subject } from "#edge/reads/privacy.ts";
import { listStored, readOwnFile, readSubject } from "#edge/reads/privacy.ts";
import { readBadges } from "#edge/reads/badges.ts";
import type { HeldCard } from "#edge/reads/cards.ts";
import { readBlock, readCard, readCardList, readCards } from "#edge/reads/cards.ts";
import { readStaff } from "#edge/reads/staff.ts";
import { readKitchen } from "#edge/reads/kitchen.ts";
import { readShift } from "#edge/reads/counter.ts";
import { readChild, readChildren, readStudent, readStudents } from "#edge/reads/students.ts";
import { readOwnStudent } from "#edge/reads/students.ts";
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
import type { Person, Site } from "#edge/session.ts";
import { personOf } from "#edge/session.ts";
import type { Letter } from "./accounts/letter.ts";
import { printLetters } from "./accounts/letter.ts";
import type { Answer, Browser, Knock } from "./accounts/knock.ts";
import type { Desk } from "./desk.ts";
import { readImports, readPreview } from "./register/imports.ts";
import type { Promotion } from "./register/promotion.ts";
import { readPromotion } from "./register/promotion.ts";

function readsOf(client: Client, database: Database) {
  return {
    day: (dayStart: number, limit: number) => readDay(database, dayStart, limit),
    students: (search: string, group: string) => readStudents(database, search, group),
    student: (id: number) => readStudent(database, id),
    children: (guardian: number) => readChildren(database, guardian),
    ownStudent: (account: number) => readOwnStudent(database, account),
    child: (guardian: number, id: number) => readChild(database, guardian, id),
    movements: (of: { id: number; account: number }, before: number, limit: number) =>
      readMovements(database, of, before, limit),
    /** As this guardian of theirs may see them. */
    movementsFor: async (
      guardian: number,
      of: { id: number; account: number },
      before: number,
      limit: number,
    ) => {
      const reader = await readerOf(database, guardian, of.id);
      return readMovements(database, of, before, limit, reader);
    },
    /** Whether a movement is a payment that another guardian of this student may have made. */
    isAnothers: async (guardian: number, student: number, found: Evidence) => {
      const reader = await readerOf(database, guardian, student);
      return isAnothers(found.kind, found.command?.payer ?? 0, reader);
    },
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
    people: (filter: PeopleFilter) => readPeople(client, database, filter),
    person: (id: number) => readPerson(client, database, id),
    opened: (code: string, now: number) => readOpened(client, database, code, now),
    ownAccount: (person: number, now: number) => readOwnAccount(client, database, person, now),
    kitchen: (today: number) => readKitchen(client, today),
    shift: (operator: number, dayStart: number) => readShift(database, operator, dayStart),
    audit: (query: AuditQuery, limit: number) => readAudit(client, query, limit),
    auditChoices: () => readAuditChoices(client),
    csv: (rows: (string | number)[][]) => csvOf(rows),
    staff: (now: number) => readStaff(database, now),
    badges: (now: number) => readBadges(client, now),
    cards: (student: number) => readCards(client, student),
    card: (uid: string) => readCard(client, uid),
    cardBlock: (card: HeldCard) => readBlock(client, card),
    cardList: (search: string) => readCardList(client, search),
    stored: () => listStored(),
    subject: (subject: Subject) => readSubject(client, subject),
    ownFile: (subjects: Subject[], isWhole: boolean, now: number) =>
      readOwnFile(client, subjects, isWhole, now),
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
  /** The letters with these codes, as a PDF. */
  printLetters: (letters: Letter[]) => Promise<Uint8Array>;
  /** Asks the accounts something; the cookies of the answer are already in the response. */
  knock: (knock: Knock) => Promise<Answer>;
};

const AGENT_CHARACTERS_MAX = 200;

/** client reads; desk writes. */
export function visit(
  parts: (c: Context) => { client: Client; desk: Desk; site: Site; now: number },
): MiddlewareHandler<{ Variables: Visit }> {
  return async (c, next) => {
    const { client, desk, site, now } = parts(c);
    const database = databaseOf(client);
    const [person, school] = await Promise.all([
      personOf(c, database, site, now),
      readSchoolName(database),
    ]);
    c.set("now", now);
    c.set("school", school);
    c.set("person", person);
    c.set("reads", readsOf(client, database));
    c.set("desk", desk);
    c.set("printLetters", (letters) => printLetters(school, site.origin, letters));
    c.set("knock", async (knock) => {
      const answer = await desk.knock(knock, browserOf(c));
      for (const cookie of answer.cookies) c.header("set-cookie", cookie, { append: true });
      return answer;
    });
    await next();
  };
}

/** The platform sets the address itself, and takes it from no browser. */
function browserOf(c: Context): Browser {
  return {
    cookie: c.req.header("cookie") ?? "",
    agent: (c.req.header("user-agent") ?? "").slice(0, AGENT_CHARACTERS_MAX),
    address: c.req.header("cf-connecting-ip") ?? "",
  };
}
