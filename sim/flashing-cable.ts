// A bad cable to the console of a box: a TCP bridge that loses and damages characters in both directions, the same ones for
// the same seed, and that can be pulled.

import type { AddressInfo, Socket } from "node:net";
import { connect, createServer } from "node:net";
import { seededRandom } from "./school.ts";

export type BadCable = { port: number; lost(): number; close(): void };
/** One character in `every` is lost or becomes another, none for 0; after pulledAfter characters the first connection is
 * cut. */
export type Damage = { every: number; seed: number; pulledAfter: number };

export async function openBadCable(to: number, damage: Damage): Promise<BadCable> {
  const { every, seed } = damage;
  let leftUntilPulled = damage.pulledAfter || Infinity;
  const random = seededRandom(seed);
  let lost = 0;
  const spoil = (data: Buffer): Buffer => {
    const kept: number[] = [];
    for (const byte of data) {
      const isSpoilt = every > 0 && random() * every < 1;
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
    near.on("data", (data: Buffer) => {
      far.write(spoil(data));
      const isLeft = leftUntilPulled > 0;
      leftUntilPulled -= data.length;
      if (isLeft && leftUntilPulled <= 0) near.destroy();
    });
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
