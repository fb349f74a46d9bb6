// `npm run flash -- --from FOLDER --port /dev/ttyUSB0`: puts a provisioned terminal on a box that runs Espruino, with
// nothing but its console. `--port tcp://127.0.0.1:2323 --kind linux` does the same to `espruino --telnet` on Linux.
// What failed may be done again, on the same box, and goes on where it was.

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { crc32 } from "node:zlib";
import { stop } from "esbuild";
import { buildFirmware, bundleFor } from "#firmware/build.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { fromHex, fromLatin1, toHex } from "#protocol/bytes.ts";
import type { BoxFolder } from "./box-folder.ts";
import { markFlashed, markFlashing, readBoxFolder } from "./box-folder.ts";
import type { Console } from "./console.ts";
import { PIECE_BYTES, openConsole } from "./console.ts";
import { openLine } from "./line.ts";

export type FlashOrder = {
  from: string;
  port: string;
  kind: "esp32" | "linux";
  /** A script that runs first and makes the board: Espruino for Linux has none. */
  before?: string | undefined;
  say(line: string): void;
};

/** end: how much of content is sent before everything has been compared. */
type BoxFile = { name: string; content: Bytes; end: number };

/** All of flash is erased, page by page. */
const PREPARE_MS = 120_000;
const REBOOT_MS = 5000;
/** Espruino runs no more than .boot0 to .boot3. */
const SCRIPTS_MAX = 4;
/** So much is compared at a time: the interpreter may have to copy it. */
const CHECK_BYTES = 8192;
const PROGRESS_BYTES = 32_768;

/** The last thing that a start does: nobody is at the console any more, whatever is plugged in. */
const CLOSE = {
  esp32: "E.setConsole(null,{force:true});",
  linux: 'require("TelnetServer").setOptions({mode:"off"});E.setConsole(null,{force:true});',
};
const RESTART = { esp32: "ESP32.reboot()", linux: "quit()" };
/** Writes a piece that is not there yet, and looks whether it is there then. */
const PUT =
  'OBOLE_PUT=function(n,d,at,total){var s=require("Storage");' +
  "if(s.read(n,at,d.length)!==d)s.write(n,d,at,total);return s.read(n,at,d.length)===d}";
const CHECK = 'OBOLE_SUM=function(n,at,l){return E.CRC32(require("Storage").read(n,at,l))}';

/** Throws when the box is not ready in the end, or must not be: the same keys never go on two boxes, nor twice on one. */
export async function flashBox(order: FlashOrder): Promise<void> {
  const box = readBoxFolder(order.from);
  if (box.flashed)
    throw new Error(`flash: these keys went on a box at ${box.flashed}; ${anew(box)}`);
  const files = filesOf(box, await buildFirmware(), order);
  const script = await bundleFor("firmware/boards/prepare.ts", "closed");
  if (order.kind === "esp32") await silenceBluetooth(order);
  const console = await openConsole(await openLine(order.port));
  try {
    markFlashing(order.from, await console.ask("getSerial()"));
    await prepare(console, box, script, order);
    await console.ask(PUT);
    await console.ask(CHECK);
    for (const file of files) await send(console, file, order);
    for (const file of files) await compare(console, file, file.end);
    await finish(console, files, order);
    order.say(`flash: the box starts; ${console.repeated()} lines were sent again`);
    console.say(RESTART[order.kind]);
    await sleep(REBOOT_MS / 10);
  } finally {
    console.close();
  }
}

const anew = (box: BoxFolder): string =>
  `a nonce must never be used twice: provision terminal ${box.terminal} again, which gives it a new epoch`;

/** Espruino offers its console over Bluetooth, too, until it is told not to; it then restarts and forgets its code, so
 * this comes first. */
async function silenceBluetooth(order: FlashOrder): Promise<void> {
  order.say("flash: closing Bluetooth");
  const line = await openLine(order.port);
  const console = await openConsole(line);
  console.say("ESP32.enableBLE(false)");
  await sleep(REBOOT_MS);
  console.close();
}

const whole = (name: string, content: Bytes): BoxFile => ({ name, content, end: content.length });

/** The scripts last, and the end of the last script only when all else was compared: what it ends with is the start of the
 * terminal, so that a box that was interrupted has none. */
