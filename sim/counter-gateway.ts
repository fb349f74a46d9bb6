// The gateway's end of a terminal on the table (counter-box.ts): what it tells a new terminal, and
// the book in which it takes every entry that arrives.

import type { KeyObject } from "node:crypto";
import { createPublicKey, verify } from "node:crypto";
import type { Bytes } from "#protocol/bytes.ts";
import { fromHex, fromLatin1, toHex } from "#protocol/bytes.ts";
import type { Lease, Till } from "#protocol/downlink.ts";
import type { Entry } from "#protocol/entry.ts";
import type { RosterRecord } from "#protocol/roster.ts";
import { RECORDS_PER_PAGE, RECORD_BYTES, digestOfRoster, encodeRecord } from "#protocol/roster.ts";
import { decodeToken, signedBytes } from "#protocol/token.ts";
import { rosterTopic } from "#protocol/topics.ts";
import type { CounterBox } from "./counter-box.ts";
import { createCounterBox } from "./counter-box.ts";
import { ack, SCHOOL, TERMINAL } from "./link-story.ts";
import { nodePrimitives } from "./primitives.ts";

const NOON = 1_795_345_200;

export const lina = record("04a1b2c3d4e5f6", 17, "Lina D.");
export const noah = record("04112233445566", 18, "Noé P.");
export const till: Till = { language: "fr", soup: 1, keys: [1, 2], graceCents: 200 };

export function record(card: string, student: number, name: string): RosterRecord {
  const group = fromLatin1("3B");
  return {
    card: fromHex(card),
    student,
    allergens: 0,
    name: fromLatin1(name),
    group,
    key: undefined,
  };
}

/** The gateway tells a new terminal everything: the time, a till, a roster, and a lease for each
 * student of it. */
export function introduce(box: CounterBox, leaseCents: number, students = [lina, noah]): void {
  const gateway = box.gateway;
  gateway.say({ kind: "time", seconds: NOON + Math.floor(box.timers.now() / 1000) });
  const soup = { product: 1, revision: 1, unitCents: 100, essential: true, allergens: 0 };
  const sandwich = { product: 2, revision: 1, unitCents: 350, essential: false, allergens: 0 };
  const products = [
    { ...soup, name: fromLatin1("Potage") },
    { ...sandwich, name: fromLatin1("Sandwich") },
  ];
  gateway.say({ kind: "prices", version: 1, till, products });
  const records = Buffer.concat(
    students.toSorted((a, b) => Buffer.compare(a.card, b.card)).map(encodeRecord),
  );
  const pageBytes = RECORDS_PER_PAGE * RECORD_BYTES;
  const pageOf = (page: number): Bytes =>
    Uint8Array.from(records.subarray(page * pageBytes, (page + 1) * pageBytes));
  const sha256 = digestOfRoster(nodePrimitives.sha256, students.length, pageOf);
  gateway.say({ kind: "roster", version: 1, records: students.length, sha256 });
  for (let page = 0; page * pageBytes < records.length; page++)
    gateway.sendSealed(
      rosterTopic(SCHOOL, TERMINAL, page),
      gateway.sealDown({ kind: "page", version: 1, page, records: pageOf(page) }),
    );
  grant(box, ...students.map(({ student }) => ({ student, ceilingCents: leaseCents, version: 1 })));
}

export function grant(box: CounterBox, ...leases: Lease[]): void {
  grantAsOf(box, 0, ...leases);
}

/** asOf: the last entry of this terminal that the gateway knows. */
export function grantAsOf(box: CounterBox, asOf: number, ...leases: Lease[]): void {
  box.gateway.say({ kind: "leases", asOf, leases });
}

export type GatewayBook = ReturnType<typeof createGatewayBook>;

/** The gateway's ledger: takes every entry that arrives in order, checks its signature and its
 * place in the chain, and acknowledges. An entry it knows must be the same bytes again. */
export function createGatewayBook(box: CounterBox) {
  const key = publicKeyOf(box.publicKey);
  const tokens: Bytes[] = [];
  const entries: Entry[] = [];
  const asked: { student: number; cents: number }[] = [];
  function book(token: Bytes): void {
    const decoded = decodeToken(token);
    if (!decoded.ok) throw new Error(`token is ${decoded.fault}`);
    const { entry, payload, signature } = decoded.token;
    if (!verify(null, signedBytes(payload), key, signature)) throw new Error("bad signature");
    const known = tokens[entry.seq - 1];
    if (known && toHex(known) !== toHex(token)) throw new Error(`two entries ${entry.seq}`);
    if (known) return;
    if (entry.seq !== tokens.length + 1) throw new Error(`entry ${entry.seq} leaves a gap`);
    const last = tokens.at(-1);
    const prev = last ? nodePrimitives.sha256(last) : new Uint8Array(32);
    if (toHex(prev) !== toHex(entry.prev)) throw new Error(`entry ${entry.seq} breaks the chain`);
    tokens.push(token);
    entries.push(entry);
  }
  return {
    entries,
    asked,
    /** Reads until nothing more comes. */
    settle(): void {
      for (let quiet = 0; quiet < 3; quiet++) {
        const heard = box.gateway.heard();
        for (const message of heard) {
          if (message.kind === "ask") asked.push(message);
          if (message.kind !== "tokens") continue;
          message.tokens.forEach(book);
          box.gateway.say(ack(tokens.length));
        }
        if (heard.some(({ kind }) => kind === "tokens")) quiet = 0;
        box.wait(100);
      }
    },
  };
}

function publicKeyOf(raw: Bytes): KeyObject {
  const x = Buffer.from(raw).toString("base64url");
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
}

/** A terminal that has met its gateway; every student has a lease of so much. */
export function meetGateway(leaseCents = 1000) {
  const box = createCounterBox();
  box.connect();
  introduce(box, leaseCents);
  const book = createGatewayBook(box);
  book.settle();
  return { box, book };
}

/** The entries of a book in short: who pays how much (of it on grace). */
export const summaryOf = (book: GatewayBook): string[] =>
  book.entries.map((entry) =>
    entry.kind === "purchase"
      ? `${entry.student} pays ${entry.totalCents}` +
        (entry.graceCents ? ` (${entry.graceCents})` : "")
      : entry.kind === "lowered"
        ? `${entry.student} lowered to ${entry.ceilingCents}`
        : entry.kind,
  );
