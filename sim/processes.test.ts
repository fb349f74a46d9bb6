// Goal: a program that dies or falls silent is started again, and none outlives the start, however
// the start ends. Method: real processes: a small web server in sh's group, killed, stopped and
// orphaned with real signals.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { expect, test } from "vitest";
import { freePort } from "./mosquitto.ts";
import type { Program } from "./processes.ts";
import { answersHttp, keepRunning, startGuard } from "./processes.ts";

const PROCESSES = import.meta.resolve("./processes.ts");
/** Writes its pid and that of a child in its group, then answers HTTP. */
const SERVER = `
  const { spawn } = require("node:child_process");
  const { writeFileSync } = require("node:fs");
  const [port, file] = process.argv.slice(1);
  const child = spawn("sleep", ["600"]);
  require("node:http").createServer((_, response) => response.end()).listen(port, "127.0.0.1", () =>
    writeFileSync(file, process.pid + " " + child.pid));
`;

async function makeServer(): Promise<{ program: Program; pids(): number[] }> {
  const folder = mkdtempSync(join(tmpdir(), "obole-processes-"));
  const port = await freePort();
  const pidFile = join(folder, "pids");
  writeFileSync(pidFile, "");
  const program: Program = {
    name: "server",
    command: process.execPath,
    args: ["-e", SERVER, String(port), pidFile],
    environment: process.env,
    logFile: join(folder, "log"),
    startMsMax: 10_000,
    answers: () => answersHttp(`http://127.0.0.1:${port}/`, 500),
  };
  return { program, pids: () => readFileSync(pidFile, "utf8").split(" ").map(Number) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie waits for its parent to look; it holds nothing any more.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

const dead = (pid: number) => expect.poll(() => isAlive(pid), { timeout: 15_000 }).toBe(false);
const withProc = test.skipIf(process.platform !== "linux");

withProc("killed with -9, it comes back with a new pid, and says so", async () => {
  const { program, pids } = await makeServer();
  const guard = startGuard();
  const said: string[] = [];
  const running = await keepRunning(program, guard, (line) => said.push(line));
  const [first = 0, child = 0] = pids();
  process.kill(first, "SIGKILL");
  await expect.poll(() => said.at(-1), { timeout: 15_000 }).toBe("server: up again");
  expect(said[0]).toBe("server: was killed (SIGKILL); starting it again in 250 ms");
  expect(running.pid()).toBe(pids()[0]);
  expect(running.pid()).not.toBe(first);
  await dead(child);
  await running.stop();
  guard.close();
  for (const pid of pids()) await dead(pid);
});

withProc("alive but silent, it is ended and started again", async () => {
  const { program, pids } = await makeServer();
  const guard = startGuard();
  const said: string[] = [];
  const running = await keepRunning(program, guard, (line) => said.push(line));
  process.kill(running.pid(), "SIGSTOP");
  await expect.poll(() => said.at(-1), { timeout: 25_000 }).toBe("server: up again");
  expect(said[0]).toBe("server: does not answer; starting it again in 250 ms");
  await running.stop();
  guard.close();
  for (const pid of pids()) await dead(pid);
});

withProc(
  "one that cannot start is reported with the end of its log, and not tried for ever",
  async () => {
    const { program } = await makeServer();
    const guard = startGuard();
    const broken = { ...program, args: ["-e", "console.error('no such ledger'); process.exit(3)"] };
    await expect(keepRunning(broken, guard, () => undefined)).rejects.toThrow(
      "server: did not start\nno such ledger",
    );
    guard.close();
  },
);

withProc(
  "when the start itself is killed with -9, its programs and their children go too",
  async () => {
    const { program, pids } = await makeServer();
    const { answers: _, ...plain } = program;
    const script = `
    const { keepRunning, startGuard, answersHttp } = await import(${JSON.stringify(PROCESSES)});
    const program = ${JSON.stringify(plain)};
    program.answers = () => answersHttp("http://127.0.0.1:" + program.args[2] + "/", 500);
    await keepRunning(program, startGuard(), console.error);
    console.log("up");
  `;
    const start = spawn(process.execPath, ["--input-type=module", "-e", script]);
    await once(start.stdout, "data");
    const left = pids();
    expect(left.map(isAlive)).toEqual([true, true]);
    start.kill("SIGKILL");
    for (const pid of left) await dead(pid);
  },
);
