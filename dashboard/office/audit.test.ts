// Goal: whoever asks later who did what, and why, finds it, whole and in words. Method: staff do things through their pages;
// then the log, its searches and its file.

import { beforeAll, expect, test } from "vitest";
import { audit } from "#edge/people/audit.ts";
import type { Browser, Stage } from "#sim/page-stage.ts";
import { LINA, NOON, browse, openStage, readText } from "#sim/page-stage.ts";

const AGNÈS = 4;

let stage: Stage;
let béatrice: Browser;
let agnès: Browser;
let odile: Browser;

beforeAll(async () => {
  stage = await openStage();
  béatrice = await browse(stage, "beatrice");
  stage.clock.now = NOON + 60;
  await béatrice.post("/settings/closing", { closesAt: "16:45" });
  stage.clock.now = NOON + 120;
  await béatrice.post("/settings/closing", { closesAt: "16:45" });
  const keeper = { address: "parents@ecole.test", language: "nl" };
  await béatrice.post("/settings/keepers", keeper);
  await béatrice.post("/staff/5", { role: "kitchen", lastDay: "" });
  const goodwill = { id: "g-1", means: "goodwill", amount: "2", note: "=excuses; pour le retard" };
  await béatrice.post(`/students/${LINA}/top-up`, goodwill);
  stage.clock.now = NOON + 3 * 86_400;
  const doing = { action: "student.edit", subject: "student/1", reason: "Nouvelle année" };
  await stage.ledger.client.execute(
    audit({
      author: AGNÈS,
      at: stage.clock.now,
      ...doing,
      before: { class: "3B" },
      after: { class: "4B" },
    }),
  );
  // Nobody's session lasts three days.
  béatrice = await browse(stage, "beatrice");
  agnès = await browse(stage, "agnes");
  odile = await browse(stage, "odile");
});

const cardsIn = (html: string): number[] =>
  [...html.matchAll(/carte (\d+)/g)].map(([, no]) => Number(no));
const search = async (browser: Browser, query = ""): Promise<string> =>
  readText(await browser.get("/audit" + query));

test("before and after stand side by side, in words", async () => {
  const text = await search(odile);
  expect(text).toContain("Heure de fermeture changée : école heure : 18:00 heure : 16:45");
  expect(text).toContain("Accès changé : personne Sophie Maes fonction : comptoir");
  expect(text).toContain("fonction : cuisine");
});

test("what was said twice is there once", async () => {
  expect((await search(odile)).match(/Heure de fermeture/g)?.length).toBe(1);
});

test("what was ordered of the ledger is in the same log, with its reason and its author", async () => {
  const text = await search(odile, "?area=ledger&words=retard");
  expect(text).toContain("Béatrice Delvaux Geste commercial : élève Lina Lambert");
  expect(text).toContain("Raison : =excuses; pour le retard");
  expect(text).toContain("montant : 2,00 €");
});

test.each([
  ["", ["16:45", "Nederlands", "4B"]],
  [`?author=${AGNÈS}`, ["4B"]],
  ["?area=setting", ["16:45", "Nederlands"]],
  ["?words=PARENTS", ["Nederlands"]],
  ["?words=nouvelle+année", ["4B"]],
  ["?words=lina+LAMBERT&area=student", ["4B"]],
  ["?subject=student/1&area=student", ["4B"]],
  ["?from=2026-11-24", ["4B"]],
  ["?until=2026-11-23&area=setting", ["16:45", "Nederlands"]],
  ["?from=2026-11-23&until=2026-11-23&area=student", []],
  ["?words=%25", []],
  ["?from=nonsense&before=nonsense&area=student", ["4B"]],
])("%s finds %j", async (query, expected) => {
  const text = await search(odile, query);
  const facts = ["heure : 16:45", "langue : Nederlands", "class : 4B"];
  const found = facts.filter((fact) => text.includes(fact)).map((fact) => fact.split(" : ")[1]);
  expect(found).toEqual(expected);
});

test("the log goes on where a page ends, and no entry is on two pages", async () => {
  const many = Array.from({ length: 60 }, (_, i) =>
    audit({ author: AGNÈS, at: NOON + i, action: "many.do", subject: `card/${i}` }),
  );
  await stage.ledger.client.batch(many, "write");
  const first = await (await odile.get("/audit?area=many")).text();
  const path = /href="(\/audit\?[^"]*before=[^"]*)"/.exec(first)?.[1]?.replace(/&amp;/g, "&") ?? "";
  const second = await (await odile.get(path)).text();
  expect([cardsIn(first).length, cardsIn(second).length]).toEqual([50, 10]);
  expect(new Set([...cardsIn(first), ...cardsIn(second)]).size).toBe(60);
});

test("the secretary reads what she did, and nobody else's deeds, whatever she asks for", async () => {
  for (const query of ["", "?author=1", "?author="]) {
    const text = await search(agnès, query);
    expect(text).toContain("class : 4B");
    expect(text).not.toContain("Béatrice");
    expect(text).not.toContain("16:45");
  }
  expect((await agnès.get("/audit.csv")).status).toBe(404);
});

test("the file is the search, and a spreadsheet runs nothing in it", async () => {
  const answer = await odile.get("/audit.csv?area=ledger&words=retard");
  expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  expect(answer.headers.get("content-disposition")).toContain("audit.csv");
  const lines = (await answer.text()).trim().split("\r\n");
  expect(lines.length).toBe(2);
  expect(lines[1]).toContain(';"\'=excuses; pour le retard"');
});

test("the log cannot be rewritten, not even with SQL", async () => {
  const { client } = stage.ledger;
  for (const sql of [
    "update audit set author = 4 where author = 1",
    "update audit set after = '{}' where after <> ''",
    "delete from audit",
  ])
    await expect(client.execute(sql)).rejects.toThrow("the audit log only grows");
});

test("it refuses everybody else, and a form", async () => {
  for (const who of ["sophie", "karim", "paul", "lina"] as const)
    expect([who, (await (await browse(stage, who)).get("/audit")).status]).toEqual([who, 404]);
  expect((await béatrice.post("/audit", {})).status).toBe(405);
});
