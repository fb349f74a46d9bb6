// .boot0 on an ESP32. What dies before it can start the watchdog must not stay dead.

import { WATCHDOG_SECONDS } from "../watchdog.ts";
import { boot } from "./boot.ts";
import { ESP32_STORAGE } from "./regions.ts";

E.enableWatchdog(WATCHDOG_SECONDS, false);
boot(ESP32_STORAGE);
