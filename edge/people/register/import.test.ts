// Goal: a file imported twice is imported once, whatever the order of its lines, and nothing is done that was not shown
// and ticked. Method: made-up families go through the acts into a real sqld, in two orders, and the tables are compared.

import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { Ledger } from "#edge/ledger/ledger.ts";
import { checkLedger } from "#sim/check-ledger.ts";
import type { Stage } from "#sim/page-stage.ts";
import { openStage } from "#sim/page-stage.ts";
import type { Act } from "../acts.ts";
import { runAct } from "../acts.ts";
import { readPreview } from "./imports.ts";

const BÉATRICE = 1;
const YEAR = 2026;
const HEADERS = "Matricule;Nom;Prénom;Classe";

const bytesOf = (text: string) => new TextEncoder().encode(text);
/** A family: children, and guardians who may have an address. */
const FAMILY = fc.record({
  children: fc.array(fc.constantFrom("Léa", "Tom", "Zoé"), { minLength: 1, maxLength: 3 }),
  guardians: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom("Paul", "Anne", "Marc", "Rita"),
      hasAddress: fc.boolean(),
    }),
    { maxLength: 4, selector: ({ name }) => name },
  ),
});
type Family = { children: string[]; guardians: { name: string; hasAddress: boolean }[] };

const COLUMNS = [1, 2, 3, 4].map((n) => `Nom parent ${n};Prénom parent ${n};E-mail parent ${n}`);

function linesOf(families: Family[]): string[] {
  return families.flatMap(({ children, guardians }, family) =>
    children.map((child, index) => {
      const cells = guardians.map(({ name, hasAddress }) =>
        ["Dupont", name, hasAddress ? `${name}.${family}@test.be` : ""].join(";"),
      );
      while (cells.length < 4) cells.push(";;");
      const own = `${family}-${index};Dupont${family}-${index};${child};${1 + index}A`;
      return `${own};${cells.join(";")}`;
    }),
  );
}

/** Of everything in the file, and nobody ticked. */
function confirmation(plan: string) {
  const ticked: { leavers: number[]; unlinks: [number, number][] } = { leavers: [], unlinks: [] };
  return { kind: "confirmImport" as const, plan, ...ticked };
}

let turn = 0;

async function importLines(ledger: Ledger, lines: string[]) {
  const id = `import-${++turn}`;
  const content = bytesOf([`${HEADERS};${COLUMNS.join(";")}`, ...lines].join("\n"));
  const asked = { by: BÉATRICE, at: 1795431600, import: id };
  await runAct(ledger, { ...asked, kind: "stageImport", name: "a.csv", year: YEAR, content });
  const shown = await readPreview(ledger.client, id);
  if (!shown) throw new Error("the import is not there");
  const { plan, fingerprint } = shown;
  const confirm = confirmation(fingerprint);
  expect(await runAct(ledger, { ...asked, ...confirm })).toEqual({ ok: true });
  return plan;
}

/** Who is there and who answers for whom, by what a school knows of them. */
async function rollOf(ledger: Ledger): Promise<unknown[][]> {
  const found = await ledger.client.batch([
    `select s.number, s.last_name, s.first_name, s.class, a.kind, a.ref = s.id from student s
      join account a on a.id = s.account order by s.number, s.id`,
    "select username, name, address from person order by username",
    `select s.number, p.username from guardianship g join student s on s.id = g.student
      join person p on p.id = g.person order by 1, 2`,
    "select s.number, e.year, e.class from enrolment e join student s on s.id = e.student order by 1, 2",
  ]);
  return found.map(({ rows }) => rows.map((row) => Object.values({ ...row })));
}

test("twice is once, in any order of the lines", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(FAMILY, { minLength: 1, maxLength: 4 }),
      fc.infiniteStream(fc.nat()),
      async (families, random) => {
        const lines = linesOf(families);
        const shuffled = lines
          .map((line) => ({ line, rank: random.next().value }))
          .toSorted((a, b) => a.rank - b.rank)
          .map(({ line }) => line);
        const [one, other] = [await openStage(), await openStage()];
        await importLines(one.ledger, lines);
        await importLines(other.ledger, shuffled);
        const first = await rollOf(one.ledger);
        expect(await rollOf(other.ledger)).toEqual(first);
        const again = await importLines(one.ledger, shuffled);
        const { students, guardians, links, unlisted } = again;
        expect({ students, guardians, links, unlisted }).toEqual({
          students: [],
          guardians: [],
          links: [],
          unlisted: [],
        });
        expect(await rollOf(one.ledger)).toEqual(first);
      },
    ),
    { numRuns: 12 },
  );
}, 120_000);

