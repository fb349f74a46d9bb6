// Goal: everybody can have all that is stored about them, and in it nothing of anybody else. Method: a family and a school that
// have left traces in every table; each asks for the file.

import { beforeAll, expect, test } from "vitest";
import { audit } from "#edge/people/audit.ts";
import type { OwnFile } from "#edge/reads/privacy.ts";
import type { Stage, Who } from "#sim/page-stage.ts";
import { LINA, NOON, SOUP, browse, openStage, readText, tap } from "#sim/page-stage.ts";

const PAUL = 2;

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
  await tap(stage, { kind: "purchase", student: LINA, lines: [SOUP] }, NOON - 60);
  await stage.ledger.client.batch(
    [
      "update person set address = 'paul@lambert.test' where id = 2",
      "insert into guardianship values(3, 1)",
      "update student set allergens = 128 where id = 1",
      `insert into mail(id, address, subject, body, queued_at)
        values('1', 'paul@lambert.test', 'Bienvenue', 'Bonjour Paul', 0)`,
      `insert into pre_order(id, student, day, lines) values(1, 1, 20000, '[[1,1]]')`,
      audit({
        author: 1,
        at: NOON,
        action: "test.do",
        subject: "student/1",
        after: { guardian: "Victor Peeters" },
        reason: "Victor a téléphoné",
      }),
    ],
    "write",
  );
});

async function fileOf(who: Who, path: string): Promise<OwnFile> {
  const answer = await (await browse(stage, who)).get(path + "?file=json");
  expect(answer.headers.get("content-disposition")).toContain("attachment");
  return answer.json();
}
const tablesIn = (file: OwnFile) => file.tables.map(({ table }) => table);
const rowsIn = (file: OwnFile, name: string) =>
  file.tables.find(({ table }) => table === name)?.rows ?? [];

test("Paul's own file: his account, his sessions, his mail, and no secret", async () => {
  const file = await fileOf("paul", "/my-data");
  expect(file).toMatchObject({ format: "obole/person/1", school: "Collège Test" });
  expect(tablesIn(file)).toEqual(["person", "session", "credential", "guardianship", "mail"]);
  expect(rowsIn(file, "person")).toMatchObject([{ id: PAUL, name: "Paul Lambert" }]);
  expect(rowsIn(file, "credential")[0]).not.toHaveProperty("password");
  expect(rowsIn(file, "session")[0]).not.toHaveProperty("token");
  expect(JSON.stringify(file)).not.toMatch(/Victor|Zoé|Béatrice/);
});

test("the file of his child: everything of Lina, and not what the other guardian did", async () => {
  const file = await fileOf("paul", `/children/${LINA}/data`);
  expect(tablesIn(file)).toEqual([
    "student",
    "guardianship",
    "enrolment",
    "card",
    "card_event",
    "pre_order",
    "account",
    "entry",
    "transfer",
    "command",
    "audit",
  ]);
  expect(rowsIn(file, "student")).toMatchObject([{ first_name: "Lina", allergens: 128 }]);
  expect(rowsIn(file, "transfer").length).toBe(2);
  expect(rowsIn(file, "card")).toMatchObject([{ uid: "04a1b2c3d4e5f6" }]);
  expect(JSON.stringify(file)).not.toMatch(/Victor|beatrice|person"/);
});

test("a student's own file is of the account and of the student", async () => {
  const file = await fileOf("lina", "/my-data");
  expect(tablesIn(file)).toEqual(expect.arrayContaining(["person", "student", "entry"]));
  expect(JSON.stringify(file)).not.toMatch(/Victor|Zoé/);
});

test("the bursar's copy is whole", async () => {
  const file = await fileOf("beatrice", `/students/${LINA}/data`);
  expect(JSON.stringify(rowsIn(file, "audit"))).toContain("Victor a téléphoné");
  expect(rowsIn(file, "command")).toMatchObject([{ author: "beatrice" }]);
  const person = await fileOf("beatrice", `/people/${PAUL}/data`);
  expect(rowsIn(person, "mail").map((row) => row["body"])).toContain("Bonjour Paul");
});

test("the page shows the same, readable", async () => {
  const text = await readText(await (await browse(stage, "paul")).get(`/children/${LINA}/data`));
  expect(text).toContain("Données de Lina Lambert");
  expect(text).toContain("Solde, achats, versements, réserves aux terminaux 2 lignes transfer");
});

test("nobody has another's file", async () => {
  const victor = await browse(stage, "victor");
  await stage.ledger.client.execute("delete from guardianship where person = 3 and student = 1");
  expect((await victor.get(`/children/${LINA}/data`)).status).toBe(404);
  for (const path of [`/students/${LINA}/data`, `/people/${PAUL}/data`])
    for (const who of ["agnes", "odile", "paul", "lina"] as const)
      expect([who, (await (await browse(stage, who)).get(path)).status]).toEqual([who, 404]);
  expect((await (await browse(stage, "beatrice")).get("/people/999/data")).status).toBe(404);
  expect((await (await browse(stage, "paul")).post("/my-data", {})).status).toBe(405);
});
