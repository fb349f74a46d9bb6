// What `npm run provision` leaves behind: a folder that only its owner reads, complete for a box, and never two for one
// epoch; and marks that keep the same keys from a second box.

import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { fromLatin1, toHex } from "#protocol/bytes.ts";
import { nodePrimitives } from "#sim/primitives.ts";
import { readSettings } from "../settings.ts";
import { markFlashed, markFlashing, readBoxFolder, removeUnused } from "./box-folder.ts";
import { provisionBox } from "./office.ts";

const out = mkdtempSync(join(tmpdir(), "obole-office-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));
const order = {
  out,
  school: "college-demo",
  terminal: 3,
  name: "Bar d'en haut",
  sealSecret: fromLatin1("a secret of the school, 32 bytes"),
  broker: { host: "broker.example", port: 1883 },
  epoch: 0,
  nonces: 10,
};

test("a folder holds all that a box needs, and only its owner reads it", () => {
  const made = provisionBox({ ...order, terminal: 4 });
  const box = readBoxFolder(made.folder);
  expect(box).toMatchObject({ school: "college-demo", terminal: 4, epoch: 1, flashed: "" });
  expect(Object.keys(box.files)).toEqual(["settings", "table", "pool", "comb"]);
  const files = {
    read: (name: string, offset: number, length: number) =>
      box.files[name]?.slice(offset, offset + length),
  };
  const read = readSettings(files, nodePrimitives.sha256);
  expect(read.ok && toHex(read.settings.publicKey)).toBe(box.publicKey);
  expect(statSync(made.folder).mode & 0o077).toBe(0);
  expect(statSync(join(made.folder, "table")).mode & 0o077).toBe(0);
});

test("provisioning again is a new epoch with other keys; an epoch is never made twice", () => {
  const first = provisionBox(order);
  const second = provisionBox(order);
  expect([first.epoch, second.epoch]).toEqual([1, 2]);
  expect(first.publicKey).not.toEqual(second.publicKey);
  expect(() => provisionBox({ ...order, epoch: 2 })).toThrow("take a new epoch");
});

test("keys that went on a box are marked, once", () => {
  const { folder } = provisionBox({ ...order, epoch: 8 });
  markFlashed(folder, new Date(0));
  expect(readBoxFolder(folder).flashed).toBe("1970-01-01T00:00:00.000Z");
  expect(() => markFlashed(folder, new Date(1))).toThrow("EEXIST");
});

test("a run that failed is repeated on the same box only, and its folder stays", () => {
  const { folder } = provisionBox({ ...order, epoch: 9 });
  markFlashing(folder, "aaaa-1");
  markFlashing(folder, "aaaa-1");
  expect(() => markFlashing(folder, "bbbb-2")).toThrow("began to go on box aaaa-1");
  expect(() => removeUnused(folder)).toThrow("is on a box");
});
