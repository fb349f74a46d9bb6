// The bundle starts here, on every kind of box: whoever runs it elsewhere than on an ESP32 has put its board into
// OBOLE_BOARD before.

import type { Board } from "./board.ts";
import { createEsp32Board } from "./boards/esp32.ts";
import { startTerminal } from "./main.ts";

declare const OBOLE_BOARD: Board | undefined;

startTerminal(typeof OBOLE_BOARD === "undefined" ? createEsp32Board() : OBOLE_BOARD);
