// Goal: one sees where a balance is reserved, since when and what would free it, and the bursar can
// give up a device once she has read what that means. Method: the real pages over a real ledger;
// leases are granted by the gateway's own code.

import { beforeEach, expect, test } from "vitest";
import { grantLeases } from "#edge/leasing.ts";
import { checkLedger } from "#sim/check-ledger.ts";
import type { Stage } from "#sim/page-stage.ts";
import { LINA, browse, openStage, readText } from "#sim/page-stage.ts";

let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
  await grantLeases(stage.ledger, [LINA], []);
});

const WRITE_OFF = "/terminals/1/epochs/1/write-off";

async function textOf(path: string, who: "beatrice" | "paul" = "beatrice"): Promise<string> {
  return readText(await (await browse(stage, who)).get(path));
}

test("bursar and guardian read the free part, each terminal's part, and why", async () => {
  for (const [path, who] of [
    ["/students/1", "beatrice"],
    ["/children/1", "paul"],
  ] as const) {
    const text = await textOf(path, who);
    expect(text).toContain("Libre pour tout le reste : 15,00 €");
    expect(text).toMatch(/Réfectoire 10,00 € Réservé .* Terminal hors ligne/);
    expect(text).toContain("Il le rend à la fermeture du soir");
  }
  await stage.ledger.client.execute("update terminal set here = 1");
  expect(await textOf("/children/1", "paul")).toContain("il peut le rendre à l’instant");
  await stage.ledger.client.execute("update terminal set epoch = 2");
  expect(await textOf("/students/1")).toContain("Ancien appareil");
});

test("the terminals page says what each device holds, and leads to giving it up", async () => {
  expect(await textOf("/terminals")).toContain("Réfectoire époque 1 10,00 € pour un élève");
  const question = await textOf(WRITE_OFF);
  expect(question).toContain("Renoncer à l’appareil Réfectoire");
  expect(question).toContain("10,00 € pour un élève");
  expect(question).toContain("jamais d’une famille");
});

test("what was held is free after the order; sent twice it is one order", async () => {
  const browser = await browse(stage, "beatrice");
  for (let time = 0; time < 2; time++) {
    const answer = await browser.post(WRITE_OFF, { id: "lost-1" });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/terminals"]);
  }
  await checkLedger(stage.ledger);
  expect(await textOf("/students/1")).toContain("Libre pour tout le reste : 25,00 €");
  expect(await textOf("/terminals")).toMatch(/époque 1 ne réserve rien abandonné le/);
  const again = await browser.post(WRITE_OFF, { id: "lost-2" });
  expect(again.status).toBe(422);
  expect(await readText(again)).toContain("L’école y a déjà renoncé");
  const found = await stage.ledger.client.execute(
    "select author from command where kind = 'writeOff'",
  );
  expect(found.rows.map((row) => row["author"])).toEqual(["beatrice"]);
});

test("a device that owes its entries after a setback is named", async () => {
  await stage.ledger.client.execute("insert into recovery(terminal, epoch, since) values(1, 1, 1)");
  expect(await textOf("/terminals")).toContain("Doit encore dire ce qu’il a vendu");
});

test("a device that is not there is not found", async () => {
  const browser = await browse(stage, "beatrice");
  expect((await browser.get("/terminals/1/epochs/7/write-off")).status).toBe(404);
  expect((await browser.post("/terminals/9/epochs/1/write-off", { id: "x" })).status).toBe(404);
});
