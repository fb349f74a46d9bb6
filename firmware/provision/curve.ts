// Points of edwards25519 (RFC 8032 section 5.1) for the host that provisions terminals: multiples
// of the base point, many at once. Runs on Node only; not constant time, which is why it belongs in
// the office and not on the counter.

import type { Bytes } from "#protocol/bytes.ts";

const P = (1n << 255n) - 19n;
/** The order of the base point. */
export const L = (1n << 252n) + 27742317777372353535851937790883648493n;
const D = ((-121665n * inverse(121666n)) % P) + P;
const TWO_D = D * 2n;
const BASE_Y = (4n * inverse(5n)) % P;
const BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202n;

/** Extended coordinates (RFC 8032 section 5.1.4): x = X/Z, y = Y/Z, xy = T/Z. */
type Point = { x: bigint; y: bigint; z: bigint; t: bigint };
/** A point with Z = 1 as an addition wants it: y + x, y - x, 2dxy. */
type Addend = { sum: bigint; difference: bigint; product: bigint };

const NEUTRAL: Point = { x: 0n, y: 1n, z: 1n, t: 0n };
const WINDOW_BITS = 8;
const WINDOWS = 32;

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let rest = exponent, square = base; rest > 0n; rest >>= 1n, square = (square * square) % P)
    if (rest & 1n) result = (result * square) % P;
  return result;
}

function inverse(value: bigint): bigint {
  return power(((value % P) + P) % P, P - 2n);
}

/** The unified addition of RFC 8032 section 5.1.4, with the constants of the second point worked
 * out before. */
function add(point: Point, addend: Addend): Point {
  const a = ((point.y - point.x) * addend.difference) % P;
  const b = ((point.y + point.x) * addend.sum) % P;
  const c = (point.t * addend.product) % P;
  const d = 2n * point.z;
  const e = b - a;
  const f = d - c;
  const g = d + c;
  const h = b + a;
  return { x: (e * f) % P, y: (g * h) % P, z: (f * g) % P, t: (e * h) % P };
}

/** One inversion for all points (Montgomery's trick): an inversion costs as much as 300
 * multiplications. */
function invertAll(values: bigint[]): bigint[] {
  const prefixes: bigint[] = [];
  let product = 1n;
  for (const value of values) {
    prefixes.push(product);
    product = (product * value) % P;
  }
  let rest = inverse(product);
  const inverses: bigint[] = Array.from({ length: values.length });
  for (let i = values.length - 1; i >= 0; i--) {
    inverses[i] = (rest * (prefixes[i] as bigint)) % P;
    rest = (rest * (values[i] as bigint)) % P;
  }
  return inverses;
}

function affine(points: Point[]): { x: bigint; y: bigint }[] {
  const inverses = invertAll(points.map((point) => point.z));
  return points.map((point, i) => {
    const inverseZ = inverses[i] as bigint;
    const x = (point.x * inverseZ) % P;
    const y = (point.y * inverseZ) % P;
    return { x: x < 0n ? x + P : x, y: y < 0n ? y + P : y };
  });
}

function addendOf({ x, y }: { x: bigint; y: bigint }): Addend {
  return { sum: (y + x) % P, difference: (y - x + P) % P, product: (((x * y) % P) * TWO_D) % P };
}

/** table[w][d - 1] = d * 2^(8w) * B, so that a multiple is 32 additions and no doubling. */
function makeTable(): Addend[][] {
  const table: Addend[][] = [];
  let base = addendOf({ x: BASE_X, y: BASE_Y });
  for (let window = 0; window < WINDOWS; window++) {
    const multiples: Point[] = [add(NEUTRAL, base)];
    for (let digit = 2; digit <= 1 << WINDOW_BITS; digit++)
      multiples.push(add(multiples[digit - 2] as Point, base));
    const addends = affine(multiples).map(addendOf);
    table.push(addends);
    base = addends[(1 << WINDOW_BITS) - 1] as Addend;
  }
  return table;
}

let tableMade: Addend[][] | undefined;

function multiple(scalar: bigint): Point {
  tableMade ??= makeTable();
  let point = NEUTRAL;
  for (let window = 0, rest = scalar; rest > 0n; window++, rest >>= BigInt(WINDOW_BITS)) {
    const addend = tableMade[window]?.[Number(rest & 255n) - 1];
    if (addend) point = add(point, addend);
  }
  return point;
}

/** scalar * B for each scalar (0 <= scalar < 2^256), encoded as RFC 8032 section 5.1.2 says: y with
 * the sign of x. */
export function baseMultiples(scalars: bigint[]): Bytes[] {
  return affine(scalars.map(multiple)).map(({ x, y }) => {
    const bytes = bytesOf(y);
    bytes[31] = (bytes[31] as number) | (x & 1n ? 128 : 0);
    return bytes;
  });
}

/** scalar * B for each scalar as numbers below P, with d*x*y. */
export function basePoints(scalars: bigint[]): { x: bigint; y: bigint; dxy: bigint }[] {
  return affine(scalars.map(multiple)).map(({ x, y }) => ({ x, y, dxy: (((x * y) % P) * D) % P }));
}

/** The point that 32 bytes encode (RFC 8032 section 5.1.3), with d*x*y; undefined when they encode none, when another
 * encoding is the right one, or when the point has an order of 8 or less. */
export function decodePoint(bytes: Bytes): { x: bigint; y: bigint; dxy: bigint } | undefined {
  const encoded = numberOf(bytes);
  const sign = encoded >> 255n;
  const y = encoded & ((1n << 255n) - 1n);
  if (y >= P) return undefined;
  const square = ((y * y - 1n + P) * inverse(D * y * y + 1n)) % P;
  let x = power(square, (P + 3n) / 8n);
  if ((x * x) % P !== square) x = (x * power(2n, (P - 1n) / 4n)) % P;
  if ((x * x) % P !== square || (!x && sign)) return undefined;
  if ((x & 1n) !== sign) x = P - x;
  const addend = addendOf({ x, y });
  let sum = add(NEUTRAL, addend);
  for (let times = 2; times <= 8; times++) sum = add(sum, addend);
  const [eightfold] = affine([sum]);
  return eightfold?.x === 0n ? undefined : { x, y, dxy: (((x * y) % P) * D) % P };
}

function bytesOf(value: bigint): Bytes {
  const bytes = new Uint8Array(32);
  for (let i = 0, rest = value; i < 32; i++, rest >>= 8n) bytes[i] = Number(rest & 255n);
  return bytes;
}

/** A number from its bytes, the lowest first. */
export function numberOf(bytes: Bytes): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] as number);
  return value;
}
