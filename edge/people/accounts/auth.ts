// better-auth, as a school uses it: people are made by the school's office, never by signing up; they log in with a
// username and a password or with a passkey; bursar and secretary with a second factor. None of its own routes is open:
// the pages call the few functions that they need (door.ts).

import { passkey } from "@better-auth/passkey";
import { betterAuth } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { twoFactor, username } from "better-auth/plugins";
import type { Client, InStatement } from "@libsql/client/web";
import { drizzle } from "drizzle-orm/libsql/web";
import type { Ledger } from "#edge/ledger/ledger.ts";
import { inTurn } from "#edge/ledger/ledger.ts";
import { cookieName } from "#edge/session.ts";
import type { Method } from "#edge/session.ts";
import { ACCOUNT_TABLES } from "./tables.ts";

export const PASSWORD_CHARACTERS_MIN = 10;
/** Nobody types more, and nobody should make us hash more. */
export const PASSWORD_CHARACTERS_MAX = 128;
/** Families keep a phone; how long staff stay is the session's own expires_at. */
const COOKIE_SECONDS = 30 * 24 * 3600;

/** origin: where browsers reach the pages, without a slash at the end. */
export type AuthParts = { ledger: Ledger; secret: string; origin: string; name: string };
export type Auth = ReturnType<typeof createAuth>;

/** sessionEnd: seconds since 1970 at which a session of this person that begins now must end. */
export function createAuth(parts: AuthParts, sessionEnd: (person: number) => Promise<number>) {
  const { ledger, secret, origin, name } = parts;
  const isSecure = origin.startsWith("https:");
  return betterAuth({
    appName: name,
    baseURL: origin,
    secret,
    trustedOrigins: [origin],
    telemetry: { enabled: false },
    logger: { disabled: true },
    database: drizzleAdapter(drizzle(oneWriter(ledger)), {
      provider: "sqlite",
      schema: ACCOUNT_TABLES,
    }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_CHARACTERS_MIN,
      maxPasswordLength: PASSWORD_CHARACTERS_MAX,
    },
    session: {
      expiresIn: COOKIE_SECONDS,
      disableSessionRefresh: true,
      // A passkey is added, or a second factor, by whoever has just logged in.
      freshAge: COOKIE_SECONDS,
      additionalFields: { method: { type: "string", input: false, defaultValue: "password" } },
    },
    databaseHooks: {
      session: {
        create: {
          async before(session, context) {
            const end = await sessionEnd(Number(session.userId));
            const method = (session["method"] as Method | undefined) ?? "password";
            const expiresAt = new Date(end * 1000);
            return { data: { ...session, method: methodOf(context?.path) ?? method, expiresAt } };
          },
        },
      },
    },
    plugins: [
      username({
        displayUsername: false,
        maxUsernameLength: 60,
        usernameValidator: (given) => /^[a-z0-9._-]+$/i.test(given),
      }),
      twoFactor({ issuer: name, allowPasswordless: true }),
      passkey({
        rpName: name,
        rpID: new URL(origin).hostname,
        origin,
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
        authentication: {
          // It stands for two factors only if its owner was asked for a finger, a face or a PIN.
          afterVerification({ verification }) {
            if (!verification.authenticationInfo.userVerified)
              throw new Error("passkey: unverified");
          },
        },
      }),
    ],
    advanced: {
      database: { generateId: "serial" },
      cookiePrefix: cookieName(origin),
      cookies: { session_token: { name: cookieName(origin) } },
      useSecureCookies: false,
      defaultCookieAttributes: { secure: isSecure, httpOnly: true, sameSite: "lax", path: "/" },
      ipAddress: { ipAddressHeaders: ["cf-connecting-ip"] },
    },
  });
}

/** What has just been proved, by the endpoint that makes the session. */
function methodOf(path: string | undefined): Method | undefined {
  if (path?.startsWith("/two-factor/")) return "code";
  if (path?.startsWith("/passkey/")) return "passkey";
  return path === "/sign-in/username" ? "password" : undefined;
}

/** Its writes take their turn among those of the ledger: there is one writer. */
function oneWriter(ledger: Ledger): Client {
  const { client } = ledger;
  return new Proxy(client, {
    get(target, property) {
      if (property !== "execute") return Reflect.get(target, property) as unknown;
      return (statement: InStatement) =>
        isRead(statement)
          ? target.execute(statement)
          : inTurn(ledger, () => target.execute(statement));
    },
  });
}

function isRead(statement: InStatement): boolean {
  return /^\s*select\b/i.test(typeof statement === "string" ? statement : statement.sql);
}
