// Goal: every figure of the books opens down to what made it: the chart of accounts sums to zero, the
// lines of an account sum to its balance, each line leads to a movement that shows this amount; at the
// end of any day, in both orders. Method: follow the links of the pages and add up what they show.

import { beforeAll, expect, test } from "vitest";
import { closePeriod } from "#edge/ledger/periods.ts";
import { monthOf } from "#edge/calendar.ts";
import { runCommands } from "#edge/ledger/commands.ts";
import type { Browser, Stage } from "#sim/page-stage.ts";
import { LINA, NOON, SOUP, WAFFLES, browse, openStage, readText, tap } from "#sim/page-stage.ts";

const STRANGER = 77;
const DAY = 24 * 3600;
let stage: Stage;
let béatrice: Browser;

beforeAll(async () => {
  stage = await openStage();
  béatrice = await browse(stage, "beatrice");
  await tap(stage, { kind: "purchase", student: LINA, lines: [WAFFLES] }, NOON - DAY);
  await tap(stage, { kind: "purchase", student: LINA, lines: [SOUP] }, NOON - 60);
  await tap(stage, { kind: "purchase", student: STRANGER, lines: [SOUP] }, NOON - 50);
  const gift = { kind: "goodwill", student: LINA, cents: 70, reason: "panne" } as const;
  await runCommands(stage.ledger, [{ id: "g", author: "test", at: NOON, ...gift }]);
});

/** "-1 234,50 €" */
function centsIn(text: string): number {
  const plain = text
    .replace(/[\s\u00a0\u202f€+]/g, "")
    .replace("\u2212", "-")
    .replace(",", "");
  return Number(plain);
}

type Link = { path: string; text: string };

function linksIn(html: string, start: string): Link[] {
  return [...html.matchAll(/<a href="([^"]+)"[^>]*>([^<]*)<\/a>/g)]
    .map((match) => ({ path: (match[1] ?? "").replaceAll("&amp;", "&"), text: match[2] ?? "" }))
    .filter((link) => link.path.startsWith(start));
}

const htmlOf = async (path: string): Promise<string> => (await béatrice.get(path)).text();

/** The change that each line of an account's page shows, with the movement it leads to. */
function linesIn(html: string): { path: string; cents: number }[] {
  const rows = [...html.matchAll(/<tr>(.*?)<\/tr>/gs)].map((match) => match[1] ?? "");
  return rows.flatMap((row) => {
    const [link] = linksIn(row, "/movements/");
    const change = /class="figure">([^<]*)</.exec(row)?.[1];
    return link && change ? [{ path: link.path, cents: centsIn(change) }] : [];
  });
}

test.each(["", "?until=2026-11-22&order=happened", "?until=2100-01-01&order=booked"])(
  "accounts%s: every balance is the sum of lines that lead to their causes",
  async (query) => {
    const balances = linksIn(await htmlOf("/accounts" + query), "/accounts/");
    expect(balances.length).toBeGreaterThan(7);
    let total = 0;
    let lines = 0;
    for (const balance of balances) {
      const made = linesIn(await htmlOf(balance.path));
      const sum = made.reduce((all, line) => all + line.cents, 0);
      expect([balance.path, sum]).toEqual([balance.path, centsIn(balance.text)]);
      total += sum;
      lines += made.length;
      for (const line of made) {
        const amount = (Math.abs(line.cents) / 100).toFixed(2).replace(".", ",");
        expect(await readText(await béatrice.get(line.path))).toContain(amount);
      }
    }
    expect(total).toBe(0);
    expect(lines).toBeGreaterThan(2);
  },
);

test("a day ends at the school's midnight, in the order of events", async () => {
  const text = await readText(await béatrice.get("/accounts?until=2026-11-22&order=happened"));
  expect(text).toContain("Ventes repas 3,00 €");
  const today = await readText(await béatrice.get("/accounts?until=2026-11-23&order=happened"));
  expect(today).toContain("Ventes repas 5,00 €");
  expect(today).toContain("En attente d’attribution cartes inconnues -1,00 €");
});

test("the figures of the bursar's home open", async () => {
  const links = linksIn(await htmlOf("/bursar"), "/");
  const figures = links.filter((link) => link.text.includes("€"));
  expect(figures).toHaveLength(2);
  for (const { path } of figures) expect((await béatrice.get(path)).status).toBe(200);
});

test("a month that is not over is refused in words; one that is over has a printable statement", async () => {
  const far = { id: "x", month: "209912" };
  const refused = await béatrice.post("/periods", far);
  expect([refused.status, await readText(refused)]).toEqual([
    422,
    expect.stringContaining("n’est pas terminé"),
  ]);
  const { rows } = await stage.ledger.client.execute(
    "select min(at) as at from block where no > 0",
  );
  const month = monthOf(Number(rows[0]?.["at"]));
  const later = Date.now() + 62 * DAY * 1000;
  const order = { id: "c", author: "beatrice", at: NOON, month, acknowledged: [1] };
  expect(await closePeriod(stage.ledger, order, later)).toMatchObject({ ok: true });
  const [statement] = linksIn(await htmlOf("/periods"), "/accounts/");
  const text = await readText(await béatrice.get(statement?.path ?? ""));
  expect(text).toMatch(/Relevé n° 1, \d\d\/\d{4}/);
  expect(text).toContain("Solde au départ 0,00 €");
});

test("nobody else reads the books", async () => {
  const paul = await browse(stage, "paul");
  for (const path of ["/accounts", "/accounts/1", "/periods"])
    expect((await paul.get(path)).status).toBe(404);
  expect((await béatrice.get("/accounts/999")).status).toBe(404);
  expect((await béatrice.get("/accounts/1/statements/190001")).status).toBe(404);
});
