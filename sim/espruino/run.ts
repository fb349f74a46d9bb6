// `ESPRUINO=path/to/espruino npm run test:espruino`: the built firmware on the real Espruino interpreter against the real
// Mosquitto. A terminal is provisioned, boots, learns its roster, sells, loses its power with unsent sales, and loses
// nothing. What it cost is printed.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildFirmware, bundleFor } from "#firmware/build.ts";
import type { Firmware } from "#firmware/build.ts";
import { provisionTerminal } from "#firmware/provision/provision.ts";
import { fromHex, fromLatin1, toHex } from "#protocol/bytes.ts";
import { concat } from "#protocol/bytes.ts";
import { compareCard, digestOfRoster, encodeRecord, PAGE_BYTES } from "#protocol/roster.ts";
import { startMosquitto } from "../mosquitto.ts";
import { nodePrimitives } from "../primitives.ts";
import type { GatewayEnd, TerminalIdentity } from "./gateway-end.ts";
import { openGatewayEnd } from "./gateway-end.ts";
import type { Box, Interpreter } from "./interpreter.ts";
import { runScript, startBox, storeFile } from "./interpreter.ts";
import { measureSigning } from "./signing.ts";

const SCHOOL = "college-demo";
const STUDENTS = 200;
const TAPS = 20;
const UNSENT_TAPS = 3;
const SOUP_CENTS = 100;
const CEILING_CENTS = 5000;
const WAIT_MS = 20_000;
/** A terminal says each minute how it is. */
const STATUS_MS = 90_000;
const SECRET = fromLatin1("a secret of the school, 32 bytes");

/** The UID of student n's card. */
const uidOf = (student: number): string =>
  "04" + (0x10000 + student).toString(16).padStart(12, "0");

