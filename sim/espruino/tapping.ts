// A counter on the interpreter that is tapped ten thousand times, against the real Mosquitto: how long a tap takes, and how
// many variables the terminal uses. The time is taken with the code between card and beep in memory, because Espruino for
// Linux reads code in flash from a file, a few characters at a time, where an ESP32 reads its memory map; the variables are
// counted with the code in flash, where it lies on an ESP32. What the box around the terminal takes is measured by itself.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { buildFirmware } from "#firmware/build.ts";
import { SLOT_BYTES } from "#firmware/pool.ts";
import { toHex } from "#protocol/bytes.ts";
import { startMosquitto } from "../mosquitto.ts";
import type { Counter } from "./counter.ts";
import { BOX, installCounter, keyOf, knowsLesson, teach, uidOf } from "./counter.ts";
import type { GatewayEnd } from "./gateway-end.ts";
import { openGatewayEnd } from "./gateway-end.ts";
import type { Box, Interpreter } from "./interpreter.ts";
import { startBox } from "./interpreter.ts";

const STUDENTS = 2000;
const CEILING_CENTS = 1_000_000;
const WAIT_MS = 60_000;
/** Two thousand students are learned, and a terminal says each minute what it knows. */
const LESSON_MS = 300_000;
/** From here on everything that a tap needs was there once. */
const WARM_TAPS = 50;
const PAGE_BYTES = 1024;
const SETTLE_MS = 3000;
const PROGRESS_TAPS = 1000;

/** What works between a card and the end of all effects. */
export const RESIDENT = modulesOf("protocol", "bytes roster token write-entry").concat(
  modulesOf("protocol", "card-key"),
  modulesOf(
    "firmware",
    "balances basket challenges collecting entry-writer facts flash grace hands journal",
  ),
  modulesOf("firmware", "journal-page journal-ring kept leases machine main nonces nonce-pages"),
  modulesOf("firmware", "nonce-range pool roster-store sale screens signer steps tap terminal"),
  modulesOf("firmware", "wall-clock texts/languages"),
  modulesOf("firmware/drivers", "buzzer drawing font ntag424 pn532 pn532-frame presence"),
  modulesOf("firmware/drivers", "proving reader"),
  modulesOf("firmware/drivers", "ssd1306"),
);

function modulesOf(folder: string, names: string): string[] {
  return names.split(" ").map((name) => `${folder}/${name}.ts`);
}

/** Variables of the terminal alone, without the box around it, warm and at the end. */
export type Tapped = { timesMs: number[]; warm: number; end: number };

/** Installs a counter anew, teaches it, and taps it. */
export async function tapCounter(
  interpreter: Interpreter,
  code: "in-memory" | "in-flash",
  taps: number,
  cards: "uid" | "proving" = "uid",
): Promise<Tapped> {
  const broker = await startMosquitto({ keepsSessions: true });
  // One for the entry that opens the shift, and two that a sale must leave for its void.
  const nonces = WARM_TAPS + taps + 4;
  try {
    const firmware = await buildFirmware(code === "in-memory" ? RESIDENT : []);
    const order = { box: "bench.ts", brokerPort: broker.port, nonces };
    const counter = await installCounter(interpreter, firmware, order);
    layNonces(interpreter, counter, nonces);
    const gateway = await openGatewayEnd(broker.url, counter.identity);
    const inMemory = code === "in-memory" ? [BOX] : [];
    const box = await startBox(interpreter, counter.scripts, {
      globals: { NONCES: nonces },
      inMemory,
    });
    try {
      return await useCounter(box, gateway, taps, cards);
    } catch (error) {
      throw new Error(`bench: the box ended so:\n${box.lastWords()}`, { cause: error });
    } finally {
      await box.kill();
      await gateway.close();
    }
  } finally {
    await broker.stop();
  }
}

/** The pool and the burn map in files beside the flash, which has no room for ten thousand nonces. */
function layNonces(interpreter: Interpreter, counter: Counter, nonces: number): void {
  writeFileSync(join(interpreter.folder, "pool.bin"), counter.pool);
  const pages = Math.ceil(((nonces + 1) * SLOT_BYTES) / PAGE_BYTES);
  const burnMap = new Uint8Array(pages * PAGE_BYTES).fill(255);
  burnMap.set(counter.burnMap, 0);
  writeFileSync(join(interpreter.folder, "burn.bin"), burnMap);
}

async function useCounter(
  box: Box,
  gateway: GatewayEnd,
  taps: number,
  cards: "uid" | "proving",
): Promise<Tapped> {
  await gateway.until("the open entry", () => gateway.entries.length >= 1, WAIT_MS);
  const parts = Number(box.said.find((line) => line.startsWith("parts "))?.slice(6));
  const proving = cards === "proving" ? STUDENTS : 0;
  await teach(gateway, { students: STUDENTS, ceilingCents: CEILING_CENTS, proving });
  await gateway.until("a status that the roster is there", () => knowsLesson(gateway), LESSON_MS);
  await tapTimes(box, WARM_TAPS, cards);
  await settle(gateway, WARM_TAPS);
  const warm = (await memoryOf(box)) - parts;
  const timesMs = await tapTimes(box, taps, cards);
  await settle(gateway, WARM_TAPS + taps);
  return { timesMs, warm, end: (await memoryOf(box)) - parts };
}

async function tapTimes(box: Box, taps: number, cards: "uid" | "proving"): Promise<number[]> {
  const timesMs: number[] = [];
  for (let i = 0; i < taps; i++) {
    const tapped = box.hear("tapped", WAIT_MS);
    const student = 1 + ((i * 7) % STUDENTS);
    const key = cards === "proving" ? ` ${toHex(keyOf(student).secret)}` : "";
    box.tell(`tap ${uidOf(student)}${key}`);
    timesMs.push(Number(await tapped));
    if (timesMs.length % PROGRESS_TAPS === 0) console.log(`  ${timesMs.length} of ${taps} taps`);
  }
  return timesMs.toSorted((a, b) => a - b);
}

/** All taps are at the gateway, and the last acknowledgement at the terminal. */
async function settle(gateway: GatewayEnd, taps: number): Promise<void> {
  await gateway.until(`${taps} sales`, () => gateway.entries.length >= 1 + taps, WAIT_MS);
  await setTimeout(SETTLE_MS);
}

async function memoryOf(box: Box): Promise<number> {
  const memory = box.hear("memory", WAIT_MS);
  box.tell("memory");
  return Number(await memory);
}
