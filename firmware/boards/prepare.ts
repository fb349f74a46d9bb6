// Runs on the interpreter, once for each provisioning and before any file is written (provision/flash.ts sends it): empties
// Storage, lays out the flash regions and opens the burn map. Run again for the same nonces it changes nothing, and it
// refuses when one of them was used: the burn map is the only witness of that.

import type { Bytes } from "#protocol/bytes.ts";
import { fromHex, toHex } from "#protocol/bytes.ts";
import type { FlashRegion } from "../board.ts";
import { isBlank } from "../flash.ts";
import { openRegions, prepareRegions } from "./espruino-flash.ts";
import { ESP32_STORAGE, LINUX_STORAGE } from "./regions.ts";

declare const OBOLE_KIND: "esp32" | "linux";
declare const BURN_MAP_HEX: string;
declare const global: { OBOLE_PREPARED: "erased" | "goes on" | "used" };

const place = OBOLE_KIND === "linux" ? LINUX_STORAGE : ESP32_STORAGE;
const burnMap = fromHex(BURN_MAP_HEX);
const burn = burnRegion();

if (burn && startsWith(burn, burnMap)) {
  // The terminal burns from the first slot on, so the first page tells.
  const rest = burn.read(burnMap.length, burn.pageBytes - burnMap.length);
  global.OBOLE_PREPARED = isBlank(rest) ? "goes on" : "used";
} else {
  prepareRegions(place).burn.write(0, burnMap);
  global.OBOLE_PREPARED = "erased";
}

/** Undefined on a box that has no regions. */
function burnRegion(): FlashRegion | undefined {
  try {
    return openRegions(place).burn;
  } catch {
    return undefined;
  }
}

function startsWith(region: FlashRegion, data: Bytes): boolean {
  return toHex(region.read(0, data.length)) === toHex(data);
}
