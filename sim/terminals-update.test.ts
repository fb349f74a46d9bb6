// Goal: a terminal that is sent a newer firmware restarts into it, keeps it once it works, and comes back from one that
// does not. Method: the built bundle on emulated parts before a real broker; the newer firmware is the same script with a
// line in front, so its hash is another. firmware/updates.test.ts cuts the power at every step of this.

import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { buildFirmware } from "#firmware/build.ts";
import { provisionTerminal } from "#firmware/provision/provision.ts";
import { STARTS_MAX, digestOfFirmware } from "#firmware/slots.ts";
import { fromLatin1, toHex } from "#protocol/bytes.ts";
import type { Downlink } from "#protocol/downlink.ts";
import { CHUNK_BYTES } from "#protocol/downlink.ts";
import { findProgram } from "./debian.ts";
import { startMosquitto } from "./mosquitto.ts";
import { startPaperGateway } from "./paper-gateway.ts";
import { nodePrimitives } from "./primitives.ts";
import { installTerminal } from "./terminal-folder.ts";
import { createTerminal } from "./terminals.ts";

const ORDER = {
  school: "college-demo",
  terminal: 7,
  epoch: 1,
  sealSecret: fromLatin1("a secret of the school, 32 bytes"),
};
/** The terminal looks at itself each ten seconds. */
const WAIT = { timeout: 45_000, interval: 100 };

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

function releaseOf(version: number, code: string): Downlink[] {
  const script = fromLatin1(code);
  const part = (at: number, length: number) => script.slice(at, at + length);
  const sha256 = digestOfFirmware(nodePrimitives.sha256, script.length, part);
  const messages: Downlink[] = [{ kind: "firmware", version, bytes: script.length, sha256 }];
  for (let chunk = 0; chunk * CHUNK_BYTES < script.length; chunk++)
    messages.push({ kind: "chunk", version, chunk, data: part(chunk * CHUNK_BYTES, CHUNK_BYTES) });
  return messages;
}

async function open(code: string) {
  const broker = await startMosquitto({ keepsSessions: true });
  closing.push(() => broker.stop());
  const folder = mkdtempSync(join(tmpdir(), "obole-update-"));
  closing.push(() => rmSync(folder, { recursive: true }));
  const address = { host: "127.0.0.1", port: broker.port };
  const provisioned = provisionTerminal({ ...ORDER, broker: address, nonces: 60 });
  installTerminal(folder, provisioned);
  const { publicKey } = provisioned;
  const supplies: Downlink[] = [{ kind: "time", seconds: Math.floor(Date.now() / 1000) }];
  const gateway = await startPaperGateway({ ...ORDER, url: broker.url, publicKey, supplies });
  closing.push(() => gateway.close());
  const terminal = createTerminal({ id: 7, label: "Réfectoire", folder, code });
  closing.push(() => terminal.close());
  await vi.waitFor(() => expect(terminal.state().online).toBe(true), WAIT);
  const running = () => {
    const status = gateway.heard.findLast(({ kind }) => kind === "status");
    return status?.kind === "status" ? status.health?.firmware : undefined;
  };
  const send = async (release: Downlink[]) => {
    for (const message of release) await gateway.say(message);
  };
  return { gateway, terminal, running, send };
}

describe.skipIf(!findProgram("mosquitto"))("an update over the air", () => {
  test("the new firmware runs and stays; a broken one is left after three starts", async () => {
    const { code } = await buildFirmware();
    const newer = `var release=2;${code}`;
    const { gateway, terminal, running, send } = await open(code);
    await send(releaseOf(2, newer));
    await vi.waitFor(() => expect(running()).toBe(2), WAIT);
    const hash = createHash("sha256").update(newer).digest("hex");
    const opened = gateway.entries.findLast(({ kind }) => kind === "open");
    expect(opened?.kind === "open" && toHex(opened.firmware)).toBe(hash);

    // Proven at its second look at itself; from then on more starts than a trial has are no matter.
    await send(releaseOf(3, "throw new Error('broken')"));
    await vi.waitFor(() => expect(terminal.log().join()).toContain("newer firmware"), WAIT);
    await vi.waitFor(() => expect(terminal.log().at(-1)).toContain("broken"), WAIT);
    const before = gateway.heard.length;
    for (let start = 1; start <= STARTS_MAX; start++) {
      terminal.power(false);
      terminal.power(true);
    }
    await vi.waitFor(() => expect(gateway.heard.length).toBeGreaterThan(before), WAIT);
    expect(running()).toBe(2);
  }, 180_000);
});
