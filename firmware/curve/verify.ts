// Checks an Ed25519 signature (RFC 8032 section 5.1.7) in slices of the terminal's idle time: R must be the encoding of
// S*B - h*A. One sum goes down the bits of h: it is doubled, the key's point is taken away where the bit is set, and at
// the last bits come the multiples of B, which need no more doublings than the comb's rounds have.

import type { Bytes } from "#protocol/bytes.ts";
import { concat, copyBytes, fromHex, sameBytes } from "#protocol/bytes.ts";
import type { Board } from "../board.ts";
import type { Entry, Sum } from "./comb.ts";
import {
  ENTRY_BYTES,
  ROUNDS,
  TEETH,
  WINDOW_BITS,
  addEntry,
  addTooth,
  double,
  entryOf,
  startMultiple,
} from "./comb.ts";
import type { Encoding } from "./encoding.ts";
import { encodeSlice, packPoint, startEncoding } from "./encoding.ts";
import type { Field } from "./field.ts";
import { createField } from "./field.ts";

/** A public key as it is encoded, and its point, which the office has decoded (provision/release-key.ts). */
export type VerifyKey = { encoded: Bytes; point: Entry };
/** bit: of h, from the highest on; step: at this bit, 0 doubles, 1 adds the key, then the teeth. */
export type Verification = Sum & {
  field: Field;
  key: VerifyKey;
  h: Bytes;
  digitsOfS: number[];
  r: Bytes;
  bit: number;
  step: number;
  encoding: Encoding | undefined;
};
export type Verdict = "checking" | "genuine" | "forged";
type Arithmetic = Pick<Board, "sha512" | "convolve"> & { moduloL(hash: Bytes): Bytes };

const POINT_BYTES = 32;
const SIGNATURE_BYTES = 64;
/** h and S are below L, and L below 2^253. */
const TOP_BIT = 252;
const KEY_STEP = 1;
/** L = 2^252 + 27742317777372353535851937790883648493, the lowest byte first. */
const L_HEX = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";

/** File "release" holds the key of the office that signs firmware; undefined when nobody gave one to this box. */
export function readVerifyKey(files: Board["files"]): VerifyKey | undefined {
  const encoded = files.read("release", 0, POINT_BYTES);
  const point = files.read("release", POINT_BYTES, ENTRY_BYTES);
  if (!encoded || !point || point.length !== ENTRY_BYTES) return undefined;
  return { encoded: copyBytes(encoded, 0, POINT_BYTES), point: entryOf(point) };
}

/** undefined when the signature cannot be one: its length is wrong, or S is not below L. */
export function startVerification(
  arithmetic: Arithmetic,
  key: VerifyKey,
  message: Bytes,
  signature: Bytes,
): Verification | undefined {
  if (signature.length !== SIGNATURE_BYTES) return undefined;
  const r = copyBytes(signature, 0, POINT_BYTES);
  const s = copyBytes(signature, POINT_BYTES, POINT_BYTES);
  if (!isBelowL(s)) return undefined;
  return {
    field: createField(arithmetic.convolve),
    key: key,
    h: arithmetic.moduloL(arithmetic.sha512(concat([r, key.encoded, message]))),
    digitsOfS: startMultiple(s).digits,
    r: r,
    bit: TOP_BIT,
    step: 0,
    sum: undefined,
    encoding: undefined,
  };
}

function isBelowL(scalar: Bytes): boolean {
  const order = fromHex(L_HEX);
  for (let i = POINT_BYTES - 1; i >= 0; i--) {
    const above = (scalar[i] as number) - (order[i] as number);
    if (above) return above < 0;
  }
  return false;
}

/** One slice, as long as an addition. */
export function verifySlice(files: Board["files"], verification: Verification): Verdict {
  if (verification.bit >= 0) {
    stepOn(verification.field, files, verification);
    return "checking";
  }
  // The neutral element: nothing was signed with nothing.
  if (!verification.sum) return "forged";
  if (!verification.encoding) verification.encoding = startEncoding([packPoint(verification.sum)]);
  if (!encodeSlice(verification.field, verification.encoding)) return "checking";
  const encoded = verification.encoding.encoded[0] as Bytes;
  return sameBytes(encoded, verification.r) ? "genuine" : "forged";
}

function stepOn(field: Field, files: Board["files"], verification: Verification): void {
  const bit = verification.bit;
  const step = verification.step++;
  const byte = verification.h[bit >> 3] as number;
  if (!step) double(field, verification);
  else if (step > KEY_STEP) {
    const tooth = step - KEY_STEP - 1;
    addTooth(field, files, verification, verification.digitsOfS, bit / WINDOW_BITS, tooth);
  } else if ((byte >> (bit & 7)) & 1) addEntry(field, verification, verification.key.point, -1);
  const hasTeeth = bit < ROUNDS * WINDOW_BITS && bit % WINDOW_BITS === 0;
  if (verification.step <= KEY_STEP + (hasTeeth ? TEETH : 0)) return;
  verification.step = 0;
  verification.bit--;
}
