// Goal: the bursar finds a student as people spell names. Method: searches against the cast, Lina Lambert in 3B and Zoé
// Peeters in 5C.

import { beforeAll, expect, test } from "vitest";
import type { Browser, Stage } from "#sim/page-stage.ts";
import { browse, openStage, readText } from "#sim/page-stage.ts";

let stage: Stage;
let béatrice: Browser;

beforeAll(async () => {
  stage = await openStage();
  béatrice = await browse(stage, "beatrice");
});

test("it lists everybody with class, balance and what terminals may spend", async () => {
  const text = await readText(await béatrice.get("/students"));
  expect(text).toContain("2 élèves");
  expect(text).toContain("Lambert Lina 3B 25,00 € 0,00 €");
  expect(text).toContain("Peeters Zoé 5C 40,00 € 0,00 €");
});

test.each([
  ["name=lina", ["Lambert"]],
  ["name=ZOE", ["Peeters"]],
  ["name=peeters+zoé", ["Peeters"]],
  ["name=e", ["Lambert", "Peeters"]],
  ["class=5C", ["Peeters"]],
  ["name=lina&class=5C", []],
  ["name=%25", []],
])("%s finds %j", async (query, names) => {
  const text = await readText(await béatrice.get("/students?" + query));
  expect(["Lambert", "Peeters"].filter((name) => text.includes(name + " "))).toEqual(names);
});

test("it refuses a guardian, a visitor and a form", async () => {
  const paul = await browse(stage, "paul");
  expect((await paul.get("/students")).status).toBe(404);
  const visitor = await browse(stage, undefined);
  expect((await visitor.get("/students")).headers.get("location")).toMatch(/^\/log-in/);
  expect((await béatrice.post("/students", {})).status).toBe(405);
});
