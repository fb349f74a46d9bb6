// Goal: what a newcomer gets from `npm start` is the whole product: a tap reaches the bursar, the
// network may go, the power may go, the processes may be told to go. Method: real processes, used
// as people use them: cards, switches, pages.

import { once } from "node:events";
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findProgram } from "./debian.ts";
import type { Demonstration } from "./demonstration.ts";
import { demonstrate, freePorts } from "./demonstration.ts";
import type { Mosquitto } from "./mosquitto.ts";
import { startMosquitto } from "./mosquitto.ts";
import { FOREIGN_CARD, STAFF } from "./school.ts";

const START_MS_MAX = 60_000;
const LINA = 1;
const ZOE = 3;
const REFECTORY = 1;

let demonstration: Demonstration;

const cardOf = (student: number): string =>
  demonstration.ready.cards.find((card) => card.student === student)?.uid ?? "";

async function purchasesOf(student: number): Promise<{ seq: number; total: number }[]> {
  const found = await demonstration.ledger.execute({
    sql: "select seq, total from entry where student = ? and outcome = 'booked' order by seq",
    args: [student],
  });
  return found.rows.map((row) => ({ seq: Number(row["seq"]), total: Number(row["total"]) }));
}

async function balanceOf(student: number): Promise<number> {
  const found = await demonstration.ledger.execute({
    sql: "select balance from account where kind = 'wallet' and ref = ?",
    args: [String(student)],
  });
  return Number(found.rows[0]?.["balance"]);
}

async function sumOfBalances(): Promise<number> {
  const found = await demonstration.ledger.execute("select sum(balance) as cents from account");
  return Number(found.rows[0]?.["cents"]);
}

/** One purchase with the network, ten without it and over a power cut. */
function tellTheStory(): void {
  test("a tap buys the soup, and the bursar sees it within 2 seconds", async () => {
    const page = await demonstration.logIn("beatrice");
    const before = await balanceOf(LINA);
    const answer = await demonstration.tap(REFECTORY, cardOf(LINA));
    expect(answer).toMatchObject({ heard: "accepted", big: "Merci !" });
    const look = async () => (await page(`/students/${LINA}`)).text();
    await expect.poll(look, { timeout: 2_000 }).toMatch(/Potage du jour[^]*1,00/);
    expect(await balanceOf(LINA)).toBe(before - 100);
    expect((await purchasesOf(LINA)).map(({ total }) => total)).toEqual([100]);
  });

  test("her father sees it, and somebody else's father does not", async () => {
    const paul = await demonstration.logIn("paul");
    expect(await (await paul(`/children/${LINA}`)).text()).toMatch(/Potage du jour/);
    const victor = await demonstration.logIn("victor");
    expect((await victor(`/children/${LINA}`)).status).toBe(404);
  });

  test("a card that no school has issued is refused, and costs nobody anything", async () => {
    const answer = await demonstration.tap(REFECTORY, FOREIGN_CARD);
    expect(answer).toMatchObject({ heard: "refused", big: "Inconnue" });
    expect(await sumOfBalances()).toBe(0);
  });

  test("an order of the day is collected once; a badge closes the counter and opens it", async () => {
    await demonstration.press(REFECTORY, "collect");
    expect(await demonstration.tap(REFECTORY, cardOf(ZOE))).toMatchObject({
      heard: "accepted",
      big: "À remettre",
    });
    expect(await demonstration.tap(REFECTORY, cardOf(ZOE))).toMatchObject({ big: "Déjà pris" });
    const orders = async () =>
      (await demonstration.ledger.execute("select state from pre_order where student = 3")).rows;
    await expect.poll(orders, { timeout: 5_000 }).toMatchObject([{ state: "collected" }]);
    expect(await demonstration.tap(REFECTORY, STAFF.badge)).toMatchObject({ big: "Fermé" });
    expect(await demonstration.tap(REFECTORY, STAFF.badge)).toMatchObject({ big: "1,00 €" });
  });

  test("ten taps without network, a power cut: all reach the ledger once, in order", async () => {
    const before = new Map<number, number>();
    await demonstration.network(REFECTORY, false);
    const accepted: number[] = [];
    for (let student = 10; student < 20; student++) {
      before.set(student, await balanceOf(student));
      const { heard } = await demonstration.tap(REFECTORY, cardOf(student));
      if (heard === "accepted") accepted.push(student);
    }
    expect(accepted.length).toBeGreaterThan(5);
    expect((await demonstration.look(REFECTORY)).unsent).toBe(accepted.length);
    await demonstration.power(REFECTORY, false);
    await demonstration.power(REFECTORY, true);
    await demonstration.network(REFECTORY, true);

    const students = async () => {
      const found = await demonstration.ledger.execute(
        "select student from entry where kind = 'purchase' and student >= 10 order by seq",
      );
      return found.rows.map((row) => Number(row["student"]));
    };
    await expect.poll(students, { timeout: 20_000 }).toEqual(accepted);
    for (const [student, balance] of before) {
      // Soup is essential: a student whose wallet is empty is served, and the school's solidarity
      // pays.
      const spent = accepted.includes(student) && balance > 0 ? 100 : 0;
      expect(await balanceOf(student)).toBe(balance - spent);
    }
    expect(await sumOfBalances()).toBe(0);
    const unsent = async () => (await demonstration.look(REFECTORY)).unsent;
    await expect.poll(unsent, { timeout: 10_000 }).toBe(0);
  });
}

