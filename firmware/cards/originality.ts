// Whether NXP made a card: each NTAG 424 DNA holds NXP's signature over its UID, ECDSA on secp224r1 without a hash (AN12196
// section 7.2, where the public key stands). It can be copied with the UID, so it proves no card at a counter; it
// tells the office that what was bought is no clone that answers to factory keys.

import type { Bytes } from "#protocol/bytes.ts";
import { toHex } from "#protocol/bytes.ts";
import { selectApplication, statusOf } from "../drivers/ntag424.ts";
import type { OfficeReader } from "./office-reader.ts";

export type Point = { x: bigint; y: bigint };

/** SEC 2, section 2.6.1. */
const P = 2n ** 224n - 2n ** 96n + 1n;
const A = P - 3n;
export const ORDER = 0xffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3dn;
export const BASE: Point = {
  x: 0xb70e0cbd6bb4bf7f321390b94a03c1d356c21122343280d6115c1d21n,
  y: 0xbd376388b5f723fb4c22dfe6cd4375a05a07476444d5819985007e34n,
};
export const NXP: Point = {
  x: 0x8a9b380af2ee1b98dc417fecc263f8449c7625cece82d9b916c992dan,
  y: 0x209d68422b81ec20b65a66b5102a61596af3379200599316a00a1410n,
};

const READ_SIGNATURE = Uint8Array.of(0x90, 0x3c, 0x00, 0x00, 0x01, 0x00, 0x00);
const TOLD = 0x9190;
const HALF_BYTES = 28;

/** Asks the card for its signature. maker: whoever should have signed. Throws CardGone. */
export async function isOriginal(reader: OfficeReader, uid: Bytes, maker: Point): Promise<boolean> {
  await new Promise((resolve) => selectApplication(reader.callback, resolve));
  const answer = await reader.exchange(READ_SIGNATURE);
  return statusOf(answer) === TOLD && isSignedBy(maker, uid, answer.subarray(0, -2));
}

/** FIPS 186-4, section 6.4, with the UID in the place of the hash. */
export function isSignedBy(maker: Point, uid: Bytes, signature: Bytes): boolean {
  if (signature.length !== 2 * HALF_BYTES) return false;
  const r = numberOf(signature.subarray(0, HALF_BYTES));
  const s = numberOf(signature.subarray(HALF_BYTES));
  if (r < 1n || r >= ORDER || s < 1n || s >= ORDER) return false;
  const inverse = inverted(s, ORDER);
  const sum = added(
    multiplied(reduced(numberOf(uid) * inverse, ORDER), BASE),
    multiplied(reduced(r * inverse, ORDER), maker),
  );
  return sum !== undefined && reduced(sum.x, ORDER) === r;
}

export const numberOf = (bytes: Bytes): bigint => BigInt(`0x0${toHex(bytes)}`);

export function reduced(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

/** By Euclid: the modulus is prime. */
export function inverted(value: bigint, modulus: bigint): bigint {
  let [a, b] = [reduced(value, modulus), modulus];
  let [u, v] = [1n, 0n];
  while (a > 1n) {
    const quotient = b / a;
    [a, b] = [b - quotient * a, a];
    [u, v] = [v - quotient * u, u];
  }
  return reduced(u, modulus);
}

/** The neutral point is undefined. */
function added(p: Point | undefined, q: Point | undefined): Point | undefined {
  if (!p || !q) return p ?? q;
  if (p.x === q.x && p.y !== q.y) return undefined;
  const slope =
    p.x === q.x
      ? (3n * p.x * p.x + A) * inverted(2n * p.y, P)
      : (q.y - p.y) * inverted(q.x - p.x, P);
  const x = reduced(slope * slope - p.x - q.x, P);
  return { x, y: reduced(slope * (p.x - x) - p.y, P) };
}

export function multiplied(factor: bigint, point: Point): Point | undefined {
  let sum: Point | undefined;
  let power: Point | undefined = point;
  for (let rest = factor; rest > 0n; rest >>= 1n) {
    if (rest & 1n) sum = added(sum, power);
    power = added(power, power);
  }
  return sum;
}
