// Goal: all that a terminal keeps fits the 896 KB that Espruino gives it on an ESP32, at the largest that each part may be,
// with nothing left for Storage to move. Method: the table of regions.ts added up, and the real contents against it.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createNor } from "./parts/nor.ts";
import { nodePrimitives } from "./primitives.ts";
import { newReleaseKey, publicKeyOf } from "./signed-release.ts";
import { buildFirmware, bundleFor } from "#firmware/build.ts";
import { openJournal } from "#firmware/journal.ts";
import { HEADER_BYTES, SLOT_BYTES } from "#firmware/pool.ts";
import { combTable } from "#firmware/provision/comb-table.ts";
import { CLOSE } from "#firmware/provision/flash.ts";
import { provisionTerminal } from "#firmware/provision/provision.ts";
import { openRosterStore } from "#firmware/roster-store.ts";
import { SCRIPT_AT, readSlots } from "#firmware/slots.ts";
import {
  ESP32_STORAGE,
  FILE_BYTES_MAX,
  FILE_HEADER_BYTES,
  LINUX_STORAGE,
  REGIONS_BYTES,
  REGION_BYTES,
  STORAGE_BYTES,
} from "#firmware/boards/regions.ts";

const { sha256 } = nodePrimitives;
/** What school days need (protocol/vectors.json: the longest purchase). */
const STUDENTS = 2000;
const SALES = 900;
const TOKEN_BYTES = 183;
const NONCES = 255;

const number = (bytes: number): string => bytes.toLocaleString("en");
/** A file begins where a whole word begins. */
const stored = (bytes: number): number => FILE_HEADER_BYTES + Math.ceil(bytes / 4) * 4;
const files = Object.values(FILE_BYTES_MAX).reduce((sum, bytes) => sum + stored(bytes), 0);

test.each([
  ["an ESP32", ESP32_STORAGE],
  ["Espruino for Linux", LINUX_STORAGE],
])("regions and files at their largest fit the Storage of %s", (_, { pageBytes }) => {
  const rows = [...Object.entries(REGION_BYTES), ["files", files], ["first page", pageBytes]];
  const left = STORAGE_BYTES - pageBytes - REGIONS_BYTES - files;
  console.log([...rows, ["left", left]].map(([name, bytes]) => `${name} ${bytes}`).join(", "));
  expect(Object.values(REGION_BYTES).reduce((sum, bytes) => sum + bytes, 0)).toBe(REGIONS_BYTES);
  for (const bytes of Object.values(REGION_BYTES)) expect(bytes % pageBytes).toBe(0);
  expect(left).toBeGreaterThanOrEqual(0);
});

test("the README states these sizes", () => {
  const prose = readFileSync(new URL("../firmware/README.md", import.meta.url), "utf8");
  for (const [name, bytes] of Object.entries(REGION_BYTES))
    expect(prose).toContain(`\n| ${name} | ${number(bytes)} | `);
  expect(prose).toContain(`\n| files | ${number(files)} | `);
  const all = REGIONS_BYTES + ESP32_STORAGE.pageBytes + files;
  expect(prose).toContain(`\n| all | ${number(all)} of ${number(STORAGE_BYTES)} | `);
});

describe("the real contents stay within it", () => {
  const order = {
    school: "s".repeat(32),
    terminal: 9999,
    epoch: 99,
    sealSecret: new Uint8Array(32),
    broker: { host: "broker.".repeat(8), port: 65_535 },
    wifi: { name: "w".repeat(32), password: "p".repeat(63) },
    nonces: NONCES,
    releaseKey: publicKeyOf(newReleaseKey()),
  };
  const made = provisionTerminal(order);

  test("the files of provisioning, with every name at its longest", async () => {
    const loader = await bundleFor("firmware/boards/boot-esp32.ts", "closed");
    const sizes = {
      ...Object.fromEntries(Object.entries(made.files).map(([name, data]) => [name, data.length])),
      comb: combTable().length,
      ".boot0": loader.length,
      ".bootcde": CLOSE.esp32.length,
    };
    expect(Object.keys(sizes).toSorted()).toEqual(Object.keys(FILE_BYTES_MAX).toSorted());
    for (const [name, bytes] of Object.entries(sizes))
      expect(bytes, name).toBeLessThanOrEqual(FILE_BYTES_MAX[name as keyof typeof FILE_BYTES_MAX]);
  });

  test("the burn map of its nonces", () => {
    expect(HEADER_BYTES + NONCES * SLOT_BYTES).toBeLessThanOrEqual(REGION_BYTES.burn);
  });

  test.each([ESP32_STORAGE, LINUX_STORAGE])("two scripts, pages of $pageBytes", async (place) => {
    const { pageBytes } = place;
    const region = createNor({ pageBytes, pages: REGION_BYTES.firmware / pageBytes });
    const { code } = await buildFirmware();
    for (const slot of readSlots(region, sha256)) {
      const room = slot.region.pages * pageBytes - SCRIPT_AT;
      expect(slot.at + SCRIPT_AT + room).toBeLessThanOrEqual(REGION_BYTES.firmware);
      expect(code.length).toBeLessThanOrEqual(room);
    }
  });

  test.each([ESP32_STORAGE, LINUX_STORAGE])(
    `${STUDENTS} students with keys, pages of $pageBytes`,
    ({ pageBytes }) => {
      const region = createNor({ pageBytes, pages: REGION_BYTES.roster / pageBytes });
      const hash = new Uint8Array(32);
      const announced = { kind: "roster" as const, version: 1, records: STUDENTS, sha256: hash };
      expect(openRosterStore(region, sha256).announce(announced)).toBe("awaiting-pages");
    },
  );

  test(`${SALES} sales while nobody acknowledges any`, () => {
    const { pageBytes } = ESP32_STORAGE;
    const pages = REGION_BYTES.journal / pageBytes;
    const opened = openJournal(createNor({ pageBytes, pages }), sha256);
    if (!opened.ok) throw new Error(opened.detail);
    const token = new Uint8Array(TOKEN_BYTES);
    for (let seq = 1; seq <= SALES; seq++) opened.journal.append(seq, token, seq);
    expect(opened.journal.last().seq).toBe(SALES);
  });
});
