// Goal: a guardian sees the own children, all of them and nobody else's. Method: Paul, father of Lina, and Victor, father
// of Zoé, each try both doors.

import { beforeAll, expect, test } from "vitest";
import type { Browser, Stage } from "#sim/page-stage.ts";
import { LINA, NOON, SOUP, ZOE, browse, openStage, readText, tap } from "#sim/page-stage.ts";

let stage: Stage;
let paul: Browser;
let victor: Browser;

beforeAll(async () => {
  stage = await openStage();
  paul = await browse(stage, "paul");
  victor = await browse(stage, "victor");
  await tap(stage, { kind: "purchase", student: LINA, lines: [SOUP] }, NOON - 60);
  await tap(stage, { kind: "purchase", student: ZOE, lines: [SOUP] }, NOON - 50);
});

test("Paul sees Lina's balance and what she bought, and nothing of Zoé", async () => {
  const text = await readText(await paul.get("/children"));
  expect(text).toContain("Lina Lambert 3B Solde 24,00 €");
  expect(text).toContain("11:59 Potage du jour Réfectoire -1,00 €");
  expect(text).not.toContain("Zoé");
});

test("Victor reads Dutch, as he has chosen, and sees Zoé alone", async () => {
  const text = await readText(await victor.get("/children"));
  expect(text).toContain("Zoé Peeters 5C Saldo € 39,00");
  expect(text).not.toContain("Lina");
});

test("a child's own page shows every movement with the balance after it", async () => {
  const text = await readText(await paul.get(`/children/${LINA}`));
  expect(text).toContain("11:59 Potage du jour Réfectoire -1,00 € 24,00 €");
  expect(text).toContain("Versement en espèces Économat +25,00 € 25,00 €");
});

test("somebody else's child does not exist: the answer is that for no child at all", async () => {
  const others = await victor.get(`/children/${LINA}`);
  const nobodys = await victor.get("/children/999");
  expect([others.status, nobodys.status]).toEqual([404, 404]);
  // The language form remembers the path that was asked for.
  const path = /value="\/children\/\d+"/;
  const theirs = (await others.text()).replace(path, "");
  expect(theirs).toBe((await nobodys.text()).replace(path, ""));
});

test("a guardian who was removed sees the child no more, at once", async () => {
  const stand = "insert into guardianship values(3, 1)";
  await stage.ledger.client.execute(stand);
  expect((await victor.get(`/children/${LINA}`)).status).toBe(200);
  await stage.ledger.client.execute("delete from guardianship where person = 3 and student = 1");
  expect((await victor.get(`/children/${LINA}`)).status).toBe(404);
});

test("a name is text, whatever it contains", async () => {
  await stage.ledger.client.execute(
    "update student set first_name = '<script>alert(1)</script>' where id = 2",
  );
  const html = await (await victor.get("/children")).text();
  expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  expect(html).not.toContain("<script>alert");
});

test("it refuses the bursar, a visitor and a form", async () => {
  const béatrice = await browse(stage, "beatrice");
  const visitor = await browse(stage, undefined);
  for (const path of ["/children", `/children/${LINA}`]) {
    expect((await béatrice.get(path)).status).toBe(404);
    expect((await visitor.get(path)).headers.get("location")).toMatch(/^\/log-in/);
    expect((await paul.post(path, {})).status).toBe(405);
  }
});

test("a guardian's home stays under 50 kB in all, style and script included", async () => {
  const html = await (await paul.get("/children")).text();
  const files = Object.values(
    import.meta.glob<string>(["../public/*.css", "../public/live.js"], {
      query: "?raw",
      import: "default",
      eager: true,
    }),
  );
  expect(files.length).toBe(4);
  expect([html, ...files].join("").length).toBeLessThan(50_000);
});
