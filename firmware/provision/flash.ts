// `npm run flash -- --from FOLDER --port /dev/ttyUSB0`: puts a provisioned terminal on a box that runs Espruino, with
// nothing but its console. `--port tcp://127.0.0.1:PORT --kind linux` does the same to Espruino for Linux.

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import { buildFirmware, bundleFor } from "#firmware/build.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { fromHex, fromLatin1, toHex } from "#protocol/bytes.ts";
import type { BoxFolder } from "./box-folder.ts";
import { markFlashed, readBoxFolder } from "./box-folder.ts";
import type { Console } from "./console.ts";
import { PIECE_BYTES, openConsole } from "./console.ts";

export type FlashOrder = {
  from: string;
  port: string;
  kind: "esp32" | "linux";
  /** A script that runs first and makes the board: Espruino for Linux has none. */
  before?: string | undefined;
  say(line: string): void;
};

/** All of flash is erased, page by page. */
const PREPARE_MS = 120_000;
const REBOOT_MS = 5000;
/** As the last thing that a start does: no console, whatever is plugged in. */
const CLOSE_CONSOLE = "E.setConsole(null,{force:true});";

export async function flashBox(order: FlashOrder): Promise<void> {
  const box = readBoxFolder(order.from);
  if (box.flashed)
    throw new Error(
      `flash: these keys went on a box at ${box.flashed}, and a nonce must never be used twice: ` +
        `provision terminal ${box.terminal} again, which gives it a new epoch`,
    );
  const firmware = await buildFirmware();
  const script = await bundleFor("firmware/boards/prepare.ts", "closed");
  if (order.kind === "esp32") await silenceBluetooth(order);
  const console = await openConsole(order.port);
  try {
    markFlashed(order.from, new Date());
    order.say("flash: erasing, and laying out the memory");
    const facts = `OBOLE_KIND="${order.kind}";BURN_MAP_HEX="${toHex(box.burnMap)}"`;
    await console.repeat(facts);
    await console.runScript(script, PREPARE_MS);
    const files = filesOf(box, firmware, order);
    for (const [name, content] of files) await store(console, name, content, order);
    for (const [name, content] of files) await check(console, name, content);
    order.say("flash: everything is there, byte for byte; the box starts");
    console.say(order.kind === "esp32" ? "ESP32.reboot()" : "quit()");
  } finally {
    console.close();
  }
}

/** Espruino offers its console over Bluetooth, too, until it is told not to; it then restarts and forgets its code, so
 * this comes first. */
async function silenceBluetooth(order: FlashOrder): Promise<void> {
  order.say("flash: closing Bluetooth");
  const console = await openConsole(order.port);
  console.say("ESP32.enableBLE(false)");
  await new Promise((resolve) => setTimeout(resolve, REBOOT_MS));
  console.close();
}

type Files = [name: string, content: Bytes][];

/** The scripts last: a box that was interrupted has no terminal that would start. */
function filesOf(
  box: BoxFolder,
  firmware: { sha256: string; pieces: string[] },
  order: FlashOrder,
): Files {
  const scripts = order.before ? [readFileSync(order.before, "latin1")] : [];
  scripts.push(...firmware.pieces);
  const boots = scripts.map((text, i): Files[0] => [`.boot${i}`, fromLatin1(text)]);
  const data: Files = [...Object.entries(box.files), ["firmware", fromHex(firmware.sha256)]];
  if (order.kind === "esp32") boots.push([".bootcde", fromLatin1(CLOSE_CONSOLE)]);
  return [...data, ...boots];
}

async function store(
  console: Console,
  name: string,
  content: Bytes,
  order: FlashOrder,
): Promise<void> {
  order.say(`flash: ${name}, ${content.length} bytes`);
  const data = Buffer.from(content);
  for (let at = 0; at < data.length; at += PIECE_BYTES) {
    const piece = data.toString("base64", at, at + PIECE_BYTES);
    await console.repeat(
      `require("Storage").write("${name}",atob("${piece}"),${at},${data.length})||FULL`,
    );
  }
}

async function check(console: Console, name: string, content: Bytes): Promise<void> {
  const printed = await console.repeat(`print(E.CRC32(require("Storage").read("${name}")))`);
  if (Number(printed.split(/\s+/).at(-1)) !== crc32(content))
    throw new Error(`flash: ${name} is not on the box as it was sent (${printed})`);
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
       --port tcp://127.0.0.1:PORT --kind linux --before SCRIPT: Espruino for Linux, whose board SCRIPT makes.`);
    process.exit(2);
  }
  await flashBox({ from, port, kind, before, say: (line) => console.log(line) });
}
