// Goal: a student sees what is left and what they took, and never what anybody paid; and separated parents see that money
// came, not whose. Method: a child with a purchase, and payments of two guardians with words of their own; each reads every page
// that could tell.

import { beforeEach, describe, expect, test } from "vitest";
import type { Command } from "#edge/ledger/commands.ts";
import { runCommands } from "#edge/ledger/commands.ts";
import type { Browser, Stage } from "#sim/page-stage.ts";
import { LINA, NOON, SOUP, browse, openStage, readText, tap } from "#sim/page-stage.ts";

const PAUL = 2;
const VICTOR = 3;
let stage: Stage;

const pay = (id: string, cents: number, note: string, payer: number): Command => {
  const money = { student: LINA, means: "cash" as const, cents, note };
  const named = payer ? { payer } : {};
  return { id, author: "beatrice", at: NOON, kind: "topUp", ...money, ...named };
};

const tables = async (browser: Browser, path: string) => {
  const file = (await (await browser.get(path + "?file=json")).json()) as {
    tables: { table: string }[];
  };
  return file.tables.map(({ table }) => table);
};

beforeEach(async () => {
  stage = await openStage();
  await tap(stage, { kind: "purchase", student: LINA, lines: [SOUP] }, NOON - 60);
  await stage.ledger.client.execute("insert into guardianship values(3, 1)");
  await runCommands(stage.ledger, [
    pay("p", 1111, "de la part de Paul", PAUL),
    pay("v", 2222, "pension de Victor", VICTOR),
    pay("n", 333, "enveloppe sans nom", 0),
  ]);
});

/** The path of the movement of a command. */
async function pathOf(id: string): Promise<string> {
  const sql = "select no from command where id = ?";
  const { rows } = await stage.ledger.client.execute({ sql, args: [id] });
  return `/movements/0/${Number(rows[0]?.["no"])}`;
}

describe("Lina", () => {
  test("sees her balance and her soup, and no payment", async () => {
    const lina = await browse(stage, "lina");
    expect((await lina.get("/")).headers.get("location")).toBe("/me");
    const text = await readText(await lina.get("/me"));
    expect(text).toContain("Potage");
    expect(text).toContain("Tu as");
    expect(text).not.toMatch(/Versement|espèces|Paul|Victor|enveloppe|11,11|22,22/);
  });

  test("her own file holds no payment either; her father's copy of it does", async () => {
    const hers = await tables(await browse(stage, "lina"), "/my-data");
    expect(hers).toContain("entry");
    for (const table of ["account", "transfer", "command", "lease"])
      expect(hers).not.toContain(table);
    expect(await tables(await browse(stage, "paul"), "/children/1/data")).toContain("transfer");
  });

  test("opens no movement, and a guardian has no such page", async () => {
    expect((await (await browse(stage, "lina")).get(await pathOf("p"))).status).toBe(404);
    expect((await (await browse(stage, "paul")).get("/me")).status).toBe(404);
  });
});

describe("separated parents", () => {
  test("each sees their own payments with their words, of others the sum", async () => {
    const text = await readText(await (await browse(stage, "paul")).get("/children/1"));
    expect(text).toContain("de la part de Paul");
    expect(text).not.toMatch(/pension|Victor|enveloppe/);
    expect(text).toContain("22,22");
    const dutch = await readText(await (await browse(stage, "victor")).get("/children"));
    expect(dutch).toContain("pension de Victor");
    expect(dutch).not.toMatch(/part de Paul|enveloppe/);
  });

  test("another's payment has no page and no receipt; one's own has", async () => {
    const paul = await browse(stage, "paul");
    const statuses = await Promise.all(
      ["p", "v", "n"].map(async (id) => {
        const path = await pathOf(id);
        return [(await paul.get(path)).status, (await paul.get(path + "/receipt")).status];
      }),
    );
    expect(statuses).toEqual([
      [200, 200],
      [404, 404],
      [404, 404],
    ]);
  });

  test("the only guardian sees all: nobody is to be hidden", async () => {
    await stage.ledger.client.execute("delete from guardianship where person = 3");
    const paul = await browse(stage, "paul");
    expect(await readText(await paul.get("/children/1"))).toContain("enveloppe sans nom");
    expect((await paul.get(await pathOf("n"))).status).toBe(200);
    // Said to be another's, it stays so when that guardian is gone.
    expect((await paul.get(await pathOf("v"))).status).toBe(404);
  });
});

const form = (payer: string) => ({
  id: "form-1",
  means: "cash",
  amount: "5",
  note: "",
  payer,
});

describe("the bursar", () => {
  test("says who pays, and sees it all", async () => {
    const béatrice = await browse(stage, "beatrice");
    expect((await béatrice.post("/students/1/top-up", form("3"))).status).toBe(303);
    const { rows } = await stage.ledger.client.execute(
      "select body ->> 'payer' as payer from command where id = 'form-1'",
    );
    expect(rows).toMatchObject([{ payer: 3 }]);
    expect(await readText(await béatrice.get("/students/1"))).toContain("pension de Victor");
  });

  test("cannot name a stranger", async () => {
    const béatrice = await browse(stage, "beatrice");
    const answer = await béatrice.post("/students/2/top-up", form("2"));
    expect(answer.status).toBe(422);
    expect(await readText(answer)).toContain("pas responsable");
  });
});
