// The firmware built in a thread of its own: the build takes seconds, in which nothing else of the process would be heard,
// and answers that came in time would look late.

import { fileURLToPath } from "node:url";
import { Worker, isMainThread, parentPort } from "node:worker_threads";
import { stop } from "esbuild";
import type { Firmware } from "#firmware/build.ts";
import { buildFirmware } from "#firmware/build.ts";

/** Throws what the build throws. */
export function buildBeside(): Promise<Firmware> {
  const { promise, resolve, reject } = Promise.withResolvers<Firmware>();
  const thread = new Worker(fileURLToPath(import.meta.url));
  thread.once("message", resolve);
  thread.once("error", reject);
  thread.once("exit", () => reject(new Error("firmware: the build ended without a word")));
  return promise;
}

if (!isMainThread && parentPort) {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort.postMessage(await buildFirmware());
  await stop();
  parentPort.close();
}
