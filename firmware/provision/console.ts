// The console of an Espruino, over a serial port or TCP: one line of code at a time, and not the next before the last
// one is done, so that no buffer of the board can overflow.

import { spawnSync } from "node:child_process";
import { closeSync, createReadStream, createWriteStream, openSync } from "node:fs";
import { connect } from "node:net";
import type { Readable, Writable } from "node:stream";

export type Console = {
  /** Runs code, which may not contain a line break, and returns what it printed. Throws what it threw. */
  run(code: string, timeoutMs?: number): Promise<string>;
  /** Runs code that may be run again: characters get lost on a line without flow control. */
  repeat(code: string): Promise<string>;
  /** Runs a script of any length. */
  runScript(script: string, timeoutMs: number): Promise<string>;
  /** Says a line that gets no answer: the board restarts. */
  say(code: string): void;
  close(): void;
};

const BAUD = "115200";
const LINE_MS = 10_000;
const SETTLE_MS = 1000;
const REPEAT_MS = 6000;
const TRIES_MAX = 6;
/** In base 64 and with what stands around it, a line of some 350 characters. */
export const PIECE_BYTES = 192;
/** Ctrl-C ends a line that somebody left half typed; this character keeps the line from being echoed. */
const INTERRUPT = "\x03";
const SILENT = "\x10";

/** port: a serial device, or tcp://HOST:PORT. */
export async function openConsole(port: string): Promise<Console> {
  const line = port.startsWith("tcp://") ? await openTcp(new URL(port)) : openSerial(port);
  let received = "";
  let look = nothing;
  let count = 0;
  line.input.on("data", (data: Buffer) => {
    received += data.toString("latin1");
    look();
  });
  line.output.write(INTERRUPT + "\n");
  // The interrupt throws away whatever has come in with it.
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));

  function run(code: string, timeoutMs = LINE_MS): Promise<string> {
    const mark = `<${++count}>`;
    // Asking for its memory makes the interpreter collect what such lines leave behind, before it runs out.
    received = "";
    line.output.write(
      `${SILENT}try{${code};process.memory();print("OK"+${JSON.stringify(mark)})}` +
        `catch(e){print("FAILED "+e+${JSON.stringify(mark)})}\n`,
      "latin1",
    );
    return new Promise((resolve, reject) => {
      const end = (finish: () => void): void => {
        clearTimeout(timer);
        look = nothing;
        finish();
      };
      const timer = setTimeout(
        () => end(() => reject(new Error(`console: no answer in ${timeoutMs} ms: ${received}`))),
        timeoutMs,
      );
      look = () => {
        const at = received.indexOf(mark);
        if (at < 0) return;
        const printed = received.slice(0, at);
        if (printed.endsWith("OK")) end(() => resolve(printed.slice(0, -2).trim()));
        else end(() => reject(new Error(`console: ${printed.trim()}`)));
      };
    });
  }

  async function repeat(code: string): Promise<string> {
    for (let tries = 1; ; tries++)
      try {
        return await run(code, REPEAT_MS);
      } catch (error) {
        if (tries === TRIES_MAX) throw error;
        line.output.write(INTERRUPT);
        await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      }
  }

  return {
    run,
    repeat,
    async runScript(script, timeoutMs) {
      await repeat("OBOLE_SCRIPT=[]");
      const data = Buffer.from(script, "latin1");
      for (let at = 0; at < data.length; at += PIECE_BYTES)
        await repeat(
          `OBOLE_SCRIPT[${at / PIECE_BYTES}]=atob("${data.toString("base64", at, at + PIECE_BYTES)}")`,
        );
      return run('eval(OBOLE_SCRIPT.join(""));OBOLE_SCRIPT=undefined', timeoutMs);
    },
    say: (code) => void line.output.write(`${SILENT}${code}\n`),
    close: line.close,
  };
}

function nothing(): void {}

type Line = { input: Readable; output: Writable; close(): void };

function openTcp(url: URL): Promise<Line> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(url.port), url.hostname);
    socket.once("error", reject);
    socket.once("connect", () =>
      resolve({ input: socket, output: socket, close: () => socket.end() }),
    );
  });
}

/** The terminal settings that every Unix has: raw bytes, and the board may ask for a pause (XOFF). */
function openSerial(device: string): Line {
  const flag = process.platform === "darwin" ? "-f" : "-F";
  const stty = spawnSync("stty", [flag, device, BAUD, "raw", "-echo", "ixon"], {
    encoding: "utf8",
  });
  if (stty.status !== 0) throw new Error(`console: ${device}: ${stty.stderr || "stty is missing"}`);
  const descriptor = openSync(device, "r+");
  const input = createReadStream("", { fd: descriptor, autoClose: false });
  const output = createWriteStream("", { fd: descriptor, autoClose: false });
  return {
    input,
    output,
    close() {
      input.destroy();
      output.destroy();
      closeSync(descriptor);
    },
  };
}