describe("held against the register", () => {
  let stage: Stage;
  const paul = "Dupont;Paul;paul@test.be;;;;;;;;;";
  const nobody = ";;;;;;;;;;;";

  beforeAll(async () => {
    stage = await openStage();
    await importLines(stage.ledger, [
      `1;Dupont;Léa;1A;${paul}`,
      `2;Dupont;Tom;2A;Dupont;Paul;paul@test.be;Petit;Anne;;;;;;;`,
    ]);
  });

  const planOf = async (lines: string[]) => {
    const id = `look-${++turn}`;
    const content = bytesOf([`${HEADERS};${COLUMNS.join(";")}`, ...lines].join("\n"));
    const act = { by: BÉATRICE, at: 1795431600, import: id, name: "a.csv", year: YEAR, content };
    await runAct(stage.ledger, { ...act, kind: "stageImport" });
    const shown = await readPreview(stage.ledger.client, id);
    if (!shown) throw new Error("the import is not there");
    return { ...shown, id };
  };

  test("siblings share one guardian", async () => {
    const found = await stage.ledger.client.execute(
      "select count(*) as n from person where address = 'paul@test.be'",
    );
    expect(found.rows[0]?.["n"]).toBe(1);
  });

  test("what changes is said, old and new; who is missing is only shown", async () => {
    const { plan } = await planOf([`1;Dupond;Léa;1B;${paul}`]);
    expect(plan.students.flatMap(({ changes }) => changes)).toEqual([
      { field: "lastName", before: "Dupont", after: "Dupond" },
      { field: "class", before: "1A", after: "1B" },
    ]);
    const missing = plan.missing.map(({ firstName }) => firstName);
    expect(missing).toEqual(["Lina", "Zoé", "Tom"]);
  });

  test("a line that is wrong makes nobody missing", async () => {
    const { plan } = await planOf([`1;Dupont;Léa;1A;${paul}`, `2;=Dupont;Tom;2A;${nobody}`]);
    expect(plan.missing.map(({ firstName }) => firstName)).toEqual(["Lina", "Zoé"]);
  });

  test("a guardian who is not named keeps the access until it is ticked", async () => {
    const { plan } = await planOf([`2;Dupont;Tom;2A;${paul}`]);
    expect(plan.unlisted.map(({ name, studentName }) => [name, studentName])).toEqual([
      ["Anne Petit", "Tom Dupont"],
    ]);
  });

  test("an address that the school knows under another name is no new name", async () => {
    const { plan } = await planOf(["3;Neuf;Ali;1A;Autre;Jean;paul@test.be;;;;;;;;;"]);
    expect(plan.problems.map(({ flaw, value }) => [flaw, value])).toEqual([
      ["address-of-another", "paul@test.be"],
    ]);
    expect(plan.students).toEqual([]);
  });

  test("a student whom the school knew without a number gets it", async () => {
    const { plan } = await planOf([`9;LAMBERT;Lina;3B;${nobody}`]);
    expect(plan.students[0]).toMatchObject({ id: 1, isNew: false });
    expect(plan.students[0]?.changes[0]).toEqual({ field: "number", before: "", after: "9" });
  });

  test("the register has changed since: nothing is written, and that is said", async () => {
    const { id, fingerprint } = await planOf([`3;Neuf;Ali;1A;${nobody}`]);
    await stage.ledger.client.execute("update student set class = '6Z' where id = 2");
    const act = { by: BÉATRICE, at: 1795431700, import: id };
    const result = await runAct(stage.ledger, { ...act, ...confirmation(fingerprint) });
    expect(result).toEqual({ ok: false, reason: "plan-changed" });
    const found = await stage.ledger.client.execute("select 1 from student where number = '3'");
    expect(found.rows).toEqual([]);
  });

  test("ticked: one leaves, a guardian loses access; sent twice it is done once", async () => {
    const { id, fingerprint, plan } = await planOf([`2;Dupont;Tom;2A;${paul}`]);
    const léa = plan.missing.find(({ firstName }) => firstName === "Léa")?.id ?? 0;
    const anne = plan.unlisted[0];
    const act: Act = {
      by: BÉATRICE,
      at: 1795431800,
      import: id,
      kind: "confirmImport",
      plan: fingerprint,
      // Lina, who is in this list, was ticked; Tom, who is in the file, cannot be.
      leavers: [léa, plan.enrolments[0]?.[0] ?? 0],
      unlinks: [[anne?.person ?? 0, anne?.student ?? 0]],
    };
    expect(await runAct(stage.ledger, act)).toEqual({ ok: true });
    expect(await runAct(stage.ledger, act)).toEqual({ ok: true });
    const left = await stage.ledger.client.execute(
      "select first_name from student where left_at > 0",
    );
    expect(left.rows.map((row) => row["first_name"])).toEqual(["Léa"]);
    const links = await stage.ledger.client.execute({
      sql: "select count(*) as n from guardianship where student = ?",
      args: [anne?.student ?? 0],
    });
    expect(links.rows[0]?.["n"]).toBe(1);
    const kept = await stage.ledger.client.execute({
      sql: "select length(content) as n, state from register_import where id = ?",
      args: [id],
    });
    expect({ ...kept.rows[0] }).toEqual({ n: 0, state: "confirmed" });
    await checkLedger(stage.ledger);
  });
});
