// Goal: only who knows the password comes in, and a stolen form, a stolen table, a planted cookie or patient guessing do
// not help. Method: browsers against the whole app; what the database holds is read beside it.

import { beforeAll, expect, test } from "vitest";
import { textIn } from "#edge/ledger/row.ts";
import type { Stage } from "#sim/page-stage.ts";
import { NOON, PASSWORD, browse, openStage, readText } from "#sim/page-stage.ts";
import { isOurs } from "./return-to.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

const asPaul = { username: "paul", password: PASSWORD };

test("each comes to the first page of their role", async () => {
  const visitor = await browse(stage, undefined);
  const answer = await visitor.post("/log-in", { ...asPaul, username: " Paul " });
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/"]);
  expect((await visitor.get("/")).headers.get("location")).toBe("/children");
  const béatrice = await browse(stage, "beatrice");
  expect((await béatrice.get("/")).headers.get("location")).toBe("/bursar");
});

test.each([
  ["a wrong password", { username: "paul", password: PASSWORD + "!" }],
  ["an empty password", { username: "paul", password: "" }],
  ["a name nobody has", { username: "nobody", password: PASSWORD }],
  ["no name", { username: "", password: PASSWORD }],
  ["a name that is a question to the database", { username: "' or 1=1 --", password: PASSWORD }],
])("%s is refused with the same words and no cookie", async (_, form) => {
  const visitor = await browse(stage, undefined);
  const answer = await visitor.post("/log-in", form);
  expect(answer.status).toBe(422);
  expect(visitor.cookies.size).toBe(0);
  expect(await readText(answer)).toContain("Nom d’utilisateur ou mot de passe incorrect.");
});

test("a password alone does not let a bursar in: the code comes after it", async () => {
  const visitor = await browse(stage, undefined);
  const first = await visitor.post("/log-in", { username: "beatrice", password: PASSWORD });
  expect(first.headers.get("location")).toBe("/log-in/code");
  expect((await visitor.get("/bursar")).headers.get("location")).toBe("/log-in?to=%2Fbursar");
  const wrong = await visitor.post("/log-in/code", { code: "000000" });
  expect(wrong.status).toBe(422);
  expect((await visitor.get("/bursar")).status).toBe(303);
});

test("who wanted to go somewhere goes there after logging in", async () => {
  const visitor = await browse(stage, undefined);
  const asked = await visitor.get("/children/1");
  expect(asked.headers.get("location")).toBe("/log-in?to=%2Fchildren%2F1");
  const form = await (await visitor.get("/log-in?to=%2Fchildren%2F1")).text();
  expect(form).toContain('name="to" value="/children/1"');
  const answer = await visitor.post("/log-in", { ...asPaul, to: "/children/1" });
  expect(answer.headers.get("location")).toBe("/children/1");
});

test.each([
  "https://elsewhere.test",
  "//elsewhere.test",
  "/\\elsewhere.test",
  "/\t/elsewhere.test",
  "/\n/elsewhere.test",
  "/a\\..\\..\\elsewhere.test",
  "javascript:alert(1)",
  "",
])("logging in, or choosing a language, leads nowhere else: %j", async (to) => {
  expect(isOurs(to)).toBe(false);
  const visitor = await browse(stage, undefined);
  expect((await visitor.post("/log-in", { ...asPaul, to })).headers.get("location")).toBe("/");
  const spoken = await visitor.post("/language", { language: "nl", path: to });
  expect(spoken.headers.get("location")).toBe("/");
  await visitor.post("/language", { language: "fr", path: "/" });
});

