// Goal: one student's page adds up: each movement with the balance after it, down to what the wallet holds now.
// Method: top-up, purchases, a void and a purchase that the wallet does not cover, read back as text.

import { beforeAll, expect, test } from "vitest";
import type { Browser, Stage } from "#sim/page-stage.ts";
import { LINA, NOON, SOUP, WAFFLES, browse, openStage, readText, tap } from "#sim/page-stage.ts";

let stage: Stage;
let béatrice: Browser;

beforeAll(async () => {
  stage = await openStage();
  béatrice = await browse(stage, "beatrice");
  await tap(stage, { kind: "purchase", student: LINA, lines: [SOUP] }, NOON - 300);
  await tap(stage, { kind: "purchase", student: LINA, lines: [WAFFLES] }, NOON - 200);
  const undone = { kind: "void", student: LINA, totalCents: 300, voids: stage.paper.seq } as const;
  await tap(stage, undone, NOON - 180);
});

test("it shows wallet, card, guardian and movements, newest first, each with the balance after", async () => {
  const text = await readText(await béatrice.get("/students/1"));
  expect(text).toContain("Lina Lambert 3B Solde 24,00 €");
  expect(text).toContain("04a1b2c3d4e5f6 active depuis le");
  expect(text).toContain("Paul Lambert paul");
  const rows = [
    "11:57 Annulation d’un achat Réfectoire +3,00 € 24,00 €",
    "11:56 2 × Gaufre <chaude> Réfectoire -3,00 € 21,00 €",
    "11:55 Potage du jour Réfectoire -1,00 € 24,00 €",
    "12:00 Versement en espèces Économat +25,00 € 25,00 €",
  ];
  const places = rows.map((row) => text.indexOf(row));
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

test("it says of a card whether it can be copied", async () => {
  const before = await readText(await béatrice.get("/students/1"));
  expect(before).toContain("son numéro se copie");
  await stage.ledger.client.execute("update card set key_epoch = 2 where student = 1");
  const after = await readText(await béatrice.get("/students/1"));
  expect(after).toContain("se prouve elle-même (clé 2)");
});

test("what the wallet cannot cover is said to be paid by the school", async () => {
  const lunch = { product: 1, revision: 1, quantity: 50, unitCents: 100 };
  await tap(stage, { kind: "purchase", student: LINA, lines: [lunch] }, NOON - 100);
  const text = await readText(await béatrice.get("/students/1"));
  expect(text).toContain("Solde 0,00 €");
  expect(text).toContain("26,00 € pris en charge par l’école -24,00 € 0,00 €");
});

test("the link to older movements continues where the page ends, with the right balance", async () => {
  for (let i = 0; i < 50; i++)
    await tap(stage, { kind: "purchase", student: LINA, lines: [SOUP] }, NOON + i);
  const html = await (await béatrice.get("/students/1")).text();
  const older = /href="(\?before=\d+)"/.exec(html)?.[1];
  const text = await readText(await béatrice.get("/students/1" + older));
  expect(text).toContain("12:00 Versement en espèces Économat +25,00 € 25,00 €");
  expect(text).toContain("-24,00 € 0,00 €");
  expect(text).not.toContain("Mouvements plus anciens");
});

test.each(["/students/99", "/students/abc", "/students/-1", "/students/1e3"])(
  "%s does not exist",
  async (path) => {
    expect((await béatrice.get(path)).status).toBe(404);
  },
);

test("a guardian does not open the bursar's page, even of the own child", async () => {
  const paul = await browse(stage, "paul");
  expect((await paul.get("/students/1")).status).toBe(404);
});
