// A newer firmware on the real interpreter: announced and sent through Mosquitto, checked by the terminal itself, started by
// the loader from the other slot, and named by the `open` entry of that start. Alone: node sim/espruino/updating.ts

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { stop } from "esbuild";
import type { Firmware } from "#firmware/build.ts";
import { buildFirmware } from "#firmware/build.ts";
import { fromLatin1, toHex } from "#protocol/bytes.ts";
import { startMosquitto } from "../mosquitto.ts";
import { announce, chunksOf, newReleaseKey, publicKeyOf } from "../signed-release.ts";
import { installCounter } from "./counter.ts";
import type { GatewayEnd } from "./gateway-end.ts";
import { openGatewayEnd } from "./gateway-end.ts";
import type { Box, Interpreter } from "./interpreter.ts";
import { startBox } from "./interpreter.ts";

const WAIT_MS = 120_000;
/** The comb leaves little room for others beside the box. */
const NONCES = 20;
/** The gateway sends sixteen for each sign of life; a terminal that is given all at once works on nothing else. */
const CHUNK_MS = 150;

export async function playUpdate(program: string, firmware: Firmware): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "obole-updating-"));
  const broker = await startMosquitto({ keepsSessions: true });
  try {
    const interpreter = { program, folder };
    const key = newReleaseKey();
    const order = { box: "plain.ts", brokerPort: broker.port, nonces: NONCES };
    const releaseKey = publicKeyOf(key);
    const counter = await installCounter(interpreter, firmware, { ...order, releaseKey });
    const gateway = await openGatewayEnd(broker.url, counter.identity);
    // The same script and a last line, so that its hash is another.
    const script = fromLatin1(`${firmware.code}//2`);
    const announced = announce(key, 2, script);
    try {
      const forged = announce(newReleaseKey(), 1, script);
      await update(interpreter, counter.scripts, gateway, { script, announced, forged });
    } finally {
      await gateway.close();
    }
  } finally {
    await broker.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Releases = { script: Uint8Array } & Record<
  "announced" | "forged",
  ReturnType<typeof announce>
>;

async function update(
  interpreter: Interpreter,
  scripts: string[],
  gateway: GatewayEnd,
  { script, announced, forged }: Releases,
): Promise<void> {
  let box = await startBox(interpreter, scripts);
  await gateway.until("the open entry", () => gateway.entries.length === 1, WAIT_MS);
  assert.equal(hashesOf(gateway).includes(toHex(announced.sha256)), false);

  await bring(box, gateway, forged, script, "is forged");
  const seconds = await bring(box, gateway, announced, script, "is genuine");
  await box.hear("log upkeep: restarting", WAIT_MS);
  await box.kill();
  box = await startBox(interpreter, scripts);
  try {
    await gateway.until("the open entry of it", () => gateway.entries.length === 2, WAIT_MS);
    assert.equal(hashesOf(gateway).at(-1), toHex(announced.sha256));
    const runs = (): boolean =>
      gateway.messages.some((one) => one.kind === "status" && one.health?.firmware === 2);
    await gateway.until("a status that it runs", runs, WAIT_MS);
  } finally {
    await box.kill();
  }
  console.log(
    `update: ${script.length} bytes sent and checked in ${seconds.toFixed(1)} s, a forged one refused; ` +
      `it runs, and its open entry names it`,
  );
}

/** Sends a release and waits for the verdict; gives the seconds that it took. */
async function bring(
  box: Box,
  gateway: GatewayEnd,
  announced: ReturnType<typeof announce>,
  script: Uint8Array,
  verdict: string,
): Promise<number> {
  const startMs = Date.now();
  const heard = box.hear(`log firmware: ${announced.version} ${verdict}`, WAIT_MS);
  await gateway.send(announced);
  for (const chunk of chunksOf(announced.version, script)) {
    await gateway.send(chunk);
    await sleep(CHUNK_MS);
  }
  await heard;
  return (Date.now() - startMs) / 1000;
}

const hashesOf = (gateway: GatewayEnd): string[] =>
  gateway.entries.flatMap((entry) => (entry.kind === "open" ? [toHex(entry.firmware)] : []));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await playUpdate(process.env["ESPRUINO"] ?? "", await buildFirmware());
  await stop();
}
