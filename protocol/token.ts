// The token: one entry of a terminal's journal as a COSE_Sign1 (RFC 9052 section 4.2) with EdDSA.
// The terminal writes it, the gateway books it, and any COSE library can check it.
// The bytes are specified in protocol/README.md, section "Token".

import type { Bytes } from "./bytes.ts";
import { concat, copyBytes, sameBytes } from "./bytes.ts";
import { decode } from "./cbor.ts";
import type { Entry, TokenFault } from "./entry.ts";
import { TOKEN_BYTES_MAX } from "./entry.ts";
import { entryOfMap } from "./fields.ts";
import { encodeEntry } from "./write-entry.ts";

export const SIGNATURE_BYTES = 64;

export type Token = { entry: Entry; payload: Bytes; signature: Bytes };
export type Decoded = { ok: true; token: Token } | { ok: false; fault: TokenFault };

// COSE_Sign1, tagged 18, protected header {1: -8} (EdDSA), empty unprotected header: always these bytes.
export const ENVELOPE = new Uint8Array([0xd2, 0x84, 0x43, 0xa1, 0x01, 0x27, 0xa0]);
// ["Signature1", protected header, no external data, payload]: the start of what is signed (RFC 9052 section 4.4).
const SIGNED = new Uint8Array([
  0x84, 0x6a, 0x53, 0x69, 0x67, 0x6e, 0x61, 0x74, 0x75, 0x72, 0x65, 0x31, 0x43, 0xa1, 0x01, 0x27,
  0x40,
]);
const SIGNATURE_HEAD = new Uint8Array([0x58, SIGNATURE_BYTES]);

/** The head of a CBOR byte string of up to 65,535 bytes. */
function bytesHead(length: number): Bytes {
  if (length < 24) return new Uint8Array([0x40 | length]);
  if (length < 256) return new Uint8Array([0x58, length]);
  return new Uint8Array([0x59, length >> 8, length & 255]);
}

/** The bytes that the signature covers: the Sig_structure of RFC 9052 section 4.4. */
export function signedBytes(payload: Bytes): Bytes {
  return concat([SIGNED, bytesHead(payload.length), payload]);
}

/** The token as it is journalled, sent and hashed. */
export function assembleToken(payload: Bytes, signature: Bytes): Bytes {
  return concat([ENVELOPE, bytesHead(payload.length), payload, SIGNATURE_HEAD, signature]);
}

/** Splits the envelope by its fixed bytes: no CBOR library is asked what a COSE_Sign1 is. */
export function splitToken(bytes: Bytes): { payload: Bytes; signature: Bytes } | undefined {
  let at = ENVELOPE.length;
  if (bytes.length < at + 3 || !sameBytes(bytes.subarray(0, at), ENVELOPE)) return undefined;
  let length = bytes[at++] as number;
  if (length === 0x58) {
    length = bytes[at++] as number;
    if (length < 24) return undefined;
  } else if (length === 0x59) {
    length = (bytes[at] as number) * 256 + (bytes[at + 1] as number);
    at += 2;
    if (length < 256) return undefined;
  } else if (length >= 0x40 && length < 0x58) length -= 0x40;
  else return undefined;
  const end = at + length + SIGNATURE_HEAD.length;
  if (bytes.length !== end + SIGNATURE_BYTES) return undefined;
  if (!sameBytes(bytes.subarray(at + length, end), SIGNATURE_HEAD)) return undefined;
  return {
    payload: copyBytes(bytes, at, length),
    signature: copyBytes(bytes, end, SIGNATURE_BYTES),
  };
}

/** Reads a token whose signature is still to be checked. Checks run from the most fundamental down, and the
 * first that fails names the fault. decodeMap may be another, quicker decoder: what it returns is encoded again
 * and must give the very bytes received, so it need not be strict; a fault is always named by our own. */
export function decodeToken(bytes: Bytes, decodeMap?: (payload: Bytes) => unknown): Decoded {
  if (bytes.length > TOKEN_BYTES_MAX) return { ok: false, fault: "too-long" };
  const parts = splitToken(bytes);
  if (!parts) return { ok: false, fault: "not-cose-sign1" };
  if (decodeMap) {
    const quick = entryOfPayload(parts.payload, decodeMap);
    if (typeof quick !== "string") return { ok: true, token: tokenOf(quick, parts) };
  }
  const entry = entryOfPayload(parts.payload, decode);
  if (typeof entry === "string") return { ok: false, fault: entry };
  return { ok: true, token: tokenOf(entry, parts) };
}

function tokenOf(entry: Entry, parts: { payload: Bytes; signature: Bytes }): Token {
  return { entry: entry, payload: parts.payload, signature: parts.signature };
}

function entryOfPayload(
  payload: Bytes,
  decodeMap: (payload: Bytes) => unknown,
): Entry | TokenFault {
  let map: unknown;
  try {
    map = decodeMap(payload);
  } catch {
    return "not-deterministic";
  }
  const entry = entryOfMap(map);
  if (typeof entry === "string") return entry;
  return sameBytes(encodeEntry(entry), payload) ? entry : "not-deterministic";
}
