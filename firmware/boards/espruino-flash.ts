// The terminal's NOR flash inside Espruino's Storage, and its files beside it.
// At provisioning the file "regions" is written first of all, so that it begins where Storage begins and its compaction,
// which starts at the first erased file, never moves it. From its first whole page on, its room is used raw through
// the Flash library, which reads, clears bits and erases pages; Storage itself never looks inside a file.

import type { Bytes } from "#protocol/bytes.ts";
import { copyBytes, toLatin1 } from "#protocol/bytes.ts";
import type { FlashRegion, FlashRegions } from "../board.ts";
import type { StoragePlace } from "./regions.ts";
import { FILE_HEADER_BYTES, REGIONS_BYTES, REGION_BYTES, firmwareInFile } from "./regions.ts";

const FLASH = require("Flash");
const FILE = "regions";
/** Room for the header's page, which is shared with the file's first bytes and never erased. */
const fileBytes = (place: StoragePlace): number => place.pageBytes + REGIONS_BYTES;

/** The regions of a provisioned box. Throws when the first file of Storage is not theirs: then the box must be provisioned
 * again. */
export function openRegions(place: StoragePlace): FlashRegions {
  const header = FLASH.read(FILE_HEADER_BYTES, place.address);
  const name = toLatin1(copyBytes(header, 4, FILE.length + 1));
  const size = (header[0] as number) + (header[1] as number) * 256 + (header[2] as number) * 65536;
  if (name !== FILE + "\0" || size !== fileBytes(place))
    throw new Error("flash: Storage begins with " + name + " of " + size + " bytes, not regions");
  return layRegions(place);
}

/** Empties Storage and lays the regions out, erased: at provisioning only, before any other file is written. */
export function prepareRegions(place: StoragePlace): FlashRegions {
  const storage = require("Storage");
  storage.eraseAll();
  storage.write(FILE, "OBOLE", 0, fileBytes(place));
  const regions = openRegions(place);
  const first = place.address + place.pageBytes;
  for (let at = 0; at < REGIONS_BYTES; at += place.pageBytes) FLASH.erasePage(first + at);
  return regions;
}

/** The last of the regions: where the script lies, twice. */
export function openFirmware(place: StoragePlace): FlashRegion {
  const at = place.pageBytes + REGIONS_BYTES - REGION_BYTES.firmware;
  return regionAt(place.address + at, place.pageBytes, REGION_BYTES.firmware);
}

/** A part of region firmware as a string that stays where it lies: to the interpreter it is a part of the file, and
 * what it runs from there is not copied to memory. length: at most 65,535 (Espruino's src/jsvar.h). */
export function readInPlace(place: StoragePlace, offset: number, length: number): string {
  const at = firmwareInFile(place) + offset;
  return require("Storage").read(FILE, at, length) || "";
}

function layRegions(place: StoragePlace): FlashRegions {
  let address = place.address + place.pageBytes;
  function take(bytes: number): FlashRegion {
    const region = regionAt(address, place.pageBytes, bytes);
    address += bytes;
    return region;
  }
  return {
    burn: take(REGION_BYTES.burn),
    points: take(REGION_BYTES.points),
    state: take(REGION_BYTES.state),
    journal: take(REGION_BYTES.journal),
    roster: take(REGION_BYTES.roster),
  };
}

type Region = FlashRegion & { address: number; bytes: number };

/** What regions do, once for all of them: there are six, and a function of its own costs seven variables. */
const REGION = {
  read: function (this: Region, offset: number, length: number): Bytes {
    check(this, offset, length);
    return FLASH.read(length, this.address + offset);
  },
  write: function (this: Region, offset: number, data: Bytes): void {
    check(this, offset, data.length);
    if ((offset | data.length) & 3)
      throw new Error("flash: " + data.length + " bytes at " + offset + " are not whole words");
    FLASH.write(data, this.address + offset);
  },
  erase: function (this: Region, page: number): void {
    check(this, page * this.pageBytes, this.pageBytes);
    FLASH.erasePage(this.address + page * this.pageBytes);
  },
};

function check(region: Region, offset: number, length: number): void {
  if (offset >= 0 && offset + length <= region.bytes) return;
  const what = length + " bytes at " + offset;
  throw new Error("flash: " + what + " of a region of " + region.bytes);
}

function regionAt(address: number, pageBytes: number, bytes: number): FlashRegion {
  const region = Object.create(REGION) as Region;
  region.address = address;
  region.bytes = bytes;
  region.pageBytes = pageBytes;
  region.pages = bytes / pageBytes;
  return region;
}

/** Reads a part of a Storage file; undefined when there is none. */
export function readFile(name: string, offset: number, length: number): Bytes | undefined {
  const text = require("Storage").read(name, offset, length);
  return text === undefined ? undefined : E.toUint8Array(text);
}
