// Goal: anybody can see the school's heads and keep one; its mail is for the bursar. Method: the pages, as a visitor, as
// the bursar and as a parent.

import { beforeAll, expect, test } from "vitest";
import { publishHead } from "#edge/heads.ts";
import { readHead } from "#edge/ledger/ledger.ts";
import { toHex } from "#protocol/bytes.ts";
import type { Stage } from "#sim/page-stage.ts";
import { NOON, browse, openStage, readText } from "#sim/page-stage.ts";

let stage: Stage;
let hash = "";

beforeAll(async () => {
  stage = await openStage();
  await stage.ledger.client.execute("insert into committee values('comite@ecole.test', 'fr')");
  await publishHead(stage.ledger, (NOON + 13 * 3600) * 1000);
  hash = toHex((await readHead(stage.ledger)).hash);
});

test("a visitor reads the head of now, and those that were published", async () => {
  const visitor = await browse(stage, undefined);
  const text = await readText(await visitor.get("/heads"));
  expect(text).toContain(`À cet instant, bloc 1 : ${hash}`);
  expect(text).toContain(`23 nov. 2026 bloc 1 ${hash}`);
});

test("it is a page to look at, not a form", async () => {
  const visitor = await browse(stage, undefined);
  expect((await visitor.post("/heads", {})).status).toBe(405);
});

test("the bursar reads the mail that went with it, a parent does not", async () => {
  const béatrice = await browse(stage, "beatrice");
  const text = await readText(await béatrice.get("/outbox"));
  expect(text).toContain("comite@ecole.test attend");
  expect(text).toContain(`npm run verify -- COPIE --head ${hash}`);
  const paul = await browse(stage, "paul");
  expect((await paul.get("/outbox")).status).toBe(404);
});
