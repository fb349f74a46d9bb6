// What one start needs for itself alone: its state folder and its ports. Each conflict is said in
// one line that names the thing.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Options, Ports } from "./options.ts";

const FOLDERS = ["ledger", "terminals", "log"];
const PARTS = [...FOLDERS, "worker", "secrets.json"];

/** Two starts over one ledger would be two writers. Returns what gives the folder back. */
export function claimStateFolder({ stateFolder, fresh }: Options): () => void {
  const path = join(stateFolder, "pid");
  const owner = existsSync(path) ? Number(readFileSync(path, "utf8")) : 0;
  if (owner && isAlive(owner))
    throw new Error(`${stateFolder} is in use by process ${owner} (if not, delete ${path})`);
  const remove = (name: string): void =>
    rmSync(join(stateFolder, name), { recursive: true, force: true });
  if (fresh) PARTS.forEach(remove);
  for (const name of FOLDERS) mkdirSync(join(stateFolder, name), { recursive: true });
  writeFileSync(path, String(process.pid));
  return () => remove("pid");
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Throws with the number and the use of the first port that somebody else has. */
export async function checkPorts({ ports, ownBroker, ownLedger }: Options): Promise<void> {
  const needed: (keyof Ports)[] = ["dashboard", "terminals", "inspector"];
  if (ownLedger) needed.push("ledger");
  if (ownBroker) needed.push("broker");
  for (const name of needed)
    if (!(await isFree(ports[name])))
      throw new Error(`port ${ports[name]} (${name}) is taken: choose others with --port N`);
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once("error", () => done(false));
    server.listen(port, "127.0.0.1", () => server.close(() => done(true)));
  });
}
