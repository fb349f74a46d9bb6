// The bindings of wrangler.toml and the secrets, checked once at start: a wrong one is named, never
// guessed.

import { fromHex, fromLatin1, toHex } from "#protocol/bytes.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { primitives } from "./crypto.ts";
import type { SchoolGateway } from "./gateway.ts";
import type { Site } from "./session.ts";

export type Environment = {
  GATEWAY: DurableObjectNamespace<SchoolGateway>;
  ASSETS?: Fetcher;
  SCHOOL: string;
  LEDGER_URL: string;
  LEDGER_TOKEN?: string;
  BROKER_URL: string;
  BROKER_USERNAME?: string;
  BROKER_PASSWORD?: string;
  SEAL_SECRET: string;
  CARD_SECRET: string;
  ACCOUNT_SECRET: string;
  /** Where browsers reach the pages: in mails, and what passkeys are bound to. */
  PUBLIC_URL: string;
  /** Mail goes out by Cloudflare's binding, or by this server (edge/mail/smtp.ts), or not at all. */
  EMAIL?: SendEmail;
  SMTP_URL?: string;
  /** Whom mail is from: "Collège <ecole@ecole.example>". */
  MAIL_FROM?: string;
  /** Public key, in hex, of whoever signs firmware for terminals; without it none is sent. */
  RELEASE_KEY?: string;
};

const SECRET_BYTES_MIN = 32;

/** Throws when the secret is too short to keep the keys of terminals (SEAL_SECRET), of cards (CARD_SECRET), or
 * sessions and second factors (ACCOUNT_SECRET). */
export function readSecret(
  environment: Environment,
  name: "SEAL_SECRET" | "CARD_SECRET" | "ACCOUNT_SECRET",
): Bytes {
  const secret = fromHex(environment[name] ?? "");
  if (secret.length < SECRET_BYTES_MIN)
    throw new Error(`environment: ${name} has ${secret.length} bytes, not ${SECRET_BYTES_MIN}`);
  return secret;
}

export type BrokerLogIn = { clientId: string; username: string; password: string };

/** As the broker knows the gateway; brokers that allow anonymous clients ignore it. */
export function brokerLogIn(environment: Environment, secret: Bytes): BrokerLogIn {
  const clientId = `obole-${environment.SCHOOL}-gateway`;
  const derived = primitives.hmacSha256(secret, fromLatin1(`obole/1/broker/${clientId}`));
  return {
    clientId,
    username: environment.BROKER_USERNAME ?? clientId,
    password: environment.BROKER_PASSWORD ?? toHex(derived),
  };
}

/** Throws when PUBLIC_URL is not the address of a site, or the secret too short. */
export function siteOf(environment: Environment): Site {
  const { origin } = new URL(environment.PUBLIC_URL);
  return { origin, secret: toHex(readSecret(environment, "ACCOUNT_SECRET")) };
}
