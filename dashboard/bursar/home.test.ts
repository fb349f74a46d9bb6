// Goal: the bursar sees the day as it is sold, and nobody else does. Method: real taps into a real ledger, then the page
// as a browser gets it.

import { beforeAll, expect, test } from "vitest";
import type { Stage } from "#sim/page-stage.ts";
import { LINA, NOON, SOUP, WAFFLES, browse, openStage, readText, tap } from "#sim/page-stage.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
  const yesterday = NOON - 24 * 3600;
  await tap(stage, { kind: "purchase", student: LINA, lines: [WAFFLES] }, yesterday);
  await tap(stage, { kind: "purchase", student: LINA, lines: [SOUP, WAFFLES] }, NOON - 60);
});

test("it shows today's sales, all balances and each purchase with its products", async () => {
  const béatrice = await browse(stage, "beatrice");
  const text = await readText(await béatrice.get("/bursar"));
  expect(text).toContain("Ventes du jour 4,00 € 1 achat");
  expect(text).toContain("Soldes des élèves 58,00 €");
  expect(text).toContain("11:59 Lina Lambert 3B Potage du jour, 2 × Gaufre <chaude> 4,00 €");
  expect(text).toContain("Réfectoire");
});

test("a purchase undone at the counter is taken off the day", async () => {
  await tap(stage, { kind: "purchase", student: LINA, lines: [SOUP] }, NOON - 30);
  const undone = { kind: "void", student: LINA, totalCents: 100, voids: stage.paper.seq } as const;
  await tap(stage, undone, NOON - 20);
  const béatrice = await browse(stage, "beatrice");
  const text = await readText(await béatrice.get("/bursar"));
  expect(text).toContain("Ventes du jour 4,00 €");
  expect(text).toContain("Annulation d’un achat -1,00 €");
});

test("a void that found nothing to undo changes no figure", async () => {
  await tap(stage, { kind: "void", student: LINA, totalCents: 100, voids: 1 }, NOON - 10);
  const béatrice = await browse(stage, "beatrice");
  expect(await readText(await béatrice.get("/bursar"))).toContain("Ventes du jour 4,00 €");
});

test("a page of 40 purchases stays small", async () => {
  const béatrice = await browse(stage, "beatrice");
  const html = await (await béatrice.get("/bursar")).text();
  expect(html.length).toBeLessThan(50_000);
});

test("it refuses a guardian as if there were no such page, and leads a visitor to the log-in", async () => {
  const paul = await browse(stage, "paul");
  expect((await paul.get("/bursar")).status).toBe(404);
  const visitor = await browse(stage, undefined);
  const answer = await visitor.get("/bursar");
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/log-in?to=%2Fbursar"]);
});

test("it is kept in no cache and runs no script but ours", async () => {
  const béatrice = await browse(stage, "beatrice");
  const answer = await béatrice.get("/bursar");
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(await answer.text()).not.toMatch(/<style|style=|onclick|<script(?! src="\/live.js")/);
});
