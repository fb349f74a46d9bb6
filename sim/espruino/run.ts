// `ESPRUINO=path/to/espruino npm run test:espruino`: the built firmware on the real Espruino interpreter against the real
// Mosquitto. A terminal is provisioned, boots, learns its roster, sells, loses its power with unsent sales, and loses
// nothing; then it gives leases back. What it cost is printed. Two more are flashed as an office flashes them, over a
// good cable and a bad one.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stop } from "esbuild";
import { buildFirmware } from "#firmware/build.ts";
import { toHex } from "#protocol/bytes.ts";
import type { Proof } from "#protocol/entry.ts";
import { startMosquitto } from "../mosquitto.ts";
import { installCounter, keyOf, knowsLesson, SOUP_CENTS, teach, uidOf } from "./counter.ts";
import { lineOf } from "./figures.ts";
import { playFlashing } from "./flashing.ts";
import type { GatewayEnd } from "./gateway-end.ts";
import { openGatewayEnd } from "./gateway-end.ts";
import { playGivingBack } from "./giving-back.ts";
import type { Box, Interpreter } from "./interpreter.ts";
import { startBox } from "./interpreter.ts";
import { measureSigning } from "./signing.ts";
import { measureTopUp } from "./topping.ts";
import { playUpdate } from "./updating.ts";
import { checkVectorsThere } from "./vectors.ts";

const STUDENTS = 200;
const TAPS = 20;
const UNSENT_TAPS = 3;
/** Cables to the consoles of boxes that are flashed: a good one; one that spoils characters, and is pulled. */
const CABLES = [
  { every: 0, seed: 1, pulledAfter: 0 },
  { every: 10_000, seed: 1, pulledAfter: 150_000 },
];
/** Half of those who tap, the first of them after the power cut, too. */
const PROVING = 10;
const CEILING_CENTS = 5000;
/** Each wait ends with what it waits for; on a busy machine the interpreter needs half a minute to read its script from the
 * flash file and start. */
const WAIT_MS = 120_000;
/** A terminal says each minute how it is. */
const STATUS_MS = 180_000;

async function main(program: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "obole-espruino-"));
  const interpreter = { program, folder };
  const broker = await startMosquitto({ keepsSessions: true });
  try {
    const firmware = await buildFirmware();
    const order = { box: "box.ts", brokerPort: broker.port, nonces: 255 };
    const counter = await installCounter(interpreter, firmware, order);
    const identity = counter.identity;
    console.log(`firmware: ${firmware.code.length} bytes in ${firmware.pieces.length} pieces`);
    await checkVectorsThere(interpreter);
    for (const figure of await measureSigning(interpreter, identity.publicKey))
      console.log(lineOf(figure));
    await measureTopUp(program);
    await playStory(interpreter, counter.scripts, await openGatewayEnd(broker.url, identity));
    await playUpdate(program, firmware);
    for (const damage of CABLES) await playFlashing({ program, damage });
  } finally {
    await broker.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function playStory(
  interpreter: Interpreter,
  scripts: string[],
  gateway: GatewayEnd,
): Promise<void> {
  let box = await startBox(interpreter, scripts);
  await arrival(gateway, "the open entry", 1);
  await teach(gateway, { students: STUDENTS, ceilingCents: CEILING_CENTS, proving: PROVING });
  await gateway.until("a status that the roster is there", () => knowsLesson(gateway), STATUS_MS);

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
  // The first student has bought before the power cut, and after it.
  await playGivingBack(box, gateway, 1, 2);
  await box.kill();
  await gateway.close();
}

/** Lays a card on the reader until the terminal beeps, and takes it away until the field is empty for it, too. */
async function tap(box: Box, student: number): Promise<void> {
  const beep = box.hear("tone 2600", WAIT_MS);
  const key = student <= PROVING ? ` ${toHex(keyOf(student).secret)}` : "";
  box.tell(`place ${uidOf(student)}${key}`);
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
  checkProofs(purchases);
  assert.deepEqual(
    purchases.map((entry) => [entry.student, entry.totalCents]),
    [...Array.from({ length: TAPS + UNSENT_TAPS }, (_, i) => i + 1), 1].map((student) => [
      student,
      SOUP_CENTS,
    ]),
  );
}

/** Every card with a key has proved itself, also to the terminal that was started again; no other has. */
function checkProofs(purchases: { student: number; proof: Proof }[]): void {
  for (const { student, proof } of purchases)
    assert.equal(proof.method, student <= PROVING ? "authenticated" : "uid", `student ${student}`);
  console.log(`cards: ${PROVING} students' cards proved themselves at each tap`);
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
await stop();
console.log("test:espruino: passed");
