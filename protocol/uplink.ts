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

export type Backlog = { unsent: number; oldest: number };
export type Uplink =
  /** Journal entries in seq order. */
  | ({ kind: "tokens"; tokens: Bytes[] } & Backlog)
  /** The lease of a student is cents too small for the sale at the counter. */
  | ({ kind: "ask"; student: number; cents: number } & Backlog)
  /** A sign of life: the last downlink sequence applied and the versions held. */
  | ({
      kind: "status";
      sequence: number;
      roster: number;
      prices: number;
      blocks: number;
      orders: number;
    } & Backlog);

const TOKENS = 1;
const ASK = 2;
const STATUS = 3;

export function encodeUplink(message: Uplink): Bytes {
  return encode(arrayOfUplink(message), UPLINK_BYTES_MAX);
}

function arrayOfUplink(message: Uplink): Value {
  const unsent = message.unsent;
  const oldest = message.oldest;
  if (message.kind === "tokens") return [TOKENS, unsent, oldest, message.tokens];
  if (message.kind === "ask") return [ASK, unsent, oldest, message.student, message.cents];
  const versions = [message.roster, message.prices, message.blocks, message.orders];
  return [STATUS, unsent, oldest, message.sequence].concat(versions);
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
  const numbers = value.slice(0, 3).concat(value[0] === TOKENS ? [] : value.slice(3));
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
  if (kind === STATUS && length === 8)
    return Object.assign(
      {
        kind: "status" as const,
        sequence: value[3] as number,
        roster: value[4] as number,
        prices: value[5] as number,
        blocks: value[6] as number,
        orders: value[7] as number,
      },
      backlog,
    );
  return undefined;
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
