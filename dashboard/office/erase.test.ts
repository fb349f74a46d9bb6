// Goal: after an erasure no table names the person any more, but for what the page says, and the books are whole. Method: a
// school in which everything about Zoé and her father exists; then every text of every table is searched.

import { beforeEach, expect, test } from "vitest";
import { textIn } from "#edge/ledger/row.ts";
import { audit } from "#edge/people/audit.ts";
import type { Browser, Stage } from "#sim/page-stage.ts";
import { PASSWORD, NOON, ZOE, browse, openStage, readText } from "#sim/page-stage.ts";

const BÉATRICE = 1;
const VICTOR = 3;
const DAY = 86_400;

const about = (subject: string, after: unknown, reason = "") =>
  audit({ author: BÉATRICE, at: NOON, action: "test.do", subject, after, reason });

let stage: Stage;
let béatrice: Browser;

beforeEach(async () => {
  stage = await openStage();
  béatrice = await browse(stage, "beatrice");
  await browse(stage, "victor");
  await browse(stage, "zoe");
  await stage.ledger.client.batch(
    [
      "update person set address = 'victor@peeters.test' where id = 3",
      "insert into card(uid, student, status, since) values(x'04aabbccdd', 2, 'active', 0)",
      "update student set allergens = 64 where id = 2",
      `insert into passkey values(1, 3, 'Téléphone de Victor Peeters', 'k', 'c', 0, 'd', 0, '', '', 0)`,
      `insert into two_factor(user_id, secret, backup_codes) values(3, 's', 'b')`,
      "insert into invitation values(zeroblob(32), 3, 0, 9999999999, 0)",
      `insert into mail(id, address, subject, body, queued_at) values
        ('1', 'victor@peeters.test', 'Solde', 'Bonjour', 0),
        ('2', 'autre@ecole.test', 'Solde', 'Zoé Peeters a 2 euros', 0),
        ('3', 'autre@ecole.test', 'Autre', 'Rien', 0)`,
      about("person/3", { name: "Victor Peeters" }),
      about("student/2", { class: "5C" }, "Changement"),
      about("card/04aabbccdd", { student: "Zoé Peeters" }),
      about("person/2", { username: "victor" }),
      about("person/2", { username: "victorine" }),
    ],
    "write",
  );
});

/** Where a text still stands: "table.column". */
async function findAll(words: string[]): Promise<string[]> {
  const { client } = stage.ledger;
  const columns = await client.execute(
    `select m.name as "table", c.name as "column" from sqlite_master m, pragma_table_info(m.name) c
      where m.type = 'table' and m.name not like 'sqlite_%'`,
  );
  const found: string[] = [];
  for (const row of columns.rows) {
    const [table, column] = [textIn(row, "table"), textIn(row, "column")];
    for (const word of words) {
      const sql = `select 1 from "${table}" where instr(cast("${column}" as text), ?) limit 1`;
      if ((await client.execute({ sql, args: [word] })).rows.length)
        found.push(`${table}.${column}`);
    }
  }
  return [...new Set(found)].toSorted();
}

async function emptyWallet(): Promise<void> {
  const refund = { id: "refund", means: "refund", amount: "40", note: "Départ" };
  await béatrice.post(`/students/${ZOE}/top-up`, refund);
}

const SURE = { name: "Zoé Peeters", reason: "Demande de la famille" };
const eraseZoé = (form: Record<string, string> = SURE) =>
  béatrice.post(`/students/${ZOE}/erase`, form);

test("nothing names the student any more", async () => {
  expect(await findAll(["Zoé"])).toEqual([
    "audit.after",
    "mail.body",
    "mail.html",
    "person.name",
    "student.first_name",
  ]);
  await emptyWallet();
  const answer = await eraseZoé();
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/students"]);
  expect(await findAll(["Zoé"])).toEqual([]);
  const { client } = stage.ledger;
  const left = await client.execute(`select
    (select count(*) from card where student = 2) as cards,
    (select count(*) from guardianship where student = 2) as guardians,
    (select count(*) from session where user_id = 8) as sessions,
    (select username from person where id = 8) as username,
    (select class || allergens from student where id = 2) as rest`);
  expect({ ...left.rows[0] }).toEqual({
    cards: 0,
    guardians: 0,
    sessions: 0,
    username: "erased-8",
    rest: "0",
  });
});

test("her movements are still in the books, under a number", async () => {
  const before = await stage.ledger.client.execute("select count(*) as n from transfer");
  await emptyWallet();
  await eraseZoé();
  const after = await stage.ledger.client.execute("select count(*) as n from transfer");
  expect(Number(after.rows[0]?.["n"])).toBe(Number(before.rows[0]?.["n"]) + 1);
  expect(await readText(await béatrice.get("/students"))).toContain("#2");
});