describe("with all that is built in", () => {
  beforeAll(async () => {
    demonstration = await demonstrate();
  }, START_MS_MAX);
  afterAll(() => demonstration.discard());

  tellTheStory();

  test("a second start over the same state is refused, by name of the process", async () => {
    await expect(demonstration.again()).rejects.toThrow(
      `in use by process ${demonstration.ready.pid}`,
    );
  });

  test("kill -9 of workerd and of sqld: the next tap is in the ledger all the same", async () => {
    demonstration.kill("workerd serve");
    demonstration.kill("/sqld ");
    const student = 30;
    expect(await demonstration.tap(REFECTORY, cardOf(student))).toMatchObject({
      heard: "accepted",
    });
    const booked = async () => (await purchasesOf(student).catch(() => [])).length;
    await expect.poll(booked, { timeout: 60_000, interval: 250 }).toBe(1);
    expect(demonstration.said.join("\n")).toMatch(/sqld: was killed/);
  }, 90_000);

  test(
    "SIGTERM ends it, and no process is left; the next start finds what was there",
    async () => {
      const balance = await balanceOf(LINA);
      expect(await demonstration.end("SIGTERM")).toBe(0);
      await expect.poll(() => demonstration.left()).toEqual([]);
      demonstration = await demonstration.again();
      expect(await balanceOf(LINA)).toBe(balance);
      expect(await demonstration.tap(REFECTORY, cardOf(LINA))).toMatchObject({ heard: "accepted" });
      await expect.poll(() => balanceOf(LINA), { timeout: 5_000 }).toBe(balance - 100);
    },
    START_MS_MAX,
  );

  test("killed with -9 itself, it leaves no process either", async () => {
    expect(demonstration.left().length).toBeGreaterThan(3);
    await demonstration.end("SIGKILL");
    await expect.poll(() => demonstration.left(), { timeout: 10_000 }).toEqual([]);
  });
});

describe.skipIf(!findProgram("mosquitto"))("with Debian's Mosquitto as its broker", () => {
  let mosquitto: Mosquitto;
  beforeAll(async () => {
    mosquitto = await startMosquitto({ keepsSessions: true });
    demonstration = await demonstrate("--broker", mosquitto.url);
  }, START_MS_MAX);
  afterAll(async () => {
    await demonstration.discard();
    await mosquitto.stop();
  });

  tellTheStory();
});

test("a port that is taken is named", async () => {
  const first = await freePorts();
  const server = createServer().listen(first + 2, "127.0.0.1");
  await once(server, "listening");
  await expect(demonstrate("--port", String(first))).rejects.toThrow(
    `start: port ${first + 2} (ledger) is taken`,
  );
  server.close();
});
