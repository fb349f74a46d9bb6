// Goal: every figure opens down to the signed token or the command behind it, for those whom it concerns.
// Method: follow the links of the pages; then have strangers follow them too.

import { beforeAll, expect, test } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import type { Browser, Stage } from "#sim/page-stage.ts";
import {
  LINA,
  NOON,
  SOUP,
  WAFFLES,
  ZOE,
  browse,
  openStage,
  readText,
  tap,
} from "#sim/page-stage.ts";

let stage: Stage;
let béatrice: Browser;
let paul: Browser;

beforeAll(async () => {
  stage = await openStage();
  béatrice = await browse(stage, "beatrice");
  paul = await browse(stage, "paul");
  await tap(stage, { kind: "purchase", student: LINA, lines: [SOUP, WAFFLES] }, NOON - 60);
});

/** The paths of the movements that a page links to, from the top. */
async function linksOf(browser: Browser, path: string): Promise<string[]> {
  const html = await (await browser.get(path)).text();
  return [...html.matchAll(/href="(\/movements\/[^"]+)"/g)].map((match) => match[1] ?? "");
}

test("a purchase opens to its lines, postings, block and the very bytes that the terminal signed", async () => {
  const [purchase = ""] = await linksOf(béatrice, "/bursar");
  const text = await readText(await béatrice.get(purchase));
  expect(text).toContain("Achat Payé par le portefeuille de l’élève.");
  expect(text).toContain("Potage du jour 1 1,00 € 1,00 €");
  expect(text).toContain("Gaufre <chaude> 2 1,50 € 3,00 €");
  expect(text).toContain("Portefeuille Lina Lambert Ventes repas 4,00 € 3 2");
  expect(text).toContain("Valide : vérifiée à l’instant avec la clé du terminal");
  const kept = await stage.ledger.client.execute("select token from entry where kind = 'purchase'");
  expect(text).toContain(toHex(new Uint8Array(kept.rows[0]?.["token"] as ArrayBuffer)));
});

test("a signature that does not match the terminal's key is shown as such", async () => {
  const { client } = stage.ledger;
  const [purchase = ""] = await linksOf(béatrice, "/bursar");
  await client.execute("update terminal_key set public_key = randomblob(32)");
  expect(await readText(await béatrice.get(purchase))).toContain("Signature Non valide");
  await client.execute({
    sql: "update terminal_key set public_key = ?",
    args: [stage.paper.publicKey],
  });
});

test("a top-up opens to the command, its author and its id", async () => {
  const links = await linksOf(béatrice, `/students/${LINA}`);
  const text = await readText(await béatrice.get(links.at(-1) ?? ""));
  expect(text).toContain("Versement en espèces");
  expect(text).toContain("Caisse et banque caisse Portefeuille Lina Lambert 25,00 €");
  expect(text).toContain("Auteur beatrice");
  expect(text).toContain("cash/lina");
});

test("the father opens his daughter's purchase, another father does not", async () => {
  const [purchase = ""] = await linksOf(paul, "/children");
  expect((await paul.get(purchase)).status).toBe(200);
  const victor = await browse(stage, "victor");
  expect((await victor.get(purchase)).status).toBe(404);
});

test("a guardian opens neither what concerns no child nor another child's top-up", async () => {
  const [, zoe = ""] = await linksOf(béatrice, `/students/${ZOE}`).then((links) => ["", ...links]);
  expect((await béatrice.get(zoe)).status).toBe(200);
  expect((await paul.get(zoe)).status).toBe(404);
  const opened = "/movements/1/4294967297";
  expect((await béatrice.get(opened)).status).toBe(200);
  expect((await paul.get(opened)).status).toBe(404);
});

test.each([
  "/movements/1/1",
  "/movements/0/999",
  "/movements/x/y",
  "/movements/1/99999999999999999999",
])("%s does not exist", async (path) => {
  expect((await béatrice.get(path)).status).toBe(404);
});

test("it leads a visitor to the log-in and refuses a form", async () => {
  const [purchase = ""] = await linksOf(béatrice, "/bursar");
  const visitor = await browse(stage, undefined);
  expect((await visitor.get(purchase)).headers.get("location")).toMatch(/^\/log-in/);
  expect((await béatrice.post(purchase, {})).status).toBe(405);
});
