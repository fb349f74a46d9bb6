// The Debian programs that some tests run against. A test that needs one asks findProgram and is skipped, by name,
// when it is missing; `npm test` installs them first where it may.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

export type Program = "mosquitto" | "chromium" | "hledger";
const PROGRAMS: Program[] = ["mosquitto", "chromium", "hledger"];

/** Debian puts servers in /usr/sbin, which is not on everybody's path. */
const FOLDERS = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/bin"];

/** The full path of a program, or undefined where this machine does not have it. */
export function findProgram(program: Program): string | undefined {
  return FOLDERS.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

/** Installs what is missing when we are root on a Debian; otherwise says in one line what to install. */
export function installPrograms(): void {
  const missing = PROGRAMS.filter((program) => !findProgram(program));
  if (!missing.length) return;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !existsSync("/usr/bin/apt-get")) {
    console.error(`test: the tests that need them are skipped; install: ${missing.join(" ")}`);
    return;
  }
  console.error(`test: installing ${missing.join(" ")} (Debian)`);
  apt("update", "-qq");
  apt("install", "-y", "-qq", "--no-install-recommends", ...missing);
}

function apt(...args: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const { status } = spawnSync("apt-get", args, { stdio: ["ignore", 2, 2], env });
  if (status !== 0) console.error(`test: apt-get ${args[0]} ended with exit code ${status}`);
}
