// How long a signature takes on the interpreter, beside tweetnacl in the same run; both are checked by node:crypto.

import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import nacl from "tweetnacl";
import { fromHex } from "#protocol/bytes.ts";
import type { Interpreter } from "./interpreter.ts";
import { runScript } from "./interpreter.ts";

const SPKI = Buffer.from("302a300506032b6570032100", "hex");
/** What a tap can bear, and what makes the method worth its rules. */
const SIGN_MS_MAX = 0.3;
const RATIO_MIN = 25_000;

type Measured = { oursMs: number; message: string; signature: string };

/** Both run from memory: what lies in flash Espruino for Linux reads from a file, a few characters at a time. */
export function measureSigning(
  interpreter: Interpreter,
  publicKey: Uint8Array,
  script: string,
): void {
  const ours = JSON.parse(printedBy(interpreter, "sign.js", script)) as Measured;
  checkSignature(ours.message, ours.signature, publicKey);
  const theirs = JSON.parse(printedBy(interpreter, "nacl.js", naclScript(ours.message))) as {
    theirsMs: number;
    signature: string;
  };
  const theirKey = nacl.sign.keyPair.fromSeed(new Uint8Array(32)).publicKey;
  checkSignature(ours.message, Buffer.from(theirs.signature, "base64").toString("hex"), theirKey);
  const ratio = Math.round(theirs.theirsMs / ours.oursMs);
  const seconds = (theirs.theirsMs / 1000).toFixed(2);
  console.log(
    `signature: ${ours.oursMs.toFixed(3)} ms; tweetnacl ${seconds} s, ${ratio} times that`,
  );
  if (ours.oursMs > SIGN_MS_MAX || ratio < RATIO_MIN)
    console.warn(`signature: outside ${SIGN_MS_MAX} ms and ${RATIO_MIN} times`);
}

/** tweetnacl as it is published, not shortened. */
function naclScript(message: string): string {
  const source = readFileSync(
    createRequire(import.meta.url).resolve("tweetnacl/nacl-fast.js"),
    "latin1",
  );
  return `var self={};
${source}
var n=self.nacl,k=n.sign.keyPair.fromSeed(new Uint8Array(32));
var m=new Uint8Array(${message.length / 2}),t=getTime(),s=n.sign.detached(m,k.secretKey);
t=(getTime()-t)*1000;
print("SIGN "+JSON.stringify({theirsMs:t,signature:btoa(E.toString(s))}));`;
}

function printedBy(interpreter: Interpreter, name: string, script: string): string {
  const printed = runScript(interpreter, name, script);
  const line = /SIGN (.*)/.exec(printed)?.[1];
  if (!line) throw new Error(`signing: nothing measured\n${printed}`);
  return line;
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
