// A server of the chaos: a program that is killed without warning, with all that it had started itself, and started again
// when told to, over the same files.

import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import type { Guard, Program } from "./processes.ts";

const POLL_MS = 50;

export type Part = {
  /** kill -9 of the whole process group. */
  kill(): Promise<void>;
  /** Resolves once it answers; throws with the end of its log when it does not in time. */
  start(): Promise<void>;
};

export function createPart(program: Program, guard: Guard): Part {
  let running: { child: ChildProcess; gone: Promise<unknown> } | undefined;

  function launch(): ChildProcess {
    const log = openSync(program.logFile, "a");
    const child = spawn(program.command, program.args, {
      detached: true,
      stdio: ["ignore", log, log],
      env: program.environment,
    });
    closeSync(log);
    running = { child, gone: new Promise((resolve) => child.once("exit", resolve)) };
    guard.watch(child.pid ?? 0);
    return child;
  }

  return {
    async kill() {
      const { child, gone } = running ?? {};
      running = undefined;
      if (!child?.pid) return;
      guard.forget(child.pid);
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch {
        // It died by itself before, and whoever starts it again will see whether it can live.
      }
      await gone;
    },
    async start() {
      const child = launch();
      const deadline = Date.now() + program.startMsMax;
      while (!(await program.answers())) {
        if (child.exitCode !== null || Date.now() > deadline)
          throw new Error(`${program.name}: did not start\n${lastLines(program.logFile)}`);
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
  };
}

function lastLines(path: string): string {
  return readFileSync(path, "utf8").trim().split("\n").slice(-12).join("\n");
}
