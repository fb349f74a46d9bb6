// The stage of the tests of pages: a small school in a database of its own, the whole app on it, the permanent cast, and
// browsers that hold a cookie. Paul is the father of Lina, Victor that of Zoé.

import type { Hono } from "hono";
import type { PageEnv } from "#dashboard/page.tsx";
import { appOf } from "#edge/app.ts";
import type { Message } from "#edge/border.ts";
import { primitives } from "#edge/crypto.ts";
import type { Stage as EventStage } from "#edge/events.ts";
import { openStream } from "#edge/events.ts";
import { ingest } from "#edge/ingest.ts";
import { runCommands } from "#edge/ledger/commands.ts";
import type { Ledger } from "#edge/ledger/ledger.ts";
import { connectLedger, openLedger } from "#edge/ledger/ledger.ts";
import type { Attempts } from "#edge/people/attempts.ts";
import { openDesk } from "#edge/people/desk.ts";
import { openHouse } from "#edge/people/accounts/house.ts";
import { fromHex } from "#protocol/bytes.ts";
import { keepCookies, logInBy, openAccounts } from "./accounts.ts";
import { newLedgerUrl } from "./fresh-ledger.ts";
import type { PaperTerminal, Said } from "./paper-terminal.ts";
import { paperTerminal, sayToken, sayTokens } from "./paper-terminal.ts";

export const SCHOOL = "college-test";
export const ORIGIN = "https://ecole.test";
export const SEAL_SECRET = new Uint8Array(32).fill(7);
/** Monday 23 November 2026, 12:00 in Brussels. */
export const NOON = 1795431600;
export const PASSWORD = "un mot de passe de test";
export const LINA = 1;
export const ZOE = 2;
const TERMINAL = 1;
/** Addresses for documentation (RFC 5737). */
const HOME = "192.0.2.10";
const SITE = { origin: ORIGIN, secret: "un secret de test, assez long pour signer des cookies" };

/** By username; their places are their numbers in the table, from 1. */
export const CAST = [
  { username: "beatrice", name: "Béatrice Delvaux", role: "bursar", language: "fr" },
  { username: "paul", name: "Paul Lambert", role: "guardian", language: "fr" },
  { username: "victor", name: "Victor Peeters", role: "guardian", language: "nl" },
  { username: "agnes", name: "Agnès Collard", role: "secretary", language: "fr" },
  { username: "sophie", name: "Sophie Maes", role: "counter", language: "fr" },
  { username: "karim", name: "Karim Benali", role: "kitchen", language: "fr" },
  { username: "lina", name: "Lina Lambert", role: "student", language: "fr", student: 1 },
  { username: "zoe", name: "Zoé Peeters", role: "student", language: "fr", student: 2 },
  { username: "odile", name: "Odile Renard", role: "auditor", language: "fr" },
] as const;

const ACCOUNTS = CAST.map(({ username, role }) => ({
  username,
  password: PASSWORD,
  authenticator: role === "bursar" || role === "secretary" ? "un secret d'authentificateur" : "",
}));

/** undefined: a visitor. */
export type Who = (typeof CAST)[number]["username"] | undefined;
export type Stage = {
  ledger: Ledger;
  /** Who listens to the school's events. */
  events: EventStage;
  app: Hono<PageEnv>;
  paper: PaperTerminal;
  /** What the pages take for the time, in seconds since 1970. */
  clock: { now: number };
};
/** A form is posted as a browser on the same page does; following redirects is left to the test. */
type Form = Record<string, string> | [name: string, value: string][] | FormData;
export type Browser = {
  get: (path: string) => Promise<Response>;
  /** Pairs where a field has several values, FormData where one is a file. address: from where it seems to come. */
  post: (path: string, form: Form, address?: string) => Promise<Response>;
  cookies: Map<string, string>;
};

/** now: where the clock stands at first. */
export async function openStage(now = NOON): Promise<Stage> {
  const client = connectLedger(await newLedgerUrl(), undefined);
  const ledger = await openLedger(client, SCHOOL);
  const paper = paperTerminal(SCHOOL, TERMINAL, 1, SEAL_SECRET);
  await seed(ledger, paper);
  await openAccounts(client, SITE.secret, ACCOUNTS);
  const attempts: Attempts = new Map();
  const clock = { now };
  const events: EventStage = { listeners: new Set() };
  const desk = openDesk(
    openHouse({ ledger, site: SITE, attempts, now: () => clock.now, name: "Collège Test" }),
  );
  const app = appOf({
    health: () => Promise.resolve({ ledger: true, broker: true, waiting: 0, unsent: 0 }),
    office: () => ({
      school: SCHOOL,
      sealSecret: SEAL_SECRET,
      register: (order) => desk.register(order, clock.now),
    }),
    visit: () => ({ client, desk, site: SITE, now: clock.now }),
    events: (_, query) => openStream(events, new URLSearchParams(query)),
  });
  const stage = { ledger, events, app, paper, clock };
  await tap(stage, { kind: "open" }, NOON - 4 * 3600);
  return stage;
}

