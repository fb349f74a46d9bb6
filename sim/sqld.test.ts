// Goal: a database server that still answers but takes no write is found and started again, and one that is only
// busy is left alone. Method: the real sqld, free and with its file locked by another process; and, since a
// real wedge cannot be had to order, a server that answers all but writes.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "./mosquitto.ts";
import type { Running } from "./processes.ts";
import { keepRunning, startGuard } from "./processes.ts";
import { answersWrite, sqldProgram } from "./sqld.ts";

const folder = mkdtempSync(join(tmpdir(), "obole-sqld-"));
const guard = startGuard();
/** Takes its first write, and none after it. */
const WEDGED = `
  let writes = 0;
  require("node:http").createServer((request, response) => {
    if (request.url === "/health" || !writes++) response.end("{}");
  }).listen(Number(process.argv[1]), "127.0.0.1");
`;
let sqld: Running;
let url = "";

beforeAll(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const program = sqldProgram(join(folder, "ledger"), port, join(folder, "log"));
  sqld = await keepRunning(program, guard, () => undefined);
});
afterAll(async () => {
  await sqld.stop();
  guard.close();
  rmSync(folder, { recursive: true });
});

test("sqld answers a write that changes nothing", async () => {
  expect(await answersWrite(url, 5_000)).toBe(true);
});

test("with its file locked by another it says so: that is an answer", async () => {
  const other = new DatabaseSync(join(folder, "ledger", "dbs", "default", "data"));
  other.exec("begin immediate");
  expect(await answersWrite(url, 5_000)).toBe(true);
  other.exec("rollback");
  other.close();
});

test("one that answers all but writes is ended and started again", async () => {
  const port = await freePort();
  const patience = { everyMs: 100, answerMsMax: 300 };
  const program = sqldProgram(folder, port, join(folder, "wedged.log"), patience);
  const wedged = { ...program, command: process.execPath, args: ["-e", WEDGED, String(port)] };
  const said: string[] = [];
  const running = await keepRunning(wedged, guard, (line) => said.push(line));
  const first = running.pid();
  await expect.poll(() => said.at(-1), { timeout: 25_000 }).toBe("sqld: up again");
  expect(said[0]).toBe("sqld: does not answer; starting it again in 250 ms");
  expect(running.pid()).not.toBe(first);
  await running.stop();
});
