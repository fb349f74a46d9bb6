// Goal: no address is ever added that anybody may open who should not. Method: the list of routes is asked from the whole
// app, and every one is tried by everybody, outsiders among them; what may be opened is this table and nothing else.
// docs/roles.md is the same table for people: VITE_ROLES=1 prints it when it has changed.

import { beforeAll, describe, expect, test } from "vitest";
import { endOfMonth, monthOf } from "#edge/calendar.ts";
import { closePeriod } from "#edge/ledger/periods.ts";
import { numberIn, textIn } from "#edge/ledger/row.ts";
import type { Browser, Stage, Who } from "#sim/page-stage.ts";
import { ORIGIN, browse, openStage } from "#sim/page-stage.ts";
import { TABLE } from "./routes-table.ts";

/** docs/roles.md */
const [ROLES_PAGE = ""] = Object.values(
  import.meta.glob<string>("../docs/roles.md", { query: "?raw", import: "default", eager: true }),
);

/** One column each: two guardians and two students, since one of each is a stranger to Lina. */
const COLUMNS = [
  ["beatrice", "bursar"],
  ["agnes", "secretary"],
  ["sophie", "counter"],
  ["karim", "kitchen"],
  ["odile", "auditor"],
  ["paul", "guardian of Lina"],
  ["victor", "guardian of another"],
  ["lina", "Lina herself"],
  ["zoe", "another student"],
  [undefined, "visitor"],
] as const;

/** What stands for a part of an address; a longer beginning goes before a shorter. */
const THINGS: Record<string, string> = {
  // Agnès, whom the bursar may change and erase.
  "/staff/:id": "/staff/4",
  "/people/:id": "/people/4",
  ":id": "1",
  // Nobody's: whoever ends their own is out for the rest of the table.
  "/account/sessions/:id": "/account/sessions/999999",
  ":uid": "04a1b2c3d4e5f6",
  ":order": "1",
  ":epoch": "1",
  ":source": "0",
  // The command that follows the opening of three accounts is Lina's top-up.
  ":counter": "4",
};

let stage: Stage;
let other: Browser;
const browsers = new Map<Who, Browser>();
const expected = new Map(
  [...TABLE.matchAll(/^(GET|POST) +(\S+) +(\S+)$/gm)].map(([, method, path, may = ""]) => [
    `${method} ${path}`,
    may,
  ]),
);

beforeAll(async () => {
  // better-auth has a clock of its own.
  const now = Math.floor(Date.now() / 1000);
  stage = await openStage(now);
  const month = monthOf(Date.now() / 1000);
  const order = { id: "close", author: "beatrice", at: 1, month, acknowledged: [1] };
  await closePeriod(stage.ledger, order, endOfMonth(month) * 1000);
  THINGS[":month"] = String(month);
  const risk = await stage.ledger.client.execute("select id from account where ref = 'terminals'");
  THINGS["/accounts/:id"] = `/accounts/${numberIn(risk.rows[0], "id")}`;
  THINGS["/accounts/:id/statements"] = "/accounts/1/statements";
  const elsewhere = await browse(await openStage(now), "beatrice");
  other = await browse(stage, undefined);
  for (const [name, value] of elsewhere.cookies) other.cookies.set(name, value);
});

const routesOf = (): string[] => [
  ...new Set(
    stage.app.routes
      .filter((route) => route.method !== "ALL")
      .map((route) => `${route.method} ${route.path}`),
  ),
];

function addressOf(route: string): string {
  const path = route.split(" ")[1] ?? "";
  const things = Object.keys(THINGS).toSorted((a, b) => b.length - a.length);
  return things.reduce((address, thing) => address.replace(thing, THINGS[thing] ?? ""), path);
}

/** An empty form is a form with a problem: 422 is the answer of a page that one may use, 429 that of one used often. */
async function tryOut(route: string, browser: Browser): Promise<Response> {
  const path = addressOf(route);
  const answer = await (route.startsWith("GET") ? browser.get(path) : browser.post(path, {}));
  if (answer.headers.get("content-type") === "text/event-stream") await answer.body?.cancel();
  return answer;
}

function letterOf(route: string, answer: Response): string {
  const isLed =
    answer.status === 303 && /^\/log-in(\?to=.*)?$/.test(answer.headers.get("location") ?? "");
  const leadsThere = ["GET /", "POST /log-out"].includes(route);
  if (isLed && !leadsThere) return ">";
  const letters: Record<number, string> = {
    200: "y",
    303: "y",
    422: "y",
    429: "y",
    // A script may use it, with JSON.
    415: "y",
    404: "-",
    401: "1",
    403: "3",
  };
  return letters[answer.status] ?? `(${answer.status})`;
}

