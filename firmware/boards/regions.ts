// How large the regions of a terminal's flash are, on every kind of box: the one table, from which Espruino's boards and the
// virtual terminals lay them out.

import type { FlashRegions } from "../board.ts";

/** Where Storage lies in the address space of require("Flash"), and the pages it erases. */
export type StoragePlace = { address: number; pageBytes: number };

/** Espruino's partition table: 224 pages of 4,096 bytes from here are Storage. */
export const ESP32_STORAGE: StoragePlace = { address: 0x320000, pageBytes: 4096 };
/** Storage is the file espruino.flash of the folder it is started in: 896 pages of 1,024 bytes. */
export const LINUX_STORAGE: StoragePlace = { address: 0x10000000, pageBytes: 1024 };
export const STORAGE_BYTES = 917504;

/** Bytes, in the order in which they lie. Whole pages of 4,096, and so of 1,024 too. The burn map has 32 bytes for each of
 * 255 nonces of the host; the points and slots of 354 more lie in pages that the terminal fills again and again; the
 * state has two halves; the journal some 900 tokens or more, two days of a busy counter without network; the roster two
 * copies of 2,000 students; the firmware two scripts of up to 143,104 bytes. What Espruino's Storage has beside them is
 * for the files of FILE_BYTES_MAX (sim/flash-regions.test.ts adds it all up). */
export const REGION_BYTES = {
  burn: 8192,
  points: 24576,
  state: 98304,
  journal: 188416,
  roster: 262144,
  firmware: 290816,
} satisfies { [region in keyof FlashRegions | "firmware"]: number };

/** What provisioning writes once and nothing ever replaces, so that Storage never has to make room by moving files. */
export const FILE_BYTES_MAX = {
  settings: 1036,
  table: 2112,
  pool: 9216,
  comb: 19968,
  release: 188,
  ".boot0": 5000,
  ".bootcde": 160,
};

/** A Storage file is its size (4 bytes, little-endian), its name (28, padded with zeros), its content. */
export const FILE_HEADER_BYTES = 32;

export const REGIONS_BYTES =
  REGION_BYTES.burn +
  REGION_BYTES.points +
  REGION_BYTES.state +
  REGION_BYTES.journal +
  REGION_BYTES.roster +
  REGION_BYTES.firmware;

/** Where region firmware, the last one, begins in the file "regions". */
export function firmwareInFile(place: StoragePlace): number {
  return place.pageBytes + REGIONS_BYTES - REGION_BYTES.firmware - FILE_HEADER_BYTES;
}
