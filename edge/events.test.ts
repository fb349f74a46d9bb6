// Goal: the bursar hears of every sale, a guardian of the own children's alone, a visitor of
// nothing. Method: the route with real sessions, on a stream of this test's own, so that the test
// says what happens.

import { beforeAll, expect, test } from "vitest";
import type { Stage as PageStage, Who } from "#sim/page-stage.ts";
import { LINA, ZOE, browse, openStage } from "#sim/page-stage.ts";
import type { SchoolEvent, Stage } from "./events.ts";
import { broadcast, openStream } from "./events.ts";
import { listen } from "./people/listen.ts";

let school: PageStage;
const stage: Stage = { listeners: new Set() };

beforeAll(async () => {
  school = await openStage();
  school.app.get(
    "/events",
    listen((_, query) => openStream(stage, new URLSearchParams(query).get("students"))),
  );
});

async function hear(who: Who): Promise<Response> {
  const browser = await browse(school, who);
  return browser.get("/events");
}

/** What arrives before the mark that is said last. */
async function heardBy(answer: Response): Promise<unknown[]> {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  const heard: SchoolEvent[] = [];
  for (let text = ""; ;) {
    const part = await reader?.read();
    if (!part || part.done) throw new Error("events: the stream ended");
    text += part.value;
    const lines = text.split("\n\n");
    text = lines.pop() ?? "";
    for (const line of lines)
      if (line.startsWith("data: ")) heard.push(JSON.parse(line.slice(6)) as SchoolEvent);
    if (heard.some((event) => "cents" in event && event.cents === MARK)) return heard;
  }
}

const MARK = 99;
const sale = (student: number, cents: number): SchoolEvent => ({
  kind: "purchase",
  terminal: 1,
  seq: 1,
  student,
  cents,
  outcome: "booked",
});

test("everybody hears what concerns them", async () => {
  const [bursar, paul] = [await hear("beatrice"), await hear("paul")];
  const said = [
    sale(ZOE, 100),
    { kind: "terminal", terminal: 1 } as const,
    sale(0, 120),
    sale(LINA, 150),
    sale(LINA, MARK),
  ];
  const heard = Promise.all([heardBy(bursar), heardBy(paul)]);
  for (const event of said) broadcast(stage, event);
  expect(await heard).toEqual([said, [sale(LINA, 150), sale(LINA, MARK)]]);
});

test("a guardian without children hears of no card, not even an unknown one", async () => {
  await school.ledger.client.execute("delete from guardianship where person = 2");
  const paul = await hear("paul");
  const listener = [...stage.listeners].at(-1);
  expect([...(listener?.students ?? [-1])]).toEqual([]);
  await paul.body?.cancel();
});

test("a visitor hears nothing", async () => {
  expect((await hear(undefined)).status).toBe(401);
});
