// Goal: no name leaves the school. Method: a day on which everything goes wrong that may, with whatever the program would log
// caught and searched for everybody's names; the calls of log themselves, read as text; and what is published to a broker,
// searched as it travels.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { primitives } from "#edge/crypto.ts";
import { createVoice, tell } from "#edge/downlink.ts";
import { readSupplies, supplyMessages } from "#edge/supplies.ts";
import type { Bytes } from "#protocol/bytes.ts";
import { fromLatin1, toLatin1 } from "#protocol/bytes.ts";
import { deriveSealKeys, openSeal } from "#protocol/seal.ts";
import type { Stage } from "#sim/page-stage.ts";
import {
  CAST,
  LINA,
  NOON,
  ORIGIN,
  PASSWORD,
  SCHOOL,
  SEAL_SECRET,
  SOUP,
  browse,
  deliver,
  openStage,
  tap,
} from "#sim/page-stage.ts";

const SOURCES = import.meta.glob<string>(
  ["./**/*.ts", "../dashboard/**/*.{ts,tsx}", "!./**/*.test.ts", "!../dashboard/**/*.test.ts"],
  {
    query: "?raw",
    import: "default",
    eager: true,
  },
);
/** What a line of the log may say beside its event. */
const FIELDS =
  /^(at|event|path|error|reason|terminal|epoch|seq|first|last|day|parts|sent|mail|tries|version|code|resumed|retryMs)$/;

let said: string[];
let stage: Stage;

beforeEach(async () => {
  said = [];
  for (const way of ["log", "info", "warn", "error", "debug"] as const)
    vi.spyOn(console, way).mockImplementation((...words: unknown[]) => {
      said.push(words.map(String).join(" "));
    });
  stage = await openStage();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const NAMES = [
  ...CAST.flatMap(({ name, username }) => [...name.split(" "), username]),
  PASSWORD,
  "lina@ecole.test",
  "3B",
];

const noon = (): number => NOON * 1000;

function namesIn(text: string): string[] {
  return NAMES.filter((name) => text.toLowerCase().includes(name.toLowerCase()));
}

test("a bad day at school leaves numbers in the log, and no name", async () => {
  const béatrice = await browse(stage, "beatrice");
  const paul = await browse(stage, "paul");
  await béatrice.post("/log-in", { username: "paul", password: "Paul Lambert" });
  await béatrice.post("/staff", { name: "Lina", username: "lina", address: "x", role: "bursar" });
  await béatrice.post(`/students/${LINA}/erase`, { name: "Lina Lambert", reason: "Demande" });
  await paul.get("/children/2?name=Zoé");
  await tap(stage, { kind: "purchase", student: LINA, lines: [SOUP] }, NOON - 60);
  await deliver(
    stage,
    { topic: `obole/1/${SCHOOL}/1/up`, payload: fromLatin1("Lina Lambert") },
    NOON,
  );
  // A database that is not as it should be: what was asked of it stands in the message of the error.
  const visitor = await browse(stage, undefined);
  await stage.ledger.client.execute("alter table person rename column username to away");
  const asked = await visitor.post("/log-in", { username: "Lina Lambert", password: PASSWORD });
  expect(asked.status).toBe(500);
  await stage.ledger.client.execute("alter table person rename column away to username");
  await stage.ledger.client.execute("alter table student rename to student_away");
  expect((await paul.get("/children")).status).toBe(500);
  expect((await béatrice.get("/students?name=Lambert")).status).toBe(500);
  expect(said.filter((line) => line.includes("page-failed")).length).toBe(3);
  expect(said.filter((line) => namesIn(line).length)).toEqual([]);
});

test("the gateway's own refusals name terminals and reasons alone", async () => {
  const door = await stage.app.request(ORIGIN + "/office/terminals", {
    method: "POST",
    body: JSON.stringify({ name: "Lina Lambert" }),
  });
  expect(door.status).toBe(403);
  expect(said.some((line) => line.includes("office-refused"))).toBe(true);
  expect(said.filter((line) => namesIn(line).length)).toEqual([]);
});

test("every line of the log is made of an event and of fields that hold no name", () => {
  const calls = Object.entries(SOURCES).flatMap(([path, source]) =>
    [...source.matchAll(/\blog\(\s*("[a-z-]+"|\w+)\s*,\s*(\{[^}]*\}|[^)]*)\)/g)].map(
      ([, event = "", fields = ""]) => ({ path, event, fields }),
    ),
  );
  expect(calls.length).toBeGreaterThan(10);
  const wrong = calls.flatMap(({ path, event, fields }) =>
    fields
      .replace(/^\{|\}$/g, "")
      .split(",")
      .map((field) => field.trim().split(":")[0]?.trim() ?? "")
      .filter((name) => name && !FIELDS.test(name))
      .map((name) => `${path} ${event} ${name}`),
  );
  expect(wrong).toEqual([]);
});

test("nothing but log.ts and the page of a fault writes to the console", () => {
  const writers = Object.entries(SOURCES)
    .filter(([, source]) => /\bconsole\.\w+\(/.test(source))
    .map(([path]) => path);
  expect(writers.toSorted()).toEqual(["../dashboard/error.tsx", "./log.ts"]);
});

test("what is published for terminals holds no name that a broker could read", async () => {
  const published: { topic: string; payload: Bytes }[] = [];
  const publish = (topic: string, payload: Bytes) => void published.push({ topic, payload });
  const voice = createVoice({
    school: SCHOOL,
    secret: SEAL_SECRET,
    primitives,
    publish,
    now: noon,
  });
  const till = JSON.stringify({ language: "fr", soup: 0, keys: [], graceCents: 0 });
  await stage.ledger.client.execute({ sql: "update terminal set till = ?", args: [till] });
  const supplies = await readSupplies(stage.ledger.client, NOON * 1000);
  const held = { roster: 0, blocks: 0, prices: 0, orders: 0 };
  for (const message of supplyMessages(supplies, 1, held)) tell(voice, 1, 1, message);
  expect(published.length).toBeGreaterThan(2);
  const air = published.map(({ topic, payload }) => topic + toLatin1(payload)).join("\n");
  expect(namesIn(air).filter((name) => name !== "3B")).toEqual([]);
  // The same search finds the name once the seal is opened, so it would have found it.
  const keys = deriveSealKeys(primitives, SEAL_SECRET, SCHOOL, 1, 1, "down");
  const opened = published.map(({ payload }) => {
    const one = openSeal(primitives, keys, payload);
    return one.ok ? toLatin1(one.message) : "";
  });
  expect(opened.join("\n")).toContain("Lina Lambert");
});
