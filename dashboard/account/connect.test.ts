// Goal: everybody gets in without anybody's help, once with each link, and nobody learns who has an account. Method:
// browsers against the whole app; the mails are read where the school's outbox keeps them.

import { beforeEach, expect, test } from "vitest";
import { textIn } from "#edge/ledger/row.ts";
import { codeOf } from "#sim/accounts.ts";
import type { Stage } from "#sim/page-stage.ts";
import { PASSWORD, browse, openStage, readText } from "#sim/page-stage.ts";

const CHOSEN = "quatre moutons violets dansent";
const DAY = 24 * 3600;
let stage: Stage;

beforeEach(async () => {
  // better-auth has a clock of its own.
  stage = await openStage(Math.floor(Date.now() / 1000));
});

/** The links in the mails queued since, the newest last. */
async function links(): Promise<string[]> {
  const { rows } = await stage.ledger.client.execute(
    "select body from mail order by queued_at, rowid",
  );
  return rows.flatMap((row) =>
    [...textIn(row, "body").matchAll(/https:\/\/ecole\.test(\/connect\/[0-9A-Z-]+)/g)].map(
      (one) => one[1] ?? "",
    ),
  );
}

async function askFor(who: string): Promise<string> {
  const visitor = await browse(stage, undefined);
  return readText(await visitor.post("/recover", { who }));
}

test("a forgotten password: the link in the mail chooses a new one and leads in; old devices are out", async () => {
  const old = await browse(stage, "paul");
  await askFor("Paul");
  const [link = ""] = await links();
  const phone = await browse(stage, undefined);
  const form = await readText(await phone.get(link));
  expect(form).toContain("Bienvenue, Paul Lambert");
  const answer = await phone.post(link, { password: CHOSEN });
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/"]);
  expect((await phone.get("/children")).status).toBe(200);
  expect((await old.get("/children")).status).toBe(303);
  const again = await browse(stage, undefined);
  expect((await again.post("/log-in", { username: "paul", password: PASSWORD })).status).toBe(422);
  expect((await again.post("/log-in", { username: "paul", password: CHOSEN })).status).toBe(303);
});

test("opening a link spends nothing, choosing a password spends it and all others", async () => {
  await askFor("paul");
  await askFor("paul");
  const [first = "", second = ""] = await links();
  const visitor = await browse(stage, undefined);
  for (let i = 0; i < 3; i++) expect((await visitor.get(first)).status).toBe(200);
  await visitor.post(first, { password: CHOSEN });
  for (const link of [first, second]) {
    const dead = await visitor.get(link);
    expect([dead.status, await readText(dead)]).toEqual([
      404,
      expect.stringContaining("Ce lien a déjà servi") as string,
    ]);
    expect((await visitor.post(link, { password: CHOSEN + "!" })).status).toBe(404);
  }
});

test("two at once with one link: one of them", async () => {
  await askFor("paul");
  const [link = ""] = await links();
  const both = await Promise.all([browse(stage, undefined), browse(stage, undefined)]);
  const answers = await Promise.all(
    both.map((one, i) => one.post(link, { password: `${CHOSEN} ${i}` })),
  );
  expect(answers.map((one) => one.status).toSorted((a, b) => a - b)).toEqual([303, 404]);
});

test("after fourteen days the page says so, and a button sends a new one", async () => {
  await askFor("paul");
  const [link = ""] = await links();
  stage.clock.now += 14 * DAY;
  const visitor = await browse(stage, undefined);
  const dead = await visitor.get(link);
  expect(await readText(dead)).toContain("Ce lien a expiré");
  expect(await readText(await visitor.post(link + "/again", {}))).toContain("Un nouveau mail");
  const fresh = (await links()).at(-1) ?? "";
  expect(fresh).not.toBe(link);
  expect((await visitor.post(fresh, { password: CHOSEN })).status).toBe(303);
});

