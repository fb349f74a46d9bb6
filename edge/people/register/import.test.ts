// Goal: the register is brought up to date from a file, exactly as it was shown, and a file imported twice is imported
// once. Method: a real ledger; made-up schools, in any order, with planted errors.

import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { numberIn, textIn } from "#edge/ledger/row.ts";
import type { Stage } from "#sim/page-stage.ts";
import { NOON, browse, openStage, readText } from "#sim/page-stage.ts";
import { confirmImport, stageImport } from "./import.ts";

const HEADER =
  "matricule;nom;prénom;classe;responsable 1 nom;responsable 1 prénom;responsable 1 mail;responsable 2 nom;responsable 2 prénom;responsable 2 mail";
const BY = { by: 1, at: NOON };
const DAY = 20_780;
let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
});

async function importFile(lines: string[], leavers: number[] = [], year = 2026) {
  const file = new TextEncoder().encode([HEADER, ...lines].join("\n"));
  const { id, plan } = await stageImport(stage.ledger, { file, year, ...BY });
  return { id, plan, result: await confirmImport(stage.ledger, { id, leavers, day: DAY, ...BY }) };
}

async function count(table: string): Promise<number> {
  const found = await stage.ledger.client.execute(`select count(*) as rows from ${table}`);
  return numberIn(found.rows[0], "rows");
}

/** Everybody's names, classes and ties, without numbers of ours. */
async function register(): Promise<unknown[]> {
  const { rows } = await stage.ledger.client.execute(`
    select s.number, s.last_name, s.first_name, s.class, s.left_on,
      (select group_concat(name || ' ' || address, ', ') from (select p.name, p.address
        from guardianship g join person p on p.id = g.person where g.student = s.id
        order by p.name, p.address)) as guardians
    from student s where number is not null order by number`);
  return rows.map((row) => Object.values(row));
}

const LINA = "17;Martin;Lina;3B;Martin;Luc;luc@maison.example;Roy;Anne;anne@ailleurs.example";
const TOM = "18;Martin;Tom;1A;Martin;Luc;luc@maison.example;;;";

test("students, guardians with usernames, wallets, and a trace", async () => {
  const { result } = await importFile([LINA, TOM]);
  expect(result).toEqual({ ok: true, added: 2, changed: 0, guardians: 2, left: 0 });
  const { rows } = await stage.ledger.client.execute(
    "select username, name, role, address from person where id > 3 order by id",
  );
  expect(rows.map((row) => textIn(row, "username"))).toEqual(["luc.martin", "anne.roy"]);
  const wallets = await stage.ledger.client.execute(
    "select a.kind, a.ref = s.id as own from student s join account a on a.id = s.account",
  );
  expect(wallets.rows.every((row) => row["kind"] === "wallet" && row["own"] === 1)).toBe(true);
  const trace = await stage.ledger.client.execute("select author, action, after from audit");
  expect(textIn(trace.rows[0], "after")).toContain('"added":2');
});

test("nothing is written before the confirmation", async () => {
  const before = [await count("student"), await count("person"), await count("account")];
  const file = new TextEncoder().encode([HEADER, LINA].join("\n"));
  await stageImport(stage.ledger, { file, year: 2026, ...BY });
  expect([await count("student"), await count("person"), await count("account")]).toEqual(before);
});

test("a register that changed in between is looked at again", async () => {
  const file = new TextEncoder().encode([HEADER, LINA].join("\n"));
  const { id } = await stageImport(stage.ledger, { file, year: 2026, ...BY });
  await importFile([TOM]);
  const refused = await confirmImport(stage.ledger, { id, leavers: [], day: DAY, ...BY });
  expect(refused).toEqual({ ok: false, reason: "register-changed" });
});

test("two confirmations at once, and one more later, import once", async () => {
  const file = new TextEncoder().encode([HEADER, LINA, TOM].join("\n"));
  const { id } = await stageImport(stage.ledger, { file, year: 2026, ...BY });
  const order = { id, leavers: [], day: DAY, ...BY };
  await Promise.allSettled([
    confirmImport(stage.ledger, order),
    confirmImport(stage.ledger, order),
  ]);
  expect((await confirmImport(stage.ledger, order)).ok).toBe(true);
  expect(await count("student where number is not null")).toBe(2);
  expect(await count("audit where action = 'student.import'")).toBe(1);
});

test("a new year's file moves everybody up, and keeps who was where", async () => {
  await importFile([LINA, TOM], [], 2025);
  await importFile([LINA.replace("3B", "4B"), TOM.replace("1A", "2A")], [], 2026);
  const { rows } = await stage.ledger.client.execute(
    "select year, class from enrolment order by year, class",
  );
  expect(rows.map((row) => Object.values(row))).toEqual([
    [2025, "1A"],
    [2025, "3B"],
    [2026, "2A"],
    [2026, "4B"],
  ]);
});

test("who is not in the file stays, unless ticked; who left keeps the wallet, loses the card, and may come back", async () => {
  const { client } = stage.ledger;
  await importFile([LINA, TOM]);
  const tom = numberIn(
    (await client.execute("select id from student where number = '18'")).rows[0],
    "id",
  );
  await client.execute({
    sql: "insert into card(uid, student, status, since) values(x'04a1a2a3a4a5a6', ?, 'active', 1)",
    args: [tom],
  });
  const kept = await importFile([LINA]);
  expect(kept.plan.missing.map(({ number }) => number)).toEqual(["18"]);
  expect((await register()).length).toBe(2);
  // A tick for somebody who is in the file does nothing.
  const { result } = await importFile([LINA], [tom, 1]);
  expect(result).toMatchObject({ ok: true, left: 1 });
  const gone = await client.execute({
    sql: "select left_on, status from student s join card c on c.student = s.id where s.id = ?",
    args: [tom],
  });
  expect(Object.values(gone.rows[0] ?? {})).toEqual([DAY, "blocked"]);
  await importFile([LINA, TOM]);
  expect(await count("student where left_on <> 0")).toBe(0);
});

