// The tables of accounts as better-auth writes them, by its own names for what is in them: person is its user,
// credential its account. The migrations are the truth; times are in seconds.

import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

const moment = (name: string) => integer(name, { mode: "timestamp" });
const flag = (name: string) => integer(name, { mode: "boolean" });
const id = () => integer().primaryKey();
const userId = () => integer("user_id").notNull();

const user = sqliteTable("person", {
  id: id(),
  name: text().notNull(),
  username: text().notNull(),
  email: text().notNull(),
  emailVerified: flag("email_verified").notNull(),
  image: text(),
  twoFactorEnabled: flag("two_factor_enabled").notNull(),
  createdAt: moment("created_at").notNull(),
  updatedAt: moment("updated_at").notNull(),
});

const account = sqliteTable("credential", {
  id: id(),
  userId: userId(),
  accountId: text("account_id").notNull(),
  providerId: text("provider_id").notNull(),
  password: text(),
  accessToken: text("access_token"),
  refreshToken: text("refresh_token"),
  idToken: text("id_token"),
  scope: text(),
  accessTokenExpiresAt: moment("access_token_expires_at"),
  refreshTokenExpiresAt: moment("refresh_token_expires_at"),
  createdAt: moment("created_at").notNull(),
  updatedAt: moment("updated_at").notNull(),
});

/** method: how whoever holds it got in. */
export const session = sqliteTable("session", {
  id: id(),
  userId: userId(),
  token: text().notNull(),
  expiresAt: moment("expires_at").notNull(),
  method: text({ enum: ["password", "code", "passkey", "link"] }).notNull(),
  ipAddress: text("ip_address"),
  userAgent: text("user_agent"),
  createdAt: moment("created_at").notNull(),
  updatedAt: moment("updated_at").notNull(),
});

const verification = sqliteTable("verification", {
  id: id(),
  identifier: text().notNull(),
  value: text().notNull(),
  expiresAt: moment("expires_at").notNull(),
  createdAt: moment("created_at").notNull(),
  updatedAt: moment("updated_at").notNull(),
});

const twoFactor = sqliteTable("two_factor", {
  id: id(),
  userId: userId(),
  secret: text().notNull(),
  backupCodes: text("backup_codes").notNull(),
  verified: flag("verified"),
  failedVerificationCount: integer("failed_verification_count"),
  lockedUntil: moment("locked_until"),
});

export const passkey = sqliteTable("passkey", {
  id: id(),
  userId: userId(),
  name: text(),
  publicKey: text("public_key").notNull(),
  credentialID: text("credential_id").notNull(),
  counter: integer().notNull(),
  deviceType: text("device_type").notNull(),
  backedUp: flag("backed_up").notNull(),
  transports: text(),
  aaguid: text(),
  createdAt: moment("created_at"),
});

export const ACCOUNT_TABLES = { user, account, session, verification, twoFactor, passkey };
