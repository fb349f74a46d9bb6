// Runs on the interpreter: times the terminal's signer with the files of a provisioned terminal, and prints one line of
// JSON.

import { createEspruinoPrimitives } from "#firmware/boards/espruino-crypto.ts";
import { readFile } from "#firmware/boards/espruino-flash.ts";
import { HEADER_BYTES, POINT_BYTES, POINT_RECORD_BYTES } from "#firmware/pool.ts";
import { readSettings } from "#firmware/settings.ts";
import { createSigner } from "#firmware/signer.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { toHex } from "#protocol/bytes.ts";

declare function getTime(): number;

const SIGNATURES = 200;
/** A token's Sig_structure with one line. */
const MESSAGE = new Uint8Array(160);

const primitives = createEspruinoPrimitives();
const read = readSettings({ read: readFile }, primitives.sha256);
if (!read.ok) throw new Error("sign: " + read.fault);
const signer = createSigner({ sha512: primitives.sha512, convolve: E.convolve }, read.signerKeys);
const points: Bytes[] = [];
for (let i = 0; i < SIGNATURES; i++)
  points.push(readFile("pool", HEADER_BYTES + i * POINT_RECORD_BYTES, POINT_BYTES) as Bytes);

const startSeconds = getTime();
for (let i = 0; i < SIGNATURES; i++) signer.sign(i, points[i] as Bytes, MESSAGE);
const oursMs = ((getTime() - startSeconds) * 1000) / SIGNATURES;
const signature = signer.sign(0, points[0] as Bytes, MESSAGE);

console.log(
  "SIGN " +
    JSON.stringify({
      oursMs: oursMs,
      message: toHex(MESSAGE),
      signature: toHex(signature),
    }),
);
