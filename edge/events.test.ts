// Goal: the bursar hears of every sale, a guardian of the own children's alone, a visitor of
// nothing. Method: the route with real sessions, on a stream of this test's own, so that the test
// says what happens.

import { beforeAll, expect, test } from "vitest";
import type { Stage as PageStage, Who } from "#sim/page-stage.ts";
import { LINA, ZOE, browse, openStage } from "#sim/page-stage.ts";
import type { SchoolEvent } from "./events.ts";
import { broadcast } from "./events.ts";

let school: PageStage;

beforeAll(async () => {
  school = await openStage();
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
const TERMINAL: SchoolEvent = { kind: "terminal", terminal: 1 };

test.each<[Who, SchoolEvent[]]>([
  ["beatrice", [sale(ZOE, 100), TERMINAL, sale(0, 120), sale(LINA, 150)]],
  ["odile", [sale(ZOE, 100), TERMINAL, sale(0, 120), sale(LINA, 150)]],
  ["agnes", [sale(ZOE, 100), TERMINAL, sale(0, 120), sale(LINA, 150)]],
  ["paul", [sale(LINA, 150)]],
  ["lina", [sale(LINA, 150)]],
])("%s hears what is theirs to know, and nothing else", async (who, expected) => {
  const answer = await hear(who);
  const heard = heardBy(answer);
  for (const event of [sale(ZOE, 100), TERMINAL, sale(0, 120), sale(LINA, 150), sale(LINA, MARK)])
    broadcast(school.events, event);
  expect(await heard).toEqual([...expected, sale(LINA, MARK)]);
});

test("a counter hears that terminals have spoken, and of no student", async () => {
  const sophie = await hear("sophie");
  const reader = sophie.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (const event of [sale(LINA, 150), TERMINAL]) broadcast(school.events, event);
  const said = [(await reader?.read())?.value, (await reader?.read())?.value];
  expect(said).toEqual(["retry: 1000\n\n", `data: ${JSON.stringify(TERMINAL)}\n\n`]);
});

test("a guardian without children hears of no card, not even an unknown one", async () => {
  await school.ledger.client.execute("delete from guardianship where person = 2");
  const paul = await hear("paul");
  const listener = [...school.events.listeners].at(-1);
  expect([...(listener?.students ?? [-1])]).toEqual([]);
  await paul.body?.cancel();
});

test("a visitor and the kitchen hear nothing", async () => {
  expect((await hear(undefined)).status).toBe(401);
  expect((await hear("karim")).status).toBe(403);
});
