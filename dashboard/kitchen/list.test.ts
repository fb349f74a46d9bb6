// Goal: the kitchen knows what to make, and whom to take care of, and learns no other name. Method: orders of a Monday and
// the Friday after it, read on the Monday.

import { beforeAll, expect, test } from "vitest";
import type { Browser, Stage } from "#sim/page-stage.ts";
import { NOON, browse, openStage, readText } from "#sim/page-stage.ts";

const MONDAY = Math.floor(NOON / 86_400);
const FRIDAY = MONDAY + 4;
const MILK = 1 << 6;
const NUTS = 1 << 7;

let stage: Stage;
let karim: Browser;

beforeAll(async () => {
  stage = await openStage();
  karim = await browse(stage, "karim");
  await stage.ledger.client.batch(
    [
      { sql: "update product_revision set allergens = ? where product = 2", args: [MILK] },
      { sql: "update student set allergens = ? where id = 2", args: [MILK | NUTS] },
      {
        sql: `insert into pre_order(id, student, day, lines, state) values
          (1, 1, ?1, '[[1,2],[2,1]]', 'ordered'), (2, 2, ?1, '[[2,1]]', 'collected'),
          (3, 1, ?1, '[[1,5]]', 'cancelled'), (4, 1, ?2, '[[1,1]]', 'ordered')`,
        args: [MONDAY, FRIDAY],
      },
    ],
    "write",
  );
});

test("each product with its classes, what was cancelled left out", async () => {
  const text = await readText(await karim.get("/kitchen"));
  expect(text).toContain("Aujourd’hui, 23 nov. 2026");
  expect(text).toContain("Potage du jour 3B: 2 2");
  expect(text).toContain("Gaufre <chaude> contient : lait 3B: 1 · 5C: 1 2");
});

test("after today comes the next day for which somebody has ordered", async () => {
  const text = await readText(await karim.get("/kitchen"));
  expect(text).toMatch(/Ensuite, 27 nov\. 2026 .* Potage du jour 3B: 1 1/);
});

test("who ordered and has allergens is named, with what clashes; nobody else is", async () => {
  const text = await readText(await karim.get("/kitchen"));
  expect(text).toContain("Zoé Peeters 5C lait, fruits à coque Gaufre <chaude>");
  expect(text).not.toContain("Lina");
});

test("a day without orders says so", async () => {
  const empty = await openStage();
  const text = await readText(await (await browse(empty, "karim")).get("/kitchen"));
  expect(text.match(/Personne n’a commandé/g)?.length).toBe(2);
});

test("allergens stand on no page of other staff, and none of theirs shows the kitchen's", async () => {
  for (const who of ["beatrice", "agnes", "odile"] as const) {
    const browser = await browse(stage, who);
    for (const path of ["/students", "/students/1", "/students?name=zoe"])
      expect(await readText(await browser.get(path))).not.toMatch(/lait|fruits à coque/);
    expect((await browser.get("/kitchen")).status).toBe(404);
  }
  const sophie = await browse(stage, "sophie");
  expect(await readText(await sophie.get("/counter"))).not.toMatch(/lait|fruits à coque/);
});

test("it refuses a visitor and a form", async () => {
  const visitor = await browse(stage, undefined);
  expect((await visitor.get("/kitchen")).headers.get("location")).toMatch(/^\/log-in/);
  expect((await karim.post("/kitchen", {})).status).toBe(405);
});
