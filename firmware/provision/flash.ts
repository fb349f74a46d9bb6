// `npm run flash -- --from FOLDER --port /dev/ttyUSB0`: puts a provisioned terminal on a box that runs Espruino, with
// nothing but its console. `--port tcp://127.0.0.1:2323 --kind linux` does the same to `espruino --telnet` on Linux.
// What failed may be done again, on the same box, and goes on where it was.

import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { crc32 } from "node:zlib";
import { stop } from "esbuild";
import { ESP32_STORAGE, LINUX_STORAGE } from "#firmware/boards/regions.ts";
import { buildFirmware, bundleFor } from "#firmware/build.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { fromLatin1, toHex } from "#protocol/bytes.ts";
import type { BoxFolder } from "./box-folder.ts";
import { markFlashed, markFlashing, readBoxFolder } from "./box-folder.ts";
import type { Console } from "./console.ts";
import { PIECE_BYTES, openConsole } from "./console.ts";
import { firstSlot, firstSlotInFile } from "./first-slot.ts";
import { openLine } from "./line.ts";

export type FlashOrder = {
  from: string;
  port: string;
  kind: "esp32" | "linux";
  /** A script that runs first and makes the board: Espruino for Linux has none. */
  before?: string | undefined;
  say(line: string): void;
};

/** base: where in the file content begins, when more is in it. end: how much of content is sent before everything has been
 * compared. */
type BoxFile = { name: string; content: Bytes; base: number; end: number };

/** All of flash is erased, page by page. */
const PREPARE_MS = 120_000;
const REBOOT_MS = 5000;
/** More than the time after which an order without an answer is sent again. */
const ANSWERED_MS = 6000;
/** So much is compared at a time: the interpreter may have to copy it. */
const CHECK_BYTES = 8192;
const PROGRESS_BYTES = 32_768;

/** The last thing that a start does: nobody is at the console any more, whatever is plugged in. */
export const CLOSE = {
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
  const files = await filesOf(box, order);
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
    await restart(console, RESTART[order.kind]);
    order.say(`flash: the box starts; ${console.repeated()} lines were sent again`);
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
  const console = await openConsole(await openLine(order.port));
  await restart(console, "ESP32.enableBLE(false)");
  await sleep(ANSWERED_MS + REBOOT_MS);
  console.close();
}

/** A moment later, so that it can still answer. */
const restart = (console: Console, code: string): Promise<string> =>
  console.ask(`setTimeout(function(){${code}},${ANSWERED_MS})`);

const whole = (name: string, content: Bytes): BoxFile => ({
  name,
  content,
  base: 0,
  end: content.length,
});

/** The loader last, and its end only when all else was compared: what it ends with is the start of the terminal, so that a
 * box that was interrupted has none. */
async function filesOf(box: BoxFolder, order: FlashOrder): Promise<BoxFile[]> {
  const files = Object.entries(box.files).map(([name, content]) => whole(name, content));
  const script = fromLatin1((await buildFirmware()).code);
  const base = firstSlotInFile(order.kind === "linux" ? LINUX_STORAGE : ESP32_STORAGE);
  files.push({ ...whole("regions", firstSlot(sha256, script)), base });
  files.push(whole(".bootcde", fromLatin1(CLOSE[order.kind])));
  if (order.before) files.push(whole(".boot1", new Uint8Array(readFileSync(order.before))));
  const loader = await bundleFor(`firmware/boards/boot-${order.kind}.ts`, "closed");
  const last = whole(".boot0", fromLatin1(loader));
  last.end = (Math.ceil(loader.length / PIECE_BYTES) - 1) * PIECE_BYTES;
  return files.concat(last);
}

const sha256 = (data: Bytes): Bytes => createHash("sha256").update(data).digest();

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
  const { name, content, base } = file;
  const piece = content.subarray(at, at + PIECE_BYTES);
  const answer = await console.ask(`OBOLE_PUT("${name}",d,${base + at},${content.length})`, piece);
  if (answer !== "true") throw new Error(`flash: ${name} did not take at ${at}: ${answer}`);
}

async function isThere(console: Console, file: BoxFile, end: number): Promise<boolean> {
  const { name, content, base } = file;
  if (!base) {
    const stored = await console.ask(`(require("Storage").read("${name}")||"").length`);
    if (Number(stored) !== content.length) return false;
  }
  for (let at = 0; at < end; at += CHECK_BYTES) {
    const part = content.subarray(at, Math.min(at + CHECK_BYTES, end));
    const sum = await console.ask(`OBOLE_SUM("${name}",${base + at},${part.length})`);
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
