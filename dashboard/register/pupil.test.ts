// Goal: the office keeps a student's file by hand, every change is in the audit log, and who has left keeps money, history
// and guardians. Method: the forms as a browser sends them; what is read on pages and in tables.

import { beforeEach, expect, test } from "vitest";
import { checkLedger } from "#sim/check-ledger.ts";
import type { Browser, Stage } from "#sim/page-stage.ts";
import { NOON, browse, openStage, readText } from "#sim/page-stage.ts";

let stage: Stage;
let béatrice: Browser;

beforeEach(async () => {
  stage = await openStage();
  béatrice = await browse(stage, "beatrice");
});

const LINA = "/register/students/1";
const rowsOf = async (sql: string): Promise<unknown[][]> =>
  (await stage.ledger.client.execute(sql)).rows.map((row) => Object.values({ ...row }));
const readLina = async () => readText(await béatrice.get(LINA));

const TOM = { id: "a", lastName: "Maes", firstName: "Tom", class: "1a", number: "77" };

test("a student is added with a wallet, once, whatever is clicked twice", async () => {
  const first = await béatrice.post("/register/new", TOM);
  expect(first.headers.get("location")).toBe("/register/students/3?saved=1");
  const again = await béatrice.post("/register/new", TOM);
  expect(again.headers.get("location")).toBe("/register/students/3?saved=1");
  expect(await rowsOf("select number, class from student where id > 2")).toEqual([["77", "1A"]]);
  expect(await rowsOf("select ref from account where kind = 'wallet'")).toEqual([
    ["1"],
    ["2"],
    ["3"],
  ]);
  expect(await readText(await béatrice.get("/register?name=77"))).toContain("Maes Tom 1A 77");
  await checkLedger(stage.ledger);
});

test.each([
  [{ lastName: "" }, "Il faut un nom et un prénom"],
  [{ lastName: "=1+1" }, "Il faut un nom et un prénom"],
  [{ firstName: "x".repeat(61) }, "Il faut un nom et un prénom"],
  [{ class: "" }, "Une classe s’écrit"],
  [{ class: "3B sciences" }, "Une classe s’écrit"],
  [{ number: "1".repeat(21) }, "Ce matricule"],
  [{ allergen: "20" }, "Un allergène n’est pas dans la liste."],
])("%j is refused, and the form comes back as it was sent", async (wrong, words) => {
  const answer = await béatrice.post("/register/new", { ...TOM, ...wrong });
  const html = await answer.clone().text();
  expect(answer.status).toBe(422);
  expect(await readText(answer)).toContain(words);
  expect(html).toContain(`name="number" value="${{ ...TOM, ...wrong }.number}"`);
  expect(await rowsOf("select count(*) from student")).toEqual([[2]]);
});

test("name, class and allergens are corrected; the class is in the history", async () => {
  const answer = await béatrice.post(LINA, [
    ["lastName", "Lambert"],
    ["firstName", "Lina"],
    ["class", "3C"],
    ["number", "12"],
    ["allergen", "0"],
    ["allergen", "6"],
  ]);
  expect(answer.status).toBe(303);
  expect(await rowsOf("select class, allergens from student where id = 1")).toEqual([["3C", 65]]);
  expect(await readLina()).toContain("Année scolaire 2026-2027 3C");
  expect(await rowsOf("select action, subject, before, after from audit")).toEqual([
    [
      "student.change",
      "student/1",
      '{"number":"","class":"3B","allergens":"(…)"}',
      '{"number":"12","class":"3C","allergens":"(…)"}',
    ],
  ]);
});

test("two students never have one number", async () => {
  await béatrice.post("/register/new", TOM);
  const answer = await béatrice.post("/register/new", { ...TOM, id: "b", firstName: "Eva" });
  expect(await readText(answer)).toContain("Un autre élève porte déjà ce matricule.");
});

test("a guardian is created, changed, linked to another child and removed", async () => {
  const rita = { lastName: "Maes", firstName: "Rita", address: "Rita@Test.be", language: "nl" };
  await béatrice.post(`${LINA}/guardians`, rita);
  await béatrice.post(`${LINA}/guardians`, rita);
  expect(await readLina()).toContain("Rita Maes rita.maes rita@test.be compte pas encore activé");
  expect(await rowsOf("select language from person where username = 'rita.maes'")).toEqual([
    ["nl"],
  ]);

  await béatrice.post("/register/students/2/guardians/link", { named: " RITA@test.be " });
  expect(await rowsOf("select student from guardianship where person = 10")).toEqual([[1], [2]]);

  await béatrice.post(`${LINA}/guardians/10`, { name: "Rita Maes-Petit", address: "" });
  expect(await readLina()).toContain("Rita Maes-Petit rita.maes sans adresse mail");

  expect((await béatrice.post(`${LINA}/guardians/10/remove`, { reason: "" })).status).toBe(422);
  await béatrice.post(`${LINA}/guardians/10/remove`, { reason: "jugement du 3 mars" });
  expect(await rowsOf("select student from guardianship where person = 10")).toEqual([[2]]);
  expect(await rowsOf("select action, reason from audit order by no desc limit 1")).toEqual([
    ["guardian.remove", "jugement du 3 mars"],
  ]);
});

