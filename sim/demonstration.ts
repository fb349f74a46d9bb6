// For tests: one `npm start` in a folder of its own, with hands on its terminals and eyes on its
// pages and its ledger.

import type { ChildProcess } from "node:child_process";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Client } from "@libsql/client/web";
import { connectLedger } from "#edge/ledger/ledger.ts";
import { keepCookies, logInBy } from "./accounts.ts";
import { isFree } from "./claims.ts";
import type { Ready } from "./start.ts";
import type { TapResult, TerminalState } from "./terminals.ts";

const PORTS = 5;
const PORT_TRIES = 50;

export type Demonstration = {
  ready: Ready;
  ledger: Client;
  stateFolder: string;
  /** What it said on standard error. */
  said: string[];
  tap(terminal: number, card: string): Promise<TapResult>;
  /** The name of a key as firmware/keys.ts has it. */
  press(terminal: number, key: string): Promise<TerminalState>;
  look(terminal: number): Promise<TerminalState>;
  network(terminal: number, up: boolean): Promise<TerminalState>;
  power(terminal: number, on: boolean): Promise<TerminalState>;
  /** Reads pages as somebody who has logged in. */
  logIn(username: string): Promise<(path: string) => Promise<Response>>;
  /** The header that a browser of theirs would send. */
  cookieOf(username: string): Promise<string>;
  /** The processes of this demonstration that are still there, by pid and command. */
  left(): string[];
  /** kill -9 of the processes whose command contains these words. */
  kill(words: string): void;
  /** Ends it with a signal and waits for its last word. Returns its exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** Starts it again over the same state. */
  again(): Promise<Demonstration>;
  /** Ends it if need be and removes its folder. */
  discard(): Promise<void>;
};

export async function demonstrate(...words: string[]): Promise<Demonstration> {
  const folder = mkdtempSync(join(tmpdir(), "obole-start-"));
  return run(folder, ["--port", String(await freePorts()), ...words]);
}

async function run(folder: string, words: string[]): Promise<Demonstration> {
  const script = fileURLToPath(new URL("./start.ts", import.meta.url));
  const args = [script, "--json", "--state", folder, ...words];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const said: string[] = [];
  createInterface(child.stderr).on("line", (line) => said.push(line));
  const gone = once(child, "exit");
  const lines = createInterface(child.stdout);
  const line = await Promise.race([once(lines, "line"), gone]);
  if (child.exitCode !== null) throw new Error(`start: ended early\n${said.join("\n")}`);
  const ready = JSON.parse(String(line[0])) as Ready;
  const ledger = connectLedger(ready.ledger, undefined);
  const left = (): string[] => processesOf(folder, child);
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.kill(signal)) await gone;
    return child.exitCode;
  };
  return {
    ready,
    ledger,
    stateFolder: folder,
    said,
    ...handsOn(ready.terminals),
    async logIn(username) {
      const cookie = await logIn(ready, username);
      return (path) => fetch(ready.dashboard + path, { headers: { cookie } });
    },
    cookieOf: (username) => logIn(ready, username),
    left,
    kill(part) {
      const victims = left().filter((command) => command.includes(part));
      if (!victims.length) throw new Error(`demonstration: no process ${part}`);
      for (const victim of victims) process.kill(Number(victim.split(" ")[0]), "SIGKILL");
    },
    end,
    again: () => run(folder, words),
    async discard() {
      ledger.close();
      await end("SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function handsOn(url: string): Pick<Demonstration, "tap" | "press" | "look" | "network" | "power"> {
  return {
    tap: (terminal, card) => post<TapResult>(`${url}/terminals/${terminal}/tap`, { card }),
    press: (terminal, key) => post(`${url}/terminals/${terminal}/key`, { key }),
    look: async (terminal) =>
      (await (await fetch(`${url}/terminals/${terminal}`)).json()) as TerminalState,
    network: (terminal, up) => post(`${url}/terminals/${terminal}/network`, { up }),
    power: (terminal, on) => post(`${url}/terminals/${terminal}/power`, { on }),
  };
}

async function post<T>(url: string, body: unknown): Promise<T> {
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

async function logIn({ dashboard, logins }: Ready, username: string): Promise<string> {
  const cookies = new Map<string, string>();
  const header = (): string => [...cookies].map((pair) => pair.join("=")).join("; ");
  const send = async (path: string, form: Record<string, string>): Promise<Response> => {
    const answer = await fetch(dashboard + path, {
      method: "POST",
      redirect: "manual",
      headers: { origin: dashboard, cookie: header() },
      body: new URLSearchParams(form),
    });
    keepCookies(cookies, answer);
    return answer;
  };
  await logInBy(
    send,
    logins.find((login) => login.username === username),
  );
  return header();
}

/** sqld and wrangler name the state folder in their arguments; workerd, esbuild and the guard are
 * found below or beside them, by their process group or their parent. */
function processesOf(folder: string, start: ChildProcess): string[] {
  const { stdout } = spawnSync("ps", ["-eo", "pid=,ppid=,pgid=,stat=,args="], { encoding: "utf8" });
  const rows = stdout
    .trim()
    .split("\n")
    .map((row) => /^ *(\d+) +(\d+) +(\d+) +(\S+) +(.*)$/.exec(row))
    .flatMap((match) => (match ? [match.slice(1)] : []))
    .filter(([, , , state]) => !state?.startsWith("Z"));
  const groups = new Set(
    rows
      .filter(([, parent, , , args]) => args?.includes(folder) || parent === String(start.pid))
      .map(([, , group]) => group),
  );
  groups.delete(rows.find(([pid]) => pid === String(process.pid))?.[2]);
  return rows.flatMap(([pid, , group, , args]) =>
    groups.has(group) || pid === String(start.pid) ? [`${pid} ${args}`] : [],
  );
}

/** The first of five free ports in a row, below those that systems give out by themselves. */
export async function freePorts(): Promise<number> {
  for (let tried = 0; tried < PORT_TRIES; tried++) {
    const first = 10_000 + Math.floor(Math.random() * 20_000);
    const free = await Promise.all(Array.from({ length: PORTS }, (_, i) => isFree(first + i)));
    if (free.every(Boolean)) return first;
  }
  throw new Error("demonstration: no five free ports in a row");
}
