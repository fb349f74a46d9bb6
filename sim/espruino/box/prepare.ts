// Runs on the interpreter, once for each provisioning: empties Storage, lays out the flash regions and opens the burn map
// that provisioning made. The files follow, one script each (interpreter.ts).

import { LINUX_STORAGE } from "#firmware/boards/regions.ts";
import { prepareRegions } from "#firmware/boards/espruino-flash.ts";
import { fromHex } from "#protocol/bytes.ts";

declare const BURN_MAP_HEX: string;

prepareRegions(LINUX_STORAGE).burn.write(0, fromHex(BURN_MAP_HEX));
