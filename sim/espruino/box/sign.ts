// Runs on the interpreter: times the terminal's signer with the files of a provisioned terminal, signature by signature,
// over random messages, and prints one line of JSON. The messages follow from their number, for Node to make them again.

import { PRIMITIVES } from "#firmware/boards/espruino-crypto.ts";
import { readFile } from "#firmware/boards/espruino-flash.ts";
import { HEADER_BYTES, POINT_BYTES, POINT_RECORD_BYTES } from "#firmware/pool.ts";
import { readSettings } from "#firmware/settings.ts";
import { createSigner } from "#firmware/signer.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { toHex } from "#protocol/bytes.ts";

declare function getTime(): number;

/** No more than the office makes nonces for a box. */
const SIGNATURES = 250;
/** A token's Sig_structure with one line is about 160 bytes; these are 100 to 227. */
const MESSAGE_BYTES_MIN = 100;
const MESSAGE_BYTES_SPREAD = 128;

const read = readSettings({ read: readFile }, PRIMITIVES.sha256);
if (!read.ok) throw new Error("sign: " + read.fault);
const signer = createSigner({ sha512: PRIMITIVES.sha512, convolve: E.convolve }, read.signerKeys);

function messageOf(index: number): Bytes {
  const message = new Uint8Array(MESSAGE_BYTES_MIN + (index % MESSAGE_BYTES_SPREAD));
  message.set(PRIMITIVES.sha512(new Uint8Array([index >> 8, index])), 0);
  return message;
}

const times: number[] = [];
for (let i = 0; i < SIGNATURES; i++) {
  const point = readFile("pool", HEADER_BYTES + i * POINT_RECORD_BYTES, POINT_BYTES) as Bytes;
  const message = messageOf(i);
  const startSeconds = getTime();
  const signature = signer.sign(i, point, message);
  times.push((getTime() - startSeconds) * 1000);
  console.log("SIGNED " + toHex(message) + " " + toHex(signature));
}
times.sort((a, b) => a - b);
console.log("SIGN " + JSON.stringify({ bestMs: times[0], medianMs: times[SIGNATURES >> 1] }));
