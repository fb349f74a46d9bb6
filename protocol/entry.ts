// An entry of a terminal's journal: what a terminal can assert, and the limits of what it may.
// fields.ts carries it as a CBOR map; token.ts signs it.

import type { Bytes } from "./bytes.ts";

export const TOKEN_VERSION = 1;
/** One flash slot and one MQTT message hold it: 8 lines of the widest values fit (measured in the tests). */
export const TOKEN_BYTES_MAX = 320;
export const LINES_MAX = 8;
/** No school meal costs more; bounds the damage of a broken terminal. */
export const UNIT_CENTS_MAX = 100000;
export const QUANTITY_MAX = 99;
export const TOTAL_CENTS_MAX = 1000000;

/** product and revision as on the price list, unit price in cents. */
export type Line = { product: number; revision: number; quantity: number; unitCents: number };

/** How the card proved itself: its bare UID, or NTAG 424 DNA authentication number `counter`. */
export type Proof = { method: "uid" } | { method: "authenticated"; counter: number };

/** Why a sale went on against a warning, on the word of a member of staff (operator of the entry). */
export type Override = "allergen";

/** What every entry says. time is in seconds since 1970 (UTC); clock is "suspect" after a power cut without
 * a trusted source. nonce is the index of the one-time nonce that signs this entry and no other. */
export type EntryHead = {
  terminal: number;
  epoch: number;
  seq: number;
  prev: Bytes;
  time: number;
  clock: "trusted" | "suspect";
  nonce: number;
  operator: number;
};

export type Open = { kind: "open"; firmware: Bytes; boot: number };
export type Purchase = {
  kind: "purchase";
  card: Bytes;
  student: number;
  lines: Line[];
  totalCents: number;
  graceCents: number;
  lease: number;
  roster: number;
  prices: number;
  proof: Proof;
  override?: Override;
};
export type Void = {
  kind: "void";
  card: Bytes;
  student: number;
  totalCents: number;
  lease: number;
  voids: number;
};
export type Collect = {
  kind: "collect";
  card: Bytes;
  student: number;
  roster: number;
  proof: Proof;
  order: number;
};
export type Lowered = { kind: "lowered"; student: number; lease: number; ceilingCents: number };
export type Close = { kind: "close" };
export type Entry = EntryHead & (Open | Purchase | Void | Collect | Lowered | Close);
export type Kind = Entry["kind"];

/** The order gives each kind its number on the wire, from 1. Append only. */
export const KINDS: Kind[] = ["open", "purchase", "void", "collect", "lowered", "close"];

/** Why bytes are not a token. The names are part of the protocol: vectors.json has an example of each. */
export type TokenFault =
  | "too-long"
  | "not-cose-sign1"
  | "not-deterministic"
  | "unknown-version"
  | "unknown-kind"
  | "wrong-fields"
  | "out-of-range"
  | "wrong-total";
