// The token against vectors.json and against two programs that know nothing of ours: @auth0/cose reads and checks
// every valid token as COSE, cborg reads and writes every payload as CBOR. Then everything near a valid token
// (each bit flipped, each length cut) must be refused: by its form, or by its signature.

import { Sign1 } from "@auth0/cose";
import { decode as cborgDecode, encode as cborgEncode } from "cborg";
import { decode as cborXDecode } from "cbor-x";
import { createPublicKey, verify } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concat, fromHex, toHex } from "./bytes.ts";
import type { Entry } from "./entry.ts";
import { LINES_MAX, TOKEN_BYTES_MAX } from "./entry.ts";
import { assembleToken, decodeToken, signedBytes } from "./token.ts";
import { encodeEntry } from "./write-entry.ts";
import vectors from "./vectors.json" with { type: "json" };

const publicKey = createPublicKey({
  // SubjectPublicKeyInfo of Ed25519 (RFC 8410 section 4).
  key: Buffer.from(concat([fromHex("302a300506032b6570032100"), fromHex(vectors.publicKey)])),
  format: "der",
  type: "spki",
});

const isSigned = (bytes: Uint8Array): boolean => {
  const decoded = decodeToken(bytes);
  return (
    decoded.ok &&
    verify(null, signedBytes(decoded.token.payload), publicKey, decoded.token.signature)
  );
};

/** Bytes as hex, so that an entry can be compared with the file. */
const plain = (entry: Entry): unknown =>
  JSON.parse(
    JSON.stringify(entry, (_, value) => (value instanceof Uint8Array ? toHex(value) : value)),
  );

const byNumber = { useMaps: true, strict: true };

describe("every valid token", () => {
  for (const { name, hex, entry } of vectors.valid) {
    const bytes = fromHex(hex);

    it(`${name}: decodes to its entry, and the entry gives the same payload`, () => {
      const decoded = decodeToken(bytes);
      if (!decoded.ok) throw new Error(decoded.fault);
      expect(plain(decoded.token.entry)).toEqual(entry);
      expect(toHex(encodeEntry(decoded.token.entry))).toBe(toHex(decoded.token.payload));
      expect(toHex(assembleToken(decoded.token.payload, decoded.token.signature))).toBe(hex);
      expect(isSigned(bytes)).toBe(true);
    });

    it(`${name}: reads the same with the Worker's decoder`, () => {
      const decoded = decodeToken(bytes, cborXDecode);
      expect(decoded.ok && plain(decoded.token.entry)).toEqual(entry);
    });

    it(`${name}: an independent COSE library accepts its signature`, async () => {
      // This library takes the array without the tag of COSE_Sign1, our first byte (RFC 9052 table 1).
      const message = Sign1.decode(bytes.subarray(1));
      await expect(message.verify(await webKey())).resolves.toBeUndefined();
    });

    it(`${name}: an independent CBOR library writes the same payload`, () => {
      const decoded = decodeToken(bytes);
      if (!decoded.ok) throw new Error(decoded.fault);
      const map: unknown = cborgDecode(decoded.token.payload, byNumber);
      expect(toHex(cborgEncode(map))).toBe(toHex(decoded.token.payload));
    });
  }

  it("chains to the one before by its hash", async () => {
    const tokens = vectors.valid.map(({ hex }) => fromHex(hex));
    for (let i = 1; i < tokens.length; i++) {
      const before = await crypto.subtle.digest(
        "SHA-256",
        tokens[i - 1] as Uint8Array<ArrayBuffer>,
      );
      expect((vectors.valid[i] as { entry: { prev: string } }).entry.prev).toBe(
        toHex(new Uint8Array(before)),
      );
    }
  });
});

async function webKey(): Promise<CryptoKey> {
  const raw = fromHex(vectors.publicKey) as Uint8Array<ArrayBuffer>;
  return crypto.subtle.importKey("raw", raw, { name: "Ed25519" }, true, ["verify"]);
}

describe("every invalid token is refused with its reason", () => {
  for (const { name, hex, reason } of vectors.invalid)
    it(`${name}: ${reason}`, () => {
      for (const decoder of [undefined, cborXDecode]) {
        const decoded = decodeToken(fromHex(hex), decoder);
        if (reason === "bad-signature")
          expect([decoded.ok, isSigned(fromHex(hex))]).toEqual([true, false]);
        else expect(decoded).toEqual({ ok: false, fault: reason });
      }
    });
});

describe("what is near a valid token", () => {
  const bytes = fromHex((vectors.valid[2] as { hex: string }).hex);

  it("is refused when any one bit is flipped", () => {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const near = bytes.slice();
      near[bit >> 3] = (near[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(isSigned(near), `bit ${bit}`).toBe(false);
    }
  });

  it("is refused when cut at any length", () => {
    for (let length = 0; length < bytes.length; length++)
      expect(decodeToken(bytes.subarray(0, length))).toEqual({
        ok: false,
        fault: "not-cose-sign1",
      });
  });

  it("never makes the decoder throw, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 340 }), (payload) => {
        decodeToken(assembleToken(payload.subarray(0, 300), new Uint8Array(64)), cborXDecode);
        return !decodeToken(payload).ok;
      }),
    );
  });
});

describe("any entry within the limits", () => {
  const u32 = fc.integer({ min: 1, max: 0xffffffff });
  const line = fc.record({
    product: u32,
    revision: fc.integer({ min: 1, max: 65535 }),
    quantity: fc.integer({ min: 1, max: 12 }),
    unitCents: fc.integer({ min: 1, max: 10_000 }),
  });
  const purchase = fc
    .record({
      terminal: u32,
      epoch: fc.integer({ min: 1, max: 65535 }),
      seq: u32,
      prev: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      time: u32,
      clock: fc.constantFrom("trusted" as const, "suspect" as const),
      nonce: u32,
      operator: u32,
      card: fc.uint8Array({ minLength: 4, maxLength: 10 }),
      student: u32,
      lines: fc.array(line, { minLength: 1, maxLength: LINES_MAX }),
      lease: u32,
      roster: u32,
      prices: u32,
      proof: fc.oneof(
        fc.constant({ method: "uid" as const }),
        u32.map((counter) => ({ method: "authenticated" as const, counter })),
      ),
    })
    .map((fields): Entry => {
      const totalCents = fields.lines.reduce(
        (sum, each) => sum + each.quantity * each.unitCents,
        0,
      );
      return { ...fields, kind: "purchase", totalCents, graceCents: totalCents % 7 };
    });

  it("comes back as it was, and fits a token", () => {
    fc.assert(
      fc.property(purchase, (entry) => {
        const token = assembleToken(encodeEntry(entry), new Uint8Array(64));
        expect(token.length).toBeLessThanOrEqual(TOKEN_BYTES_MAX);
        const decoded = decodeToken(token, cborXDecode);
        expect(decoded.ok && decoded.token.entry).toEqual(entry);
      }),
    );
  });

  it("is encoded as an independent library would", () => {
    fc.assert(
      fc.property(purchase, (entry) => {
        const payload = encodeEntry(entry);
        expect(toHex(cborgEncode(cborgDecode(payload, byNumber)))).toBe(toHex(payload));
      }),
    );
  });

  it("is not signed when it breaks a limit", () => {
    const entry = fc.sample(purchase, 1)[0] as Entry;
    expect(() => encodeEntry({ ...entry, terminal: 0 } as Entry)).toThrow(/token: out-of-range/);
    expect(() => encodeEntry({ ...entry, totalCents: 0 } as Entry)).toThrow(/token: out-of-range/);
  });
});
