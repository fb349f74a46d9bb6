// A terminal's token as any stranger can read it: RFC 9052 with a CBOR library of npm and Node's Ed25519. It shares no
// line with the gateway's own reading, so that one misreading cannot hide in both.

import type { KeyObject } from "node:crypto";
import { createHash, createPublicKey, verify } from "node:crypto";
import { decode, encode } from "cborg";

const COSE_SIGN1 = 0xd2;
const KINDS = ["", "open", "purchase", "void", "collect", "lowered", "close"];

export type Line = { product: number; cents: number };
/** What an entry says, as far as books depend on it; prev in hex. */
export type Said = {
  terminal: number;
  epoch: number;
  seq: number;
  prev: string;
  time: number;
  kind: string;
  student: number;
  lines: Line[];
  totalCents: number;
  graceCents: number;
  lease: number;
  voids: number;
  order: number;
};
export type SignedToken = { said: Said; signedBytes: Uint8Array; signature: Uint8Array };

export const sha256 = (data: Uint8Array | string): Uint8Array =>
  new Uint8Array(createHash("sha256").update(data).digest());
export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
export const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"));

export function publicKeyOf(text: string): KeyObject {
  const x = Buffer.from(text, "hex").toString("base64url");
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
}

/** undefined when the bytes are no COSE_Sign1 of a map with the fields of an entry. */
export function readToken(token: Uint8Array): SignedToken | undefined {
  if (token[0] !== COSE_SIGN1) return undefined;
  try {
    const envelope: unknown = decode(token.subarray(1), { useMaps: true, strict: true });
    if (!Array.isArray(envelope) || envelope.length !== 4) return undefined;
    const [head, , payload, signature]: unknown[] = envelope;
    if (!isBytes(head) || !isBytes(payload) || !isBytes(signature)) return undefined;
    const fields: unknown = decode(payload, { useMaps: true, strict: true });
    if (!(fields instanceof Map)) return undefined;
    const signedBytes = encode(["Signature1", head, new Uint8Array(0), payload]);
    return { said: saidBy(fields), signedBytes, signature };
  } catch {
    return undefined;
  }
}

/** On Node's pool of threads: signatures take most of the time, and machines have more than one core. */
export function isSignedBy(token: SignedToken, key: KeyObject): Promise<boolean> {
  const { signedBytes, signature } = token;
  return new Promise((resolve, reject) => {
    verify(null, signedBytes, key, signature, (error, isGood) =>
      error ? reject(error) : resolve(isGood),
    );
  });
}

const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array;

function saidBy(fields: Map<unknown, unknown>): Said {
  const number = (field: number): number => Number(fields.get(field) ?? 0);
  const prev = fields.get(4);
  const lines = fields.get(12) as number[][] | undefined;
  return {
    terminal: number(1),
    epoch: number(2),
    seq: number(3),
    prev: isBytes(prev) ? hex(prev) : "",
    time: number(5),
    kind: KINDS[number(7)] ?? "",
    student: number(11),
    lines: (lines ?? []).map(([product = 0, , quantity = 0, unitCents = 0]) => ({
      product,
      cents: quantity * unitCents,
    })),
    totalCents: number(13),
    graceCents: number(14),
    lease: number(15),
    voids: number(19),
    order: number(20),
  };
}
