// What a terminal says to the gateway, inside the seal. An array: [kind, unsent, oldest, ...].
// unsent and oldest (seconds since 1970, 0 when nothing waits) ride on every message, so that the
// terminals page is right even when only sales arrive.

import type { Bytes } from "./bytes.ts";
import type { Value } from "./cbor.ts";
import { decode, encode } from "./cbor.ts";

/** A sealed message fits a small MQTT buffer on the terminal; longer backlogs take several. */
export const UPLINK_BYTES_MAX = 4096;
/** Tokens in one message: 10 of the longest fit UPLINK_BYTES_MAX. */
export const UPLINK_TOKENS_MAX = 10;

/** What a terminal says of its own condition. firmware: version that runs, 0 for the script it was built with; chunk: of
 * an arriving firmware, the one it wants next; errors: uncaught since provisioning, and the text of the last (Latin-1);
 * variables: free ones, 0 where the board cannot tell; erases: of one page of flash, the most since the start. */
export type Health = {
  firmware: number;
  chunk: number;
  errors: number;
  variables: number;
  erases: number;
  lastError: Bytes;
};
export const LAST_ERROR_MAX = 60;

export type Backlog = { unsent: number; oldest: number };
export type Uplink =
  /** Journal entries in seq order. */
  | ({ kind: "tokens"; tokens: Bytes[] } & Backlog)
  /** The lease of a student is cents too small for the sale at the counter. */
  | ({ kind: "ask"; student: number; cents: number } & Backlog)
  /** A sign of life: the last downlink sequence applied, the versions held, and the last entry ever acknowledged: a
   * ledger that knows less was set back. */
  | ({
      kind: "status";
      sequence: number;
      roster: number;
      prices: number;
      blocks: number;
      orders: number;
      acked: number;
      health?: Health;
    } & Backlog);

const TOKENS = 1;
const ASK = 2;
const STATUS = 3;
/** Where the condition begins in a status, and where it ends. */
const HEALTH_AT = 9;
const LAST_ERROR_AT = 14;

export function encodeUplink(message: Uplink): Bytes {
  return encode(arrayOfUplink(message), UPLINK_BYTES_MAX);
}

function arrayOfUplink(message: Uplink): Value {
  const unsent = message.unsent;
  const oldest = message.oldest;
  if (message.kind === "tokens") return [TOKENS, unsent, oldest, message.tokens];
  if (message.kind === "ask") return [ASK, unsent, oldest, message.student, message.cents];
  const held = [message.roster, message.prices, message.blocks, message.orders, message.acked];
  const status: Value[] = [STATUS, unsent, oldest, message.sequence].concat(held);
  return message.health ? status.concat(arrayOfHealth(message.health)) : status;
}

function arrayOfHealth(health: Health): Value[] {
  return [
    health.firmware,
    health.chunk,
    health.errors,
    health.variables,
    health.erases,
    health.lastError,
  ];
}

/** undefined when the bytes are not a message of this protocol. */
export function decodeUplink(bytes: Bytes): Uplink | undefined {
  let value: Value;
  try {
    value = decode(bytes);
  } catch {
    return undefined;
  }
  if (!Array.isArray(value)) return undefined;
  const numbers = value
    .slice(0, 3)
    .concat(value[0] === TOKENS ? [] : value.slice(3, LAST_ERROR_AT));
  if (!numbers.every(isCount)) return undefined;
  const backlog = { unsent: value[1] as number, oldest: value[2] as number };
  const kind = value[0];
  const length = value.length;
  if (kind === TOKENS && length === 4 && isTokens(value[3]))
    return Object.assign({ kind: "tokens" as const, tokens: value[3] as Bytes[] }, backlog);
  if (kind === ASK && length === 5)
    return Object.assign(
      { kind: "ask" as const, student: value[3] as number, cents: value[4] as number },
      backlog,
    );
  if (kind !== STATUS) return undefined;
  const hasHealth = length === LAST_ERROR_AT + 1 && isBytes(value[LAST_ERROR_AT]);
  if (length !== HEALTH_AT && !hasHealth) return undefined;
  const status = {
    kind: "status" as const,
    sequence: value[3] as number,
    roster: value[4] as number,
    prices: value[5] as number,
    blocks: value[6] as number,
    orders: value[7] as number,
    acked: value[8] as number,
  };
  return Object.assign(status, hasHealth ? { health: healthOf(value) } : {}, backlog);
}

function healthOf(value: Value[]): Health {
  return {
    firmware: value[HEALTH_AT] as number,
    chunk: value[HEALTH_AT + 1] as number,
    errors: value[HEALTH_AT + 2] as number,
    variables: value[HEALTH_AT + 3] as number,
    erases: value[HEALTH_AT + 4] as number,
    lastError: value[LAST_ERROR_AT] as Bytes,
  };
}

function isTokens(value: unknown): boolean {
  return Array.isArray(value) && value.length <= UPLINK_TOKENS_MAX && value.every(isBytes);
}

function isBytes(value: unknown): boolean {
  return value instanceof Uint8Array;
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && value >= 0;
}
