// A new box from the office to its first sale, on the real interpreter: provisioned into a folder, flashed over TCP through
// `espruino --telnet`, started, taught, and sold at. Alone:
// node sim/espruino/flashing.ts --times 20 [--spoilt 10000] [--pulled 150000]

import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { stop } from "esbuild";
import { bundleFor } from "#firmware/build.ts";
import { readBoxFolder } from "#firmware/provision/box-folder.ts";
import { flashBox } from "#firmware/provision/flash.ts";
import { provisionBox } from "#firmware/provision/office.ts";
import { fromLatin1 } from "#protocol/bytes.ts";
import type { Damage } from "../flashing-cable.ts";
import { openBadCable } from "../flashing-cable.ts";
import { freePort, startMosquitto } from "../mosquitto.ts";
import { SOUP_CENTS, teach, uidOf } from "./counter.ts";
import type { TerminalIdentity } from "./gateway-end.ts";
import { openGatewayEnd } from "./gateway-end.ts";
import type { Box, Interpreter } from "./interpreter.ts";
import { startFlashedBox, startInterpreter } from "./interpreter.ts";

/** Where Espruino for Linux has its console when it is asked for one over TCP (its libs/network/telnet). */
const CONSOLE_PORT = 2323;
const START_MS = 30_000;
const WAIT_MS = 120_000;
const TAP_MS = 2000;
const TAPS_MAX = 30;
const SCHOOL = "college-demo";
const SECRET = fromLatin1("a secret of the school, 32 bytes");

/** damage of the cable; pulled in the middle, it is flashed again. */
export type FlashingOrder = { program: string; damage: Damage };

/** Throws when anything of it fails. */
export async function playFlashing(order: FlashingOrder): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "obole-flashing-"));
  const broker = await startMosquitto({ keepsSessions: true });
  try {
    const interpreter = { program: order.program, folder: join(folder, "box") };
    mkdirSync(interpreter.folder);
    const made = provisionBox({
      out: join(folder, "office"),
      school: SCHOOL,
      terminal: 3,
      name: "Bar",
      sealSecret: SECRET,
      broker: { host: "127.0.0.1", port: broker.port },
      epoch: 0,
      nonces: 20,
    });
    const controlPort = await freePort();
    const before = join(folder, "board.js");
    const board = await bundleFor("sim/espruino/box/plain.ts", "closed");
    writeFileSync(before, `CONTROL_PORT=${controlPort};${board}`);
    const seconds = await flash(interpreter, made.folder, before, order);
    await assert.rejects(flashAgain(made.folder), /must never be used twice/);

    const who = { school: SCHOOL, terminal: 3, epoch: made.epoch, sealSecret: SECRET };
    await sell(interpreter, controlPort, broker.url, { ...who, publicKey: made.publicKey });
    console.log(`flash: done in ${seconds.toFixed(1)} s; it opened, and its sale arrived signed`);
  } finally {
    await broker.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns how long it took, in seconds. */
async function flash(
  interpreter: Interpreter,
  from: string,
  before: string,
  order: FlashingOrder,
): Promise<number> {
  assert.ok(!(await isConsoleOpen()), `port ${CONSOLE_PORT} is in use`);
  const child = startInterpreter(interpreter, ["--telnet"]);
  try {
    await consoleOpens(child);
    const cable = await openBadCable(CONSOLE_PORT, order.damage);
    try {
      const port = `tcp://127.0.0.1:${cable.port}`;
      const startMs = Date.now();
      const said: string[] = [];
      const say = (line: string): unknown => said.push(line);
      const run = (): Promise<void> => flashBox({ from, port, kind: "linux", before, say });
      if (order.damage.pulledAfter) {
        await assert.rejects(run(), /the other end is gone/);
        assert.equal(readBoxFolder(from).flashed, "");
      }
      await run();
      const goesOn = said.includes("flash: going on where an earlier run ended");
      assert.equal(goesOn, order.damage.pulledAfter > 0);
      const seconds = (Date.now() - startMs) / 1000;
      await ended(child);
      assert.ok(readBoxFolder(from).flashed);
      console.log(`${said.at(-1)}, ${cable.lost()} characters spoilt`);
      return seconds;
    } finally {
      cable.close();
    }
  } finally {
    child.kill("SIGKILL");
  }
}

/** No console is needed to be refused. */
const flashAgain = (from: string): Promise<void> =>
  flashBox({ from, port: "tcp://127.0.0.1:1", kind: "linux", say: () => undefined });

async function sell(
  interpreter: Interpreter,
  controlPort: number,
  url: string,
  who: TerminalIdentity,
): Promise<void> {
  const gateway = await openGatewayEnd(url, who);
  const box = await startFlashedBox(interpreter, controlPort);
  try {
    await gateway.until("the open entry", () => gateway.entries.length === 1, WAIT_MS);
    assert.ok(!(await isConsoleOpen()), "the console is closed on a box that was flashed");
    await teach(gateway, { students: 5, ceilingCents: 1000 });
    await buySoup(box, 2);
    await gateway.until("the sale", () => gateway.entries.length === 2, WAIT_MS);
    const [open, sale] = gateway.entries;
    assert.deepEqual([open?.kind, sale?.kind], ["open", "purchase"]);
    assert.ok(sale?.kind === "purchase" && sale.student === 2 && sale.totalCents === SOUP_CENTS);
    assert.deepEqual([open?.nonce, sale.nonce], [0, 1]);
  } finally {
    await box.kill();
    await gateway.close();
  }
}

/** A terminal that is still learning refuses: then the card is laid again. */
async function buySoup(box: Box, student: number): Promise<void> {
  for (let tries = 1; ; tries++) {
    const beep = box.hear("tone 2600", TAP_MS);
    box.tell(`place ${uidOf(student)}`);
    try {
      await beep;
      return;
    } catch (error) {
      if (tries === TAPS_MAX) throw error;
      box.tell(`take ${uidOf(student)}`);
      await sleep(TAP_MS);
    }
  }
}

function isConsoleOpen(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(CONSOLE_PORT, "127.0.0.1");
    socket.once("connect", () => resolve(socket.destroy() !== undefined));
    socket.once("error", () => resolve(false));
  });
}

async function consoleOpens(child: ChildProcess): Promise<void> {
  const endMs = Date.now() + START_MS;
  while (!(await isConsoleOpen())) {
    if (child.exitCode !== null || Date.now() > endMs)
      throw new Error(`flashing: no console at port ${CONSOLE_PORT}`);
    await sleep(100);
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const timeout = new AbortController();
  const gone = new Promise((resolve) => child.once("exit", resolve));
  const late = sleep(START_MS, "late", { signal: timeout.signal }).catch(() => undefined);
  assert.notEqual(await Promise.race([gone, late]), "late", "the interpreter did not restart");
  timeout.abort();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      times: { type: "string", default: "1" },
      spoilt: { type: "string", default: "0" },
      pulled: { type: "string", default: "0" },
    },
  });
  const program = process.env["ESPRUINO"] ?? "";
  for (let i = 1; i <= Number(values.times); i++) {
    console.log(`flashing ${i} of ${values.times}`);
    const damage = { every: Number(values.spoilt), seed: i, pulledAfter: Number(values.pulled) };
    await playFlashing({ program, damage });
  }
  await stop();
}
