// Goal: a wire passes bytes on, holds them back while it is silent, and breaks what is open when it is cut. Method: an
// echo at its far end.

import type { Server, Socket } from "node:net";
import { connect, createServer } from "node:net";
import { once } from "node:events";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Wire } from "./chaos-wire.ts";
import { createWire } from "./chaos-wire.ts";
import { freePort } from "./mosquitto.ts";

/** Longer than an echo takes on one machine. */
const SILENCE_MS = 300;

let echo: Server;
let wire: Wire;
let near: Socket;

beforeEach(async () => {
  const port = await freePort();
  echo = createServer((socket) => void socket.on("error", () => undefined).pipe(socket));
  await new Promise<void>((resolve) => echo.listen(port, "127.0.0.1", resolve));
  wire = await createWire(port);
  near = connect(wire.port, "127.0.0.1").on("error", () => undefined);
});
afterEach(async () => {
  near.destroy();
  await wire.close();
  await new Promise((resolve) => echo.close(resolve));
});

function hear(): Promise<string> {
  return once(near, "data").then(([data]) => String(data));
}

/** Whether it ends well or with a reset. */
function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

test("passes on what comes, both ways", async () => {
  near.write("soup");
  expect(await hear()).toBe("soup");
});

test("silent, it holds everything back and keeps connections; mended, nothing is missing", async () => {
  near.write("soup");
  await hear();
  wire.hush();
  near.write("bread");
  const silence = new Promise((resolve) => setTimeout(() => resolve("silence"), SILENCE_MS));
  const heard = hear();
  expect(await Promise.race([heard, silence])).toBe("silence");
  wire.mend();
  expect(await heard).toBe("bread");
});

test("cut, it breaks what is open and refuses what is new, until it is mended", async () => {
  near.write("soup");
  await hear();
  const closed = closing(near);
  wire.cut();
  await closed;
  const refused = connect(wire.port, "127.0.0.1").on("error", () => undefined);
  await closing(refused);
  wire.mend();
  near = connect(wire.port, "127.0.0.1");
  near.write("soup");
  expect(await hear()).toBe("soup");
});
