// Goal: whoever wants to know what the school stores reads it in one page and in their own language, without an account.
// Method: the page as a visitor gets it, held against the list that the daily clearing uses.

import { beforeAll, expect, test } from "vitest";
import { MATTERS } from "#edge/people/stored.ts";
import type { Stage } from "#sim/page-stage.ts";
import { ORIGIN, browse, openStage, readText } from "#sim/page-stage.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

test.each([
  ["fr", "Vie privée", "365 jours", "Allergènes signalés par la famille"],
  ["nl", "Privacy", "365 dagen", "Allergenen die de familie heeft gemeld"],
  ["de", "Datenschutz", "365 Tage", "Allergene, die die Familie gemeldet hat"],
  ["en", "Your data", "365 days", "Allergens that the family has told the school"],
])("in %s it tells everything", async (language, ...words) => {
  const answer = await stage.app.request(ORIGIN + "/privacy", {
    headers: { "accept-language": language },
  });
  const html = await answer.clone().text();
  expect(html.match(/<th scope="row">/g)?.length).toBe(Object.keys(MATTERS).length);
  const text = await readText(answer);
  for (const word of words) expect(text).toContain(word);
});

test("every page leads there, and it leads to one's own data", async () => {
  const visitor = await browse(stage, undefined);
  expect(await (await visitor.get("/log-in")).text()).toContain('href="/privacy"');
  expect(await (await visitor.get("/privacy")).text()).not.toContain("/my-data");
  const paul = await browse(stage, "paul");
  expect(await (await paul.get("/privacy")).text()).toContain('href="/my-data"');
});

test("allergens are for the kitchen, terminals and the family, as the page says", () => {
  expect(MATTERS.health.seenBy).toEqual(["kitchen", "guardian", "student", "terminal"]);
});

test("it refuses a form", async () => {
  expect((await (await browse(stage, "paul")).post("/privacy", {})).status).toBe(405);
});
