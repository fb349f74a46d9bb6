// The signer must give ordinary Ed25519 signatures: node:crypto is the judge of each. The rare
// wrong estimate of the quotient (once in about 2^30) is provoked by a convolution that lies in the
// estimate.

import { createPublicKey, verify } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { nodePrimitives, sha512 } from "#sim/primitives.ts";
import { provisionTerminal } from "./provision/provision.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { POINT_RECORD_BYTES, HEADER_BYTES } from "./pool.ts";
import { readSettings } from "./settings.ts";
import { createSigner, nonceOf } from "./signer.ts";

const NONCES = 2000;
const terminal = provisionTerminal({
  school: "college-demo",
  terminal: 7,
  epoch: 3,
  sealSecret: new Uint8Array(32),
  broker: { host: "127.0.0.1", port: 1883 },
  nonces: NONCES,
});
const files: { [name: string]: Bytes } = terminal.files;
const read = readSettings(
  { read: (name, offset, length) => files[name]?.slice(offset, offset + length) },
  nodePrimitives.sha256,
);
if (!read.ok) throw new Error(read.fault);
const { signerKeys } = read;
const publicKey = createPublicKey({
  key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(terminal.publicKey).toString("base64url") },
  format: "jwk",
});

function convolve(a: ArrayLike<number>, b: ArrayLike<number>, offset: number): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++)
    sum += (a[i] as number) * (b[(i + offset) % b.length] as number);
  if (Math.abs(sum) >= 2 ** 53) throw new Error("convolve: not exact: " + sum);
  return sum;
}
const signer = createSigner({ sha512, convolve }, signerKeys);
const pointOf = (index: number): Bytes =>
  terminal.files.pool.slice(HEADER_BYTES + index * POINT_RECORD_BYTES).slice(0, 32);

test("10,000 signatures of any messages under any indices verify, and no other message does", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 400 }),
      fc.integer({ min: 0, max: NONCES - 1 }),
      (message, index) => {
        const signature = signer.sign(index, pointOf(index), message);
        expect(verify(null, message, publicKey, signature)).toBe(true);
        const other = Uint8Array.from([...message, 0]);
        expect(verify(null, other, publicKey, signature)).toBe(false);
      },
    ),
    { numRuns: 10_000 },
  );
});

test.each([-1, 1])(
  "an estimate that is off by %i still ends in the one right signature",
  (error) => {
    const right = signer.sign(5, pointOf(5), Buffer.from("potage"));
    let calls = 0;
    let folds = 0;
    const lying = createSigner(
      {
        sha512,
        convolve(a, b, offset) {
          calls++;
          if (calls > 2) folds++;
          // The first call of a signature estimates from the top column, in units of 2^28 of the
          // quotient.
          return convolve(a, b, offset) + (calls === 1 ? error * 2 ** 28 : 0);
        },
      },
      signerKeys,
    );
    expect(lying.sign(5, pointOf(5), Buffer.from("potage"))).toEqual(right);
    expect(folds).toBe(16);
  },
);

test("an estimate that is wrong by more is a mistake, never a signature", () => {
  let calls = 0;
  const broken = createSigner(
    { sha512, convolve: (a, b, at) => convolve(a, b, at) + (++calls === 1 ? 5 * 2 ** 28 : 0) },
    signerKeys,
  );
  expect(() => broken.sign(5, pointOf(5), Buffer.from("potage"))).toThrow("signer: no quotient");
});

test("a nonce is SHA-512 of label, seed, epoch and index", () => {
  const data = Buffer.concat([
    Buffer.from("nonce"),
    signerKeys.nonceSeed,
    Buffer.from("00000003", "hex"),
    Buffer.from("000102ff", "hex"),
  ]);
  expect(nonceOf(sha512, signerKeys.nonceSeed, 3, 0x102ff)).toEqual(sha512(data));
});

test("a table of the wrong size is refused", () => {
  const keys = { ...signerKeys, table: new Int32Array(10) };
  expect(() => createSigner({ sha512, convolve }, keys)).toThrow("signer: the table has 10 words");
});
