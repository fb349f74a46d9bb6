// The built firmware bundle on emulated parts, before a real broker: what the display says was accepted arrives at the
// gateway, once and in order, through outages and power cuts. Nothing of the firmware is imported here.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { buildFirmware } from "#firmware/build.ts";
import { combTable } from "#firmware/provision/comb-table.ts";
import { provisionTerminal } from "#firmware/provision/provision.ts";
import { fromHex, fromLatin1 } from "#protocol/bytes.ts";
import type { Downlink } from "#protocol/downlink.ts";
import { digestOfRoster, encodeRecord } from "#protocol/roster.ts";
import { findProgram } from "./debian.ts";
import type { Mosquitto } from "./mosquitto.ts";
import { startMosquitto } from "./mosquitto.ts";
import { startPaperGateway } from "./paper-gateway.ts";
import type { CutMode } from "./parts/nor.ts";
import { plainCard } from "./parts/card.ts";
import { nodePrimitives } from "./primitives.ts";
import { installTerminal } from "./terminal-folder.ts";
import type { VirtualTerminal } from "./terminals.ts";
import { createTerminal } from "./terminals.ts";

const SCHOOL = "college-demo";
const SECRET = fromLatin1("a secret of the school, 32 bytes");
const LINA = "04a1b2c3d4e580";
const NOAH = "04a1b2c3d4e581";
const STRANGER = "04ffffffffffff";
/** Bundling takes a second, and ten on a machine that runs every test at once. */
const BUILD_MS_MAX = 60_000;
const WAIT = { timeout: 20_000, interval: 50 };

function supplies(ceilingCents: number): Downlink[] {
  const records = Buffer.concat(
    [LINA, NOAH].map((uid, i) =>
      encodeRecord({
        card: fromHex(uid),
        student: i + 1,
        allergens: 0,
        name: fromLatin1(i ? "Noah Peeters" : "Lina Dubois"),
        group: fromLatin1("1A"),
        key: undefined,
      }),
    ),
  );
  const digest = digestOfRoster(nodePrimitives.sha256, 2, () => records);
  const soup = { product: 1, revision: 1, unitCents: 100, essential: false, allergens: 0 };
  return [
    { kind: "time", seconds: Math.floor(Date.now() / 1000) },
    {
      kind: "leases",
      asOf: 1,
      leases: [1, 2].map((student) => ({ student, ceilingCents, version: 1 })),
    },
    { kind: "roster", version: 1, records: 2, sha256: digest },
    { kind: "page", version: 1, page: 0, records },
    // Last, so that a terminal which shows a price has all the rest.
    {
      kind: "prices",
      version: 1,
      till: { language: "fr", soup: 1, keys: [1, 0, 0, 0, 0, 0, 0, 0], graceCents: 0 },
      products: [{ ...soup, name: fromLatin1("Potage") }],
    },
  ];
}

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

