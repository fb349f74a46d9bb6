// A virtual terminal at rest: a folder with the files that provisioning wrote and its flash, region by region. What
// stands here is all that survives a power cut.

import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prepareFlash } from "#firmware/provision/provision.ts";
import type { FlashRegions } from "#firmware/board.ts";
import { REGION_BYTES } from "#firmware/boards/regions.ts";
import type { Bytes } from "#protocol/bytes.ts";
import type { Nor, PowerSupply } from "./parts/nor.ts";
import { createNor, createPowerSupply } from "./parts/nor.ts";

/** The pages of the ESP32's flash. */
const PAGE_BYTES = 4096;

/** What provisioning makes; without the file "comb" a terminal makes no nonces of its own. */
export type Equipment = { files: { [name: string]: Bytes }; burnMap: Bytes };

export type TerminalFolder = {
  files: { [name: string]: Bytes };
  flash: { [region in keyof FlashRegions]: Nor };
  /** Two scripts (firmware/slots.ts). Not part of what provisioning erases: what is in it says for itself whether it
   * may run. */
  firmware: Nor;
  /** Feeds all regions, so that a test can cut it at any operation. */
  supply: PowerSupply;
  close(): void;
};

/** Provisions the box: writes the files, erases the flash, opens the burn map. The last use of these keys' nonces. */
export function installTerminal(folder: string, provisioned: Equipment): void {
  mkdirSync(join(folder, "files"), { recursive: true });
  for (const [name, content] of Object.entries(provisioned.files))
    writeFileSync(join(folder, "files", name), content);
  const opened = openTerminalFolder(folder);
  prepareFlash(opened.flash, provisioned.burnMap);
  opened.close();
}

/** Whether its flash has the regions of today; one of an older make cannot be opened. */
export function hasRegions(folder: string): boolean {
  return Object.entries(REGION_BYTES).every(
    ([name, bytes]) =>
      statSync(join(folder, `${name}.flash`), { throwIfNoEntry: false })?.size === bytes,
  );
}

export function openTerminalFolder(folder: string): TerminalFolder {
  const supply = createPowerSupply();
  const norOf = (name: string, pages: number): Nor =>
    createNor({ pageBytes: PAGE_BYTES, pages, file: join(folder, `${name}.flash`) }, supply);
  const regionOf = (name: keyof FlashRegions): Nor => norOf(name, REGION_BYTES[name] / PAGE_BYTES);
  const firmware = norOf("firmware", REGION_BYTES.firmware / PAGE_BYTES);
  const flash = {
    journal: regionOf("journal"),
    burn: regionOf("burn"),
    points: regionOf("points"),
    state: regionOf("state"),
    roster: regionOf("roster"),
  };
  const names = readdirSync(join(folder, "files"));
  return {
    files: Object.fromEntries(
      names.map((name) => [name, Uint8Array.from(readFileSync(join(folder, "files", name)))]),
    ),
    flash,
    firmware,
    supply,
    close: () => [...Object.values(flash), firmware].forEach((region) => region.close()),
  };
}
