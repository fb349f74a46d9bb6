// .boot0 on Espruino for Linux.

import { boot } from "./boot.ts";
import { LINUX_STORAGE } from "./regions.ts";

boot(LINUX_STORAGE);
