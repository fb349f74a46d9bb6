// Runs on the interpreter: a provisioned box makes points of nonces in slices, and prints each point, and how long the
// slices took. The table lies in memory here: an ESP32 has its flash in its address space, while Espruino for Linux reads
// a file, which takes longer than the addition.

import { openRegions, readFile } from "#firmware/boards/espruino-flash.ts";
import { PRIMITIVES } from "#firmware/boards/espruino-crypto.ts";
import { LINUX_STORAGE } from "#firmware/boards/regions.ts";
import { TEETH, TOOTH_BYTES } from "#firmware/curve/comb.ts";
import { pointOf } from "#firmware/nonce-range.ts";
import { openNonces } from "#firmware/nonces.ts";
import { readSettings } from "#firmware/settings.ts";
import { createSigner } from "#firmware/signer.ts";
import { createTopUp } from "#firmware/topup.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { copyBytes, toHex } from "#protocol/bytes.ts";

declare const POINTS: number;
declare function getTime(): number;
declare const process: { memory(): { usage: number } };

const teeth: Bytes[] = [];
for (let i = 0; i < TEETH; i++)
  teeth.push(copyBytes(readFile("comb", i * TOOTH_BYTES, TOOTH_BYTES) as Bytes, 0, TOOTH_BYTES));
const files = {
  read: function (name: string, offset: number, length: number): Bytes | undefined {
    if (name !== "comb") return readFile(name, offset, length);
    const tooth = teeth[Math.floor(offset / TOOTH_BYTES)] as Bytes;
    return new Uint8Array(tooth.buffer, offset % TOOTH_BYTES, length);
  },
};
const read = readSettings(files, PRIMITIVES.sha256);
if (!read.ok) throw new Error("topup: " + read.fault);
const flash = openRegions(LINUX_STORAGE);
const signer = createSigner({ sha512: PRIMITIVES.sha512, convolve: E.convolve }, read.signerKeys);
const opened = openNonces({
  files: files,
  burn: flash.burn,
  points: flash.points,
  sha256: PRIMITIVES.sha256,
  nonceSeed: read.settings.nonceSeed,
  epoch: read.settings.epoch,
  lastNonce: -1,
});
if (!opened.ok) throw new Error("topup: " + opened.fault);
const nonces = opened.nonces;
const before = nonces.left();
const parts = {
  files: files,
  sha256: PRIMITIVES.sha256,
  convolve: E.convolve,
  log: (text: string) => console.log(text),
};
const topUp = createTopUp(parts, nonces, signer);
for (let made = 0; made < POINTS; made = nonces.left() - before) {
  const startSeconds = getTime();
  const isMore = topUp.slice();
  const milliseconds = (getTime() - startSeconds) * 1000;
  if (!isMore) throw new Error("topup: nothing to do");
  console.log("SLICE " + milliseconds);
}
const mark = { sha256: PRIMITIVES.sha256, poolId: nonces.pages.mark.poolId };
nonces.pages.live.forEach(function (page) {
  for (let i = 0; i < page.ready; i++)
    console.log("POINT " + (page.first + i) + " " + toHex(pointOf(mark, page, page.first + i)));
});
console.log("USED " + process.memory().usage);
