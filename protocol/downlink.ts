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
  | { kind: "leases"; leases: Lease[] }
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
  /** A firmware of so many bytes can be had in chunks; sha256 is over the SHA-256 of each kilobyte, in order. */
  | { kind: "firmware"; version: number; bytes: number; sha256: Bytes }
  | { kind: "chunk"; version: number; chunk: number; data: Bytes };

export type OrdersPart = {
  kind: "orders";
  version: number;
  day: number;
  part: number;
  parts: number;
  records: Bytes;
};

const KINDS: Downlink["kind"][] = [
  "ack",
  "leases",
  "prices",
  "blocks",
  "time",
  "resend",
  "roster",
  "page",
  "orders",
  "firmware",
  "chunk",
];
const LANGUAGES: Till["language"][] = ["fr", "nl", "de", "en"];

export function encodeDownlink(message: Downlink): Bytes {
  return encode(
    [KINDS.indexOf(message.kind) + 1].concat(fieldsOf(message) as number[]),
    DOWNLINK_BYTES_MAX,
  );
}

function fieldsOf(message: Downlink): Value[] {
  if (message.kind === "ack") return [message.seq, message.block, message.head, message.nonce];
  if (message.kind === "leases") return message.leases.map(arrayOfLease);
  if (message.kind === "prices")
    return [message.version, arrayOfTill(message.till), message.products.map(arrayOfProduct)];
  if (message.kind === "blocks") return [message.version, message.cards];
  if (message.kind === "time") return [message.seconds];
  if (message.kind === "resend") return [message.fromSeq];
  if (message.kind === "roster") return [message.version, message.records, message.sha256];
  if (message.kind === "page") return [message.version, message.page, message.records];
  if (message.kind === "firmware") return [message.version, message.bytes, message.sha256];
  if (message.kind === "chunk") return [message.version, message.chunk, message.data];
  return [message.version, message.day, message.part, message.parts, message.records];
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
  const kind = KINDS[(value[0] as number) - 1];
  if (kind === "ack")
    return {
      kind: kind,
      seq: value[1] as number,
      block: value[2] as number,
      head: value[3] as Bytes,
      nonce: value[4] as number,
    };
  if (kind === "leases")
    return { kind: kind, leases: (value.slice(1) as number[][]).map(leaseOfArray) };
  if (kind === "prices")
    return {
      kind: kind,
      version: value[1] as number,
      till: tillOfArray(value[2] as Value[]),
      products: (value[3] as Value[][]).map(productOfArray),
    };
  if (kind === "blocks")
    return { kind: kind, version: value[1] as number, cards: value[2] as Bytes[] };
  if (kind === "time") return { kind: kind, seconds: value[1] as number };
  if (kind === "resend") return { kind: kind, fromSeq: value[1] as number };
  if (kind === "roster")
    return {
      kind: kind,
      version: value[1] as number,
      records: value[2] as number,
      sha256: value[3] as Bytes,
    };
  if (kind === "page")
    return {
      kind: kind,
      version: value[1] as number,
      page: value[2] as number,
      records: value[3] as Bytes,
    };
  if (kind === "orders")
    return {
      kind: kind,
      version: value[1] as number,
      day: value[2] as number,
      part: value[3] as number,
      parts: value[4] as number,
      records: value[5] as Bytes,
    };
  if (kind === "firmware")
    return {
      kind: kind,
      version: value[1] as number,
      bytes: value[2] as number,
      sha256: value[3] as Bytes,
    };
  if (kind === "chunk")
    return {
      kind: kind,
      version: value[1] as number,
      chunk: value[2] as number,
      data: value[3] as Bytes,
    };
  return undefined;
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
