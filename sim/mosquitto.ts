// Debian's Mosquitto as a child process on a free port, for tests: a broker that nobody of this project wrote.
// It can be killed without warning and started again over the same store.

import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram } from "./debian.ts";

const START_MS_MAX = 10_000;
/** Messages on their way to the gateway and not yet acknowledged: two of its batches. By itself Mosquitto
 * allows 20, and drops what is queued beyond 1,000; any deployment should raise both. */
const IN_FLIGHT_MAX = 800;

export type Mosquitto = {
  port: number;
  url: string;
  /** kill -9: no goodbye to clients; what the store does not hold yet is lost. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Its store is gone, as with a broken disk; only while it is down. */
  forget(): void;
  /** Kills it and removes its store. */
  stop(): Promise<void>;
};

/** keepsSessions: saves its store at each change, so that sessions survive even kill(). */
export async function startMosquitto(options: { keepsSessions: boolean }): Promise<Mosquitto> {
  const program = findProgram("mosquitto");
  if (!program) throw new Error("mosquitto: the program is not installed");
  const folder = mkdtempSync(join(tmpdir(), "obole-mosquitto-"));
  const port = await freePort();
  const configuration = join(folder, "mosquitto.conf");
  const store = [
    "persistence true",
    `persistence_location ${folder}/`,
    "autosave_on_changes true",
    "autosave_interval 1",
  ];
  // Started by root, Mosquitto would become user "mosquitto", who may not write to our folder.
  const user = process.getuid?.() === 0 ? ["user root"] : [];
  const limits = [`max_inflight_messages ${IN_FLIGHT_MAX}`, "max_queued_messages 0"];
  const lines = [`listener ${port} 127.0.0.1`, "allow_anonymous true", ...limits, ...user];
  writeFileSync(
    configuration,
    [...lines, ...(options.keepsSessions ? store : [])].join("\n") + "\n",
  );
  let broker: ChildProcess | undefined;
  const mosquitto: Mosquitto = {
    port,
    url: `mqtt://127.0.0.1:${port}`,
    async kill() {
      const gone = new Promise((resolve) => broker?.once("exit", resolve));
      if (broker?.kill("SIGKILL")) await gone;
      broker = undefined;
    },
    async start() {
      broker = spawn(program, ["-c", configuration], { stdio: "ignore" });
      await untilListening(port);
    },
    forget: () => rmSync(join(folder, "mosquitto.db"), { force: true }),
    async stop() {
      await mosquitto.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await mosquitto.start();
  return mosquitto;
}

/** A port of 127.0.0.1 that nobody uses now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (!address || typeof address === "string") throw new Error("port: the system gave none");
  return address.port;
}

async function untilListening(port: number): Promise<void> {
  const endMs = Date.now() + START_MS_MAX;
  while (Date.now() < endMs) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => resolve(socket.destroy() !== undefined));
      socket.once("error", () => resolve(false));
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`mosquitto: not listening on port ${port} after ${START_MS_MAX} ms`);
}
