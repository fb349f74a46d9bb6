// Goal: a parent checks a movement without us: in the browser, or with the downloaded file. Method: npm start, a real tap,
// a real Chromium under the pages' own CSP; the same receipt in Node with other code; then single bytes are changed on the
// way to the browser, and in the file.

import type { Browser, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Receipt } from "#edge/reads/receipt.ts";
import { findProgram } from "#sim/debian.ts";
import type { Demonstration } from "#sim/demonstration.ts";
import { demonstrate } from "#sim/demonstration.ts";
import { checkReceipt } from "./check-receipt.ts";

const LINA = 1;
const REFECTORY = 1;
const START_MS_MAX = 120_000;

let demonstration: Demonstration;
let receipt: Receipt;
/** The path of Lina's purchase. */
let path = "";

beforeAll(async () => {
  demonstration = await demonstrate();
  const { ready, ledger } = demonstration;
  const card = ready.cards.find(({ student }) => student === LINA)?.uid ?? "";
  await demonstration.tap(REFECTORY, card);
  const find = async () =>
    (await ledger.execute("select source, counter from transfer where source > 0")).rows[0];
  const found = await vi.waitUntil(find, { timeout: 30_000 });
  path = `/movements/${Number(found["source"])}/${Number(found["counter"])}`;
  // What the gateway does at night, done now: the head that stands is published.
  await ledger.execute(
    `insert into head select unixepoch() / 86400 + 1, no, hash, unixepoch() from block
      order by no desc limit 1`,
  );
  const paul = await demonstration.logIn("paul");
  receipt = (await (await paul(`${path}/receipt`)).json()) as Receipt;
}, START_MS_MAX);
afterAll(() => demonstration.discard());

/** Another last digit. */
const altered = (hex: string): string => hex.slice(0, -1) + (hex.endsWith("0") ? "1" : "0");

test("the file is in order, under the head that was published", async () => {
  expect(receipt.transfers.map(({ amount }) => amount)).toEqual([100]);
  expect(receipt.head?.hash).toMatch(/^[0-9a-f]{64}$/);
  expect(await checkReceipt(receipt, [receipt.head?.hash ?? ""])).toEqual([]);
});

test("somebody else's father is not given it", async () => {
  const victor = await demonstration.logIn("victor");
  expect((await victor(`${path}/receipt`)).status).toBe(404);
});

test.each<[string, (one: Receipt) => void, string]>([
  ["signature", (one) => (one.token = altered(one.token)), "token: its signature is not by"],
  ["key", (one) => (one.publicKey = altered(one.publicKey)), "token: its signature is not by"],
  ["posting", ({ transfers: [row] }) => row && (row.amount += 1), "token: says 100 cents, 101"],
  ["leaf", ({ block }) => block?.leaves.splice(0, 1, "00".repeat(32)), "is not what block"],
  ["head", ({ head }) => head && (head.hash = altered(head.hash)), "published was"],
])("a changed %s is named", async (_, change, problem) => {
  const one = structuredClone(receipt);
  change(one);
  expect((await checkReceipt(one, [])).join("\n")).toContain(problem);
});

test("another published head than the receipt's is named", async () => {
  expect(await checkReceipt(receipt, ["00".repeat(32)])).toEqual([
    `head: ${receipt.head?.hash} is not the published one`,
  ]);
});

const program = findProgram("chromium");

describe.skipIf(!program)("in Chromium", () => {
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: program ?? "", args: ["--no-sandbox"] });
    page = await browser.newPage({ locale: "fr-BE" });
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(String(error)));
    const { dashboard, logins } = demonstration.ready;
    const password = logins.find(({ username }) => username === "paul")?.password ?? "";
    await page.goto(`${dashboard}/log-in`);
    await page.fill("input[name=username]", "paul");
    await page.fill("input[name=password]", password);
    await page.click("main button");
    await page.waitForURL(/children/);
  }, START_MS_MAX);
  afterAll(() => browser.close());

  /** What the page says after the button, with the receipt changed on its way. */
  async function look(change?: (one: Receipt) => void): Promise<string> {
    await page.unrouteAll();
    if (change)
      await page.route("**/receipt", async (route) => {
        const one = structuredClone(receipt);
        change(one);
        await route.fulfill({ json: one });
      });
    await page.goto(demonstration.ready.dashboard + path);
    await page.click("#receipt button");
    await page.waitForSelector("#receipt [data-step]:not([hidden])");
    return (await page.innerText("#receipt")).replace(/[\s\u00a0\u202f]+/g, " ");
  }

  test("every step is good, and the decoded fields are the purchase", async () => {
    const text = await look();
    for (const words of [
      "Signature valable",
      "La page dit ce qui a été signé",
      "portent l’empreinte de cette preuve",
      "contient exactement ces écritures",
      "mène à l’empreinte publiée",
    ])
      expect(text).toContain(words);
    expect(text).toMatch(/Total 1,00 €/);
    expect(text).not.toContain("non valable");
    expect(problems).toEqual([]);
  });

  test.each<[string, (one: Receipt) => void, string]>([
    ["byte of the signature", (one) => (one.token = altered(one.token)), "Signature non valable"],
    [
      "price in what was signed",
      // [product 1, revision 1, 1 time, 100 cents] with 99 cents.
      (one) => (one.token = one.token.replace("840101011864", "840101011863")),
      "La page ne dit pas ce qui a été signé",
    ],
    [
      "posting",
      ({ transfers: [row] }) => row && (row.amount += 1),
      "ne correspondent pas à cette preuve",
    ],
    [
      "published head",
      ({ head }) => head && (head.hash = altered(head.hash)),
      "ne mène pas à l’empreinte publiée",
    ],
  ])("a changed %s is said to be wrong", async (_, change, words) => {
    expect(await look(change)).toContain(words);
  });
});
