// Goal: everybody keeps their own account in order, and nobody another's. Method: browsers against the whole app.

import { beforeEach, expect, test } from "vitest";
import { numberIn } from "#edge/ledger/row.ts";
import { codeOf, secretIn } from "#sim/accounts.ts";
import type { Browser, Stage } from "#sim/page-stage.ts";
import { PASSWORD, browse, openStage, readText } from "#sim/page-stage.ts";

const CHOSEN = "quatre moutons violets dansent";
let stage: Stage;

beforeEach(async () => {
  stage = await openStage(Math.floor(Date.now() / 1000));
});

test("the devices that are logged in are listed, and each can be ended", async () => {
  const [here, phone] = [await browse(stage, "paul"), await browse(stage, "paul")];
  const text = await readText(await here.get("/account"));
  expect(text).toContain("cet appareil");
  const { rows } = await stage.ledger.client.execute(
    "select id from session where user_id = 2 order by id",
  );
  expect(rows).toHaveLength(2);
  await here.post(`/account/sessions/${numberIn(rows[1], "id")}/end`, {});
  expect((await phone.get("/children")).status).toBe(303);
  expect((await here.get("/children")).status).toBe(200);
});

test("all others at once", async () => {
  const phones = await Promise.all([browse(stage, "paul"), browse(stage, "paul")]);
  const here = await browse(stage, "paul");
  const other = await browse(stage, "victor");
  await here.post("/account/sessions/end-others", {});
  for (const phone of phones) expect((await phone.get("/children")).status).toBe(303);
  expect((await here.get("/children")).status).toBe(200);
  expect((await other.get("/children")).status).toBe(200);
});

test("nobody ends somebody else's session", async () => {
  const victor = await browse(stage, "victor");
  const paul = await browse(stage, "paul");
  const { rows } = await stage.ledger.client.execute("select id from session where user_id = 3");
  const path = `/account/sessions/${numberIn(rows[0], "id")}/end`;
  expect((await paul.post(path, {})).status).toBe(404);
  expect((await victor.get("/children")).status).toBe(200);
});

test("a new password needs the old one, and ends the other devices", async () => {
  const [here, phone] = [await browse(stage, "paul"), await browse(stage, "paul")];
  const wrong = await here.post("/account/password", { old: "?", password: CHOSEN });
  expect([wrong.status, await readText(wrong)]).toEqual([
    422,
    expect.stringContaining("n’est pas le bon") as string,
  ]);
  const easy = await here.post("/account/password", { old: PASSWORD, password: "paul lambert" });
  expect(easy.status).toBe(422);
  expect((await here.post("/account/password", { old: PASSWORD, password: CHOSEN })).status).toBe(
    303,
  );
  expect((await here.get("/children")).status).toBe(200);
  expect((await phone.get("/children")).status).toBe(303);
});

/** Sets up codes as a person does: password, the key from the page, the first code. */
async function setUp(browser: Browser): Promise<string[]> {
  const started = await browser.post("/account/second-factor", { password: PASSWORD });
  const html = await started.text();
  const uri = /name="uri" value="([^"]+)"/.exec(html)?.[1]?.replaceAll("&amp;", "&") ?? "";
  const code = await codeOf(secretIn(uri));
  const confirmed = await browser.post("/account/second-factor/confirm", { code });
  expect(confirmed.headers.get("location")).toBe("/account?done=codes");
  return /name="codes" value="([^"]+)"/.exec(html)?.[1]?.split(" ") ?? [];
}

test("codes from an authenticator: set up, asked for at the next log-in, replaced once by a recovery code", async () => {
  const paul = await browse(stage, "paul");
  const recovery = await setUp(paul);
  expect(recovery).toHaveLength(10);
  const phone = await browse(stage, undefined);
  const first = await phone.post("/log-in", { username: "paul", password: PASSWORD });
  expect(first.headers.get("location")).toBe("/log-in/code");
  const [code = ""] = recovery;
  expect((await phone.post("/log-in/code", { code })).status).toBe(303);
  expect((await phone.get("/children")).status).toBe(200);
  await phone.post("/log-out", {});
  await phone.post("/log-in", { username: "paul", password: PASSWORD });
  expect((await phone.post("/log-in/code", { code })).status).toBe(422);
});

test("new recovery codes make the old ones worthless", async () => {
  const paul = await browse(stage, "paul");
  const [old = ""] = await setUp(paul);
  const made = await paul.post("/account/recovery-codes", { password: PASSWORD });
  const codes = [...(await made.text()).matchAll(/<code>([^<]+)<\/code>/g)].map((one) => one[1]);
  expect(codes).toHaveLength(10);
  expect(codes).not.toContain(old);
  const phone = await browse(stage, undefined);
  await phone.post("/log-in", { username: "paul", password: PASSWORD });
  expect((await phone.post("/log-in/code", { code: old })).status).toBe(422);
  expect((await phone.post("/log-in/code", { code: codes[0] ?? "" })).status).toBe(303);
});

test("a bursar without a second factor is led to set one up, and sees nothing before", async () => {
  const { client } = stage.ledger;
  await client.batch(
    ["delete from two_factor", "update person set two_factor_enabled = 0 where id = 1"],
    "write",
  );
  const béatrice = await browse(stage, undefined);
  await béatrice.post("/log-in", { username: "beatrice", password: PASSWORD });
  for (const path of ["/bursar", "/students/1", "/account", "/outbox"])
    expect((await béatrice.get(path)).headers.get("location")).toBe("/account/second-factor");
  await setUp(béatrice);
  expect((await béatrice.get("/bursar")).status).toBe(200);
});

test("whoever stole a bursar's password cannot put a factor of their own beside her passkey", async () => {
  const { client } = stage.ledger;
  await client.batch(
    [
      "delete from two_factor",
      "update person set two_factor_enabled = 0 where id = 1",
      `insert into passkey(user_id, public_key, credential_id, counter, device_type, backed_up)
        values(1, 'key', 'credential', 0, 'singleDevice', 0)`,
    ],
    "write",
  );
  const thief = await browse(stage, undefined);
  await thief.post("/log-in", { username: "beatrice", password: PASSWORD });
  const page = await thief.post("/account/second-factor", { password: PASSWORD });
  expect(await readText(page)).toContain("utilisez-la pour continuer");
  expect((await client.execute("select * from two_factor")).rows).toEqual([]);
  expect((await thief.post("/account/passkeys/challenge", {})).headers.get("location")).toBe(
    "/account/second-factor",
  );
});
