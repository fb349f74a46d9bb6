// Goal: the office sees all that a file would change, by line and in words, before anything does; and only the office.
// Method: the form as a browser sends it, the preview as it is read, the tables before and after.

import { beforeEach, expect, test } from "vitest";
import type { Browser, Stage } from "#sim/page-stage.ts";
import { browse, openStage, readText } from "#sim/page-stage.ts";
import { readFile } from "#edge/people/register/read-file.ts";
import { de } from "../texts/de.ts";
import { en } from "../texts/en.ts";
import { fr } from "../texts/fr.ts";
import { nl } from "../texts/nl.ts";

let stage: Stage;
let béatrice: Browser;

beforeEach(async () => {
  stage = await openStage();
  béatrice = await browse(stage, "beatrice");
});

const HEADERS =
  "Matricule;Nom;Prénom;Classe;Allergènes;Nom parent 1;Prénom parent 1;E-mail parent 1";
const FILE = [
  HEADERS,
  "1;Lambert;Lina;4B;lait;Lambert;Paul;paul@test.be",
  "2;Maes;Tom;1A;;Maes;Rita;rita@test.be",
  "3;=Maes;Eva;1A;;;;",
  "2;Autre;Élève;1A;pollen;;;",
].join("\r\n");

function formOf(id: string, text: string, year = "2026"): FormData {
  const form = new FormData();
  form.set("id", id);
  form.set("year", year);
  form.set("file", new File([text], "élèves.csv", { type: "text/csv" }));
  return form;
}

const rowsOf = async (sql: string): Promise<unknown[][]> =>
  (await stage.ledger.client.execute(sql)).rows.map((row) => Object.values({ ...row }));
const students = () => rowsOf("select number, last_name, class from student order by id");

/** The fields that the page's own form would send. */
async function previewOf(id: string): Promise<{ text: string; plan: string; html: string }> {
  const answer = await béatrice.get(`/register/import/${id}`);
  const html = await answer.clone().text();
  const plan = /name="plan" value="([0-9a-f]{64})"/.exec(html)?.[1] ?? "";
  return { text: await readText(answer), plan, html };
}

test("a file is shown, then imported when it is confirmed", async () => {
  const staged = await béatrice.post("/register/import", formOf("first", FILE));
  expect([staged.status, staged.headers.get("location")]).toEqual([303, "/register/import/first"]);
  const { text, plan } = await previewOf("first");
  expect(text).toContain("Nouveaux élèves 1 Élèves qui changent 1");
  expect(text).toContain("Lambert Lina classe 3B 4B");
  expect(text).toContain("Lambert Lina allergènes — lait");
  expect(text).toContain("2 erreurs dans le fichier");
  expect(text).toContain("4 Nom =Maes Une case ne peut pas commencer par = + - @");
  expect(text).toContain("5 Allergènes pollen Cet allergène n’est pas dans la liste.");
  expect(text).toContain("Absents du fichier");
  expect(await students()).toEqual([
    ["", "Lambert", "3B"],
    ["", "Peeters", "5C"],
  ]);

  const done = await béatrice.post("/register/import/first", { plan });
  expect([done.status, done.headers.get("location")]).toEqual([303, "/register/import/first"]);
  expect(await students()).toEqual([
    ["1", "Lambert", "4B"],
    ["", "Peeters", "5C"],
    ["2", "Maes", "1A"],
  ]);
  expect(await rowsOf("select username from person where name = 'Rita Maes'")).toEqual([
    ["rita.maes"],
  ]);
  expect(await readText(await béatrice.get("/register/import/first"))).toContain(
    "Cet import est terminé. importé 1 ajoutés, 1 modifiés",
  );
});

test("the audit log says who imported what, and never which allergens", async () => {
  await béatrice.post("/register/import", formOf("first", FILE));
  await béatrice.post("/register/import/first", { plan: (await previewOf("first")).plan });
  const deeds = await rowsOf("select action, subject, before, after from audit order by no");
  expect(deeds).toContainEqual([
    "student.change",
    "student/1",
    '{"number":"","class":"3B","allergens":"(…)"}',
    '{"number":"1","class":"4B","allergens":"(…)"}',
  ]);
  expect(deeds).toContainEqual(["register.import", "import/first", "", expect.any(String)]);
});