test("the cookie is for this host, over https, out of reach of scripts", async () => {
  const visitor = await browse(stage, undefined);
  const answer = await visitor.post("/log-in", asPaul);
  const cookie = answer.headers.getSetCookie().find((one) => one.startsWith("__Host-obole="));
  for (const part of ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"])
    expect(cookie).toContain(part);
});

test("a copy of the table of sessions opens no door", async () => {
  await browse(stage, "paul");
  const { rows } = await stage.ledger.client.execute("select token from session");
  const thief = await browse(stage, undefined);
  for (const token of rows.map((row) => textIn(row, "token"))) {
    for (const value of [token, `${token}.`, `${token}.${"A".repeat(43)}=`]) {
      thief.cookies.set("__Host-obole", encodeURIComponent(value));
      expect((await thief.get("/children")).status).toBe(303);
    }
  }
});

test("a session planted before the log-in is not the one that the log-in opens", async () => {
  const thief = await browse(stage, "victor");
  const planted = thief.cookies.get("__Host-obole") ?? "";
  const victim = await browse(stage, undefined);
  victim.cookies.set("__Host-obole", planted);
  await victim.post("/log-in", asPaul);
  expect(victim.cookies.get("__Host-obole")).not.toBe(planted);
  expect((await thief.get("/children/1")).status).toBe(404);
});

test("logging out ends the session itself, not only the cookie", async () => {
  const paul = await browse(stage, "paul");
  const kept = new Map(paul.cookies);
  await paul.post("/log-out", {});
  expect(paul.cookies.has("__Host-obole")).toBe(false);
  for (const [name, value] of kept) paul.cookies.set(name, value);
  expect((await paul.get("/children")).status).toBe(303);
});

test("a bursar's session lasts a working day, a guardian's a month", async () => {
  const béatrice = await browse(stage, "beatrice");
  const paul = await browse(stage, "paul");
  stage.clock.now = NOON + 13 * 3600;
  expect((await béatrice.get("/bursar")).status).toBe(303);
  expect((await paul.get("/children")).status).toBe(200);
  stage.clock.now = NOON + 31 * 24 * 3600;
  expect((await paul.get("/children")).status).toBe(303);
  stage.clock.now = NOON;
});

test("who has left the school's staff is out at that moment", async () => {
  const paul = await browse(stage, "paul");
  const leave = "update person set ends_at = ? where username = 'paul'";
  await stage.ledger.client.execute({ sql: leave, args: [NOON] });
  expect((await paul.get("/children")).status).toBe(303);
  const again = await browse(stage, undefined);
  expect((await again.post("/log-in", asPaul)).status).toBe(422);
  await stage.ledger.client.execute({ sql: leave, args: [0] });
});

test("a form from another site is refused, whoever is logged in", async () => {
  const paul = await browse(stage, "paul");
  const answer = await stage.app.request("https://ecole.test/log-out", {
    method: "POST",
    headers: {
      origin: "https://elsewhere.test",
      "sec-fetch-site": "cross-site",
      cookie: [...paul.cookies].map((pair) => pair.join("=")).join("; "),
    },
    body: new URLSearchParams({}),
  });
  expect(answer.status).toBe(403);
  expect((await paul.get("/children")).status).toBe(200);
});

test("a flood of a thousand wrong passwords: from one address, then from a thousand", async () => {
  const phone = await browse(stage, "victor");
  const flood = await browse(stage, undefined);
  const wrong = { username: "victor", password: "azertyuiop" };
  let weighed = 0;
  for (let i = 0; i < 1000; i++)
    if ((await flood.post("/log-in", wrong, "198.51.100.7")).status === 422) weighed++;
  expect(weighed).toBe(8);
  const right = { username: "victor", password: PASSWORD };
  const elsewhere = await browse(stage, undefined);
  expect((await elsewhere.post("/log-in", right, "203.0.113.5")).status).toBe(303);

  for (let i = 0; i < 1000; i++) {
    const address = `203.0.${i >> 8}.${i & 255}`;
    if ((await flood.post("/log-in", wrong, address)).status === 422) weighed++;
  }
  expect(weighed).toBeLessThanOrEqual(60);
  // The owner: in a browser that he has used before, at once; in a new one, with a link by mail, also at once.
  await phone.post("/log-out", {});
  expect((await phone.post("/log-in", right, "198.51.100.7")).status).toBe(303);
  const stranger = await browse(stage, undefined);
  const refused = await stranger.post("/log-in", right, "192.0.2.44");
  expect([refused.status, await readText(refused)]).toEqual([
    429,
    expect.stringContaining("Demandez un lien par mail") as string,
  ]);
}, 120_000);
