// Runs a command on the project's own Node: `node setup.mjs COMMAND ...`. Every npm script goes
// through it, so that a fresh machine with Node 20 needs nothing but npm. It uses no package
// itself. It also starts the command, because `sh -c "node setup.mjs && node x"` keeps the first
// node found.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NODE_MAJOR = 24;
const PARENT_MS = 500;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];
const root = dirname(fileURLToPath(import.meta.url));
const modules = join(root, "node_modules");

const [command, ...args] = process.argv.slice(2);
if (!command) stop("setup: no command: node setup.mjs COMMAND ...");
if (!isInstalled()) install();
run(command, args, dirname(findNode()));

/** npm writes node_modules/.package-lock.json last: it says what is really there. */
function isInstalled() {
  const hidden = join(modules, ".package-lock.json");
  if (!existsSync(hidden)) return false;
  const wanted = readPackages(join(root, "package-lock.json"));
  const present = readPackages(hidden);
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === "" ||
      (present[path] ? present[path].version === entry.version : isForAnotherMachine(entry)),
  );
}

function readPackages(path) {
  return JSON.parse(readFileSync(path, "utf8")).packages;
}

/** npm leaves out optional packages made for another os, cpu or libc, and what only they need. */
function isForAnotherMachine({ optional, os = [], cpu = [], libc }) {
  const isForThisOne = os.includes(process.platform) && cpu.includes(process.arch) && !libc;
  return Boolean(optional) && !isForThisOne;
}

/** Standard output belongs to the command (`npm start -- --json`): npm speaks on standard error. */
function install() {
  console.error("setup: installing the packages of package-lock.json (once)");
  const cli = process.env.npm_execpath ?? "";
  const [npm, before] = cli.endsWith("npm-cli.js") ? [process.execPath, [cli]] : ["npm", []];
  const { status, error } = spawnSync(npm, [...before, "ci", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (error) stop(`setup: cannot start npm: ${error.message}`);
  if (status !== 0) stop(`setup: npm ci ended with exit code ${status}`);
}

/** By the path of its package: npm 10 links no bin for optional packages. */
function findNode() {
  const pinned = join(modules, `node-${process.platform}-${process.arch}`, "bin", "node");
  if (existsSync(pinned)) return pinned;
  if (Number(process.versions.node.split(".")[0]) >= NODE_MAJOR) return process.execPath;
  return stop(
    `setup: npm has no Node ${NODE_MAJOR} for ${process.platform}-${process.arch}, ` +
      `and this is ${process.version}: install Node ${NODE_MAJOR} (see .nvmrc)`,
  );
}

function run(name, rest, nodeFolder) {
  const path = [nodeFolder, join(modules, ".bin"), process.env.PATH].join(delimiter);
  const child = spawn(name, rest, { stdio: "inherit", env: { ...process.env, PATH: path } });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  // A shell or an npm that is killed does not pass it on: without its parent, a script of npm ends.
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event)
    setInterval(() => process.ppid === parent || child.kill("SIGTERM"), PARENT_MS).unref();
  child.on("error", (error) => stop(`setup: cannot start ${name}: ${error.message}`));
  child.on("exit", (code, signal) =>
    process.exit(signal ? 128 + constants.signals[signal] : (code ?? 1)),
  );
}

function stop(message) {
  console.error(message);
  process.exit(1);
}
