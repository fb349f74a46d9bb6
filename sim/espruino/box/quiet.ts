// Runs on the interpreter: the box of a counter to which nobody comes, for stories between a terminal and its gateway. It
// leaves room in Storage for what else such a story needs.
//   out  log TEXT

import type { Board } from "#firmware/board.ts";
import { createLinuxBoard } from "#firmware/boards/linux.ts";
import { createEmulatedPn532 } from "../../parts/pn532.ts";
import { openControl } from "./control.ts";

declare const global: { OBOLE_BOARD: Board };
declare function quit(): void;

const say = openControl(() => undefined);
const chip = createEmulatedPn532((ms, action) => setTimeout(action, ms));

global.OBOLE_BOARD = createLinuxBoard({
  nfc: {
    write: (data) => setTimeout(() => chip.write(data), 0),
    onData: chip.onData,
    reset: chip.reset,
  },
  display: { write: () => undefined },
  keys: { onKey: () => undefined },
  tone: () => undefined,
  restart: quit,
});
global.OBOLE_BOARD.log = (text) => say("log " + text);
