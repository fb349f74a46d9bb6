// What is stored about people, why it may be, and for how long: one list from which the page of privacy, everybody's own file
// and the daily clearing are made. stored.test.ts holds it against the tables of the database.

import type { Role } from "#edge/session.ts";

/** What rows are about, in the words of the page. */
export type Matter =
  | "account"
  | "access"
  | "student"
  | "health"
  | "card"
  | "order"
  | "book"
  | "mail"
  | "audit";
/** erased: until the school erases it; ended: as long as it is in use; books: for ever, under a number, and without a name
 * once that is erased; else a number of days. */
export type Keeping = "erased" | "ended" | "books" | number;
export type Viewer = Role | "terminal" | "nobody";

const OFFICE: Viewer[] = ["bursar", "secretary", "auditor"];
const MAIL_DAYS = 365;
const INVITATION_DAYS = 90;

export const MATTERS: Record<Matter, { keep: Keeping; seenBy: Viewer[] }> = {
  account: { keep: "erased", seenBy: OFFICE },
  access: { keep: "ended", seenBy: ["nobody"] },
  student: { keep: "erased", seenBy: [...OFFICE, "guardian", "student", "counter", "terminal"] },
  health: { keep: "erased", seenBy: ["kitchen", "guardian", "student", "terminal"] },
  card: { keep: "erased", seenBy: [...OFFICE, "guardian", "student", "terminal"] },
  order: { keep: "books", seenBy: [...OFFICE, "guardian", "student", "kitchen", "terminal"] },
  book: { keep: "books", seenBy: [...OFFICE, "guardian", "student"] },
  mail: { keep: MAIL_DAYS, seenBy: ["bursar"] },
  audit: { keep: "books", seenBy: ["bursar", "auditor"] },
};

/** where: SQL in which ?1 is the number of the person or of the student. mixed: columns that may speak of somebody else too, so
 * that only the bursar's copy has them. */
export type Finding = { where: string; mixed?: string[] };
/** secret: columns that open something, and leave in no copy. expires: rows go that many days after this time. */
export type Stored = {
  table: string;
  matter: Matter;
  person?: Finding;
  student?: Finding;
  secret?: string[];
  expires?: { column: string; days: number };
};

// A number arrives in SQL as 1.0: where it becomes a text it has to be made whole.
const OF_WALLET = "in (select account from student where id = ?1)";

export const STORED: Stored[] = [
  { table: "person", matter: "account", person: { where: "id = ?1" } },
  {
    table: "session",
    matter: "access",
    person: { where: "user_id = ?1" },
    secret: ["token"],
    expires: { column: "expires_at", days: 0 },
  },
  {
    table: "credential",
    matter: "access",
    person: { where: "user_id = ?1" },
    secret: ["password", "access_token", "refresh_token", "id_token"],
  },
  {
    table: "two_factor",
    matter: "access",
    person: { where: "user_id = ?1" },
    secret: ["secret", "backup_codes"],
  },
  { table: "passkey", matter: "access", person: { where: "user_id = ?1" } },
  {
    table: "invitation",
    matter: "access",
    person: { where: "person = ?1" },
    secret: ["hash"],
    expires: { column: "expires_at", days: INVITATION_DAYS },
  },
  { table: "verification", matter: "access", expires: { column: "expires_at", days: 0 } },
  { table: "student", matter: "student", student: { where: "id = ?1" } },
  {
    table: "guardianship",
    matter: "student",
    person: { where: "person = ?1" },
    student: { where: "student = ?1", mixed: ["person"] },
  },
  { table: "enrolment", matter: "student", student: { where: "student = ?1" } },
  {
    table: "absence",
    matter: "student",
    person: { where: "author = ?1", mixed: ["student", "note"] },
    student: { where: "student = ?1", mixed: ["author"] },
  },
  {
    table: "register_import",
    matter: "student",
    person: { where: "author = ?1", mixed: ["content", "name"] },
  },
  { table: "card", matter: "card", student: { where: "student = ?1" } },
  {
    table: "card_event",
    matter: "book",
    person: { where: "author = ?1", mixed: ["uid", "student", "reason"] },
    student: { where: "student = ?1", mixed: ["author"] },
  },
  { table: "badge", matter: "card", person: { where: "person = ?1" } },
  { table: "pre_order", matter: "order", student: { where: "student = ?1" } },
  { table: "account", matter: "book", student: { where: `id ${OF_WALLET}` } },
  { table: "entry", matter: "book", student: { where: "student = ?1" } },
  {
    table: "transfer",
    matter: "book",
    student: { where: `debit ${OF_WALLET} or credit ${OF_WALLET}` },
  },
  { table: "lease", matter: "book", student: { where: "student = ?1" } },
  {
    table: "command",
    matter: "book",
    person: { where: "author = (select username from person where id = ?1)" },
    student: { where: "body ->> 'student' = ?1", mixed: ["id", "author", "body"] },
  },
  { table: "statement", matter: "book", student: { where: `account ${OF_WALLET}` } },
  { table: "quarantine", matter: "book" },
  {
    table: "mail",
    matter: "mail",
    person: { where: "address <> '' and address = (select address from person where id = ?1)" },
    expires: { column: "queued_at", days: MAIL_DAYS },
  },
  { table: "dead_address", matter: "mail", expires: { column: "since", days: MAIL_DAYS } },
  { table: "committee", matter: "mail" },
  {
    table: "audit",
    matter: "audit",
    person: {
      where: "author = ?1 or subject = 'person/' || cast(?1 as integer)",
      mixed: ["before", "after", "reason"],
    },
    student: {
      where: "subject = 'student/' || cast(?1 as integer)",
      mixed: ["author", "before", "after", "reason"],
    },
  },
  {
    table: "erasure",
    matter: "audit",
    person: { where: "subject = 'person/' || cast(?1 as integer)" },
  },
];