function filesOf(
  box: BoxFolder,
  firmware: { sha256: string; pieces: string[] },
  order: FlashOrder,
): BoxFile[] {
  const scripts = order.before ? [readFileSync(order.before, "latin1")] : [];
  scripts.push(...firmware.pieces);
  if (scripts.length > SCRIPTS_MAX) throw new Error(`flash: ${scripts.length} scripts`);
  const files = Object.entries(box.files).map(([name, content]) => whole(name, content));
  files.push(whole("firmware", fromHex(firmware.sha256)));
  files.push(whole(".bootcde", fromLatin1(CLOSE[order.kind])));
  scripts.forEach((text, i) => files.push(whole(`.boot${i}`, fromLatin1(text))));
  const last = files.at(-1);
  if (last) last.end = (Math.ceil(last.content.length / PIECE_BYTES) - 1) * PIECE_BYTES;
  return files;
}

async function prepare(
  console: Console,
  box: BoxFolder,
  script: string,
  order: FlashOrder,
): Promise<void> {
  order.say("flash: erasing, and laying out the memory");
  await console.ask(`OBOLE_KIND="${order.kind}"`);
  await console.ask(`BURN_MAP_HEX="${toHex(box.burnMap)}"`);
  await console.askScript(script, PREPARE_MS);
  const prepared = await console.ask("OBOLE_PREPARED");
  if (prepared === "used")
    throw new Error(`flash: the box has signed with these keys; ${anew(box)}`);
  if (prepared === "goes on") order.say("flash: going on where an earlier run ended");
}

/** A file that is there is not sent again. */
async function send(console: Console, file: BoxFile, order: FlashOrder): Promise<void> {
  const { name, content, end } = file;
  if (await isThere(console, file, end)) return order.say(`flash: ${name} is there`);
  for (let at = 0; at < end; at += PIECE_BYTES) {
    if (at % PROGRESS_BYTES < PIECE_BYTES)
      order.say(`flash: ${name}, ${at} of ${content.length} bytes`);
    await put(console, file, at);
  }
}

async function put(console: Console, file: BoxFile, at: number): Promise<void> {
  const { name, content } = file;
  const piece = content.subarray(at, at + PIECE_BYTES);
  const answer = await console.ask(`OBOLE_PUT("${name}",d,${at},${content.length})`, piece);
  if (answer !== "true") throw new Error(`flash: ${name} did not take at ${at}: ${answer}`);
}

async function isThere(console: Console, file: BoxFile, end: number): Promise<boolean> {
  const { name, content } = file;
  const stored = await console.ask(`(require("Storage").read("${name}")||"").length`);
  if (Number(stored) !== content.length) return false;
  for (let at = 0; at < end; at += CHECK_BYTES) {
    const part = content.subarray(at, Math.min(at + CHECK_BYTES, end));
    const sum = await console.ask(`OBOLE_SUM("${name}",${at},${part.length})`);
    if (Number(sum) !== crc32(part)) return false;
  }
  return true;
}

async function compare(console: Console, file: BoxFile, end: number): Promise<void> {
  if (!(await isThere(console, file, end)))
    throw new Error(`flash: ${file.name} is not on the box as it was sent`);
}

/** From the mark on these keys belong to this box for good. */
async function finish(console: Console, files: BoxFile[], order: FlashOrder): Promise<void> {
  order.say("flash: everything is there, byte for byte");
  markFlashed(order.from, new Date());
  for (const file of files)
    if (file.end < file.content.length) {
      await put(console, file, file.end);
      await compare(console, file, file.content.length);
    }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      from: { type: "string" },
      port: { type: "string" },
      kind: { type: "string", default: "esp32" },
      before: { type: "string" },
    },
  });
  const { from, port, kind, before } = values;
  if (!from || !port || (kind !== "esp32" && kind !== "linux")) {
    console.error(`flash: npm run flash -- --from FOLDER --port /dev/ttyUSB0
       FOLDER is what npm run provision made.
       --port tcp://127.0.0.1:2323 --kind linux --before SCRIPT: espruino --telnet, whose board SCRIPT makes.`);
    process.exit(2);
  }
  await flashBox({ from, port, kind, before, say: (line) => console.log(line) });
  await stop();
}
