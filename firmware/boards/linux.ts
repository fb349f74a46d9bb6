// Espruino for Linux as a box: the interpreter, flash, files, crypto and network of the real board, and parts that are
// handed in where the real ones would hang on pins.

import type { Board } from "../board.ts";
import type { Parts } from "./espruino-board.ts";
import { createEspruinoBoard } from "./espruino-board.ts";
import type { StoragePlace } from "./espruino-flash.ts";

/** Storage is the file espruino.flash of the folder it is started in: 896 pages of 1,024 bytes. */
export const LINUX_STORAGE: StoragePlace = { address: 0x10000000, pageBytes: 1024 };

export function createLinuxBoard(parts: Parts): Board {
  return createEspruinoBoard(LINUX_STORAGE, parts);
}
