// How long a signature takes on the interpreter, beside tweetnacl in the same run; both are checked by node:crypto.

import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import nacl from "tweetnacl";
import { fromHex } from "#protocol/bytes.ts";
import type { Interpreter } from "./interpreter.ts";
import { runScript } from "./interpreter.ts";

const SPKI = Buffer.from("302a300506032b6570032100", "hex");
/** DESIGN's figures: what a tap can bear, and what makes the method worth its rules. */
const SIGN_MS_MAX = 0.3;
const RATIO_MIN = 25_000;

type Measured = {
  oursMs: number;
  theirsMs: number;
  message: string;
  signature: string;
  theirSignature: string;
};

export function measureSigning(
  interpreter: Interpreter,
  publicKey: Uint8Array,
  script: string,
): void {
  const printed = runScript(interpreter, "sign.js", script);
  const line = /SIGN (.*)/.exec(printed)?.[1];
  if (!line) throw new Error(`signing: nothing measured\n${printed}`);
  const measured = JSON.parse(line) as Measured;
  checkSignature(measured.message, measured.signature, publicKey);
  const theirKey = nacl.sign.keyPair.fromSeed(new Uint8Array(32)).publicKey;
  checkSignature(measured.message, measured.theirSignature, theirKey);
  const ratio = Math.round(measured.theirsMs / measured.oursMs);
  console.log(
    `signature: ${measured.oursMs.toFixed(3)} ms; tweetnacl ${(measured.theirsMs / 1000).toFixed(2)} s; ${ratio} times`,
  );
  if (measured.oursMs > SIGN_MS_MAX || ratio < RATIO_MIN)
    console.warn(
      `signature: outside ${SIGN_MS_MAX} ms and ${RATIO_MIN} times; is the machine busy?`,
    );
}

function checkSignature(message: string, signature: string, publicKey: Uint8Array): void {
  const key = createPublicKey({
    key: Buffer.concat([SPKI, publicKey]),
    format: "der",
    type: "spki",
  });
  assert.ok(
    verify(null, fromHex(message), key, fromHex(signature)),
    "signing: a signature is wrong",
  );
}