test("her account opens no door, and her father sees no child", async () => {
  await emptyWallet();
  await eraseZoé();
  const zoé = await browse(stage, undefined);
  expect((await zoé.post("/log-in", { username: "zoe", password: PASSWORD })).status).toBe(422);
  const victor = await browse(stage, "victor");
  expect((await victor.get(`/children/${ZOE}`)).status).toBe(404);
});

test("nothing names a guardian any more; another's log and mail stay", async () => {
  await emptyWallet();
  const form = { name: " victor  PEETERS", reason: "Demande" };
  expect((await béatrice.post(`/people/${VICTOR}/erase`, form)).status).toBe(303);
  expect(await findAll(["Victor Peeters", '"victor"', "victor@"])).toEqual([]);
  const { client } = stage.ledger;
  const person = await client.execute("select username, name from person where id = 3");
  expect({ ...person.rows[0] }).toEqual({ username: "erased-3", name: "#3" });
  expect(await findAll(["victorine"])).toEqual(["audit.after"]);
  const mail = await client.execute("select id from mail where length(id) = 1 order by id");
  expect(mail.rows.map((row) => row["id"])).toEqual(["2", "3"]);
  const doors = await client.execute(`select (select count(*) from passkey where user_id = 3)
    + (select count(*) from credential where user_id = 3) + (select count(*) from two_factor where user_id = 3)
    + (select count(*) from invitation where person = 3) + (select count(*) from session where user_id = 3) as n`);
  expect(doors.rows[0]?.["n"]).toBe(0);
});

test("that it was done, by whom and why stays in the log", async () => {
  await emptyWallet();
  await eraseZoé();
  const text = await readText(await béatrice.get("/audit?area=privacy"));
  expect(text).toContain(
    "Béatrice Delvaux Données effacées : élève #2 Raison : Demande de la famille",
  );
  expect(await readText(await béatrice.get("/audit?area=test"))).toContain("effacé");
});

test("done twice it is done once, and the page is gone", async () => {
  await emptyWallet();
  await eraseZoé();
  expect((await eraseZoé({ name: "#2", reason: "encore" })).status).toBe(303);
  expect((await béatrice.get(`/students/${ZOE}/erase`)).status).toBe(404);
  const done = await stage.ledger.client.execute("select subject, author from erasure");
  expect(done.rows.map((row) => ({ ...row }))).toEqual([
    { subject: "student/2", author: BÉATRICE },
  ]);
});

test.each([
  ["a balance", "select 1", "Le solde n’est pas à zéro"],
  [
    "a lease",
    `insert into lease(terminal, epoch, student, account, ceiling)
      select 1, 1, 2, account, 500 from student where id = 2`,
    "Des terminaux gardent encore une réserve",
  ],
  [
    "an order",
    `insert into pre_order(id, student, day, lines) values(1, 2, ${Math.floor(NOON / DAY)}, '[]')`,
    "Une commande est en cours",
  ],
])("with %s the student stays, and the page says why", async (_, sql, words) => {
  await stage.ledger.client.execute(sql);
  const answer = await eraseZoé();
  expect(answer.status).toBe(422);
  expect(await readText(answer)).toContain(words);
  expect(await findAll(["Zoé"])).toContain("student.first_name");
});

test.each([
  [{ ...SURE, name: "Zoé" }, "Le nom ne correspond pas"],
  [{ ...SURE, name: "" }, "Le nom ne correspond pas"],
  [{ ...SURE, reason: " " }, "Dites pourquoi"],
  [{ ...SURE, reason: "Mme Peeters l’a demandé" }, "écrivez-la sans le nom"],
])("%j is not enough", async (form, words) => {
  await emptyWallet();
  expect(await readText(await eraseZoé(form))).toContain(words);
  expect(await findAll(["Zoé"])).toContain("student.first_name");
});

test.each([
  ["herself", BÉATRICE, "Béatrice Delvaux", "Un autre économe"],
  ["the only guardian of a child with money", VICTOR, "Victor Peeters", "la seule responsable"],
])("the bursar does not erase %s", async (_, person, name, words) => {
  const answer = await béatrice.post(`/people/${person}/erase`, { name, reason: "Demande" });
  expect(answer.status).toBe(422);
  expect(await readText(answer)).toContain(words);
});

test("a page says what goes and what stays before anything happens", async () => {
  const text = await readText(await béatrice.get(`/students/${ZOE}/erase`));
  expect(text).toContain("Pour confirmer, écrivez : Zoé Peeters");
  expect(text).toContain("C’est définitif.");
});
