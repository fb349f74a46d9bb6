// Goal: a lost card is stopped in one step by whoever has charge of it, the family sees that the money is safe and when each
// counter knew, and the office can issue, replace, un-block and take back, with every hand it went through kept. Method:
// stories of browsers on the stage; what pages say is read back.

import { beforeEach, describe, expect, test } from "vitest";
import { textIn } from "#edge/ledger/row.ts";
import type { Browser, Stage } from "#sim/page-stage.ts";
import { NOON, SOUP, browse, deliver, openStage, readText, tap } from "#sim/page-stage.ts";
import { sayMessage } from "#sim/paper-terminal.ts";

const CARD = "04a1b2c3d4e5f6";
const OTHER = "04ffeeddccbbaa";
const MINE = "/children/1/cards";

let stage: Stage;
let agnès: Browser;
let paul: Browser;

beforeEach(async () => {
  stage = await openStage(NOON);
  agnès = await browse(stage, "agnes");
  paul = await browse(stage, "paul");
});

const rows = async (sql: string) => (await stage.ledger.client.execute(sql)).rows;
const block = (by: Browser, reason = "lost") =>
  by.post(`${MINE}/${CARD}`, { do: "block", student: "1", reason });

/** The terminal says which block list it holds. */
async function hear(blocks: number, at: number): Promise<void> {
  const held = { sequence: 1, roster: 1, prices: 1, blocks, orders: 0, acked: 0 };
  const status = { kind: "status" as const, unsent: 0, oldest: 0, ...held };
  await deliver(stage, sayMessage(stage.paper, status), at);
}

const versionOf = async (): Promise<number> =>
  Number((await rows("select version from supply where name = 'blocks'"))[0]?.["version"]);

describe("a father whose daughter lost her card", () => {
  test("blocks it, sees when the terminal knew, and what the school pays", async () => {
    expect((await block(paul)).headers.get("location")).toBe(MINE);
    const version = await versionOf();
    expect(await readText(await paul.get(MINE))).toContain("pas encore");
    stage.clock.now = NOON + 3600;
    await tap(stage, { kind: "purchase", student: 1, lines: [SOUP] }, NOON + 60);
    await hear(version, NOON + 600);
    await hear(version, NOON + 1200);
    const text = await readText(await paul.get(MINE));
    expect(text).toContain("bloquée");
    expect(text).toContain("perdue");
    expect(text).toMatch(/le sait depuis [^<]*12:10/);
    expect(text).toContain("1,00");
    expect(text).not.toContain("Aucun achat");
  });

  test("un-blocks it when it turns up", async () => {
    await block(paul);
    stage.clock.now += 60;
    await paul.post(`${MINE}/${CARD}`, { do: "unblock", student: "1" });
    const [card] = await rows("select status from card");
    expect(card).toMatchObject({ status: "active" });
    const kinds = (await rows("select kind from card_event order by id")).map((row) =>
      textIn(row, "kind"),
    );
    expect(kinds).toEqual(["issued", "blocked", "unblocked"]);
  });

  test("does not un-block what the school had blocked", async () => {
    await agnès.post(`/cards/${CARD}`, { do: "block", student: "1", reason: "found" });
    const answer = await paul.post(`${MINE}/${CARD}`, { do: "unblock", student: "1" });
    expect(answer.status).toBe(422);
    expect(await readText(answer)).toContain("elle seule peut la débloquer");
    expect(await rows("select status from card")).toMatchObject([{ status: "blocked" }]);
  });

  test("blocks it once, however often the button is pressed", async () => {
    await block(paul);
    stage.clock.now += 5;
    await block(paul, "stolen");
    expect(await rows("select 1 from card_event where kind = 'blocked'")).toHaveLength(1);
    expect(await rows("select 1 from audit where action = 'card.block'")).toHaveLength(1);
  });

  test("the other guardian hears of it by mail, in their language; he does not", async () => {
    await stage.ledger.client.batch(
      [
        "update person set address = username || '@famille.test' where id in (2, 3)",
        "insert into guardianship values(3, 1)",
      ],
      "write",
    );
    await block(paul);
    const mail = await rows("select address, subject from mail where id like 'card/%'");
    expect(mail).toMatchObject([
      { address: "victor@famille.test", subject: "De kaart van Lina is geblokkeerd" },
    ]);
  });

  test.each([
    ["another family", "victor", MINE],
    ["the child", "lina", MINE],
  ] as const)("%s finds no such page, and blocks nothing", async (_, who, path) => {
    const stranger = await browse(stage, who);
    expect((await stranger.get(path)).status).toBe(404);
    expect((await block(stranger)).status).toBe(404);
    expect(await rows("select 1 from card where status = 'blocked'")).toEqual([]);
  });

  test("a reason is wanted, and taking back is the school's", async () => {
    expect((await block(paul, "")).status).toBe(422);
    const answer = await paul.post(`${MINE}/${CARD}`, { do: "return", student: "1" });
    expect(answer.status).toBe(404);
    expect(await rows("select 1 from card")).toHaveLength(1);
  });
});