test("what was confirmed is what was shown: the register has changed, and that is said", async () => {
  await béatrice.post("/register/import", formOf("first", FILE));
  const { plan } = await previewOf("first");
  await stage.ledger.client.execute("update student set class = '3C' where id = 1");
  const answer = await béatrice.post("/register/import/first", { plan });
  expect(answer.status).toBe(422);
  const text = await readText(answer);
  expect(text).toContain("Le registre a changé depuis que vous avez vu cette page.");
  expect(text).toContain("Lambert Lina classe 3C 4B");
  expect((await students()).length).toBe(2);
});

test("who is ticked leaves: the card is blocked", async () => {
  await béatrice.post("/register/import", formOf("first", `${HEADERS}\n9;Neuf;Ali;1A;;;;`));
  const { plan, html } = await previewOf("first");
  expect(html).toContain('name="leaver" value="1"');
  await béatrice.post("/register/import/first", [
    ["plan", plan],
    ["leaver", "1"],
  ]);
  expect(await rowsOf("select id from student where left_at > 0")).toEqual([[1]]);
  expect(await rowsOf("select status from card where student = 1")).toEqual([["blocked"]]);
});

test("a file for the next year begins it, and keeps the classes of this one", async () => {
  await béatrice.post("/register/import", formOf("next", FILE, "2027"));
  const { plan, text } = await previewOf("next");
  expect(text).toContain("Cet import commence l’année 2027-2028.");
  await béatrice.post("/register/import/next", { plan });
  expect(await rowsOf("select year, class from enrolment where student = 1 order by year")).toEqual(
    [
      [2026, "3B"],
      [2027, "4B"],
    ],
  );
});

test("an import that is given up changes nothing, and cannot be confirmed", async () => {
  await béatrice.post("/register/import", formOf("first", FILE));
  const { plan } = await previewOf("first");
  expect((await béatrice.post("/register/import/first/discard", {})).status).toBe(303);
  expect((await béatrice.post("/register/import/first", { plan })).status).toBe(422);
  expect((await students()).length).toBe(2);
});

test.each([
  ["no file", new FormData(), "Choisissez un fichier."],
  ["another year", formOf("x", FILE, "2031"), "Choisissez l’année en cours ou la suivante."],
  ["more than 2 MB", formOf("x", "x".repeat(2_200_000)), "Ce fichier dépasse 2 Mo."],
])("%s is refused in words", async (_, form, words) => {
  const answer = await béatrice.post("/register/import", form);
  expect([answer.status, await readText(answer)]).toEqual([422, expect.stringContaining(words)]);
});

test("a spreadsheet is told how to become a CSV", async () => {
  await béatrice.post("/register/import", formOf("xlsx", "PK\u0003\u0004…"));
  expect((await previewOf("xlsx")).text).toContain("Ce n’est pas un fichier CSV.");
});

test.each([fr, nl, de, en])("the example of each language is a file without an error", (texts) => {
  const file = readFile(new TextEncoder().encode(texts.importing.sample.join("\r\n")), 2026);
  expect(file.problems).toEqual([]);
  expect(file.lines.map(({ guardians }) => guardians.length)).toEqual([2, 1]);
});

test("the example can be downloaded", async () => {
  const answer = await béatrice.get("/register/import/example");
  expect(answer.headers.get("content-disposition")).toBe('attachment; filename="obole.csv"');
  const bytes = new Uint8Array(await answer.arrayBuffer());
  expect(readFile(bytes, 2026).problems).toEqual([]);
});

test("it refuses a guardian, a visitor and a form from elsewhere", async () => {
  await béatrice.post("/register/import", formOf("first", FILE));
  const paul = await browse(stage, "paul");
  for (const path of ["/register/import", "/register/import/first"]) {
    expect((await paul.get(path)).status).toBe(404);
    expect((await paul.post(path, {})).status).toBe(404);
  }
  const forged = await stage.app.request("https://ecole.test/register/import", {
    method: "POST",
    headers: { origin: "https://elsewhere.test", cookie: "" },
    body: formOf("forged", FILE),
  });
  expect(forged.status).toBe(403);
  expect((await béatrice.get("/register/import/first/discard")).status).toBe(405);
});
