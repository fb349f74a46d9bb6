// What a console hangs on: a serial device of this machine, or a TCP connection to one that has its console there.

import { spawnSync } from "node:child_process";
import { closeSync, createReadStream, createWriteStream, openSync } from "node:fs";
import { connect } from "node:net";

/** Characters as bytes, in both directions. */
export type Line = {
  write(text: string): void;
  onData(listener: (text: string) => void): void;
  /** The other end is gone: unplugged, or switched off. */
  onEnd(listener: () => void): void;
  close(): void;
};

const BAUD = "115200";

/** port: a serial device, or tcp://HOST:PORT. Throws when it does not open. */
export function openLine(port: string): Promise<Line> {
  return port.startsWith("tcp://")
    ? openTcp(new URL(port))
    : Promise.resolve(port).then(openSerial);
}

function openTcp(url: URL): Promise<Line> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(url.port), url.hostname);
    socket.setEncoding("latin1");
    socket.setNoDelay(true);
    // After it was open, an error is followed by "close".
    socket.on("error", reject);
    socket.once("connect", () =>
      resolve({
        write: (text) => void socket.write(text, "latin1"),
        onData: (listener) => void socket.on("data", (data) => listener(String(data))),
        onEnd: (listener) => void socket.on("close", listener),
        close: () => void socket.end(),
      }),
    );
  });
}

/** The terminal settings that every Unix has: raw bytes, and the board may ask for a pause (XOFF). */
function openSerial(device: string): Line {
  const flag = process.platform === "darwin" ? "-f" : "-F";
  const stty = spawnSync("stty", [flag, device, BAUD, "raw", "-echo", "ixon"], {
    encoding: "utf8",
  });
  if (stty.status !== 0) throw new Error(`line: ${device}: ${stty.stderr || "stty is missing"}`);
  const descriptor = openSync(device, "r+");
  const input = createReadStream("", { fd: descriptor, autoClose: false, encoding: "latin1" });
  const output = createWriteStream("", { fd: descriptor, autoClose: false });
  return {
    write: (text) => void output.write(text, "latin1"),
    onData: (listener) => void input.on("data", (data) => listener(String(data))),
    onEnd(listener) {
      input.on("error", listener);
      input.on("end", listener);
      output.on("error", listener);
    },
    close() {
      input.destroy();
      output.destroy();
      closeSync(descriptor);
    },
  };
}