async function browserOf(who: Who): Promise<Browser> {
  const known = browsers.get(who) ?? (await browse(stage, who));
  browsers.set(who, known);
  return known;
}

test("every route of the app is in the table", () => {
  expect(routesOf().toSorted()).toEqual([...expected.keys()].toSorted());
});

describe("everybody tries", () => {
  test.each([...expected.keys()])("%s", async (route) => {
    let letters = "";
    for (const [who] of COLUMNS) {
      letters += letterOf(route, await tryOut(route, await browserOf(who)));
      if (route === "POST /log-out") browsers.delete(who);
    }
    expect(letters).toBe(expected.get(route));
  });

  test.each([...expected.keys()])(
    "%s with the cookie of another school's bursar",
    async (route) => {
      const visitor = expected.get(route)?.at(-1);
      expect(letterOf(route, await tryOut(route, other))).toBe(visitor);
    },
  );
});

const OF_A_CHILD = /^\/(children|students)\/:id|^\/movements\/:source/;

test.each([...expected.keys()].filter((route) => OF_A_CHILD.test(route.split(" ")[1] ?? "")))(
  "to another family Lina does not exist: %s",
  async (route) => {
    for (const who of ["victor", "zoe"] as const)
      expect([who, (await tryOut(route, await browserOf(who))).status]).toEqual([who, 404]);
  },
);

const POSTS = [...expected.keys()].filter((route) => route.startsWith("POST"));

test.each(POSTS)("%s is not done by following a link", async (route) => {
  const béatrice = await browserOf("beatrice");
  const path = addressOf(route);
  const isPageToo = expected.has("GET " + (route.split(" ")[1] ?? ""));
  const answer = await béatrice.get(path);
  // 404 where the address is another page's, of something that does not exist; 303 where all is done already.
  expect(isPageToo ? [200, 303, 404] : [404, 405]).toContain(answer.status);
});

/** Every row that anybody could have written. */
async function countRows(): Promise<number> {
  const { client } = stage.ledger;
  const tables = await client.execute("select name from sqlite_master where type = 'table'");
  const counts = tables.rows.map((row) => `(select count(*) from "${textIn(row, "name")}")`);
  const found = await client.execute(`select ${counts.join(" + ")} as rows`);
  return numberIn(found.rows[0], "rows");
}

test.each([
  ["another site", { origin: "https://elsewhere.test", "sec-fetch-site": "cross-site" }],
  ["another site that hides itself", { "sec-fetch-site": "cross-site" }],
  ["a browser too old to say", { origin: "https://elsewhere.test" }],
  ["nowhere", {}],
])("a form that %s sends is refused on every page, and nothing is written", async (_, headers) => {
  const béatrice = await browserOf("beatrice");
  const cookie = [...béatrice.cookies].map((pair) => pair.join("=")).join("; ");
  const before = await countRows();
  for (const route of POSTS) {
    const answer = await stage.app.request(ORIGIN + addressOf(route), {
      method: "POST",
      headers: { ...headers, cookie, "content-type": "application/x-www-form-urlencoded" },
      body: "username=beatrice&language=nl&closesAt=10:00",
    });
    expect([route, answer.status]).toEqual([route, 403]);
  }
  expect(await countRows()).toBe(before);
  expect((await béatrice.get("/bursar")).status).toBe(200);
});

/** The table for people, in Markdown. */
function rolesPage(): string {
  const words: Record<string, string> = {
    y: "yes",
    ">": "log-in",
    "-": "",
    "1": "401",
    "3": "403",
  };
  const names = COLUMNS.map(([, name]) => name);
  const rows = [...expected].map(([route, may]) => {
    const [method = "", path = ""] = route.split(" ");
    const cells = may.split("").map((letter) => words[letter] ?? letter);
    return `| ${method} | \`${path}\` | ${cells.join(" | ")} |`;
  });
  const head = [
    `| | address | ${names.join(" | ")} |`,
    `|---|---|${names.map(() => "---|").join("")}`,
  ];
  return [...head, ...rows].join("\n");
}

/** The cells of every row, however wide a formatter makes them. */
const cellsOf = (markdown: string): string[][] =>
  (markdown.match(/^\|.*$/gm) ?? [])
    .filter((row) => !row.includes("---"))
    .map((row) => row.split("|").map((cell) => cell.trim()));

test("docs/roles.md says the same", () => {
  if (import.meta.env["VITE_ROLES"]) console.log("\n" + rolesPage());
  expect(cellsOf(ROLES_PAGE)).toEqual(cellsOf(rolesPage()));
});
