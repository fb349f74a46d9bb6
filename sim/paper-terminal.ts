// A terminal without a device, for tests and load: it signs a journal with an ordinary key and
// seals it as a real terminal would, in Node or workerd. No firmware runs here; the virtual
// terminals are elsewhere.

import type { KeyObject } from "node:crypto";
import { createPrivateKey, createPublicKey, hkdfSync, sign } from "node:crypto";
import { primitives } from "#edge/crypto.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { fromHex } from "#protocol/bytes.ts";
import type { Collect, Entry, Line, Lowered, Open, Purchase, Void } from "#protocol/entry.ts";
import { deriveSealKeys, seal } from "#protocol/seal.ts";
import { assembleToken, signedBytes } from "#protocol/token.ts";
import { encodeEntry } from "#protocol/write-entry.ts";
import { upTopic } from "#protocol/topics.ts";
import type { Uplink } from "#protocol/uplink.ts";
import { encodeUplink } from "#protocol/uplink.ts";

export type PaperTerminal = {
  school: string;
  terminal: number;
  epoch: number;
  sealSecret: Bytes;
  key: KeyObject;
  publicKey: Bytes;
  seq: number;
  prev: Bytes;
  sequence: number;
};
export type Said =
  | Pick<Open, "kind">
  | (Pick<Purchase, "kind" | "student" | "lines"> & Partial<Purchase> & { operator?: number })
  | Pick<Void, "kind" | "student" | "totalCents" | "voids">
  | Pick<Collect, "kind" | "student" | "order">
  | Lowered
  | { kind: "close" };

/** PKCS #8 of an Ed25519 private key (RFC 8410 section 7), before its 32 bytes. */
const PKCS8_HEAD = fromHex("302e020100300506032b657004220420");

/** The key follows from school, terminal and epoch: the same terminal again is the same key. */
export function paperTerminal(
  school: string,
  terminal: number,
  epoch: number,
  sealSecret: Bytes,
): PaperTerminal {
  const name = `paper/${school}/${terminal}/${epoch}`;
  const secret = new Uint8Array(hkdfSync("sha256", sealSecret, "", name, 32));
  const der = Buffer.concat([PKCS8_HEAD, secret]);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const x = createPublicKey(key).export({ format: "jwk" }).x ?? "";
  const publicKey = new Uint8Array(Buffer.from(x, "base64url"));
  const state = { seq: 0, prev: new Uint8Array(32), sequence: 0 };
  return { school, terminal, epoch, sealSecret, key, publicKey, ...state };
}

/** The next entry of its journal, signed. time in seconds since 1970. */
export function sayToken(paper: PaperTerminal, said: Said, time: number): Bytes {
  paper.seq++;
  const token = signEntry(paper, entryOf(paper, said, time));
  paper.prev = primitives.sha256(token);
  return token;
}

/** Any entry under this terminal's key, whatever its place in the journal. */
export function signEntry(paper: PaperTerminal, entry: Entry): Bytes {
  const payload = encodeEntry(entry);
  return assembleToken(payload, new Uint8Array(sign(null, signedBytes(payload), paper.key)));
}

export function entryOf(paper: PaperTerminal, said: Said, time: number): Entry {
  const { terminal, epoch, seq, prev } = paper;
  const head = { terminal, epoch, seq, prev, time, nonce: seq, operator: 0 } as const;
  const trusted = { ...head, clock: "trusted" as const };
  const card = fromHex("04a1b2c3d4e5f6");
  if (said.kind === "open")
    return { ...trusted, kind: "open", firmware: new Uint8Array(32), boot: seq };
  if (said.kind === "close" || said.kind === "lowered") return { ...trusted, ...said };
  if (said.kind === "void") return { ...trusted, card, lease: 0, ...said };
  if (said.kind === "collect")
    return { ...trusted, card, roster: 1, proof: { method: "uid" }, ...said };
  const totalCents = said.lines.reduce((sum, line) => sum + costOf(line), 0);
  const versions = { lease: 0, roster: 0, prices: 0, proof: { method: "uid" as const } };
  return { ...trusted, card, totalCents, graceCents: 0, ...versions, ...said };
}

function costOf(line: Line): number {
  return line.quantity * line.unitCents;
}

/** A sealed message on the terminal's own topic, as a broker would deliver it. */
export function sayMessage(
  paper: PaperTerminal,
  uplink: Uplink,
): { topic: string; payload: Bytes } {
  const { school, terminal, epoch, sealSecret } = paper;
  const keys = deriveSealKeys(primitives, sealSecret, school, terminal, epoch, "up");
  const header = { direction: "up" as const, terminal, epoch, sequence: ++paper.sequence };
  const payload = seal(primitives, keys, header, encodeUplink(uplink));
  return { topic: upTopic(school, terminal), payload };
}

export function sayTokens(
  paper: PaperTerminal,
  tokens: Bytes[],
): { topic: string; payload: Bytes } {
  return sayMessage(paper, { kind: "tokens", unsent: tokens.length, oldest: 0, tokens });
}
