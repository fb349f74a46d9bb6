// Every published value of nfc-vectors.json in Node; `npm run test:espruino` makes the same checks
// on the interpreter. The count keeps a check from getting lost, and the altered primitive shows
// that they can fail.

import { expect, test } from "vitest";
import { nodePrimitives } from "../primitives.ts";
import { checkVectors } from "./check-vectors.ts";
import type { Ciphers } from "./check-vectors.ts";

const CHECKS = 52;

function faultsWith(ciphers: Ciphers): { checks: number; faults: string[] } {
  const faults: string[] = [];
  let checks = 0;
  checkVectors(ciphers, (name, got, expected) => {
    checks++;
    if (got.toLowerCase() !== expected.toLowerCase()) faults.push(`${name}: ${got} ${expected}`);
  });
  return { checks, faults };
}

test("all published values", () => {
  expect(faultsWith(nodePrimitives)).toEqual({ checks: CHECKS, faults: [] });
});

test("a cipher that forgets its vector fails them", () => {
  const { encryptCbc } = nodePrimitives;
  const forgetful: Ciphers = {
    ...nodePrimitives,
    encryptCbc: (key, iv, data) =>
      encryptCbc(
        key,
        iv.map((byte) => byte ^ 1),
        data,
      ),
  };
  expect(faultsWith(forgetful).faults.length).toBeGreaterThan(15);
});