async function seed(ledger: Ledger, paper: PaperTerminal): Promise<void> {
  const order = { author: "test", at: NOON - 7 * 24 * 3600 };
  const open = (account: "wallet" | "sales", ref: string) =>
    ({ ...order, id: `open/${account}/${ref}`, kind: "openAccount", account, ref }) as const;
  const orders = [open("wallet", "1"), open("wallet", "2"), open("sales", "repas")];
  const [lina, zoe] = (await runCommands(ledger, orders)).map((result) =>
    result.ok ? result.account : 0,
  );
  await ledger.client.batch(
    [
      { sql: "insert into school(id, slug, name) values(1, ?, 'Collège Test')", args: [SCHOOL] },
      {
        sql: `insert into student(id, first_name, last_name, class, allergens, account)
          values(1, 'Lina', 'Lambert', '3B', 0, ?), (2, 'Zoé', 'Peeters', '5C', 0, ?)`,
        args: [lina ?? 0, zoe ?? 0],
      },
      ...CAST.map((person, index) => ({
        sql: `insert into person(id, username, name, role, language, student, address)
          values(?, ?, ?, ?, ?, ?, ?)`,
        args: [index + 1, ...rowOf(person), person.username + "@famille.example"],
      })),
      "insert into guardianship values(2, 1), (3, 2)",
      "insert into card(uid, student, status, since) values(unhex('04a1b2c3d4e5f6'), 1, 'active', 1790000000)",
      "insert into product values(1, 'repas'), (2, 'repas')",
      `insert into product_revision(product, revision, name, cents)
        values(1, 1, 'Potage du jour', 100), (2, 1, 'Gaufre <chaude>', 150)`,
      "insert into terminal(id, name, till, epoch) values(1, 'Réfectoire', '{}', 1)",
      { sql: "insert into terminal_key values(1, 1, ?, 0)", args: [paper.publicKey] },
    ],
    "write",
  );
  const cash = { ...order, kind: "topUp", means: "cash", note: "", at: NOON - 24 * 3600 } as const;
  await runCommands(ledger, [
    { ...cash, id: "cash/lina", student: LINA, cents: 2500, author: "beatrice" },
    { ...cash, id: "cash/zoe", student: ZOE, cents: 4000, author: "beatrice" },
  ]);
}

function rowOf(person: (typeof CAST)[number]): (string | number | null)[] {
  const { username, name, role, language } = person;
  return [username, name, role, language, "student" in person ? person.student : null];
}

/** What the refectory's terminal signs arrives in the ledger. time in seconds since 1970. */
export async function tap(stage: Stage, said: Said, time: number): Promise<void> {
  const token = sayToken(stage.paper, said, time);
  const outcome = await deliver(stage, sayTokens(stage.paper, [token]), time + 2);
  if (outcome === undefined) throw new Error(`stage: ${said.kind} was not decided`);
}

/** A message goes through the school's own intake, as if a broker had delivered it; the outcome of its first token. */
export async function deliver(
  stage: Stage,
  message: Message,
  time: number,
): Promise<string | undefined> {
  const border = { school: SCHOOL, primitives, secret: SEAL_SECRET, keys: new Map() };
  const intake = { ledger: stage.ledger, border, ring: new Map(), now: () => time * 1000 };
  const { results } = await ingest(intake, [message]);
  return results[0]?.outcomes[0];
}

/** One of the carte: soup (100 cents) and a waffle (150 cents). */
export const SOUP = { product: 1, revision: 1, quantity: 1, unitCents: 100 };
export const WAFFLES = { product: 2, revision: 1, quantity: 2, unitCents: 150 };
export const CARD = fromHex("04a1b2c3d4e5f6");

/** A browser that has logged in as somebody of the cast, or a visitor's. */
export async function browse(stage: Stage, who: Who): Promise<Browser> {
  const cookies = new Map<string, string>();
  const ask = async (path: string, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set("cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    const answer = await stage.app.request(ORIGIN + path, { ...init, headers });
    keepCookies(cookies, answer);
    return answer;
  };
  const browser: Browser = {
    cookies,
    get: (path) => ask(path, {}),
    post: (path, form, address = HOME) =>
      ask(path, {
        method: "POST",
        headers: {
          origin: ORIGIN,
          "sec-fetch-site": "same-origin",
          "cf-connecting-ip": address,
        },
        body: form instanceof FormData ? form : new URLSearchParams(form),
      }),
  };
  if (who)
    await logInBy(
      browser.post,
      ACCOUNTS.find(({ username }) => username === who),
    );
  return browser;
}

/** What a person reads: the text of main, blanks and hard spaces as single spaces. */
export async function readText(answer: Response): Promise<string> {
  const html = await answer.text();
  const main = /<main[^>]*>([\s\S]*)<\/main>/.exec(html)?.[1] ?? html;
  return main
    .replace(/<[^>]*>/g, " ")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, "&")
    .replace(/[\s\u00a0\u202f]+/g, " ");
}
