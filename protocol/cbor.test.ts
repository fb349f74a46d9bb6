// The CBOR subset against RFC 8949 appendix A, against cborg, and against everything that is not deterministic.

import { decode as cborgDecode, encode as cborgEncode } from "cborg";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromHex, toHex } from "./bytes.ts";
import type { Value } from "./cbor.ts";
import { decode, encode } from "./cbor.ts";

// RFC 8949 appendix A, the rows that lie within the subset.
const appendixA: [Value, string][] = [
  [0, "00"],
  [1, "01"],
  [10, "0a"],
  [23, "17"],
  [24, "1818"],
  [25, "1819"],
  [100, "1864"],
  [1000, "1903e8"],
  [1000000, "1a000f4240"],
  [1000000000000, "1b000000e8d4a51000"],
  [-1, "20"],
  [-10, "29"],
  [-100, "3863"],
  [-1000, "3903e7"],
  [fromHex(""), "40"],
  [fromHex("01020304"), "4401020304"],
  ["", "60"],
  ["a", "6161"],
  ["IETF", "6449455446"],
  ['"\\', "62225c"],
  [[], "80"],
  [[1, 2, 3], "83010203"],
  [[1, [2, 3], [4, 5]], "8301820203820405"],
  [{}, "a0"],
  [{ 1: 2, 3: 4 }, "a201020304"],
];

// Everything that RFC 8949 allows and determinism or the subset refuses: hex and what the message must say.
const refused: [string, string, RegExp][] = [
  ["integer not in its shortest form, 1 byte", "1817", /shortest/],
  ["integer not in its shortest form, 2 bytes", "1900ff", /shortest/],
  ["integer not in its shortest form, 4 bytes", "1a0000ffff", /shortest/],
  ["integer not in its shortest form, 8 bytes", "1b00000000ffffffff", /shortest/],
  ["length not in its shortest form", "580101", /shortest/],
  ["integer above 2^53 - 1", "1b0020000000000000", /2\^53/],
  ["integer below -(2^53 - 1)", "3b001fffffffffffff", /2\^53/],
  ["byte string of indefinite length", "5f4101ff", /outside the subset/],
  ["array of indefinite length", "9f01ff", /outside the subset/],
  ["map of indefinite length", "bf0101ff", /outside the subset/],
  ["tag", "c001", /outside the subset/],
  ["false", "f4", /outside the subset/],
  ["null", "f6", /outside the subset/],
  ["half-precision float", "f93c00", /outside the subset/],
  ["double-precision float", "fb3ff0000000000000", /outside the subset/],
  ["reserved additional information", "1c", /outside the subset/],
  ["text that is not ASCII", "62c3a9", /ASCII/],
  ["keys out of order", "a203000100", /ascend/],
  ["key twice", "a201000100", /ascend/],
  ["negative key", "a12001", /ascend/],
  ["text key", "a1616101", /ascend/],
  ["nothing", "", /truncated/],
  ["truncated head", "19", /truncated/],
  ["truncated bytes", "4201", /truncated/],
  ["array that promises more than there is", "9affffffff", /truncated/],
  ["a byte too many", "0000", /after the value/],
  ["nested too deep", "818181818181818100", /deeper/],
];

describe("values of RFC 8949 appendix A", () => {
  it.each(appendixA)("%j is %s", (value, hex) => {
    expect(toHex(encode(value, 100))).toBe(hex);
    expect(decode(fromHex(hex))).toEqual(value);
  });
});

describe("what is not deterministic is refused", () => {
  it.each(refused)("%s", (_, hex, message) => {
    expect(() => decode(fromHex(hex))).toThrow(message);
  });
});

describe("what cannot be encoded is refused", () => {
  it.each([
    [1.5, /not an integer: 1.5/],
    [Number.NaN, /not an integer/],
    [2 ** 53, /not an integer/],
    ["é", /not ASCII/],
    [fromHex("00".repeat(200)), /longer than 100 bytes/],
    [Array.from({ length: 200 }, () => 1), /longer than 100 bytes/],
  ])("%j", (value, message) => {
    expect(() => encode(value, 100)).toThrow(message);
  });
});

describe("any value of the subset", () => {
  const { value } = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.maxSafeInteger(),
      fc.string({ unit: fc.integer({ min: 32, max: 126 }).map((c) => String.fromCharCode(c)) }),
      fc.uint8Array({ maxLength: 300 }),
      fc.array(tie("value"), { maxLength: 5 }),
      fc.dictionary(fc.nat().map(String), tie("value"), { maxKeys: 5, noNullPrototype: true }),
    ),
  }));

  it("comes back as it was, in bytes that an independent library writes too", () => {
    fc.assert(
      fc.property(value, (each) => {
        const bytes = encode(each, 100_000);
        expect(decode(bytes)).toEqual(each);
        expect(toHex(cborgEncode(cborgDecode(bytes, { useMaps: true })))).toBe(toHex(bytes));
      }),
    );
  });

  it("is refused or comes back to the same bytes, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        let read: Value;
        try {
          read = decode(bytes);
        } catch (error) {
          return String(error).includes("cbor: ");
        }
        return toHex(encode(read, 100)) === toHex(bytes);
      }),
    );
  });
});
