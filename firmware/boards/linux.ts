// Espruino for Linux as a box: the interpreter, flash, files, crypto and network of the real board, and parts that are
// handed in where the real ones would hang on pins.

import type { Board } from "../board.ts";
import type { Parts } from "./espruino-board.ts";
import { createEspruinoBoard } from "./espruino-board.ts";
import { LINUX_STORAGE } from "./regions.ts";

export function createLinuxBoard(parts: Parts): Board {
  return createEspruinoBoard(LINUX_STORAGE, parts);
}
