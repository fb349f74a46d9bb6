// Goal: cash reaches the wallet once, however often the form is sent, and a slip of the keyboard does not.
// Method: the form as the browser holds it, sent again, changed and misused; the wallet is read from the ledger.

import { beforeAll, expect, test } from "vitest";
import type { Browser, Stage } from "#sim/page-stage.ts";
import { LINA, browse, openStage, readText } from "#sim/page-stage.ts";

let stage: Stage;
let béatrice: Browser;
const PATH = `/students/${LINA}/top-up`;

beforeAll(async () => {
  stage = await openStage();
  béatrice = await browse(stage, "beatrice");
});

async function walletCents(): Promise<number> {
  const found = await stage.ledger.client.execute(
    "select balance from account where id = (select account from student where id = 1)",
  );
  return Number(found.rows[0]?.["balance"]);
}

async function formId(): Promise<string> {
  const html = await (await béatrice.get(`/students/${LINA}`)).text();
  const id = /name="id" value="([^"]+)"/.exec(html)?.[1];
  if (!id) throw new Error("top-up: the form has no id");
  return id;
}

const cash = { means: "cash", note: "" };

test("cash is recorded, said back, and a second click changes nothing", async () => {
  const before = await walletCents();
  const form = { ...cash, id: await formId(), amount: "12,50" };
  const answer = await béatrice.post(PATH, form);
  expect(answer.status).toBe(303);
  await béatrice.post(PATH, form);
  expect(await walletCents()).toBe(before + 1250);
  const text = await readText(await béatrice.get(answer.headers.get("location") ?? ""));
  expect(text).toContain("+12,50 € enregistré pour Lina Lambert.");
});

test("the same form with another amount is refused and said so", async () => {
  const before = await walletCents();
  const id = await formId();
  await béatrice.post(PATH, { ...cash, id, amount: "5" });
  const answer = await béatrice.post(PATH, { ...cash, id, amount: "50" });
  expect(answer.status).toBe(422);
  expect(await readText(answer)).toContain("déjà servi pour un autre montant");
  expect(await walletCents()).toBe(before + 500);
});

test.each([
  ["abc", cash, "Montant illisible"],
  ["1,234", cash, "Montant illisible"],
  ["0", cash, "différent de zéro"],
  ["-5", cash, "Ce montant est positif"],
  ["1000,01", cash, "limite de 1 000,00 €"],
  ["5", { means: "correction", note: " " }, "Dites pourquoi"],
  ["-900", { means: "correction", note: "erreur" }, "solde libre"],
])("%s as %j is refused: %s", async (amount, rest, words) => {
  const before = await walletCents();
  const answer = await béatrice.post(PATH, { ...rest, id: await formId(), amount });
  expect(answer.status).toBe(422);
  const html = await answer.clone().text();
  expect(await readText(answer)).toContain(words);
  expect(html).toContain(`name="amount" value="${amount}"`);
  expect(await walletCents()).toBe(before);
});

test("a correction may take money back, and the family reads why", async () => {
  const before = await walletCents();
  const form = { means: "correction", note: "Tapé 20 au lieu de 2", amount: "-18,00" };
  await béatrice.post(PATH, { ...form, id: await formId() });
  expect(await walletCents()).toBe(before - 1800);
  const paul = await browse(stage, "paul");
  const text = await readText(await paul.get(`/children/${LINA}`));
  expect(text).toContain("Correction : Tapé 20 au lieu de 2 Économat -18,00 €");
});

test("it refuses a guardian, a visitor and a link", async () => {
  const before = await walletCents();
  const form = { ...cash, id: "mine", amount: "100" };
  const paul = await browse(stage, "paul");
  expect((await paul.post(PATH, form)).status).toBe(404);
  const visitor = await browse(stage, undefined);
  expect((await visitor.post(PATH, form)).headers.get("location")).toBe("/log-in");
  expect((await béatrice.get(PATH)).status).toBe(405);
  expect(await walletCents()).toBe(before);
});
