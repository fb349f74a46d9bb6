// Goal: the bursar lets people in and out, and nobody locks the school out or lets themselves in. Method: the forms as a
// browser sends them; the rows and the log beside them.

import { beforeEach, expect, test } from "vitest";
import type { Browser, Stage } from "#sim/page-stage.ts";
import { NOON, browse, openStage, readText } from "#sim/page-stage.ts";

const BÉATRICE = 1;
const PAUL = 2;
const AGNÈS = 4;
const TODAY = "2026-11-23";

let stage: Stage;
let béatrice: Browser;

beforeEach(async () => {
  stage = await openStage();
  béatrice = await browse(stage, "beatrice");
});

async function rowsOf(sql: string): Promise<unknown[][]> {
  return (await stage.ledger.client.execute(sql)).rows.map((row) => Object.values({ ...row }));
}
const log = () => rowsOf("select author, action, subject, before, after from audit order by no");

const NEW = { name: "Inès Claes", username: "ines", address: "ines@ecole.test", role: "secretary" };

test("somebody is added without a password, and the log says by whom", async () => {
  const answer = await béatrice.post("/staff", { ...NEW, username: " Ines " });
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/staff"]);
  expect(
    await rowsOf("select id, name, role, activated_at from person where username = 'ines'"),
  ).toEqual([[10, "Inès Claes", "secretary", 0]]);
  expect(await readText(await béatrice.get("/staff"))).toContain("Inès Claes ines ines@ecole.test");
  expect(await log()).toEqual([
    [BÉATRICE, "staff.add", "person/10", "", JSON.stringify(NEW)],
    [BÉATRICE, "account.invite", "person/10", "", '{"means":"mail"}'],
  ]);
});

test("the same form sent twice adds once", async () => {
  await béatrice.post("/staff", NEW);
  expect((await béatrice.post("/staff", NEW)).status).toBe(303);
  expect((await log()).map(([, action]) => action)).toEqual(["staff.add", "account.invite"]);
});

test.each([
  [{ name: "  " }, "Écrivez le nom"],
  [{ name: "x".repeat(81) }, "Écrivez le nom"],
  [{ username: "i" }, "Un nom d’utilisateur"],
  [{ username: "inès" }, "Un nom d’utilisateur"],
  [{ username: "ines claes" }, "Un nom d’utilisateur"],
  [{ address: "ines" }, "Cette adresse"],
  [{ address: "a@ecole.test\r\nBcc: b@ecole.test" }, "Cette adresse"],
  [{ role: "guardian" }, "Choisissez une fonction"],
  [{ role: "student" }, "Choisissez une fonction"],
  [{ username: "paul" }, "déjà pris"],
])("%j is refused in words, and the form comes back", async (wrong, words) => {
  const answer = await béatrice.post("/staff", { ...NEW, ...wrong });
  expect(answer.status).toBe(422);
  const html = await answer.text();
  expect(html).toContain(words);
  expect(html).toContain('value="ines@ecole.test"'.slice(0, "address" in wrong ? 5 : undefined));
  expect(await log()).toEqual([]);
});

test("another role counts from the next click, and the old session is over", async () => {
  const agnès = await browse(stage, "agnes");
  await béatrice.post(`/staff/${AGNÈS}`, { role: "auditor", lastDay: "" });
  expect((await agnès.get("/students")).headers.get("location")).toMatch(/^\/log-in/);
  const again = await browse(stage, "agnes");
  expect((await again.get("/accounts")).status).toBe(200);
  expect((await log()).at(-1)?.slice(0, 3)).toEqual([BÉATRICE, "staff.change", "person/4"]);
});

test("a last day is kept as the midnight that ends it", async () => {
  const agnès = await browse(stage, "agnes");
  await béatrice.post(`/staff/${AGNÈS}`, { role: "secretary", lastDay: TODAY });
  const midnight = NOON + 12 * 3600;
  expect(await rowsOf("select ends_at from person where id = 4")).toEqual([[midnight]]);
  expect(await (await béatrice.get("/staff")).text()).toContain(`value="${TODAY}"`);
  // The day is not over yet.
  expect((await agnès.get("/students")).status).toBe(200);
  await béatrice.post(`/staff/${AGNÈS}`, { role: "secretary", lastDay: "2026-11-20" });
  expect((await agnès.get("/students")).headers.get("location")).toMatch(/^\/log-in/);
  expect(await readText(await béatrice.get("/staff"))).toContain("(a quitté l’école)");
});

test.each(["2026-02-30", "demain", "2026-1-1"])("%j is no last day", async (lastDay) => {
  const answer = await béatrice.post(`/staff/${AGNÈS}`, { role: "secretary", lastDay });
  expect(answer.status).toBe(422);
  expect(await log()).toEqual([]);
});

test("nobody changes themselves", async () => {
  const answer = await béatrice.post(`/staff/${BÉATRICE}`, { role: "auditor", lastDay: "" });
  expect(await readText(answer)).toContain("Vous ne pouvez pas changer votre propre accès");
  expect(await rowsOf("select role from person where id = 1")).toEqual([["bursar"]]);
});

test("the last bursar stays, whoever asks", async () => {
  await béatrice.post(`/staff/${AGNÈS}`, { role: "bursar", lastDay: "" });
  const agnès = await browse(stage, "agnes");
  await agnès.post(`/staff/${BÉATRICE}`, { role: "bursar", lastDay: "2026-11-22" });
  expect(await rowsOf("select ends_at > 0 from person where id = 1")).toEqual([[1]]);
  // Béatrice has gone; a page of hers that was left open asks for Agnès, the last one.
  const asked = { kind: "changeStaff", person: AGNÈS, role: "auditor", lastDay: "" } as const;
  const { runAct } = await import("#edge/people/acts.ts");
  expect(await runAct(stage.ledger, { ...asked, by: BÉATRICE, at: NOON })).toEqual({
    ok: false,
    reason: "last-bursar",
  });
});

test("a guardian does not become staff, and does not exist here", async () => {
  const answer = await béatrice.post(`/staff/${PAUL}`, { role: "bursar", lastDay: "" });
  expect(answer.status).toBe(404);
  expect(await rowsOf("select role from person where id = 2")).toEqual([["guardian"]]);
});

test("the auditor reads the list without a form; others find no such page", async () => {
  const odile = await browse(stage, "odile");
  const html = await (await odile.get("/staff")).text();
  expect(html).toContain("Agnès Collard");
  expect(html).not.toContain('action="/staff');
  expect((await odile.post("/staff", NEW)).status).toBe(404);
  expect((await (await browse(stage, "agnes")).get("/staff")).status).toBe(404);
  expect((await béatrice.get(`/staff/${AGNÈS}`)).status).toBe(405);
});