const issue = (form: Record<string, string>, student = 1) =>
  agnès.post(`/register/students/${student}/cards`, { keyEpoch: "0", replaces: "", ...form });

describe("the office", () => {
  test("replaces a card: the new one sells, the old one is blocked, in one act", async () => {
    await issue({ uid: "04 FF EE DD CC BB AA", replaces: CARD });
    expect(await rows("select hex(uid) as uid, status, reason from card order by uid")).toEqual([
      expect.objectContaining({ uid: CARD.toUpperCase(), status: "blocked", reason: "replaced" }),
      expect.objectContaining({ uid: OTHER.toUpperCase(), status: "active" }),
    ]);
    const text = await readText(await agnès.get("/register/students/1"));
    expect(text).toContain(OTHER);
    expect(text).toContain("remplacée");
  });

  test("takes a card back and issues it to another; the page tells everybody who held it", async () => {
    await agnès.post(`/cards/${CARD}`, { do: "return", student: "1" });
    expect(await readText(await agnès.get(`/cards/${CARD}`))).toContain("au secrétariat");
    // A page of before does nothing to its new holder.
    await issue({ uid: CARD }, 2);
    const late = await agnès.post(`/cards/${CARD}`, { do: "return", student: "1" });
    expect(late.status).toBe(422);
    const text = await readText(await agnès.get(`/cards/${CARD}`));
    expect(text).toContain("Zoé Peeters");
    expect(text).toMatch(/reprise de\s+Lina Lambert/);
    expect(text).toContain("Agnès Collard");
  });

  test.each([
    ["another student's", { uid: CARD }, 2, "déjà à quelqu’un"],
    ["no number", { uid: "04 zz" }, 1, "8, 14 ou 20"],
    ["a telephone's", { uid: "08 12 34 56" }, 1, "téléphone"],
    ["a key for a short number", { uid: "04123456", keyEpoch: "1" }, 1, "14 caractères"],
    ["in place of another's", { uid: OTHER, replaces: CARD }, 2, "pas à cet élève"],
  ])("is told why not: %s", async (_, form, student, words) => {
    const before = await rows("select hex(uid), student, status from card");
    const answer = await issue(form, student);
    expect(answer.status).toBe(422);
    expect(await readText(answer)).toContain(words);
    expect(await rows("select hex(uid), student, status from card")).toEqual(before);
  });

  test("finds a card by the beginning of its number, blocked cards and students without one", async () => {
    expect(await readText(await agnès.get("/cards?q=04A1"))).toContain("Lina Lambert");
    expect(await readText(await agnès.get("/cards"))).toContain("Zoé Peeters");
    await block(paul);
    expect(await readText(await agnès.get("/cards"))).toContain(CARD);
    expect((await agnès.get("/cards/04000000")).status).toBe(404);
    expect((await agnès.get(`/cards/${CARD}/block`)).status).toBe(404);
  });
});

describe("badges", () => {
  const BADGE = "04bada55bada55";
  const give = (by: Browser, form: Record<string, string>) =>
    by.post("/badges", { person: "5", uid: BADGE, lastDay: "", ...form });
  let béatrice: Browser;

  beforeEach(async () => {
    béatrice = await browse(stage, "beatrice");
  });

  test("are given with a last day, shown, and taken back", async () => {
    expect((await give(béatrice, { lastDay: "2026-12-18" })).status).toBe(303);
    const text = await readText(await béatrice.get("/badges"));
    expect(text).toContain("Sophie Maes");
    expect(text).toContain("18");
    expect(text).toContain("jamais");
    await tap(stage, { kind: "open" }, NOON);
    await béatrice.post(`/badges/${BADGE}/take`, {});
    expect(await rows("select 1 from badge")).toEqual([]);
    expect(await rows("select action from audit where action like 'badge%' order by no")).toEqual([
      expect.objectContaining({ action: "badge.give" }),
      expect.objectContaining({ action: "badge.return" }),
    ]);
  });

  test.each([
    ["a day that is over", { lastDay: "2026-11-22" }, "déjà passé"],
    ["no day", { lastDay: "2026-02-31" }, "n’existe pas"],
    ["a guardian", { person: "2" }, "ne travaille pas"],
    ["a student's card", { uid: CARD }, "carte d’un élève"],
  ])("are not given: %s", async (_, form, words) => {
    const answer = await give(béatrice, form);
    expect(answer.status).toBe(422);
    expect(await readText(answer)).toContain(words);
    expect(await rows("select 1 from badge")).toEqual([]);
  });

  test("are the bursar's to give", async () => {
    expect((await give(agnès, {})).status).toBe(404);
    expect((await (await browse(stage, "odile")).get("/badges")).status).toBe(200);
  });
});
