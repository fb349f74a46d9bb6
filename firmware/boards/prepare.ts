// Runs on the interpreter, once for each provisioning and before any file is written (provision/flash.ts sends it): empties
// Storage, lays out the flash regions and opens the burn map.

import { fromHex } from "#protocol/bytes.ts";
import { prepareRegions } from "./espruino-flash.ts";
import { ESP32_STORAGE } from "./esp32.ts";
import { LINUX_STORAGE } from "./linux.ts";

declare const OBOLE_KIND: "esp32" | "linux";
declare const BURN_MAP_HEX: string;

const place = OBOLE_KIND === "linux" ? LINUX_STORAGE : ESP32_STORAGE;
prepareRegions(place).burn.write(0, fromHex(BURN_MAP_HEX));
