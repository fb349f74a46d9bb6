// A stretch of network between two programs of this machine: it passes TCP on to a port, until it is cut, or falls silent
// as when a cable is pulled somewhere further on and nobody says so.

import type { Server, Socket } from "node:net";
import { connect, createServer } from "node:net";

export type Wire = {
  /** Where the nearer program connects. */
  port: number;
  /** Breaks what is open and refuses what is new. */
  cut(): void;
  /** Bytes go no further, and connections stay open. */
  hush(): void;
  /** What was held back goes on its way. */
  mend(): void;
  close(): Promise<void>;
};

type Pair = { near: Socket; far: Socket };

export async function createWire(targetPort: number): Promise<Wire> {
  const pairs = new Set<Pair>();
  let state: "whole" | "cut" | "silent" = "whole";
  const server = createServer((near) => {
    if (state === "cut") return near.resetAndDestroy();
    const pair = { near, far: connect(targetPort, "127.0.0.1") };
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      pair.near.destroy();
      pair.far.destroy();
    };
    for (const socket of [pair.near, pair.far]) socket.on("close", end).on("error", end);
    if (state === "whole") join(pair);
  });
  const cut = (): void => {
    state = "cut";
    for (const { near, far } of pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  };
  return {
    port: await listen(server),
    cut,
    hush() {
      state = "silent";
      pairs.forEach(part);
    },
    mend() {
      if (state === "silent") pairs.forEach(join);
      state = "whole";
    },
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function join({ near, far }: Pair): void {
  near.pipe(far);
  far.pipe(near);
}

function part({ near, far }: Pair): void {
  near.unpipe(far).pause();
  far.unpipe(near).pause();
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (!address || typeof address === "string") throw new Error("wire: the system gave no port");
  return address.port;
}
