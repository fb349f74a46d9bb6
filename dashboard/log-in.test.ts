// Goal: only who knows the password comes in, and a stolen form, a stolen table or patient guessing do not help.
// Method: a browser against the whole app; what the database holds is read beside it.

import { beforeAll, expect, test } from "vitest";
import type { Stage } from "#sim/page-stage.ts";
import { NOON, PASSWORD, browse, openStage, readText } from "#sim/page-stage.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

const asBéatrice = { username: "beatrice", password: PASSWORD };

test("the bursar comes to her day, a guardian to the children", async () => {
  const visitor = await browse(stage, undefined);
  const answer = await visitor.post("/log-in", { ...asBéatrice, username: " Beatrice " });
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/bursar"]);
  const paul = await browse(stage, "paul");
  expect((await paul.get("/")).headers.get("location")).toBe("/children");
});

test.each([
  ["a wrong password", { username: "beatrice", password: PASSWORD + "!" }],
  ["an empty password", { username: "beatrice", password: "" }],
  ["a name nobody has", { username: "nobody", password: PASSWORD }],
])("%s is refused with the same words and no cookie", async (_, form) => {
  const visitor = await browse(stage, undefined);
  const answer = await visitor.post("/log-in", form);
  expect(answer.status).toBe(422);
  expect(visitor.cookies.size).toBe(0);
  expect(await readText(answer)).toContain("Nom d’utilisateur ou mot de passe incorrect.");
});

test("after eight wrong passwords even the right one must wait ten minutes", async () => {
  const visitor = await browse(stage, undefined);
  for (let i = 0; i < 8; i++) await visitor.post("/log-in", { username: "victor", password: "?" });
  const right = { username: "victor", password: PASSWORD };
  expect((await visitor.post("/log-in", right)).status).toBe(429);
  stage.clock.now = NOON + 600;
  expect((await visitor.post("/log-in", right)).status).toBe(303);
  stage.clock.now = NOON;
});

test("the cookie is for this host, over https, out of reach of scripts; the table holds only its hash", async () => {
  const visitor = await browse(stage, undefined);
  const answer = await visitor.post("/log-in", asBéatrice);
  const cookie = answer.headers.getSetCookie()[0] ?? "";
  for (const part of ["__Host-obole=", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"])
    expect(cookie).toContain(part);
  const token = visitor.cookies.get("__Host-obole") ?? "";
  const stored = await stage.ledger.client.execute("select hex(hash) as hash from session");
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  const expected = Buffer.from(digest).toString("hex").toUpperCase();
  expect(stored.rows.map((row) => row["hash"])).toContain(expected);
});

test("logging out ends the session itself, not only the cookie", async () => {
  const béatrice = await browse(stage, "beatrice");
  const kept = new Map(béatrice.cookies);
  await béatrice.post("/log-out", {});
  expect(béatrice.cookies.size).toBe(0);
  for (const [name, value] of kept) béatrice.cookies.set(name, value);
  expect((await béatrice.get("/bursar")).headers.get("location")).toBe("/log-in");
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

test("a form from another site is refused, whoever is logged in", async () => {
  const béatrice = await browse(stage, "beatrice");
  const answer = await stage.app.request("https://ecole.test/log-out", {
    method: "POST",
    headers: {
      origin: "https://elsewhere.test",
      "sec-fetch-site": "cross-site",
      "content-type": "application/x-www-form-urlencoded",
      cookie: [...béatrice.cookies].map((pair) => pair.join("=")).join("; "),
    },
  });
  expect(answer.status).toBe(403);
  expect(await readText(answer)).toContain("Rien n’a été enregistré");
  expect((await béatrice.get("/bursar")).status).toBe(200);
});

test("logging out and choosing a language are not done by following a link", async () => {
  const béatrice = await browse(stage, "beatrice");
  expect((await béatrice.get("/log-out")).status).toBe(405);
  expect((await béatrice.get("/language")).status).toBe(405);
});

test("a visitor reads the language of the browser, until one is chosen", async () => {
  const visitor = await browse(stage, undefined);
  const german = await stage.app.request("https://ecole.test/log-in", {
    headers: { "accept-language": "it,de-BE;q=0.8,fr;q=0.5" },
  });
  expect(await readText(german)).toContain("Anmeldung");
  await visitor.post("/language", { language: "nl", path: "/log-in" });
  expect(await readText(await visitor.get("/log-in"))).toContain("Aanmelden");
});

test("a person's choice of language is kept with the person", async () => {
  const paul = await browse(stage, "paul");
  const answer = await paul.post("/language", { language: "en", path: "/children" });
  expect(answer.headers.get("location")).toBe("/children");
  const elsewhere = await browse(stage, "paul");
  expect(await readText(await elsewhere.get("/children"))).toContain("My children");
});

test.each(["//elsewhere.test", "/\\elsewhere.test", "https://elsewhere.test", ""])(
  "the language form does not lead away to %j",
  async (path) => {
    const visitor = await browse(stage, undefined);
    const answer = await visitor.post("/language", { language: "fr", path });
    expect(answer.headers.get("location")).toBe("/");
  },
);