async function main(program: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "obole-espruino-"));
  const interpreter = { program, folder };
  const broker = await startMosquitto({ keepsSessions: true });
  try {
    const firmware = await buildFirmware();
    const identity = await install(interpreter, firmware, broker.port);
    console.log(`firmware: ${firmware.code.length} bytes in ${firmware.pieces.length} pieces`);
    measureSigning(interpreter, identity.publicKey, await bundleSigning());
    await playStory(interpreter, firmware, await openGatewayEnd(broker.url, identity));
  } finally {
    await broker.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What an office does for a new box: regions first, then the files, then the script. */
async function install(
  interpreter: Interpreter,
  firmware: Firmware,
  port: number,
): Promise<TerminalIdentity> {
  const who = { school: SCHOOL, terminal: 1, epoch: 1, sealSecret: SECRET };
  const made = provisionTerminal({ ...who, broker: { host: "127.0.0.1", port }, nonces: 1000 });
  const prepare = await bundleFor("sim/espruino/box/prepare.ts", "closed");
  runScript(interpreter, "prepare.js", `BURN_MAP_HEX="${toHex(made.burnMap)}";\n${prepare}`);
  for (const [name, content] of Object.entries(made.files)) storeFile(interpreter, name, content);
  storeFile(interpreter, "firmware", fromHex(firmware.sha256));
  const scripts = [await bundleFor("sim/espruino/box/box.ts", "closed"), ...firmware.pieces];
  scripts.forEach((script, i) => storeFile(interpreter, `script${i}`, fromLatin1(script)));
  return { ...who, publicKey: made.publicKey };
}

const bundleSigning = (): Promise<string> => bundleFor("sim/espruino/box/sign.ts", "closed");

async function playStory(
  interpreter: Interpreter,
  firmware: Firmware,
  gateway: GatewayEnd,
): Promise<void> {
  const scripts = ["script0", ...firmware.pieces.map((_, i) => `script${i + 1}`)];
  let box = await startBox(interpreter, scripts);
  await arrival(gateway, "the open entry", 1);
  await teach(gateway);
  await gateway.until("a status that the roster is there", () => knows(gateway), STATUS_MS);

  for (let student = 1; student <= TAPS; student++) await tap(box, student);
  await arrival(gateway, "every tap", 1 + TAPS);
  const used = await memoryOf(box);
  const taps = tapsOf(box);

  // Nothing is acknowledged any more, then the power goes: the entries must be in the journal, and come again.
  gateway.acknowledging = false;
  for (let i = 1; i <= UNSENT_TAPS; i++) await tap(box, TAPS + i);
  const arrived = gateway.entries.length;
  await box.kill();
  gateway.acknowledging = true;
  box = await startBox(interpreter, scripts);
  const expected = 1 + TAPS + UNSENT_TAPS + 1;
  await arrival(gateway, "what was unsent, and a new open", expected);
  await tap(box, 1);
  await arrival(gateway, "a sale after the power cut", expected + 1);
  await gateway.until(
    "a status that nothing is unsent",
    () => lastUnsent(gateway) === 0,
    STATUS_MS,
  );
  assert.ok(arrived < expected - 1, "some sales were only in the journal when the power went");

  checkEntries(gateway);
  report(gateway, used, taps);
  await box.kill();
  await gateway.close();
}

/** Roster, prices, leases and time, as the gateway sends them to a new terminal. */
async function teach(gateway: GatewayEnd): Promise<void> {
  const records = Array.from({ length: STUDENTS }, (_, i) => ({
    card: fromHex(uidOf(i + 1)),
    student: i + 1,
    allergens: 0,
    name: fromLatin1(`\xc9l\xe8ve ${i + 1}`),
    group: fromLatin1("4G"),
    key: undefined,
  })).toSorted((a, b) => compareCard(encodeRecord(a), 0, b.card));
  const roster = concat(records.map(encodeRecord));
  const pageOf = (page: number) => roster.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
  const sha256 = digestOfRoster(nodePrimitives.sha256, STUDENTS, pageOf);
  await gateway.send({ kind: "time", seconds: Math.floor(Date.now() / 1000) });
  await gateway.send({ kind: "roster", version: 1, records: STUDENTS, sha256 });
  for (let page = 0; page * PAGE_BYTES < roster.length; page++)
    await gateway.send({ kind: "page", version: 1, page, records: pageOf(page) });
  const leases = records.map(({ student }) => ({
    student,
    ceilingCents: CEILING_CENTS,
    version: 1,
  }));
  for (let from = 0; from < leases.length; from += 100)
    await gateway.send({ kind: "leases", leases: leases.slice(from, from + 100) });
  const name = fromLatin1("Potage");
  const soup = {
    product: 1,
    revision: 1,
    unitCents: SOUP_CENTS,
    essential: true,
    allergens: 0,
    name,
  };
  const till = { language: "fr" as const, soup: 1, keys: [1], graceCents: 0 };
  await gateway.send({ kind: "prices", version: 1, till, products: [soup] });
}

const knows = (gateway: GatewayEnd): boolean =>
  gateway.messages.some((one) => one.kind === "status" && one.roster === 1 && one.prices === 1);

/** Lays a card on the reader until the terminal beeps, and takes it away until the field is empty for it, too. */
async function tap(box: Box, student: number): Promise<void> {
  const beep = box.hear("tone 2600", WAIT_MS);
  box.tell(`place ${uidOf(student)}`);
  await beep;
  box.tell(`take ${uidOf(student)}`);
}

const arrival = (gateway: GatewayEnd, what: string, entries: number): Promise<void> =>
  gateway.until(what, () => gateway.entries.length >= entries, WAIT_MS);

const lastUnsent = (gateway: GatewayEnd): number => gateway.messages.at(-1)?.unsent ?? 99;

async function memoryOf(box: Box): Promise<string> {
  const memory = box.hear("memory", WAIT_MS);
  box.tell("memory");
  return memory;
}

function checkEntries(gateway: GatewayEnd): void {
  const kinds = gateway.entries.map((entry) => entry.kind);
  const purchases = gateway.entries.filter((entry) => entry.kind === "purchase");
  assert.equal(kinds.filter((kind) => kind === "open").length, 2);
  assert.deepEqual(
    purchases.map((entry) => [entry.student, entry.totalCents]),
    [...Array.from({ length: TAPS + UNSENT_TAPS }, (_, i) => i + 1), 1].map((student) => [
      student,
      SOUP_CENTS,
    ]),
  );
}

const tapsOf = (box: Box): number[] =>
  box.said.filter((line) => line.startsWith("tap ")).map((line) => Number(line.slice(4)));

function report(gateway: GatewayEnd, used: string, taps: number[]): void {
  const count = gateway.entries.length;
  console.log(`entries: ${count} in one chain, every signature verified by node:crypto`);
  console.log(`power cut: ${UNSENT_TAPS} unsent sales kept, ${gateway.repeated} tokens sent again`);
  console.log(`variables, the emulated reader and display included: ${used}`);
  const median = taps.toSorted((a, b) => a - b)[taps.length >> 1] ?? 0;
  console.log(
    `card found to end of work, script read from the flash file: ${median.toFixed(1)} ms`,
  );
}

const program = process.env["ESPRUINO"];
if (!program || !existsSync(program)) {
  console.error(`test:espruino: NOT RUN. Set ESPRUINO to the interpreter (Espruino for Linux, built like the ESP32:
16,383 variables, 896 KB of Storage); now it is ${program ? `"${program}", which is not there` : "not set"}.`);
  process.exit(1);
}
await main(program);
console.log("test:espruino: passed");
