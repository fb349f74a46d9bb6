// Goal: whole classes move up when it has been seen what that means, and absences of a class are noted at once and reach
// the kitchen's list. Method: the forms as a browser sends them; what is read on pages and in tables.

import { beforeEach, expect, test } from "vitest";
import { databaseOf } from "#edge/reads/database.ts";
import { readAbsent } from "#edge/reads/register.ts";
import type { Browser, Stage } from "#sim/page-stage.ts";
import { browse, openStage, readText } from "#sim/page-stage.ts";

let stage: Stage;
let béatrice: Browser;

beforeEach(async () => {
  stage = await openStage();
  béatrice = await browse(stage, "beatrice");
});

/** Monday 23 November 2026. */
const TODAY = 20_780;
const rowsOf = async (sql: string): Promise<unknown[][]> =>
  (await stage.ledger.client.execute(sql)).rows.map((row) => Object.values({ ...row }));

const CLASSES: [string, string][] = [
  ["from", "3B"],
  ["to", "5C"],
  ["from", "5C"],
  ["to", "6C"],
];

async function show(choice: [string, string][]): Promise<{ text: string; plan: string }> {
  const answer = await béatrice.post("/register/promotion", choice);
  const html = await answer.clone().text();
  const plan = /name="plan" value="([0-9a-f]{64})"/.exec(html)?.[1] ?? "";
  return { text: await readText(answer), plan };
}

test("the page proposes the next class of each", async () => {
  const html = await (await béatrice.get("/register/promotion")).text();
  expect([...html.matchAll(/name="to" value="([^"]*)"/g)].map(([, to]) => to)).toEqual([
    "4B",
    "6C",
  ]);
});

test("who moves into a class that moves itself is moved once", async () => {
  const { text, plan } = await show(CLASSES);
  expect(text).toContain("Ce qui changera en 2027-2028");
  expect(text).toContain("3B → 5C (1)");
  expect(await rowsOf("select class from student order by id")).toEqual([["3B"], ["5C"]]);
  const done = await béatrice.post("/register/promotion", [...CLASSES, ["plan", plan]]);
  expect(done.headers.get("location")).toBe("/register?promoted=1");
  expect(await rowsOf("select class from student order by id")).toEqual([["5C"], ["6C"]]);
  expect(await rowsOf("select student, year, class from enrolment order by student, year")).toEqual(
    [
      [1, 2026, "3B"],
      [1, 2027, "5C"],
      [2, 2026, "5C"],
      [2, 2027, "6C"],
    ],
  );
  expect(await readText(await béatrice.get("/register?promoted=1"))).toContain("2027-2028");
});

test("one stays, a whole class leaves", async () => {
  const choice: [string, string][] = [
    ["from", "3B"],
    ["to", "4B"],
    ["from", "5C"],
    ["to", "-"],
  ];
  const { text, plan } = await show(choice);
  expect(text).toContain("5C → quittent l’école (1)");
  await béatrice.post("/register/promotion", [...choice, ["plan", plan], ["stays", "1"]]);
  expect(await rowsOf("select class, left_at > 0 from student order by id")).toEqual([
    ["3B", 0],
    ["5C", 1],
  ]);
  expect(await rowsOf("select year, class from enrolment where student = 1")).toEqual([
    [2026, "3B"],
    [2027, "3B"],
  ]);
});

test("what was shown is what is done: not twice, and not when classes have changed", async () => {
  const { plan } = await show(CLASSES);
  await stage.ledger.client.execute("update student set class = '3A' where id = 1");
  const changed = await béatrice.post("/register/promotion", [...CLASSES, ["plan", plan]]);
  expect([changed.status, await readText(changed)]).toEqual([
    422,
    expect.stringContaining("Le registre a changé entre-temps."),
  ]);
  const fresh = await show(CLASSES);
  const confirm: [string, string][] = [...CLASSES, ["plan", fresh.plan]];
  expect((await béatrice.post("/register/promotion", confirm)).status).toBe(303);
  expect((await béatrice.post("/register/promotion", confirm)).status).toBe(422);
  expect(await rowsOf("select max(year) from school_year")).toEqual([[2027]]);
});

test.each(["sixième C", "=6C", "6?"])("%j is no class", async (to) => {
  const { text } = await show([
    ["from", "5C"],
    ["to", to],
  ]);
  expect(text).toContain("Une classe s’écrit en 8 caractères au plus");
});

test("a class's absences are noted at once, and reach the kitchen's list of those days", async () => {
  await stage.ledger.client.execute(
    `insert into pre_order(id, student, day, lines) values(1, 1, ${TODAY}, '[[1,1]]')`,
  );
  const form: [string, string][] = [
    ["class", "3B"],
    ["student", "1"],
    ["from", "2026-11-23"],
    ["until", "2026-11-24"],
    ["note", "excursion"],
  ];
  await béatrice.post("/register/absences", form);
  await béatrice.post("/register/absences", form);
  const text = await readText(await béatrice.get("/register/absences?class=3B"));
  expect(text).toContain("Lambert Lina 3B du 23 nov. 2026 au 24 nov. 2026 excursion");
  expect(await rowsOf("select student, from_day, until_day from absence")).toEqual([
    [1, TODAY, TODAY + 1],
  ]);
  const database = databaseOf(stage.ledger.client);
  const absentOn = async (day: number) => [...(await readAbsent(database, day))];
  expect([await absentOn(TODAY - 1), await absentOn(TODAY), await absentOn(TODAY + 2)]).toEqual([
    [],
    [1],
    [],
  ]);
  expect(await readText(await béatrice.get("/register"))).toContain(
    "Lambert Lina absent : commande à ne pas préparer",
  );

  await béatrice.post("/register/absences/remove", { absence: "1", student: "1" });
  expect(await rowsOf("select count(*) from absence")).toEqual([[0]]);
  expect(await rowsOf("select action from audit order by no")).toEqual([
    ["absence.note"],
    ["absence.remove"],
  ]);
});

test.each([
  [{ from: "2026-11-24", until: "2026-11-23" }, "Le dernier jour vient après le premier"],
  [{ from: "demain", until: "2026-11-23" }, "Le dernier jour vient après le premier"],
  [{ from: "2026-11-23", until: "2028-11-23" }, "Le dernier jour vient après le premier"],
  [{ from: "2026-11-23", until: "2026-11-23", student: "" }, "Cochez au moins un élève."],
  [{ from: "2026-11-23", until: "2026-11-23", note: "=1" }, "Cette remarque"],
])("%j is refused", async (wrong, words) => {
  const { student = "1", ...days } = wrong as Record<string, string>;
  const ticked = student ? { student } : {};
  const answer = await béatrice.post("/register/absences", { class: "3B", ...ticked, ...days });
  expect([answer.status, await readText(answer)]).toEqual([422, expect.stringContaining(words)]);
  expect(await rowsOf("select count(*) from absence")).toEqual([[0]]);
});

test("an absence on a student's own page", async () => {
  const day = { from: "2026-11-23", until: "2026-11-23", note: "" };
  expect((await béatrice.post("/register/students/1/absences", day)).status).toBe(303);
  expect(await readText(await béatrice.get("/register/students/1"))).toContain("23 nov. 2026");
  expect((await béatrice.post("/register/students/1/absences", {})).status).toBe(422);
});
