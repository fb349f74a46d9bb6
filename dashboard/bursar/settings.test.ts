// Goal: the bursar sets when counters close and who keeps the heads, and nothing else can be slipped into either.
// Method: the forms as a browser sends them; the rows as the gateway reads them.

import { beforeEach, expect, test } from "vitest";
import type { Browser, Stage } from "#sim/page-stage.ts";
import { browse, openStage, readText } from "#sim/page-stage.ts";

let stage: Stage;
let béatrice: Browser;

beforeEach(async () => {
  stage = await openStage();
  béatrice = await browse(stage, "beatrice");
});

const rowsOf = async (sql: string): Promise<unknown[]> =>
  (await stage.ledger.client.execute(sql)).rows.map((row) => Object.values({ ...row }));
const closesAt = () => rowsOf("select closes_at from school");
const committee = () => rowsOf("select address, language from committee order by address");

test("the closing time is shown and set", async () => {
  expect(await (await béatrice.get("/settings")).text()).toContain('value="18:00"');
  expect((await béatrice.post("/settings/closing", { closesAt: "16:45" })).status).toBe(303);
  expect(await closesAt()).toEqual([[16 * 60 + 45]]);
  expect(await (await béatrice.get("/settings")).text()).toContain('value="16:45"');
});

test.each(["24:00", "12:60", "midi", "", "-1:00", "12:00:00"])(
  "%j is no time of the day",
  async (closesAtText) => {
    const answer = await béatrice.post("/settings/closing", { closesAt: closesAtText });
    expect(answer.status).toBe(422);
    expect(await readText(answer)).toContain("Cette heure n’existe pas");
    expect(await closesAt()).toEqual([[18 * 60]]);
  },
);

test("an address is added, its language changed, and it is taken away", async () => {
  const keeper = { address: "parents@ecole.test", language: "nl" };
  await béatrice.post("/settings/keepers", keeper);
  await béatrice.post("/settings/keepers", keeper);
  expect(await committee()).toEqual([["parents@ecole.test", "nl"]]);
  await béatrice.post("/settings/keepers", { ...keeper, language: "de" });
  expect(await committee()).toEqual([["parents@ecole.test", "de"]]);
  expect(await readText(await béatrice.get("/settings"))).toContain("parents@ecole.test");
  await béatrice.post("/settings/keepers/remove", keeper);
  expect(await committee()).toEqual([]);
});

test.each([
  "nobody",
  "two@ecole.test,more@ecole.test",
  "a@ecole.test\r\nBcc: all@ecole.test",
  "<a@ecole.test>",
  "a@ecole",
  `${"a".repeat(250)}@ecole.test`,
])("%j is no address", async (address) => {
  const answer = await béatrice.post("/settings/keepers", { address, language: "fr" });
  expect(answer.status).toBe(422);
  expect(await readText(answer)).toContain("Cette adresse");
  expect(await committee()).toEqual([]);
});
