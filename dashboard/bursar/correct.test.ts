// Goal: the bursar puts right what went wrong from the page of the movement, once, and says why; who
// reads it later sees both. Method: real movements, the forms as a browser sends them.

import { beforeEach, expect, test } from "vitest";
import type { Browser, Stage } from "#sim/page-stage.ts";
import { LINA, NOON, SOUP, browse, openStage, readText, tap } from "#sim/page-stage.ts";

const STRANGER = 77;
let stage: Stage;
let béatrice: Browser;

beforeEach(async () => {
  stage = await openStage();
  béatrice = await browse(stage, "beatrice");
});

async function buy(student: number): Promise<string> {
  await tap(stage, { kind: "purchase", student, lines: [SOUP] }, NOON - 60);
  return `/movements/1/${2 ** 32 + stage.paper.seq}`;
}

/** The form of an action on a page, with its hidden fields as they are. */
async function fieldsOf(path: string, action: string): Promise<Record<string, string>> {
  const html = await (await béatrice.get(path)).text();
  const form =
    html.split("<form").find((part) => part.includes(`action="${path}/${action}"`)) ?? "";
  const hidden = [...form.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  return Object.fromEntries(hidden.map((match) => [match[1] ?? "", match[2] ?? ""]));
}

async function balance(): Promise<string> {
  const text = await readText(await béatrice.get(`/students/${LINA}`));
  return /Solde (\S+ €)/.exec(text)?.[1] ?? text;
}

test("a purchase is reversed with a reason; both movements lead to each other", async () => {
  const path = await buy(LINA);
  const fields = await fieldsOf(path, "reverse");
  const sent = { ...fields, reason: "Repas froid" };
  expect((await béatrice.post(`${path}/reverse`, sent)).headers.get("location")).toBe(path);
  expect((await béatrice.post(`${path}/reverse`, sent)).status).toBe(303);
  expect(await balance()).toBe("25,00 €");
  const html = await (await béatrice.get(path)).text();
  const correction = /href="(\/movements\/0\/\d+)"/.exec(html)?.[1] ?? "";
  expect(html).not.toContain(`${path}/reverse`);
  const text = await readText(await béatrice.get(correction));
  expect(text).toContain("Mouvement annulé");
  expect(text).toContain("Repas froid");
  expect(await (await béatrice.get(correction)).text()).toContain(`href="${path}"`);
});

test("without a reason, or a second time, it is refused in words", async () => {
  const path = await buy(LINA);
  const fields = await fieldsOf(path, "reverse");
  const silent = await béatrice.post(`${path}/reverse`, { ...fields, reason: " " });
  expect(silent.status).toBe(422);
  expect(await readText(silent)).toContain("Dites pourquoi vous corrigez");
  await béatrice.post(`${path}/reverse`, { ...fields, reason: "froid" });
  const again = await béatrice.post(`${path}/reverse`, { id: "other", reason: "froid" });
  expect(again.status).toBe(422);
  expect(await readText(again)).toContain("déjà corrigé");
  expect(await balance()).toBe("25,00 €");
});

test("what an unknown card bought is assigned by name to one student", async () => {
  const path = await buy(STRANGER);
  const fields = await fieldsOf(path, "assign");
  const nobody = { ...fields, student: "Dupont", reason: "carte prêtée" };
  expect(await readText(await béatrice.post(`${path}/assign`, nobody))).toContain("Aucun élève");
  const lina = { ...nobody, student: "lambert lina" };
  expect((await béatrice.post(`${path}/assign`, lina)).headers.get("location")).toBe(path);
  expect(await balance()).toBe("24,00 €");
  expect(await readText(await béatrice.get(path))).toContain("Attribué à un élève");
});

test("goodwill is given from the student's page, with its reason", async () => {
  const form = { id: "g1", means: "goodwill", amount: "1,50", note: "" };
  expect((await béatrice.post(`/students/${LINA}/top-up`, form)).status).toBe(422);
  const given = await béatrice.post(`/students/${LINA}/top-up`, { ...form, note: "Panne" });
  expect(given.status).toBe(303);
  expect(await balance()).toBe("26,50 €");
  expect(await readText(await béatrice.get(`/students/${LINA}`))).toContain("Geste commercial");
});

test("a guardian sees that it was corrected, and no form", async () => {
  const path = await buy(LINA);
  await béatrice.post(`${path}/reverse`, { id: "r1", reason: "froid" });
  const paul = await browse(stage, "paul");
  const html = await (await paul.get(path)).text();
  expect(html).toContain("Annulé : voir la correction");
  expect(html).not.toContain('<form class="fields"');
});
