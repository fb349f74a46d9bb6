// Goal: `node setup.mjs COMMAND` is the command itself, on the project's Node. Method: run it on
// what stands for a command: its output, exit code and signals must come through.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const SETUP = fileURLToPath(new URL("../setup.mjs", import.meta.url));
const run = (...command: string[]) =>
  spawnSync(process.execPath, [SETUP, ...command], { encoding: "utf8" });

test("`node` is the pinned Node, and standard output is the command's alone", () => {
  expect(run("node", "-p", "process.version").stdout).toMatch(/^v(2[4-9]|[3-9]\d)\.\d+\.\d+\n$/);
});

test("programs of npm are found", () => {
  expect(run("wrangler", "--version").stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test.each([
  ["its exit code", "process.exit(7)", 7],
  ["128 and the number of the signal that killed it", "process.kill(process.pid, 'SIGKILL')", 137],
])("%s comes through", (_, script, code) => {
  expect(run("node", "-e", script).status).toBe(code);
});

test.each([
  [["no-such-program"], "setup: cannot start no-such-program"],
  [[], "setup: no command"],
])("%j is refused by name", (command, message) => {
  const { status, stderr } = run(...command);
  expect(status).toBe(1);
  expect(stderr).toContain(message);
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s is passed on", async (signal) => {
  const script = `
    process.on("${signal}", () => process.exit(5));
    setInterval(() => {}, 1000);
    console.log("up")`;
  const setup = spawn(process.execPath, [SETUP, "node", "-e", script]);
  await once(setup.stdout, "data");
  setup.kill(signal);
  expect((await once(setup, "exit"))[0]).toBe(5);
});

test("a script of npm ends when npm is killed", async () => {
  const npm = `
    const { spawn } = require("node:child_process");
    const script = "setInterval(() => {}, 1000); console.log(process.pid)";
    const env = { ...process.env, npm_lifecycle_event: "start" };
    const args = [${JSON.stringify(SETUP)}, "node", "-e", script];
    spawn(process.execPath, args, { stdio: "inherit", env });
  `;
  const parent = spawn(process.execPath, ["-e", npm]);
  const pid = Number(String((await once(parent.stdout, "data"))[0]));
  const isAlive = () => spawnSync("ps", ["-o", "stat=", "-p", String(pid)]).stdout.toString();
  expect(isAlive()).toMatch(/^[SR]/);
  parent.kill("SIGKILL");
  await expect.poll(isAlive, { timeout: 10_000 }).toMatch(/^(Z.*\n)?$/);
});
