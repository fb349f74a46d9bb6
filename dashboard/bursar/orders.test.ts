// Goal: the office orders for a student at the price that its page showed, once, sees what was ordered, and cancels it; and
// gives money back. Method: the forms as a browser sends them; the wallet as the page shows it.

import { beforeEach, expect, test } from "vitest";
import type { Browser, Stage } from "#sim/page-stage.ts";
import { LINA, ZOE, browse, openStage, readText } from "#sim/page-stage.ts";

let stage: Stage;
let béatrice: Browser;
const STUDENT = `/students/${LINA}`;
const ORDERS = `${STUDENT}/orders`;
const SOUP = { id: "soup", day: "2026-11-24", product: "1/1/100", quantity: "2" };

beforeEach(async () => {
  stage = await openStage();
  await stage.ledger.client.execute("insert into price values(1, 1, 1), (1, 2, 1)");
  béatrice = await browse(stage, "beatrice");
});

const shown = async (): Promise<string> => readText(await béatrice.get(STUDENT));

test("what is ordered is paid, listed, and cancelled with its own button", async () => {
  expect(await shown()).toContain("Potage du jour, 1,00 €");
  const answer = await béatrice.post(ORDERS, SOUP);
  expect(answer.headers.get("location")).toBe(`${STUDENT}#orders`);
  expect((await béatrice.post(ORDERS, SOUP)).status).toBe(303);
  const text = await shown();
  expect(text).toContain("Solde 23,00 €");
  expect(text).toContain("24 nov. 2026 2 × Potage du jour 2,00 € payée, à remettre Annuler");
  expect(text).toContain("Commande payée");
  expect((await béatrice.post(`${ORDERS}/1/cancel`, { id: "cancel" })).status).toBe(303);
  const after = await shown();
  expect(after).toContain("Solde 25,00 €");
  expect(after).toContain("annulée, remboursée");
  const again = await béatrice.post(`${ORDERS}/1/cancel`, { id: "again" });
  expect(again.status).toBe(422);
  expect(await readText(again)).toContain("déjà remise ou annulée");
});

test.each([
  ["a price that is no more", { product: "1/1/90" }, "Le prix de cet article a changé"],
  ["yesterday", { day: "2026-11-22" }, "Choisissez aujourd’hui"],
  ["no day at all", { day: "demain" }, "Choisissez aujourd’hui"],
  ["a quantity below one", { quantity: "-2" }, "de 1 à 99"],
  ["more than the wallet has", { quantity: "26" }, "solde libre"],
])("%s is refused in words", async (_, change, words) => {
  const answer = await béatrice.post(ORDERS, { ...SOUP, ...change });
  expect(answer.status).toBe(422);
  expect(await readText(answer)).toContain(words);
  expect(await shown()).toContain("Solde 25,00 €");
});

test("another student's order is not cancelled from this page", async () => {
  await béatrice.post(`/students/${ZOE}/orders`, SOUP);
  const answer = await béatrice.post(`${ORDERS}/1/cancel`, { id: "cancel" });
  expect(answer.status).toBe(422);
  expect(await readText(answer)).toContain("n’a pas de telle commande");
});

test("an order has no button that would reverse it", async () => {
  await béatrice.post(ORDERS, SOUP);
  const html = await (await béatrice.get(STUDENT)).text();
  const path = /href="(\/movements\/0\/\d+)"/.exec(html)?.[1] ?? "";
  const text = await readText(await béatrice.get(path));
  expect(text).toContain("Commande payée");
  expect(text).not.toContain("Annuler ce mouvement en entier");
});

test("money is given back with its reason, and the family reads it", async () => {
  const form = { id: "back", means: "refund", amount: "5,00", note: "" };
  expect((await béatrice.post(`${STUDENT}/top-up`, form)).status).toBe(422);
  const answer = await béatrice.post(`${STUDENT}/top-up`, { ...form, note: "Départ" });
  const text = await readText(await béatrice.get(answer.headers.get("location") ?? ""));
  expect(text).toContain("-5,00 € enregistré pour Lina Lambert.");
  expect(text).toContain("Solde 20,00 €");
  const paul = await browse(stage, "paul");
  expect(await readText(await paul.get(`/children/${LINA}`))).toContain(
    "Remboursement demandé : Départ",
  );
  expect(await readText(await béatrice.get("/accounts"))).toContain("remboursements demandés");
});