test.each([
  ["/guardians/link", { named: "nobody" }, "Aucun responsable n’a ce nom"],
  ["/guardians/link", { named: "beatrice" }, "Aucun responsable n’a ce nom"],
  ["/guardians/link", { named: "" }, "Aucun responsable n’a ce nom"],
  ["/guardians", { lastName: "A", firstName: "B", address: "a@b" }, "n’est pas une adresse mail"],
  ["/guardians", { lastName: "@A", firstName: "B", address: "" }, "Il faut un nom"],
  ["/guardians/2", { name: "", address: "" }, "Il faut un nom"],
  ["/guardians/2", { name: "Paul Lambert", address: "x" }, "n’est pas une adresse mail"],
])("%s with %j is refused", async (path, form, words) => {
  const before = await rowsOf("select name, address from person");
  const answer = await béatrice.post(LINA + path, form);
  expect([answer.status, await readText(answer)]).toEqual([422, expect.stringContaining(words)]);
  expect(await rowsOf("select name, address from person")).toEqual(before);
});

test("the guardian of another student is not changed here", async () => {
  const form = { name: "Mallory", address: "mallory@test.be" };
  expect((await béatrice.post(`${LINA}/guardians/3`, form)).status).toBe(404);
  expect(await rowsOf("select name from person where id = 3")).toEqual([["Victor Peeters"]]);
});

test("who leaves is out of the lists, the card is blocked, and the guardian still sees all", async () => {
  expect((await béatrice.post(`${LINA}/leaving`, { state: "left" })).status).toBe(422);
  await béatrice.post(`${LINA}/leaving`, { state: "left", reason: "déménagement" });
  expect(await rowsOf("select status, since from card")).toEqual([["blocked", NOON]]);
  expect(await readText(await béatrice.get("/students"))).not.toContain("Lambert");
  expect(await readText(await béatrice.get("/register"))).not.toContain("Lambert");
  expect(await readText(await béatrice.get("/register?show=left"))).toContain("Lambert Lina");
  const paul = await browse(stage, "paul");
  expect(await readText(await paul.get("/children/1"))).toContain("25,00 €");
  expect(await readLina()).toContain("Il reste 25,00 € : cet argent appartient à la famille.");

  await béatrice.post(`${LINA}/leaving`, { state: "here", reason: "retour" });
  expect(await readText(await béatrice.get("/students"))).toContain("Lambert");
  expect(await rowsOf("select status from card")).toEqual([["blocked"]]);
  expect(await rowsOf("select action, reason from audit order by no")).toEqual([
    ["student.leave", "déménagement"],
    ["student.return", "retour"],
  ]);
});

test("the family decides: a part back, a part to a sibling, the rest to solidarity", async () => {
  await béatrice.post("/register/new", { ...TOM, lastName: "Lambert" });
  await béatrice.post("/register/students/3/guardians/link", { named: "paul" });
  await béatrice.post(`${LINA}/leaving`, { state: "left", reason: "déménagement" });
  const give = (id: string, to: string, amount: string) =>
    béatrice.post(`${LINA}/balance`, { id, to, amount, word: "mail de Paul, 23/11" });
  for (const [id, to, amount] of [
    ["a", "refund", "10,00"],
    ["b", "3", "12,00"],
    ["b", "3", "12,00"],
    ["c", "gift", "3,00"],
  ] as const)
    expect((await give(id, to, amount)).status).toBe(303);
  expect(
    await rowsOf(`select kind, ref, balance from account where balance <> 0
      and (ref in ('1', '3', 'requested', 'grace')) order by id`),
  ).toEqual([
    ["solidarity", "grace", 300],
    ["wallet", "3", 1200],
    ["refund", "requested", 1000],
  ]);
  expect((await give("d", "gift", "0,01")).status).toBe(422);
  // Zoé is nobody's sister here.
  expect((await give("e", "2", "1,00")).status).toBe(422);
  const paul = await browse(stage, "paul");
  const text = await readText(await paul.get("/children/1"));
  expect(text).toContain("Don à la solidarité : mail de Paul, 23/11 Économat -3,00 €");
  expect(text).toContain("Versé à un frère ou une sœur : mail de Paul, 23/11 Économat -12,00 €");
  await checkLedger(stage.ledger);
});

test("the secretary writes and moves no money; the auditor reads and is shown no form", async () => {
  const change = (role: string) =>
    stage.ledger.client.execute(`update person set role = '${role}' where username = 'victor'`);
  const victor = await browse(stage, "victor");
  await change("secretary");
  // A session in which the second factor was given, as a secretary's is.
  await stage.ledger.client.execute("update session set method = 'code' where user_id = 3");
  expect((await victor.get(LINA)).status).toBe(200);
  expect((await victor.post("/register/new", TOM)).status).toBe(303);
  expect((await victor.post(`${LINA}/balance`, {})).status).toBe(404);
  await change("auditor");
  const page = await victor.get(LINA);
  expect(page.status).toBe(200);
  expect(await page.text()).not.toContain(`action="${LINA}`);
  expect((await victor.post("/register/new", TOM)).status).toBe(404);
});

test.each([LINA, "/register", "/register/new", "/register/absences", "/register/promotion"])(
  "%s refuses a guardian and a visitor",
  async (path) => {
    const paul = await browse(stage, "paul");
    expect((await paul.get(path)).status).toBe(404);
    const visitor = await browse(stage, undefined);
    expect((await visitor.get(path)).headers.get("location")).toMatch(/^\/log-in/);
  },
);

test.each(["/guardians", "/guardians/link", "/guardians/2/remove", "/leaving", "/balance"])(
  "%s is no page to look at, and no student is invented",
  async (path) => {
    expect((await béatrice.get(LINA + path)).status).toBe(405);
    expect((await béatrice.post(`/register/students/99${path}`, {})).status).toBe(404);
  },
);
