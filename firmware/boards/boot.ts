// .boot0 of every box: chooses one of the two scripts in flash (loader.ts) and has it run where it lies, in pieces that the
// interpreter can hold. Written at provisioning and never replaced in the field. The script runs from a timer, because
// code in a timer's text sees the outermost names, and the pieces of a script are one program.

import type { Bytes } from "#protocol/bytes.ts";
import { toLatin1 } from "#protocol/bytes.ts";
import type { Sha256 } from "../flash.ts";
import { chooseFirmware } from "../loader.ts";
import { SCRIPT_AT, readImage } from "../slots.ts";
import type { StoragePlace } from "./regions.ts";
import { openFirmware, readInPlace } from "./espruino-flash.ts";

declare const global: {
  OBOLE_STARTED: { version: number; hash: Bytes };
  OBOLE_PIECES: string[];
};

/** The first line of a script is a comment with the ends of its pieces: "//065432 127890" (build.ts). */
const ENDS_BYTES = 64;

/** It finds room: memory is empty at a start. */
const sha256: Sha256 = (data) => new Uint8Array(require("crypto").SHA256(data) as ArrayBuffer);

export function boot(place: StoragePlace): void {
  const choice = chooseFirmware(openFirmware(place), sha256);
  const slot = choice.slot;
  if (!slot) throw new Error("boot: neither slot holds a firmware that may start");
  global.OBOLE_STARTED = { version: slot.version, hash: slot.hash };
  const line = toLatin1(readImage(slot, 0, ENDS_BYTES)).split("\n")[0] as string;
  let start = 0;
  global.OBOLE_PIECES = line
    .slice(2)
    .split(" ")
    .map(function (digits) {
      const end = parseInt(digits, 10);
      const piece = readInPlace(place, slot.at + SCRIPT_AT + start, end - start);
      start = end;
      return piece;
    });
  const runs = global.OBOLE_PIECES.map((_, i) => "eval(OBOLE_PIECES[" + i + "]);");
  // oxlint-disable-next-line typescript/no-implied-eval -- see above: a function would hide the names of its pieces
  setTimeout(runs.join("") + "delete OBOLE_PIECES", choice.waitMs);
}
