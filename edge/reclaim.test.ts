// Goal: money that lies at another counter is fetched within a second for whoever needs it, if that
// counter is there; and nobody waits for one that is not. Method: two terminals on paper, of which
// the second answers or does not; the clock is moved by hand; what each terminal hears is unsealed.

import { beforeEach, expect, test } from "vitest";
import type { LedgerStage } from "#sim/ledger-stage.ts";
import {
  LINA,
  NOON,
  checkBooks,
  give,
  lend,
  openLedgerStage,
  readBalances,
  topUp,
} from "#sim/ledger-stage.ts";
import type { Heard } from "#sim/overhearing.ts";
import { overhear } from "#sim/overhearing.ts";
import type { PaperTerminal } from "#sim/paper-terminal.ts";
import { sayMessage, sayToken, sayTokens } from "#sim/paper-terminal.ts";
import { runCommands } from "./ledger/commands.ts";
import { RECLAIM_MS, coverFor } from "./reclaim.ts";
import type { Service } from "./service.ts";
import { answer, createService, patienceMs, serve } from "./service.ts";

let stage: LedgerStage;
let service: Service;
let heard: Heard[];
let now: number;

beforeEach(async () => {
  stage = await openLedgerStage();
  now = NOON * 1000;
  const overheard = overhear(() => now);
  heard = overheard.heard;
  service = createService(stage.ledger, overheard.voice, () => now);
  // 10.00: 6.00 at the bar, 1.00 at the refectory, 3.00 free. Both counters are there.
  await topUp(stage, LINA, 1000);
  await lend(stage, 1, LINA, 100);
  await lend(stage, 2, LINA, 600);
  await stage.ledger.client.execute("update terminal set selling = 1, here = 1");
});

/** What leases and wishes terminals hear after this: "terminal: ceiling left under version". */
async function hear(...messages: Parameters<typeof give>[1]): Promise<string[]> {
  heard.splice(0);
  if (messages.length) answer(service, await give(stage, messages));
  await serve(service);
  await checkBooks(stage);
  return heard.flatMap(({ terminal, message }) =>
    message.kind === "leases" || message.kind === "lower"
      ? message.leases.map(
          (lease) => `${terminal} ${message.kind} ${lease.ceilingCents} v${lease.version}`,
        )
      : [],
  );
}

const ofFirst = (said: string[]): string[] => said.filter((one) => one.startsWith("1 "));

const ask = (paper: PaperTerminal, cents: number) =>
  sayMessage(paper, { kind: "ask", unsent: 0, oldest: 0, student: LINA, cents });
const lowered = (paper: PaperTerminal, lease: number, ceilingCents = 0) =>
  sayTokens(paper, [
    sayToken(paper, { kind: "lowered", student: LINA, lease, ceilingCents }, NOON),
  ]);

test("an ask that is not covered waits for the counter that holds the money, and is met", async () => {
  const wish = await hear(ask(stage.first, 500));
  expect(wish).toContain("2 lower 0 v2");
  expect(ofFirst(wish)).toEqual([]);
  expect(patienceMs(service)).toBe(RECLAIM_MS);
  now += 300;
  expect(await hear(lowered(stage.second, 2))).toContain("1 leases 600 v2");
  expect(patienceMs(service)).toBeUndefined();
});

test("an ask that is covered, or that all counters together cannot cover, is answered at once", async () => {
  expect(await hear(ask(stage.first, 300))).toContain("1 leases 400 v2");
  expect(await hear(ask(stage.first, 5000))).toEqual(["1 leases 400 v2"]);
  expect(patienceMs(service)).toBeUndefined();
});

test("nobody waits for a counter that is away", async () => {
  await stage.ledger.client.execute("update terminal set here = 0 where id = 2");
  const answered = await hear(ask(stage.first, 500));
  expect(ofFirst(answered)).toEqual(["1 leases 100 v1"]);
  expect(answered.filter((one) => one.includes("lower"))).toEqual([]);
});

test("a counter that does not answer releases nothing; after a second the asker is told", async () => {
  await hear(ask(stage.first, 500));
  now += RECLAIM_MS - 1;
  expect(await hear()).toEqual([]);
  now += 1;
  expect(await hear()).toEqual(["1 leases 100 v1"]);
  expect(await readBalances(stage)).toMatchObject({ "wallet/1/reserved": 700 });
});

test("while somebody waits, nothing that comes free is shared out, and he hears no half answer", async () => {
  await hear(ask(stage.first, 500));
  const soup = [{ product: 1, revision: 1, quantity: 1, unitCents: 50 }];
  const sale = { kind: "purchase" as const, student: LINA, lines: soup };
  const sold = sayTokens(stage.second, [sayToken(stage.second, sale, NOON)]);
  expect(ofFirst(await hear(sold))).toEqual([]);
  expect(await hear(lowered(stage.second, 2, 50))).toContain("1 leases 600 v2");
});

test("a counter that closes instead has given back all the same", async () => {
  await hear(ask(stage.first, 500));
  const close = sayToken(stage.second, { kind: "close" }, NOON);
  expect(await hear(sayTokens(stage.second, [close]))).toContain("1 leases 600 v2");
});

test("two counters that ask at once for the same last euros: one is met, none is overdrawn", async () => {
  const both = await hear(ask(stage.first, 250), ask(stage.second, 250));
  expect(both.toSorted()).toEqual(["1 leases 350 v2", "2 leases 600 v1"]);
  expect(await readBalances(stage)).toMatchObject({ "wallet/1/reserved": 950 });
});

test("what a terminal was granted since the wish is not taken back by its answer", async () => {
  await hear(ask(stage.first, 500));
  await lend(stage, 2, LINA, 700);
  await lend(stage, 2, LINA, 800);
  await hear(lowered(stage.second, 2));
  expect(await readBalances(stage)).toMatchObject({ "wallet/1/reserved": 900 });
});

test("a refund that counters hold is fetched from them, once, and is not shared out meanwhile", async () => {
  const refund = {
    id: "refund",
    author: "bursar",
    at: NOON,
    kind: "topUp" as const,
    student: LINA,
    cents: -900,
    means: "correction" as const,
    note: "",
  };
  const run = async () => (await runCommands(stage.ledger, [refund]))[0];
  const covered = coverFor(service, run, (result) => (result?.ok === false ? LINA : undefined));
  await expect.poll(() => heard.length).toBe(2);
  answer(service, await give(stage, [lowered(stage.first, 2), lowered(stage.second, 2)]));
  await serve(service);
  expect(await covered).toMatchObject({ ok: true });
  await checkBooks(stage);
  expect(await readBalances(stage)).toMatchObject({ "wallet/1": 100 });
  expect(service.waiting).toEqual([]);
});
