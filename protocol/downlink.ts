// What the gateway says to a terminal, inside the seal. An array: [kind, ...]. Every message may be lost,
// repeated or overtaken: each carries a version or a count that only grows, so the terminal takes the newest.

import type { Bytes } from "./bytes.ts";
import type { Value } from "./cbor.ts";
import { decode, encode } from "./cbor.ts";

/** A roster page or 100 leases, sealed, still fit the terminal's memory. */
export const DOWNLINK_BYTES_MAX = 2560;
export const LEASES_PER_MESSAGE = 100;
export const PRODUCTS_MAX = 60;
/** The script of a firmware travels in chunks of so many bytes, the last one shorter. */
export const CHUNK_BYTES = 2048;

/** The right of this terminal to debit a student up to a cumulative ceiling; version grows with each change.
 * besideCents: what the wallet holds beside this lease, never below zero; with what the lease still allows it is the
 * balance. It is information: of equal or newer versions the last one heard counts. */
export type Lease = {
  student: number;
  ceilingCents: number;
  version: number;
  besideCents?: number;
};
/** name is Latin-1, at most 20 characters; essential products may be sold on grace; allergens: one bit for each of
 * the 14 of Regulation (EU) 1169/2011 annex II, in its order. */
export type Product = {
  product: number;
  revision: number;
  unitCents: number;
  essential: boolean;
  allergens: number;
  name: Bytes;
};
/** keys: product number on each product key, 0 for none; soup: what a tap alone charges, 0 for nothing; badge: only
 * the badge of a member of staff opens the shift. */
export type Till = {
  language: "fr" | "nl" | "de" | "en";
  soup: number;
  keys: number[];
  graceCents: number;
  badge?: boolean;
};

export type Downlink =
  /** Entries up to seq are in the ledger whose head this is: the terminal may forget them. No nonce of
   * this epoch above `nonce` has signed any of them. */
  | { kind: "ack"; seq: number; block: number; head: Bytes; nonce: number }
  /** asOf: the last entry of this terminal that was in the ledger when this was decided. */
  | { kind: "leases"; asOf: number; leases: Lease[] }
  | { kind: "prices"; version: number; till: Till; products: Product[] }
  | { kind: "blocks"; version: number; cards: Bytes[] }
  | { kind: "time"; seconds: number }
  /** The gateway has no entry fromSeq: send again from there. */
  | { kind: "resend"; fromSeq: number }
  /** A new roster of so many records waits on the retained pages; sha256 is digestOfRoster. */
  | { kind: "roster"; version: number; records: number; sha256: Bytes }
  | { kind: "page"; version: number; page: number; records: Bytes }
  /** One of the parts of the pre-orders of a day (days since 1970 by the school's calendar): records of orders.ts. */
  | OrdersPart
  /** A firmware of so many bytes can be had in chunks; what the office's release key has signed: release.ts. */
  | FirmwareAnnouncement
  | { kind: "chunk"; version: number; chunk: number; data: Bytes }
  /** Give back what is left of these leases: each as it is to stand, with a ceiling that the terminal may raise to what
   * it has spent, under a version newer than the one it has. */
  | { kind: "lower"; leases: Lease[] }
  /** Give back all leases, if entry seq is still the last and nobody is being served; reopen: and go on selling. */
  | { kind: "recall"; seq: number; reopen: boolean };

export type FirmwareAnnouncement = {
  kind: "firmware";
  version: number;
  minimum: number;
  bytes: number;
  sha256: Bytes;
  signature: Bytes;
};

export type OrdersPart = {
  kind: "orders";
  version: number;
  day: number;
  part: number;
  parts: number;
  records: Bytes;
};

/** Kind n + 1 on the wire is part n, followed by these fields in this order. Append only. One text, which takes the
 * interpreter a tenth of the memory that lists would. */
const FORMS =
  "ack seq block head nonce|leases asOf leases|prices version till products|blocks version cards|" +
  "time seconds|resend fromSeq|roster version records sha256|page version page records|" +
  "orders version day part parts records|firmware version minimum bytes sha256 signature|" +
  "chunk version chunk data|lower leases|recall seq reopen";
const LANGUAGES: Till["language"][] = ["fr", "nl", "de", "en"];

type Fields = { [name: string]: unknown };

export function encodeDownlink(message: Downlink): Bytes {
  const value: Value[] = [];
  const forms = FORMS.split("|");
  for (let i = 0; i < forms.length; i++) {
    const names = (forms[i] as string).split(" ");
    if (names.shift() !== message.kind) continue;
    value.push(i + 1);
    names.forEach((name) => value.push(valueOf(name, (message as Fields)[name])));
  }
  return encode(value, DOWNLINK_BYTES_MAX);
}

function valueOf(name: string, field: unknown): Value {
  if (name === "leases") return (field as Lease[]).map(arrayOfLease);
  if (name === "till") return arrayOfTill(field as Till);
  if (name === "products") return (field as Product[]).map(arrayOfProduct);
  if (name === "reopen") return field ? 1 : 0;
  return field as Value;
}

function arrayOfLease(lease: Lease): Value {
  const held = [lease.student, lease.ceilingCents, lease.version];
  return lease.besideCents === undefined ? held : held.concat([lease.besideCents]);
}

function arrayOfTill(till: Till): Value {
  const badge = till.badge ? 1 : 0;
  return [LANGUAGES.indexOf(till.language), till.soup, till.keys, till.graceCents, badge];
}

function arrayOfProduct(product: Product): Value {
  return [
    product.product,
    product.revision,
    product.unitCents,
    product.essential ? 1 : 0,
    product.allergens,
    product.name,
  ];
}

/** Reads a message that came under a good seal, so its author is the gateway; undefined when the kind is newer than
 * this firmware. Throws "cbor:" errors. */
export function decodeDownlink(bytes: Bytes): Downlink | undefined {
  const value = decode(bytes) as Value[];
  const form = FORMS.split("|")[(value[0] as number) - 1];
  if (!form) return undefined;
  const names = form.split(" ");
  const message: Fields = { kind: names[0] };
  for (let i = 1; i < names.length; i++) {
    const name = names[i] as string;
    message[name] = fieldOf(name, value[i] as Value);
  }
  return message as Downlink;
}

function fieldOf(name: string, value: Value): unknown {
  if (name === "leases") return (value as number[][]).map(leaseOfArray);
  if (name === "till") return tillOfArray(value as Value[]);
  if (name === "products") return (value as Value[][]).map(productOfArray);
  if (name === "reopen") return value === 1;
  return value;
}

function leaseOfArray(lease: number[]): Lease {
  const held = {
    student: lease[0] as number,
    ceilingCents: lease[1] as number,
    version: lease[2] as number,
  };
  const besideCents = lease[3];
  return besideCents === undefined ? held : Object.assign(held, { besideCents: besideCents });
}

function tillOfArray(till: Value[]): Till {
  const profile = {
    language: LANGUAGES[till[0] as number] || ("fr" as const),
    soup: till[1] as number,
    keys: till[2] as number[],
    graceCents: till[3] as number,
  };
  return till[4] === 1 ? Object.assign(profile, { badge: true }) : profile;
}

function productOfArray(product: Value[]): Product {
  return {
    product: product[0] as number,
    revision: product[1] as number,
    unitCents: product[2] as number,
    essential: product[3] === 1,
    allergens: product[4] as number,
    name: product[5] as Bytes,
  };
}