test("a guardian who is no longer in the file keeps the access, and is told", async () => {
  await importFile([LINA]);
  const { plan } = await importFile([LINA.replace(";Roy;Anne;anne@ailleurs.example", ";;;")]);
  expect(plan.otherGuardians).toHaveLength(1);
  expect(await register()).toEqual([
    [
      "17",
      "Martin",
      "Lina",
      "3B",
      0,
      "Anne Roy anne@ailleurs.example, Luc Martin luc@maison.example",
    ],
  ]);
});

test("two people of one house share an address, and are two; namesakes without address are not mixed up", async () => {
  await importFile([
    "1;A;Ann;1A;Petit;Jean;maison@x.example;Petit;Marie;maison@x.example",
    "2;B;Ben;1A;Petit;Jean;;;;",
    "3;C;Cam;1A;Petit;Jean;;;;",
  ]);
  expect(await count("person where role = 'guardian' and name like '% Petit'")).toBe(4);
});

const NAMES = ["Lina", "Zoé", "Noé", "D'Hondt", "Van den Berg", "Élise"];
const arbitrarySchool = fc
  .uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 })
  .chain((numbers) =>
    fc.tuple(
      ...numbers.map((number) =>
        fc.tuple(fc.nat(5), fc.nat(5), fc.nat(5), fc.nat(3)).map(([first, last, parent, house]) => {
          const names = [NAMES[last], NAMES[first]].map((name) => name ?? "");
          return `${number};${names.join(";")};1A;${names[0]};${NAMES[parent]};h${house}@x.example;;;`;
        }),
      ),
    ),
  );

test("any file, imported again and in another order, changes nothing any more", async () => {
  await fc.assert(
    fc.asyncProperty(arbitrarySchool, async (lines) => {
      await importFile(lines);
      const before = await register();
      const again = await importFile(lines.toReversed());
      expect(await register()).toEqual(before);
      expect([again.plan.added, again.plan.changed, again.plan.guardiansAdded]).toEqual([
        [],
        [],
        [],
      ]);
      expect(again.plan.ties).toEqual([]);
    }),
    { numRuns: 25 },
  );
}, 120_000);

const STUDENTS = 2000;
const GUARDIANS = 3200;
/** Each planted in a line of its own. */
const PLANTED: [string, (cells: string[]) => void][] = Array.from({ length: 20 }, (_, i) => {
  const kinds: [string, (cells: string[]) => void][] = [
    ["manque", (cells) => (cells[1] = "")],
    ["n’est pas une adresse mail", (cells) => (cells[6] = "luc chez maison")],
    ["commence par un signe de formule (= + - @)", (cells) => (cells[2] = "=1+1")],
    ["trop long", (cells) => (cells[3] = "3B latin-grec")],
    ["nombre de cellules différent de l’en-tête", (cells) => cells.pop()],
  ];
  return kinds[i % kinds.length] ?? ["", () => undefined];
});

/** Two children to a house, and 1.6 guardians each. */
function bigSchool(): string[] {
  return Array.from({ length: STUDENTS }, (_, i) => {
    const parent = (k: number) => {
      const n = (i * 2 + k) % GUARDIANS;
      return [`Nom${n}`, `Prénom${n}`, `parent${n}@maison.example`];
    };
    const second = i < GUARDIANS - STUDENTS ? parent(1) : ["", "", ""];
    const first =
      i < GUARDIANS - STUDENTS ? parent(0) : [`Seul${i}`, "Parent", `seul${i}@m.example`];
    return [`M${i}`, `Élève${i}`, "Noé", `${1 + (i % 6)}A`, ...first, ...second].join(";");
  });
}

test("2,000 students and 3,200 guardians from one file within 10 seconds, 20 planted errors by line", async () => {
  const lines = bigSchool();
  const planted = PLANTED.map(([words, spoil], i) => {
    const at = 50 + i * 97;
    const cells = (lines[at] ?? "").split(";");
    spoil(cells);
    lines.splice(at, 1, cells.join(";"));
    return [at + 2, words];
  });
  const béatrice = await browse(stage, "beatrice");
  const text = [HEADER, ...lines].join("\r\n");
  const file = new File([Uint8Array.from(text, (one) => one.charCodeAt(0))], "eleves.csv");
  const start = performance.now();
  const looked = await béatrice.send("/students/import", { file, year: "2026" });
  const html = await looked.text();
  const id = /name="id" value="([^"]+)"/.exec(html)?.[1] ?? "";
  const done = await béatrice.post("/students/import/confirm", { id });
  const seconds = (performance.now() - start) / 1000;
  console.log(`import: ${STUDENTS} students, ${GUARDIANS} guardians in ${seconds.toFixed(1)} s`);

  const told = [...html.matchAll(/<td class="figure">(\d+)<\/td>[\s\S]*?<td>([^<]*)<\/td><\/tr>/g)];
  expect(told.map(([, line, words]) => [Number(line), words])).toEqual(planted);
  expect(await readText(done)).toContain(`${STUDENTS - 20} élèves ajoutés`);
  expect(await count("student where number is not null")).toBe(STUDENTS - 20);
  expect(seconds).toBeLessThan(10);
  // The lines that were wrong, corrected: the rest of them, and all the guardians.
  await importFile(bigSchool());
  expect(await count("student where number is not null")).toBe(STUDENTS);
  expect(await count("person where role = 'guardian' and id > 3")).toBe(GUARDIANS);
}, 60_000);
