// How long a signature takes on the interpreter, beside tweetnacl in the same run; all are checked by node:crypto.

import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import nacl from "tweetnacl";
import { bundleFor } from "#firmware/build.ts";
import { fromHex } from "#protocol/bytes.ts";
import type { Figure } from "./figures.ts";
import type { Interpreter } from "./interpreter.ts";
import { runScript } from "./interpreter.ts";

const SPKI = Buffer.from("302a300506032b6570032100", "hex");
/** What a tap can bear, and what makes the method worth its rules. */
const SIGN_MS_MAX = 0.3;
const RATIO_MIN = 25_000;
/** tweetnacl is published twice: as the translation of TweetNaCl, and rewritten for speed. */
const PLAIN = "nacl.js";
const FAST = "nacl-fast.js";

/** Both run from memory: what lies in flash Espruino for Linux reads from a file, a few characters at a time. The time is
 * the best of all signatures, which no other process on this machine disturbed; the ratio compares the median with
 * tweetnacl, because both bore what else ran. */
export async function measureSigning(
  interpreter: Interpreter,
  publicKey: Uint8Array,
): Promise<Figure[]> {
  const script = await bundleFor("sim/espruino/box/sign.ts", "closed");
  const printed = runScript(interpreter, "sign.js", script);
  const times = JSON.parse(resultOf(printed)) as { bestMs: number; medianMs: number };
  const signed = [...printed.matchAll(/SIGNED (\w+) (\w+)/g)];
  assert.ok(signed.length > 0, "signing: nothing was signed");
  for (const [, message = "", signature = ""] of signed)
    checkSignature(fromHex(message), fromHex(signature), publicKey);
  const plainMs = measureTweetnacl(interpreter, PLAIN);
  const fastMs = measureTweetnacl(interpreter, FAST);
  const note = `best of ${signed.length}, median ${times.medianMs.toFixed(3)}; all verified by node:crypto`;
  const ratio = (ms: number): number => Math.round(ms / times.medianMs);
  return [
    { name: "signature", value: times.bestMs, unit: "ms", limit: SIGN_MS_MAX, note },
    {
      name: `tweetnacl (${PLAIN}) against our median`,
      value: ratio(plainMs),
      unit: "times",
      limit: RATIO_MIN,
      atLeast: true,
      note: `${seconds(plainMs)}; against our best ${Math.round(plainMs / times.bestMs)}`,
    },
    {
      name: `tweetnacl rewritten for speed (${FAST}) against our median`,
      value: ratio(fastMs),
      unit: "times",
      note: `${seconds(fastMs)}; against our best ${Math.round(fastMs / times.bestMs)}`,
    },
  ];
}

const seconds = (ms: number): string => `tweetnacl took ${(ms / 1000).toFixed(2)} s`;

/** One signature by tweetnacl as it is published, not shortened. */
function measureTweetnacl(interpreter: Interpreter, file: string): number {
  const source = readFileSync(
    createRequire(import.meta.url).resolve(`tweetnacl/${file}`),
    "latin1",
  );
  const script = `var self={};
${source}
var n=self.nacl,k=n.sign.keyPair.fromSeed(new Uint8Array(32));
var m=new Uint8Array(160),t=getTime(),s=n.sign.detached(m,k.secretKey);
t=(getTime()-t)*1000;
print("SIGN "+JSON.stringify({ms:t,signature:btoa(E.toString(s))}));`;
  const theirs = JSON.parse(resultOf(runScript(interpreter, file, script))) as {
    ms: number;
    signature: string;
  };
  const key = nacl.sign.keyPair.fromSeed(new Uint8Array(32)).publicKey;
  checkSignature(new Uint8Array(160), Buffer.from(theirs.signature, "base64"), key);
  return theirs.ms;
}

function resultOf(printed: string): string {
  const line = /SIGN (.*)/.exec(printed)?.[1];
  if (!line) throw new Error(`signing: nothing measured\n${printed}`);
  return line;
}

function checkSignature(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): void {
  const key = createPublicKey({
    key: Buffer.concat([SPKI, publicKey]),
    format: "der",
    type: "spki",
  });
  assert.ok(verify(null, message, key, signature), "signing: a signature is wrong");
}
