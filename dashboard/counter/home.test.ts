// Goal: who sells sees the terminals and what went out under the own badge today, and no name. Method: taps under Sophie's
// badge, under another and under none; then the page.

import { beforeAll, expect, test } from "vitest";
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

const SOPHIE = 5;
const KARIM = 6;

let stage: Stage;
let sophie: Browser;

beforeAll(async () => {
  stage = await openStage();
  sophie = await browse(stage, "sophie");
});

test("before anybody has bought, it says so", async () => {
  const text = await readText(await sophie.get("/counter"));
  expect(text).toContain("Réfectoire");
  expect(text).toContain("Rien n’a encore été vendu sous votre badge");
});

test("it adds up what was sold under this badge today, and nothing else", async () => {
  const sale = { kind: "purchase", student: LINA, operator: SOPHIE } as const;
  await tap(stage, { ...sale, lines: [WAFFLES] }, NOON - 24 * 3600);
  await tap(stage, { ...sale, lines: [SOUP, WAFFLES] }, NOON - 90);
  await tap(stage, { ...sale, student: ZOE, lines: [SOUP] }, NOON - 80);
  await tap(stage, { ...sale, operator: KARIM, lines: [SOUP] }, NOON - 70);
  await tap(stage, { kind: "purchase", student: LINA, lines: [SOUP] }, NOON - 60);
  const text = await readText(await sophie.get("/counter"));
  expect(text).toContain("5,00 € en 2 achats Réfectoire");
  expect(text).toContain("Potage du jour 2 2,00 €");
  expect(text).toContain("Gaufre <chaude> 2 3,00 €");
});

test("no student is named, nor another's figures shown", async () => {
  const html = await (await sophie.get("/counter")).text();
  expect(html).not.toMatch(/Lina|Zoé|Lambert|Peeters|5C|3B/);
  const karim = await browse(stage, "karim");
  expect((await karim.get("/counter")).status).toBe(404);
});

test("it refuses a visitor and a form", async () => {
  const visitor = await browse(stage, undefined);
  expect((await visitor.get("/counter")).headers.get("location")).toMatch(/^\/log-in/);
  expect((await sophie.post("/counter", {})).status).toBe(405);
});