describe.skipIf(!findProgram("mosquitto"))("a terminal at a counter", () => {
  let code = "";
  beforeAll(async () => {
    code = (await buildFirmware()).code;
  }, BUILD_MS_MAX);

  async function open({ ceilingCents = 800, nonces = 60, hasComb = false } = {}) {
    const broker: Mosquitto = await startMosquitto({ keepsSessions: true });
    closing.push(() => broker.stop());
    const folder = mkdtempSync(join(tmpdir(), "obole-terminal-"));
    closing.push(() => rmSync(folder, { recursive: true }));
    const order = { school: SCHOOL, terminal: 7, epoch: 1, sealSecret: SECRET };
    const address = { host: "127.0.0.1", port: broker.port };
    const provisioned = provisionTerminal({ ...order, broker: address, nonces });
    const comb = hasComb ? { comb: combTable() } : {};
    installTerminal(folder, { ...provisioned, files: { ...provisioned.files, ...comb } });
    const { publicKey } = provisioned;
    const gateway = await startPaperGateway({
      ...order,
      url: broker.url,
      publicKey,
      supplies: supplies(ceilingCents),
    });
    closing.push(() => gateway.close());
    const start = (): VirtualTerminal => {
      const terminal = createTerminal({ id: 7, label: "Réfectoire", folder, code });
      closing.push(() => terminal.close());
      return terminal;
    };
    const terminal = start();
    await vi.waitFor(() => expect(terminal.state().big).toBe("1,00 €"), WAIT);
    const tap = (uid: string) => terminal.tap(plainCard(fromHex(uid)));
    return { broker, gateway, terminal, tap, start };
  }

  type Counter = Awaited<ReturnType<typeof open>>;
  const settled = ({ terminal }: Counter) =>
    vi.waitFor(() => expect(terminal.state()).toMatchObject({ online: true, unsent: 0 }), WAIT);

  test("a card debits the soup, and the gateway hears of it at once", async () => {
    const counter = await open();
    const { gateway } = counter;
    expect(await counter.tap(LINA)).toMatchObject({ heard: "accepted" });
    await settled(counter);
    const sale = { kind: "purchase", student: 1, totalCents: 100, seq: 2, clock: "trusted" };
    expect(gateway.entries.at(-1)).toMatchObject(sale);
    expect(await counter.tap(STRANGER)).toMatchObject({ heard: "refused" });
    expect(gateway.entries.map(({ kind }) => kind)).toEqual(["open", "purchase"]);
  });

  test("ten taps without network, a power cut, and all accepted sales arrive once, in order", async () => {
    const counter = await open();
    const { gateway, terminal } = counter;
    await settled(counter);
    terminal.network(false);
    await vi.waitFor(() => expect(terminal.state().online).toBe(false), WAIT);
    const accepted: number[] = [];
    for (let i = 0; i < 10; i++) {
      const isLina = i % 5 !== 4;
      // Laid again while its answer shows, a card asks for its balance.
      await vi.waitFor(() => expect(terminal.state().big).toBe("1,00 €"), WAIT);
      const { heard } = await counter.tap(isLina ? LINA : NOAH);
      if (heard === "accepted") accepted.push(isLina ? 1 : 2);
      else expect(heard).toBe("refused");
    }
    expect(accepted, "eight soups fit Lina's lease, two fit Noah's").toHaveLength(10);
    expect((await counter.tap(LINA)).heard, "the lease of 8.00 is spent").toBe("refused");
    expect(terminal.state().unsent).toBe(10);
    terminal.power(false);
    expect(terminal.state()).toMatchObject({ powered: false, big: "" });
    terminal.network(true);
    terminal.power(true);
    await settled(counter);
    expect((await counter.tap(LINA)).heard, "the spent lease outlives the power").toBe("refused");
    const sales = gateway.entries.flatMap((entry) =>
      entry.kind === "purchase" ? [entry.student] : [],
    );
    expect(sales).toEqual(accepted);
    expect(gateway.entries.map(({ kind }) => kind).filter((kind) => kind === "open")).toHaveLength(
      2,
    );
    expect(terminal.log().filter((line) => line.startsWith("uncaught"))).toEqual([]);
  }, 60_000);

  test("the power goes at each flash write of a sale: what was accepted is there, once", async () => {
    const counter = await open({ ceilingCents: 100_000, nonces: 200 });
    const { gateway, terminal } = counter;
    await settled(counter);
    terminal.network(false);
    terminal.power(false);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    let accepted = 0;
    let cuts = 0;
    for (const mode of ["before", "half", "after"] satisfies CutMode[]) {
      for (let operations = 0; ; operations++) {
        terminal.power(true);
        await vi.advanceTimersByTimeAsync(1000);
        expect(terminal.state(), `after cut ${cuts}`).toMatchObject({ big: "1,00 €" });
        terminal.cutPowerAfter(operations, mode);
        const tapped = counter.tap(LINA);
        await vi.advanceTimersByTimeAsync(5000);
        const { heard, powered } = await tapped;
        if (heard === "accepted") accepted++;
        terminal.power(false);
        if (powered) break;
        cuts++;
      }
    }
    vi.useRealTimers();
    terminal.network(true);
    terminal.power(true);
    await settled(counter);
    console.log(`power cuts in a sale: ${cuts}, sales accepted: ${accepted}`);
    const sales = gateway.entries.filter(({ kind }) => kind === "purchase").length;
    expect(cuts).toBeGreaterThan(6);
    expect(sales).toBeGreaterThanOrEqual(accepted);
    expect(sales, "a cut between journal and beep leaves a sale that nobody heard").toBeLessThan(
      accepted + cuts,
    );
  }, 60_000);

  test("a broker killed without warning costs nothing", async () => {
    const counter = await open();
    await settled(counter);
    await counter.broker.kill();
    expect((await counter.tap(NOAH)).heard).toBe("accepted");
    await counter.broker.start();
    await settled(counter);
    expect(counter.gateway.entries.at(-1)).toMatchObject({ kind: "purchase", student: 2 });
  }, 40_000);

  test("a sale survives the end of the program that plays the terminal", async () => {
    const counter = await open();
    counter.terminal.network(false);
    expect((await counter.tap(LINA)).heard).toBe("accepted");
    counter.terminal.close();
    const again = counter.start();
    await settled({ ...counter, terminal: again });
    expect(counter.gateway.entries.map(({ kind }) => kind)).toEqual(["open", "purchase", "open"]);
  });

  test("a terminal that was given few nonces makes more when it is idle, and sells on", async () => {
    const NONCES = 8;
    const counter = await open({ nonces: NONCES, hasComb: true });
    await settled(counter);
    let accepted = 0;
    for (let taps = 0; accepted < NONCES + 2 && taps < 40; taps++) {
      const { heard } = await counter.tap(taps % 2 ? LINA : NOAH);
      if (heard === "accepted") accepted++;
      await vi.waitFor(() => expect(counter.terminal.state().big).toMatch(/1,00|Recharger/), WAIT);
    }
    await settled(counter);
    const nonces = counter.gateway.entries.map(({ nonce }) => nonce);
    expect(new Set(nonces).size).toBe(nonces.length);
    expect(Math.max(...nonces)).toBeGreaterThanOrEqual(NONCES);
    expect(accepted).toBe(NONCES + 2);
  }, 120_000);
});
