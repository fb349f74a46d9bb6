// Goal: the school bears what nobody else paid, at most what stands there, once, and says why. Method: a purchase that a
// wallet does not cover; the form on the page of the risk account, as a browser sends it.

import { beforeAll, expect, test } from "vitest";
import type { Browser, Stage } from "#sim/page-stage.ts";
import { LINA, NOON, browse, openStage, readText, tap } from "#sim/page-stage.ts";

let stage: Stage;
let béatrice: Browser;
let path = "";

beforeAll(async () => {
  stage = await openStage();
  béatrice = await browse(stage, "beatrice");
  const feast = { product: 1, revision: 1, quantity: 30, unitCents: 100 };
  await tap(stage, { kind: "purchase", student: LINA, lines: [feast] }, NOON - 60);
  const found = await stage.ledger.client.execute("select id from account where kind = 'risk'");
  path = `/accounts/${Number(found.rows[0]?.["id"])}`;
});

const shown = async (): Promise<string> => readText(await béatrice.get(path));
const FORM = { id: "loss", amount: "2,00", reason: "panne du réseau" };

test("the form is there while something is to be borne, and on no other account", async () => {
  expect(await shown()).toContain("Prendre une perte en charge");
  expect(await readText(await béatrice.get("/accounts/1"))).not.toContain("Prendre une perte");
  expect((await béatrice.post("/accounts/1/cover", FORM)).status).toBe(404);
});

test.each([
  ["more than stands there", { amount: "5,01" }, "ne dépasse pas"],
  ["nothing", { amount: "0" }, "ne dépasse pas"],
  ["an amount nobody can read", { amount: "deux" }, "Montant illisible"],
  ["no reason", { reason: " " }, "Dites pourquoi"],
])("%s is refused in words", async (_, change, words) => {
  const answer = await béatrice.post(`${path}/cover`, { ...FORM, ...change });
  expect(answer.status).toBe(422);
  expect(await readText(answer)).toContain(words);
  expect(await shown()).toContain("-5,00 €");
});

test("what is borne leaves the account, once; all of it, and the form is gone", async () => {
  expect((await béatrice.post(`${path}/cover`, FORM)).status).toBe(303);
  expect((await béatrice.post(`${path}/cover`, FORM)).status).toBe(303);
  expect(await shown()).toContain("Solde à la fin -3,00 €");
  await béatrice.post(`${path}/cover`, { ...FORM, id: "rest", amount: "3" });
  const text = await shown();
  expect(text).toContain("Solde à la fin 0,00 €");
  expect(text).not.toContain("Prendre une perte en charge");
  expect(await readText(await béatrice.get("/accounts"))).toContain("pertes prises en charge");
});
