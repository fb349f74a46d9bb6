// The real Espruino interpreter as a child process in a folder of its own, where its flash is the file espruino.flash:
// scripts run to their end, and the box, which is worked over TCP.

import type { ChildProcess } from "node:child_process";
import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import type { Server, Socket } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";

const SCRIPT_MS_MAX = 120_000;
/** A literal of this size fits the interpreter's memory with room to spare. */
const CHUNK_BYTES = 3000;
/** Of what a box said and printed, so much tells why it ended. */
const LINES_LEFT = 20;
const PRINTED_LEFT = 2000;

export type Interpreter = { program: string; folder: string };

/** Runs a script to its end and returns what it printed; throws what it threw. */
export function runScript(interpreter: Interpreter, name: string, code: string): string {
  const file = join(interpreter.folder, name);
  writeFileSync(file, code + "\nquit();\n", "latin1");
  const run = spawnSync(interpreter.program, [file], {
    cwd: interpreter.folder,
    encoding: "latin1",
    timeout: SCRIPT_MS_MAX,
    maxBuffer: 1 << 24,
  });
  const failure = /Uncaught .*/.exec(run.stdout);
  if (failure || run.error || run.signal)
    throw new Error(
      `espruino: ${name}: ${failure?.[0] ?? run.error?.message ?? run.signal}\n${run.stdout.slice(-2000)}`,
    );
  return run.stdout;
}

/** Writes a file into Espruino's Storage, piece by piece; base: where in it, when more is in it. */
export function storeFile(
  interpreter: Interpreter,
  name: string,
  content: Uint8Array,
  base = 0,
): void {
  const data = Buffer.from(content);
  const writes: string[] = [];
  for (let at = 0; at < data.length; at += CHUNK_BYTES) {
    const chunk = data.subarray(at, at + CHUNK_BYTES).toString("base64");
    writes.push(`S.write(${JSON.stringify(name)},atob("${chunk}"),${base + at},${data.length});`);
  }
  runScript(interpreter, `put-${name}`, `var S=require("Storage");\n${writes.join("\n")}`);
}

export type Box = {
  /** Lines the box has said, oldest first. */
  said: string[];
  tell(line: string): void;
  /** Waits for a line from now on that starts so, and returns the rest of it. A box that ends meanwhile will say no more. */
  hear(start: string, timeoutMs: number): Promise<string>;
  /** What the interpreter printed: its log, and what went wrong where nobody caught it. */
  printed(): string;
  /** The end of what it said and printed, and how it ended, if it did: for whoever asks why. */
  lastWords(): string;
  /** kill -9: the power cut. */
  kill(): Promise<void>;
};

/** Starts the box: scripts are names in Storage, run one after the other in the interpreter's global scope. The first of
 * them connects to us. Globals are set before them, and those in memory run from a copy. Each finds in USED how many variables
 * there were before it: it cannot count its own functions, which are declared before its first line. */
export async function startBox(
  interpreter: Interpreter,
  scripts: string[],
  options: { globals?: { [name: string]: number }; inMemory?: string[] } = {},
): Promise<Box> {
  const server = await listen(0);
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const file = join(interpreter.folder, "start.js");
  const runs = scripts.map((name) => {
    const copied = options.inMemory?.includes(name) ? '""+' : "";
    return `USED=process.memory().usage;eval(${copied}require("Storage").read("${name}"));`;
  });
  const sets = Object.entries({ ...options.globals, CONTROL_PORT: port }).map(
    ([name, n]) => `${name}=${n};`,
  );
  writeFileSync(file, [...sets, ...runs].join("\n"));
  return connectBox(interpreter, [file], server);
}

/** Starts a box as a board starts: with what its Storage says, which connects to us at controlPort. */
export async function startFlashedBox(interpreter: Interpreter, controlPort: number): Promise<Box> {
  return connectBox(interpreter, ["--telnet"], await listen(controlPort));
}

async function listen(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return server;
}

async function connectBox(interpreter: Interpreter, args: string[], server: Server): Promise<Box> {
  const child = startInterpreter(interpreter, args);
  let printed = "";
  child.stdout?.on("data", (data) => (printed += String(data)));
  const socket = await connectionOf(server, child);
  server.close();
  return listenTo(socket, child, () => printed);
}

/** Its standard input stays open and silent: at the end of it, a second thread of Espruino for Linux would push characters
 * into the input buffer for ever, and damage what the console gets over TCP. */
export function startInterpreter(interpreter: Interpreter, args: string[]): ChildProcess {
  return spawn(interpreter.program, args, {
    cwd: interpreter.folder,
    stdio: ["pipe", "pipe", "inherit"],
  });
}

async function connectionOf(server: Server, child: ChildProcess): Promise<Socket> {
  return new Promise((resolve, reject) => {
    server.once("connection", resolve);
    child.once("exit", (code) => reject(new Error(`espruino: the box ended with ${code}`)));
  });
}

function listenTo(socket: Socket, child: ChildProcess, printed: () => string): Box {
  const said: string[] = [];
  const waiting = new Set<(line: string) => void>();
  let received = "";
  socket.setEncoding("latin1");
  socket.on("data", (data: string) => {
    received += data;
    const lines = received.split("\n");
    received = lines.pop() ?? "";
    for (const line of lines) {
      said.push(line);
      for (const wait of waiting) wait(line);
    }
  });
  socket.on("error", () => {}); // a killed box resets its connection
  const lastWords = (): string =>
    [...said.slice(-LINES_LEFT), printed().slice(-PRINTED_LEFT), endOf(child)].join("\n");
  return {
    said,
    printed,
    lastWords,
    tell: (line) => void socket.write(line + "\n"),
    hear(start, timeoutMs) {
      return new Promise((resolve, reject) => {
        const stop = (): void => {
          clearTimeout(timer);
          waiting.delete(wait);
          child.off("exit", giveUp);
        };
        const giveUp = (): void => {
          stop();
          const ended = hasEnded(child) ? "before it ended" : `within ${timeoutMs} ms`;
          reject(new Error(`espruino: no "${start}" ${ended}\n${lastWords()}`));
        };
        const wait = (line: string): void => {
          if (!line.startsWith(start)) return;
          stop();
          resolve(line.slice(start.length).trim());
        };
        const timer = setTimeout(giveUp, hasEnded(child) ? 0 : timeoutMs);
        child.once("exit", giveUp);
        waiting.add(wait);
      });
    },
    async kill() {
      if (!hasEnded(child)) {
        const gone = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGKILL");
        await gone;
      }
      socket.destroy();
    },
  };
}

/** Of a process that a signal ended, exitCode stays null. */
function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function endOf(child: ChildProcess): string {
  return hasEnded(child) ? `the box ended with ${child.exitCode ?? child.signalCode}` : "";
}
