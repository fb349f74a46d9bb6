// The tables as Drizzle sees them, for reads only. The migrations are the truth: the guards (STRICT, CHECK,
// triggers) live there, and nothing is ever created or written through these definitions.

import { customType, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { Bytes } from "#protocol/bytes.ts";

/** @libsql/client gives a BLOB as an ArrayBuffer; the rest of the project speaks Uint8Array. */
const bytes = customType<{ data: Bytes; driverData: ArrayBuffer }>({
  dataType: () => "blob",
  fromDriver: (value) => new Uint8Array(value),
  toDriver: (value) => value.slice().buffer as ArrayBuffer,
});

export const account = sqliteTable("account", {
  id: integer().primaryKey(),
  kind: text({
    enum: [
      "wallet",
      "sales",
      "bank",
      "suspense",
      "risk",
      "solidarity",
      "receivable",
      "refund",
      "hold",
      "equity",
    ],
  }).notNull(),
  ref: text().notNull(),
  balance: integer().notNull(),
  debits: integer().notNull(),
  credits: integer().notNull(),
  reserved: integer().notNull(),
});

export const command = sqliteTable("command", {
  no: integer().primaryKey(),
  id: text().notNull(),
  kind: text().notNull(),
  author: text().notNull(),
  at: integer().notNull(),
  body: text().notNull(),
});

export const entry = sqliteTable("entry", {
  terminal: integer().notNull(),
  epoch: integer().notNull(),
  seq: integer().notNull(),
  kind: text({ enum: ["open", "purchase", "void", "collect", "lowered", "close"] }).notNull(),
  student: integer().notNull(),
  total: integer().notNull(),
  leased: integer().notNull(),
  at: integer().notNull(),
  outcome: text().notNull(),
  hash: bytes().notNull(),
  token: bytes().notNull(),
  receivedAt: integer("received_at").notNull(),
  nonce: integer(),
});

export const transfer = sqliteTable("transfer", {
  seq: integer().primaryKey(),
  source: integer().notNull(),
  counter: integer().notNull(),
  line: integer().notNull(),
  debit: integer().notNull(),
  credit: integer().notNull(),
  amount: integer().notNull(),
  at: integer().notNull(),
  reverses: integer(),
  evidence: bytes().notNull(),
});

export const block = sqliteTable("block", {
  no: integer().primaryKey(),
  firstSeq: integer("first_seq").notNull(),
  lastSeq: integer("last_seq").notNull(),
  at: integer().notNull(),
  prev: bytes().notNull(),
  hash: bytes().notNull(),
});

/** day: days since 1970 in Brussels, the one that ended. */
export const head = sqliteTable("head", {
  day: integer().primaryKey(),
  block: integer().notNull(),
  hash: bytes().notNull(),
  at: integer().notNull(),
});

/** Who keeps the published heads. */
export const committee = sqliteTable("committee", {
  address: text().primaryKey(),
  language: text({ enum: ["fr", "nl", "de", "en"] }).notNull(),
});

/** sentAt: 0 while it waits. */
export const mail = sqliteTable("mail", {
  id: text().primaryKey(),
  address: text().notNull(),
  subject: text().notNull(),
  body: text().notNull(),
  queuedAt: integer("queued_at").notNull(),
  sentAt: integer("sent_at").notNull(),
  html: text().notNull(),
  state: text({ enum: ["waiting", "sent", "refused", "given-up"] }).notNull(),
  tries: integer().notNull(),
  nextAt: integer("next_at").notNull(),
  error: text().notNull(),
});

export const lease = sqliteTable("lease", {
  terminal: integer().notNull(),
  epoch: integer().notNull(),
  student: integer().notNull(),
  account: integer().notNull(),
  ceiling: integer().notNull(),
  spent: integer().notNull(),
  voided: integer().notNull(),
  version: integer().notNull(),
  grantedAt: integer("granted_at").notNull(),
});

export const writeOff = sqliteTable("write_off", {
  terminal: integer().notNull(),
  epoch: integer().notNull(),
  at: integer().notNull(),
  command: integer().notNull(),
});

/** ended: 0 while the terminal has not said what it sold. */
export const recovery = sqliteTable("recovery", {
  terminal: integer().notNull(),
  epoch: integer().notNull(),
  since: integer().notNull(),
  ended: integer().notNull(),
});

export const quarantine = sqliteTable("quarantine", {
  id: integer().primaryKey(),
  terminal: integer().notNull(),
  reason: text().notNull(),
  body: bytes().notNull(),
  hash: bytes().notNull(),
  firstSeen: integer("first_seen").notNull(),
  lastSeen: integer("last_seen").notNull(),
  times: integer().notNull(),
});

export const school = sqliteTable("school", {
  id: integer().primaryKey(),
  slug: text().notNull(),
  name: text().notNull(),
  closesAt: integer("closes_at").notNull(),
});

/** address: where mail goes, "" for none. activatedAt: 0 while the account was never used. endsAt: when a member of
 * staff leaves, 0 for no end. student: whose own view this is (role student). */
export const person = sqliteTable("person", {
  id: integer().primaryKey(),
  username: text().notNull(),
  name: text().notNull(),
  role: text({
    enum: ["bursar", "secretary", "counter", "kitchen", "guardian", "student", "auditor"],
  }).notNull(),
  language: text({ enum: ["fr", "nl", "de", "en"] }).notNull(),
  address: text().notNull(),
  activatedAt: integer("activated_at").notNull(),
  endsAt: integer("ends_at").notNull(),
  student: integer(),
});

export const student = sqliteTable("student", {
  id: integer().primaryKey(),
  firstName: text("first_name").notNull(),
  lastName: text("last_name").notNull(),
  class: text().notNull(),
  allergens: integer().notNull(),
  account: integer().notNull(),
  number: text().notNull(),
  leftAt: integer("left_at").notNull(),
});

export const guardianship = sqliteTable("guardianship", {
  person: integer().notNull(),
  student: integer().notNull(),
});

export const card = sqliteTable("card", {
  uid: bytes().primaryKey(),
  student: integer().notNull(),
  status: text({ enum: ["active", "blocked"] }).notNull(),
  since: integer().notNull(),
  keyEpoch: integer("key_epoch").notNull(),
  reason: text().notNull(),
});

export const product = sqliteTable("product", {
  id: integer().primaryKey(),
  category: text().notNull(),
});

export const productRevision = sqliteTable("product_revision", {
  product: integer().notNull(),
  revision: integer().notNull(),
  name: text().notNull(),
  cents: integer().notNull(),
  essential: integer().notNull(),
  allergens: integer().notNull(),
});

export const price = sqliteTable("price", {
  version: integer().notNull(),
  product: integer().notNull(),
  revision: integer().notNull(),
});

export const terminal = sqliteTable("terminal", {
  id: integer().primaryKey(),
  name: text().notNull(),
  till: text().notNull(),
  epoch: integer().notNull(),
  lastSeen: integer("last_seen").notNull(),
  here: integer({ mode: "boolean" }).notNull(),
  unsent: integer().notNull(),
  oldest: integer().notNull(),
  selling: integer({ mode: "boolean" }).notNull(),
  upSequence: integer("up_sequence").notNull(),
  downSequence: integer("down_sequence").notNull(),
  roster: integer().notNull(),
  prices: integer().notNull(),
  blocks: integer().notNull(),
  firmware: integer().notNull(),
  errors: integer().notNull(),
  lastError: text("last_error").notNull(),
  variables: integer().notNull(),
  erases: integer().notNull(),
  acked: integer().notNull(),
});

/** The version that terminals should hold of each thing they keep a copy of. */
export const supply = sqliteTable("supply", {
  name: text({ enum: ["roster", "blocks", "prices"] }).primaryKey(),
  version: integer().notNull(),
});

export const terminalKey = sqliteTable("terminal_key", {
  terminal: integer().notNull(),
  epoch: integer().notNull(),
  publicKey: bytes("public_key").notNull(),
  registeredAt: integer("registered_at").notNull(),
});

/** year: 2026 is 2026-2027; the highest is the one that runs. */
export const enrolment = sqliteTable("enrolment", {
  student: integer().notNull(),
  year: integer().notNull(),
  class: text().notNull(),
});

/** Days since 1970; both are days of absence. */
export const absence = sqliteTable("absence", {
  id: integer().primaryKey(),
  student: integer().notNull(),
  fromDay: integer("from_day").notNull(),
  untilDay: integer("until_day").notNull(),
  note: text().notNull(),
  author: integer().notNull(),
  at: integer().notNull(),
});
