// A bad cable to the console of a box: a TCP bridge that loses and damages characters in both directions, the same ones for
// the same seed.

import type { AddressInfo, Socket } from "node:net";
import { connect, createServer } from "node:net";
import { seededRandom } from "./school.ts";

export type BadCable = { port: number; lost(): number; close(): void };

/** One character in every `every` is lost or becomes another. */
export async function openBadCable(to: number, every: number, seed: number): Promise<BadCable> {
  const random = seededRandom(seed);
  let lost = 0;
  const spoil = (data: Buffer): Buffer => {
    const kept: number[] = [];
    for (const byte of data) {
      const isSpoilt = random() * every < 1;
      if (isSpoilt) lost++;
      if (!isSpoilt) kept.push(byte);
      else if (random() < 0.5) kept.push(byte ^ 1);
    }
    return Buffer.from(kept);
  };
  const sockets: Socket[] = [];
  const server = createServer((near) => {
    const far = connect(to, "127.0.0.1");
    sockets.push(near, far);
    near.on("data", (data: Buffer) => void far.write(spoil(data)));
    far.on("data", (data: Buffer) => void near.write(spoil(data)));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    lost: () => lost,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
