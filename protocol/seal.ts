// The seal: every MQTT payload in both directions is encrypted and authenticated end to end, because neither the
// broker nor Espruino's TLS can be trusted (protocol/README.md, section "Seal").
// header (16) | AES-128-CBC ciphertext | HMAC-SHA256 of both, first 16 bytes. Encrypt, then MAC.

import type { Bytes, Primitives } from "./bytes.ts";
import { concat, fromLatin1, readU32, sameBytes, writeU32 } from "./bytes.ts";

export const SEAL_VERSION = 1;
const BLOCK = 16;
const TAG_BYTES = 16;
const TWO_32 = 4294967296;
const ZERO_IV = new Uint8Array(BLOCK);

export type Direction = "up" | "down";
export type SealKeys = { cipher: Bytes; mac: Bytes };
/** sequence (to 2^53 - 1) is never used twice by one sender under one key: the initialisation vector comes from it. */
export type SealHeader = {
  direction: Direction;
  terminal: number;
  epoch: number;
  sequence: number;
};
export type SealFault = "not-sealed" | "bad-seal";
export type Opened =
  | { ok: true; header: SealHeader; message: Bytes }
  | { ok: false; fault: SealFault };

/** The keys of one terminal, epoch and direction, from the school's seal secret (a Worker secret of 32 bytes or
 * more). Derived, so that no database holds them. */
export function deriveSealKeys(
  primitives: Primitives,
  secret: Bytes,
  school: string,
  terminal: number,
  epoch: number,
  direction: Direction,
): SealKeys {
  const context = "obole/1/seal/" + school + "/" + terminal + "/" + epoch + "/" + direction;
  return {
    cipher: primitives.hmacSha256(secret, fromLatin1(context + "/cipher")).subarray(0, BLOCK),
    mac: primitives.hmacSha256(secret, fromLatin1(context + "/mac")),
  };
}

export function seal(
  primitives: Primitives,
  keys: SealKeys,
  header: SealHeader,
  message: Bytes,
): Bytes {
  const head = bytesOfHeader(header);
  const sealed = concat([
    head,
    primitives.encryptCbc(keys.cipher, vector(primitives, keys, head), pad(message)),
  ]);
  return concat([sealed, primitives.hmacSha256(keys.mac, sealed).subarray(0, TAG_BYTES)]);
}

/** Who sealed this, as it claims: enough to find the keys; true only once openSeal says so. */
export function readSealHeader(sealed: Bytes): SealHeader | undefined {
  const ciphertext = sealed.length - BLOCK - TAG_BYTES;
  if (
    ciphertext < BLOCK ||
    ciphertext % BLOCK ||
    sealed[0] !== SEAL_VERSION ||
    (sealed[1] as number) > 1
  )
    return undefined;
  return {
    direction: sealed[1] === 0 ? "up" : "down",
    epoch: (sealed[2] as number) * 256 + (sealed[3] as number),
    terminal: readU32(sealed, 4),
    sequence: readU32(sealed, 8) * TWO_32 + readU32(sealed, 12),
  };
}

export function openSeal(primitives: Primitives, keys: SealKeys, sealed: Bytes): Opened {
  const header = readSealHeader(sealed);
  if (!header) return { ok: false, fault: "not-sealed" };
  const end = sealed.length - TAG_BYTES;
  const tag = primitives.hmacSha256(keys.mac, sealed.subarray(0, end)).subarray(0, TAG_BYTES);
  if (!sameBytes(tag, sealed.subarray(end))) return { ok: false, fault: "bad-seal" };
  const head = sealed.subarray(0, BLOCK);
  const padded = primitives.decryptCbc(
    keys.cipher,
    vector(primitives, keys, head),
    sealed.subarray(BLOCK, end),
  );
  const message = unpad(padded);
  return message
    ? { ok: true, header: header, message: message }
    : { ok: false, fault: "bad-seal" };
}

/** The header is unique per key, so its encryption is an unpredictable vector (NIST SP 800-38A appendix C). */
function vector(primitives: Primitives, keys: SealKeys, head: Bytes): Bytes {
  return primitives.encryptCbc(keys.cipher, ZERO_IV, head);
}

function bytesOfHeader(header: SealHeader): Bytes {
  const head = new Uint8Array(BLOCK);
  head[0] = SEAL_VERSION;
  head[1] = header.direction === "up" ? 0 : 1;
  head[2] = header.epoch >> 8;
  head[3] = header.epoch;
  writeU32(head, 4, header.terminal);
  writeU32(head, 8, Math.floor(header.sequence / TWO_32));
  writeU32(head, 12, header.sequence % TWO_32);
  return head;
}

/** PKCS #7 (RFC 5652 section 6.3). */
function pad(message: Bytes): Bytes {
  const padding = BLOCK - (message.length % BLOCK);
  const padded = new Uint8Array(message.length + padding);
  padded.fill(padding);
  padded.set(message, 0);
  return padded;
}

function unpad(padded: Bytes): Bytes | undefined {
  const padding = padded[padded.length - 1] as number;
  if (padding < 1 || padding > BLOCK) return undefined;
  return padded.subarray(0, padded.length - padding);
}
