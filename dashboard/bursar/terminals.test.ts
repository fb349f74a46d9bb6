// Goal: the bursar sees which terminal is quiet and what was set aside, and reads why in plain words.
// Method: a real terminal's messages, one of them broken in each way, through the school's intake.

import { beforeAll, expect, test } from "vitest";
import { fr } from "#dashboard/texts/fr.ts";
import type { Browser, Stage } from "#sim/page-stage.ts";
import { LINA, NOON, SOUP, browse, deliver, openStage, readText, tap } from "#sim/page-stage.ts";
import { sayMessage, sayToken, sayTokens } from "#sim/paper-terminal.ts";
import { reasonIn } from "./terminals.tsx";

let stage: Stage;
let béatrice: Browser;

beforeAll(async () => {
  stage = await openStage();
  béatrice = await browse(stage, "beatrice");
  await tap(stage, { kind: "purchase", student: LINA, lines: [SOUP] }, NOON - 120);
});

test("it shows when a terminal was last heard, what it holds back and where its journal stands", async () => {
  const backlog = { unsent: 3, oldest: NOON - 3600, sequence: 1, roster: 0, prices: 0, blocks: 0 };
  const status = sayMessage(stage.paper, { kind: "status", orders: 0, acked: 0, ...backlog });
  await deliver(stage, status, NOON - 60);
  const text = await readText(await béatrice.get("/terminals"));
  expect(text).toContain("Réfectoire Hors ligne");
  expect(text).toContain("Vu il y a 1 minute");
  expect(text).toContain("À envoyer 3 écritures");
  expect(text).toContain("Plus ancienne en attente il y a 1 heure");
  expect(text).toContain("Dernière écriture au registre 2 Époque 1");
});

test("entries that have just been booked are waiting no more", async () => {
  await tap(stage, { kind: "purchase", student: LINA, lines: [SOUP] }, NOON - 40);
  const text = await readText(await béatrice.get("/terminals"));
  expect(text).toContain("À envoyer 0 écritures Plus ancienne en attente rien");
});

test("a terminal that has been quiet for long is pointed out", async () => {
  stage.clock.now = NOON + 3600;
  expect(await readText(await béatrice.get("/terminals"))).toContain(fr.terminals.sinceLate);
  stage.clock.now = NOON;
});

test("what could not be booked is listed with its reason, and counted when it comes again", async () => {
  const { paper } = stage;
  const sealed = sayTokens(paper, [sayToken(paper, { kind: "close" }, NOON)]);
  const broken = { ...sealed, payload: sealed.payload.slice() };
  broken.payload[broken.payload.length - 1] = (broken.payload.at(-1) ?? 0) ^ 1;
  await deliver(stage, broken, NOON - 10);
  await deliver(stage, broken, NOON - 5);
  await deliver(stage, { ...sealed, topic: "obole/1/college-test/9/up" }, NOON);
  const text = await readText(await béatrice.get("/terminals"));
  expect(text).toContain(`${fr.terminals.reasons["bad-seal"]} bad-seal 2`);
  expect(text).toContain(`9 ${fr.terminals.reasons["wrong-terminal"]} wrong-terminal 1`);
});

test.each([
  ["malformed:too-long", fr.terminals.reasons.malformed],
  ["conflict", fr.terminals.reasons.conflict],
  ["a reason of tomorrow", fr.terminals.reasons.unknown],
  ["constructor", fr.terminals.reasons.unknown],
])("the reason %j has words", (reason, words) => {
  expect(reasonIn(reason, fr)).toBe(words);
});

test("it refuses a guardian, a visitor and a form", async () => {
  const paul = await browse(stage, "paul");
  expect((await paul.get("/terminals")).status).toBe(404);
  const visitor = await browse(stage, undefined);
  expect((await visitor.get("/terminals")).headers.get("location")).toMatch(/^\/log-in/);
  expect((await béatrice.post("/terminals", {})).status).toBe(405);
});
