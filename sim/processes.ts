// The programs that a start runs beside itself, each in a process group of its own. A program that
// dies or no longer answers is started again after a pause; when the start ends, however it ends,
// none is left.

import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Two programs that kill each other must not fill the machine: the pause doubles up to here. */
const PAUSE_MS_MIN = 250;
const PAUSE_MS_MAX = 8_000;
/** After this long alive a death is taken as the first. */
const STEADY_MS = 30_000;
const POLL_MS = 50;
const PROBE_MS = 1_000;
/** A busy program may be late twice; killing a healthy one costs more than waiting. */
const PROBES_FAILED_MAX = 3;
const STOP_MS_MAX = 4_000;

export type Program = {
  name: string;
  command: string;
  args: string[];
  environment: NodeJS.ProcessEnv;
  logFile: string;
  /** The first start must answer within this time. */
  startMsMax: number;
  /** Whether it answers now. Must settle by itself within a few seconds. */
  answers(): Promise<boolean>;
};

export type Running = { pid(): number; stop(): Promise<void> };
export type Guard = { watch(pid: number): void; forget(pid: number): void; close(): void };

/** Starts the process that kills all watched groups once this one is gone. */
export function startGuard(): Guard {
  const path = join(import.meta.dirname, "guard.ts");
  const guard = spawn(process.execPath, [path], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  guard.stdin.on("error", () => undefined);
  return {
    watch: (pid) => void guard.stdin.write(`+${pid}\n`),
    forget: (pid) => void guard.stdin.write(`-${pid}\n`),
    close: () => void guard.stdin.end(),
  };
}

/** Resolves once the program answers; throws with the end of its log when it does not the first
 * time. From then on it is kept running, and `say` hears of every death in one line. */
export async function keepRunning(
  program: Program,
  guard: Guard,
  say: (line: string) => void,
): Promise<Running> {
  let stopping = false;
  let pauseMs = PAUSE_MS_MIN;
  let child = launch(program, guard);
  let ended = endOf(child, guard);

  const stop = async (): Promise<void> => {
    stopping = true;
    await endGroup(child, ended);
  };
  if (!(await answersInTime(program, child, ended))) {
    await stop();
    throw new Error(`${program.name}: did not start\n${lastLines(program.logFile)}`);
  }
  void (async () => {
    for (;;) {
      const startedAt = Date.now();
      const watched = child;
      const isOver = (): boolean => stopping || child !== watched;
      const reason = await Promise.race([ended, silence(program, isOver)]);
      if (stopping) return;
      await endGroup(child, ended);
      if (Date.now() - startedAt > STEADY_MS) pauseMs = PAUSE_MS_MIN;
      say(`${program.name}: ${reason}; starting it again in ${pauseMs} ms`);
      await pause(pauseMs);
      pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX);
      if (stopping) return;
      child = launch(program, guard);
      ended = endOf(child, guard);
      if (await answersInTime(program, child, ended)) say(`${program.name}: up again`);
    }
  })();
  return { pid: () => child.pid ?? 0, stop };
}

function launch(program: Program, guard: Guard): ChildProcess {
  const log = openSync(program.logFile, "a");
  const child = spawn(program.command, program.args, {
    detached: true,
    stdio: ["ignore", log, log],
    env: program.environment,
  });
  closeSync(log);
  if (child.pid) guard.watch(child.pid);
  return child;
}

function endOf(child: ChildProcess, guard: Guard): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(`cannot be started (${error.message})`));
    child.once("exit", (code, signal) => {
      // What the leader leaves behind would hold its ports and files.
      killGroup(child, "SIGKILL");
      if (child.pid) guard.forget(child.pid);
      resolve(signal ? `was killed (${signal})` : `ended with exit code ${code}`);
    });
  });
}

/** Resolves when the program has failed to answer several times in a row. */
async function silence(program: Program, isOver: () => boolean): Promise<string> {
  for (let failed = 0; failed < PROBES_FAILED_MAX && !isOver();) {
    await pause(PROBE_MS);
    failed = (await program.answers()) ? 0 : failed + 1;
  }
  return "does not answer";
}

async function answersInTime(
  program: Program,
  child: ChildProcess,
  ended: Promise<string>,
): Promise<boolean> {
  const deadline = Date.now() + program.startMsMax;
  while (isAlive(child) && Date.now() < deadline) {
    // Another program on its port could answer in its place: it must be alive, too.
    if ((await program.answers()) && isAlive(child)) return true;
    await Promise.race([pause(POLL_MS), ended]);
  }
  return false;
}

function isAlive(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

async function endGroup(child: ChildProcess, ended: Promise<string>): Promise<void> {
  killGroup(child, "SIGTERM");
  const late = setTimeout(() => killGroup(child, "SIGKILL"), STOP_MS_MAX);
  await ended;
  clearTimeout(late);
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (!child.pid) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is already gone.
  }
}

function lastLines(path: string): string {
  return readFileSync(path, "utf8").trim().split("\n").slice(-12).join("\n");
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Whether any HTTP server answers there, well or badly. */
export async function answersHttp(url: string, timeoutMs: number): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    await answer.body?.cancel();
    return true;
  } catch {
    return false;
  }
}
