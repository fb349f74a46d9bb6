// The points that a box makes for itself, on the real interpreter: each against the host's arithmetic, and the longest
// slice, which is what a card may have to wait.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleFor } from "#firmware/build.ts";
import { combTable } from "#firmware/provision/comb-table.ts";
import { L, baseMultiples, numberOf } from "#firmware/provision/curve.ts";
import { provisionTerminal } from "#firmware/provision/provision.ts";
import { readSettings } from "#firmware/settings.ts";
import { nonceOf } from "#firmware/signer.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { toHex } from "#protocol/bytes.ts";
import { nodePrimitives, sha512 } from "../primitives.ts";
import type { Interpreter } from "./interpreter.ts";
import { runScript, storeFile } from "./interpreter.ts";

/** Espruino for Linux does so much in the time in which an ESP32 does one: measured on benchmarks, 45 to 125. */
const ESP32_FACTOR = 65;

/** Pages of 1,024 bytes hold so many points; each page is made in the same slices, so that what else the machine did
 * meanwhile shows, and is left out. */
const PER_PAGE = 14;
const PAGES = 3;
const CHECK_SLICES = 16;

/** In milliseconds; each slice is the shortest of as many as were alike. */
export type Slices = { longestMs: number; medianMs: number; pointMs: number; slices: number };

/** Provisions a box of its own for the interpreter, and lets it fill three pages. */
export async function measureTopUp(program: string): Promise<Slices> {
  const interpreter = { program, folder: mkdtempSync(join(tmpdir(), "obole-topup-")) };
  try {
    const { made, nonceSeed } = await install(interpreter);
    const script = await bundleFor("sim/espruino/box/topup.ts", "closed");
    const printed = runScript(interpreter, "topup.js", `POINTS=${PER_PAGE * PAGES};\n${script}`);
    checkPoints(printed, nonceSeed, made);
    return report(printed);
  } finally {
    rmSync(interpreter.folder, { recursive: true, force: true });
  }
}

type Order = { epoch: number; nonces: number };

async function install(interpreter: Interpreter): Promise<{ made: Order; nonceSeed: Bytes }> {
  const made = { epoch: 1, nonces: 20 };
  const who = { school: "college-demo", terminal: 1, sealSecret: new Uint8Array(32) };
  const broker = { host: "127.0.0.1", port: 1883 };
  const provisioned = provisionTerminal({ ...who, ...made, broker });
  const prepare = await bundleFor("sim/espruino/box/prepare.ts", "closed");
  const burnMap = toHex(provisioned.burnMap);
  runScript(interpreter, "prepare.js", `BURN_MAP_HEX="${burnMap}";\n${prepare}`);
  const files: { [name: string]: Bytes } = { ...provisioned.files, comb: combTable() };
  for (const [name, content] of Object.entries(files)) storeFile(interpreter, name, content);
  const read = readSettings(
    { read: (name, offset, length) => files[name]?.slice(offset, offset + length) },
    nodePrimitives.sha256,
  );
  if (!read.ok) throw new Error(`topping: ${read.fault}`);
  return { made, nonceSeed: read.settings.nonceSeed };
}

function checkPoints(printed: string, nonceSeed: Bytes, made: Order): void {
  const points = [...printed.matchAll(/^POINT (\d+) ([0-9a-f]+)/gm)];
  assert.equal(points.length, PER_PAGE * PAGES);
  points.forEach(([, index = "", point], i) => {
    assert.equal(Number(index), made.nonces + i);
    assert.equal(point, pointOfHost(nonceSeed, made.epoch, Number(index)));
  });
}

function report(printed: string): Slices {
  const all = [...printed.matchAll(/^SLICE (\S+)/gm)].map(([, ms]) => Number(ms));
  const slices = slicesOf(all.slice(CHECK_SLICES));
  const esp32Ms = Math.round(slices.longestMs * ESP32_FACTOR);
  console.log(
    `top-up: ${PER_PAGE * PAGES} points right, ${slices.pointMs.toFixed(1)} ms each in ${slices.slices} slices; ` +
      `median ${slices.medianMs.toFixed(2)} ms, longest ${slices.longestMs.toFixed(2)} ms ` +
      `(ESP32: some ${esp32Ms} ms)`,
  );
  return slices;
}

function slicesOf(all: number[]): Slices {
  assert.equal(all.length % PAGES, 0, `${all.length} slices in ${PAGES} pages`);
  const perPage = all.length / PAGES;
  const best = Array.from({ length: perPage }, (_, i) =>
    Math.min(...Array.from({ length: PAGES }, (__, page) => all[page * perPage + i] ?? Infinity)),
  ).toSorted((a, b) => a - b);
  const totalMs = best.reduce((sum, ms) => sum + ms, 0);
  return {
    longestMs: best.at(-1) ?? 0,
    medianMs: best[perPage >> 1] ?? 0,
    pointMs: totalMs / PER_PAGE,
    slices: Math.round(perPage / PER_PAGE),
  };
}

function pointOfHost(nonceSeed: Bytes, epoch: number, index: number): string {
  const scalar = numberOf(nonceOf(sha512, nonceSeed, epoch, index)) % L;
  return baseMultiples([scalar]).map(toHex).join();
}
