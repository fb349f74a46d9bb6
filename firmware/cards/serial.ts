// A PN532 at a serial port of the office's computer (a USB adapter at its UART pins, switches set
// to HSU), as a terminal's board would offer it. stty and the device file are all it takes; there
// is no reset line, so a chip that hangs is unplugged.

import { execFileSync } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { platform } from "node:process";
import type { Board } from "../board.ts";

const BAUD = "115200";

/** isOver: nobody will lay a card any more. */
export type Desk = Pick<Board, "nfc" | "after" | "cancel"> & { isOver(): boolean; close(): void };

/** Throws when there is no such port. */
export function openSerialDesk(port: string): Desk {
  const file = platform === "darwin" ? "-f" : "-F";
  execFileSync("stty", [file, port, BAUD, "raw", "-echo", "cs8", "-cstopb", "-parenb"]);
  const input = createReadStream(port, { highWaterMark: 64 });
  const output = createWriteStream(port);
  const timers = new Map<number, NodeJS.Timeout>();
  let last = 0;
  return {
    nfc: {
      write: (data) => void output.write(Uint8Array.from(data)),
      onData: (listener) =>
        void input.on("data", (data) => listener(Uint8Array.from(Buffer.from(data)))),
      reset: () => undefined,
    },
    after(ms, action) {
      const timer = ++last;
      timers.set(
        timer,
        setTimeout(() => {
          timers.delete(timer);
          action();
        }, ms),
      );
      return timer;
    },
    cancel(timer) {
      clearTimeout(timers.get(timer));
      timers.delete(timer);
    },
    isOver: () => false,
    close() {
      for (const timer of timers.values()) clearTimeout(timer);
      input.destroy();
      output.destroy();
    },
  };
}
