// Goal: a terminal that is sent a newer firmware restarts into it, keeps it once it works, and comes back from one that
// does not. Method: the built bundle on emulated parts before a real broker; the newer firmware is the same script with a
// line in front, so its hash is another. firmware/updates.test.ts cuts the power at every step of this.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { buildFirmware } from "#firmware/build.ts";
import { provisionTerminal } from "#firmware/provision/provision.ts";
import { combTable } from "#firmware/provision/comb-table.ts";
import { STARTS_MAX } from "#firmware/slots.ts";
import { fromLatin1, toHex } from "#protocol/bytes.ts";
import type { Downlink } from "#protocol/downlink.ts";
import { findProgram } from "./debian.ts";
import { startMosquitto } from "./mosquitto.ts";
import { startPaperGateway } from "./paper-gateway.ts";
import { announce, chunksOf, newReleaseKey, publicKeyOf } from "./signed-release.ts";
import { installTerminal } from "./terminal-folder.ts";
import { createTerminal } from "./terminals.ts";

const office = newReleaseKey();
const ORDER = {
  school: "college-demo",
  terminal: 7,
  epoch: 1,
  sealSecret: fromLatin1("a secret of the school, 32 bytes"),
  releaseKey: publicKeyOf(office),
};
/** The terminal looks at itself each ten seconds. */
const WAIT = { timeout: 45_000, interval: 100 };

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

function releaseOf(version: number, code: string): Downlink[] {
  const script = fromLatin1(code);
  return [announce(office, version, script), ...chunksOf(version, script)];
}

async function open(code: string) {
  const broker = await startMosquitto({ keepsSessions: true });
  closing.push(() => broker.stop());
  const folder = mkdtempSync(join(tmpdir(), "obole-update-"));
  closing.push(() => rmSync(folder, { recursive: true }));
  const address = { host: "127.0.0.1", port: broker.port };
  const provisioned = provisionTerminal({ ...ORDER, broker: address, nonces: 60 });
  const files = { ...provisioned.files, comb: combTable() };
  installTerminal(folder, { ...provisioned, files });
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
    const release = releaseOf(2, newer);
    await send(release);
    await vi.waitFor(() => expect(running()).toBe(2), WAIT);
    const opened = gateway.entries.findLast(({ kind }) => kind === "open");
    const [announced] = release;
    if (opened?.kind !== "open" || announced?.kind !== "firmware") throw new Error("no open entry");
    expect(toHex(opened.firmware)).toBe(toHex(announced.sha256));

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