test("a link that was cut, and one that nobody was given, are told what to do", async () => {
  const visitor = await browse(stage, undefined);
  for (const link of ["/connect/K7QD", "/connect/0000-0000-0000-0000-0000"]) {
    const dead = await visitor.get(link);
    expect([dead.status, await readText(dead)]).toEqual([
      404,
      expect.stringContaining("Copiez-le en entier") as string,
    ]);
    expect((await visitor.post(link, { password: CHOSEN })).status).toBe(404);
    expect((await visitor.post(link + "/again", {})).status).toBe(422);
  }
});

test("the code of a letter may be typed as it is read: small letters, no dashes, O for 0", async () => {
  await askFor("paul");
  const code = ((await links())[0] ?? "").replace("/connect/", "");
  const typed = code.toLowerCase().replaceAll("-", " ").replaceAll("0", "o");
  const visitor = await browse(stage, undefined);
  const answer = await visitor.post("/first", { code: typed });
  const page = await visitor.get(answer.headers.get("location") ?? "");
  expect(await readText(page)).toContain("Bienvenue, Paul Lambert");
});

test("a forgotten username: the mail to an address names everybody who shares it", async () => {
  await stage.ledger.client.execute(
    "update person set address = 'famille@maison.example' where username in('paul', 'victor')",
  );
  await askFor(" Famille@maison.example ");
  const { rows } = await stage.ledger.client.execute("select address, body from mail");
  expect(rows).toHaveLength(1);
  expect(textIn(rows[0], "address")).toBe("famille@maison.example");
  expect(textIn(rows[0], "body")).toMatch(/paul[\s\S]*victor/);
  expect(await links()).toHaveLength(2);
});

test("the answer is the same for a name and for none", async () => {
  const [known, unknown] = [await askFor("paul"), await askFor("personne@ailleurs.example")];
  expect(known).toBe(unknown);
});

test("nobody's mailbox is flooded, and what was mailed before keeps working", async () => {
  for (let i = 0; i < 12; i++) await askFor("paul");
  const all = await links();
  expect(all).toHaveLength(3);
  stage.clock.now += 3601;
  await askFor("paul");
  expect(await links()).toHaveLength(4);
  const visitor = await browse(stage, undefined);
  expect((await visitor.post(all[0] ?? "", { password: CHOSEN })).status).toBe(303);
});

test("who has no address is sent nothing", async () => {
  await stage.ledger.client.execute("update person set address = '' where username = 'paul'");
  await askFor("paul");
  await askFor("");
  expect(await links()).toEqual([]);
});

test.each([
  ["court", "trop court"],
  ["paul.lambert1", "deviné trop vite"],
  ["Motdepasse2026", "deviné trop vite"],
  ["aaaaaaaaaaaa", "deviné trop vite"],
  ["x".repeat(200), "trop long"],
])(
  "the password %s is refused with the reason, and the link is not spent",
  async (password, why) => {
    await askFor("paul");
    const [link = ""] = await links();
    const visitor = await browse(stage, undefined);
    const answer = await visitor.post(link, { password });
    expect([answer.status, await readText(answer)]).toEqual([422, expect.stringContaining(why)]);
    expect((await visitor.post(link, { password: CHOSEN })).status).toBe(303);
  },
);

test("a link does not replace a bursar's second factor", async () => {
  await askFor("beatrice");
  const [link = ""] = await links();
  const thief = await browse(stage, undefined);
  expect((await thief.post(link + "/come-in", {})).status).toBe(422);
  const answer = await thief.post(link, { password: CHOSEN });
  expect(answer.headers.get("location")).toBe("/log-in/code");
  expect((await thief.get("/bursar")).status).toBe(303);
  const code = await codeOf("un secret d'authentificateur");
  expect((await thief.post("/log-in/code", { code })).status).toBe(303);
  expect((await thief.get("/bursar")).status).toBe(200);
});

test("a link alone lets a guardian in, to add a passkey", async () => {
  await askFor("paul");
  const [link = ""] = await links();
  const visitor = await browse(stage, undefined);
  const answer = await visitor.post(link + "/come-in", {});
  expect(answer.headers.get("location")).toBe("/account#passkeys");
  expect(await readText(await visitor.get("/account"))).toContain("lien reçu");
});
