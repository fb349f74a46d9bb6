// Goal: everybody gets in by themselves, in a real browser. Method: npm start, Chromium, the mails as the school's
// outbox keeps them; each way in and each thing that goes wrong on it.

import type { Browser, BrowserContext, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { textIn } from "#edge/ledger/row.ts";
import { codeOf, secretIn } from "./accounts.ts";
import { findProgram } from "./debian.ts";
import type { Demonstration } from "./demonstration.ts";
import { demonstrate } from "./demonstration.ts";

const START_MS_MAX = 120_000;
const CHOSEN = "quatre moutons violets dansent";
const program = findProgram("chromium");

let demonstration: Demonstration;
let browser: Browser;
/** The bursar's computer. */
let office: Page;

const problems: string[] = [];

async function newPhone(): Promise<BrowserContext> {
  const context = await browser.newContext({
    locale: "fr-BE",
    viewport: { width: 390, height: 780 },
  });
  context.on("weberror", (error) => problems.push(String(error.error())));
  return context;
}

const at = (path: string): string => demonstration.ready.dashboard + path;
const mainText = (page: Page): Promise<string> => page.locator("main").innerText();
const passwordOf = (username: string): string =>
  demonstration.ready.logins.find((one) => one.username === username)?.password ?? "";

async function logIn(page: Page, username: string, password: string): Promise<void> {
  await page.goto(at("/log-in"));
  await page.fill("input[name=username]", username);
  await page.fill("input[name=password]", password);
  await page.click("main form[action='/log-in'] button");
}

/** The newest mail to an address whose name is known, read in the outbox by the bursar. */
async function linkMailedTo(username: string): Promise<string> {
  const { rows } = await demonstration.ledger.execute({
    sql: `select body from mail where address = (select address from person where username = ?)
      order by rowid desc limit 1`,
    args: [username],
  });
  return /http:\/\/localhost:\d+\/connect\/[0-9A-Z-]+/.exec(textIn(rows[0], "body"))?.[0] ?? "";
}

async function openPerson(name: string): Promise<void> {
  await office.goto(at(`/people?name=${encodeURIComponent(name)}`));
  await office.click(`main td a:has-text("${name}")`);
}

describe.skipIf(!program)("in Chromium", () => {
  beforeAll(async () => {
    demonstration = await demonstrate();
    browser = await chromium.launch({ executablePath: program ?? "", args: ["--no-sandbox"] });
    office = await (await browser.newContext({ locale: "fr-BE" })).newPage();
  }, START_MS_MAX);
  afterAll(async () => {
    await browser?.close();
    await demonstration?.discard();
  });

  test("the bursar logs in with her password and the code of her phone", async () => {
    await logIn(office, "beatrice", passwordOf("beatrice"));
    await office.waitForURL(/log-in\/code/);
    const code = await (await fetch(demonstration.ready.terminals + "/code")).text();
    await office.fill("input[name=code]", code);
    await office.click("main button");
    await office.waitForURL(/bursar/);
  });

  test("from the mail to the first balance in under a minute", async () => {
    await openPerson("Claire Dumont");
    await office.click("main form[action$='/invite'] button");
    expect(await mainText(office)).toContain("Le mail est parti");
    await office.goto(at("/outbox"));
    expect(await mainText(office)).toContain("claire.dumont@");
    const phone = await (await newPhone()).newPage();
    const start = performance.now();
    await phone.goto(await linkMailedTo("claire.dumont"));
    expect(await mainText(phone)).toContain("Bienvenue, Claire Dumont");
    // As fast as a person types.
    await phone.locator("input[name=password]").pressSequentially(CHOSEN, { delay: 120 });
    await phone.click("main form:has(input[name=password]) button");
    await phone.waitForURL(/children/);
    expect(await mainText(phone)).toMatch(/Lina Lambert[\s\S]*25,00\s€/);
    const seconds = (performance.now() - start) / 1000;
    console.log(`from the mail to the first balance: ${seconds.toFixed(1)} s`);
    expect(seconds).toBeLessThan(60);
    await phone.context().close();
  });

  test("a password forgotten: the link comes by mail and chooses another", async () => {
    const phone = await (await newPhone()).newPage();
    await phone.goto(at("/log-in"));
    await phone.click("main a[href='/forgotten/password']");
    await phone.fill("input[name=who]", "claire.dumont");
    await phone.click("main button");
    expect(await mainText(phone)).toContain("courriers indésirables");
    await phone.goto(await linkMailedTo("claire.dumont"));
    await phone.fill("input[name=password]", CHOSEN + " encore");
    await phone.click("main form:has(input[name=password]) button");
    await phone.waitForURL(/children/);
    await phone.context().close();
  });

  test("a username forgotten: the mail to the address says it", async () => {
    const phone = await (await newPhone()).newPage();
    await phone.goto(at("/log-in"));
    await phone.click("main a[href='/forgotten/username']");
    await phone.fill("input[name=who]", "claire.dumont@familles.example");
    await phone.click("main button");
    expect(await mainText(phone)).toContain("un mail est parti");
    const { rows } = await demonstration.ledger.execute(
      "select body from mail order by rowid desc limit 1",
    );
    expect(textIn(rows[0], "body")).toContain("claire.dumont");
    await phone.context().close();
  });

  test("a link that ran out says so, and its button mails another that works", async () => {
    const phone = await (await newPhone()).newPage();
    const old = await linkMailedTo("claire.dumont");
    await demonstration.ledger.execute("update invitation set expires_at = 1, created_at = 1");
    await phone.goto(old);
    expect(await mainText(phone)).toContain("Ce lien a expiré");
    await phone.click("main button");
    expect(await mainText(phone)).toContain("Un nouveau mail est parti");
    const fresh = await linkMailedTo("claire.dumont");
    expect(fresh).not.toBe(old);
    await phone.goto(fresh);
    expect(await mainText(phone)).toContain("Bienvenue");
    await phone.context().close();
  });

  test("a wrong address: the office corrects it, and the mail goes there", async () => {
    await openPerson("Claire Dumont");
    await office.fill("input[name=address]", "claire@nouvelle.example");
    await office.click("main form[action$='/address'] button");
    await office.click("main form[action$='/invite'] button");
    expect(await linkMailedTo("claire.dumont")).toContain("/connect/");
    const { rows } = await demonstration.ledger.execute(
      "select address from mail order by rowid desc limit 1",
    );
    expect(textIn(rows[0], "address")).toBe("claire@nouvelle.example");
  });

  test("no mail at all: the letter is a PDF, and its code opens the account when it is typed", async () => {
    await openPerson("Claire Dumont");
    const action = (await office.getAttribute("main form[action$='/letter']", "action")) ?? "";
    const letter = await office.request.post(at(action), {
      headers: { origin: demonstration.ready.dashboard },
    });
    const pdf = await letter.body();
    expect([letter.headers()["content-type"], pdf.subarray(0, 5).toString()]).toEqual([
      "application/pdf",
      "%PDF-",
    ]);
    const phone = await (await newPhone()).newPage();
    await phone.goto(at("/log-in"));
    await phone.click("main a[href='/first']");
    // What cannot be read from the page of the letter here, another one of the same kind.
    const code = (await linkMailedTo("claire.dumont")).replace(/.*\//, "").toLowerCase();
    await phone.fill("input[name=code]", code.replaceAll("-", " "));
    await phone.click("main form[action='/first'] button");
    expect(await mainText(phone)).toContain("Bienvenue, Claire Dumont");
    await phone.context().close();
  });

  test("a passkey is added, and opens the account without a password", async () => {
    const context = await newPhone();
    const phone = await context.newPage();
    const devtools = await context.newCDPSession(phone);
    await devtools.send("WebAuthn.enable");
    await devtools.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await logIn(phone, "paul", passwordOf("paul"));
    await phone.waitForURL(/children/);
    await phone.goto(at("/account"));
    await phone.fill("input[name=name]", "Téléphone de Paul");
    await phone.click("form[data-passkey=add] button");
    await phone.waitForURL(/done=passkey/);
    expect(await mainText(phone)).toContain("Téléphone de Paul");
    await phone.click("header form[action='/log-out'] button");
    await phone.waitForURL(/log-in/);
    await phone.click("form[data-passkey=use] button");
    await phone.waitForURL(/children/);
    await phone.goto(at("/account"));
    expect(await mainText(phone)).toContain("clé d’accès");
    await context.close();
  });

  test("the codes of an authenticator are set up, asked for, and replaced by a recovery code", async () => {
    const phone = await (await newPhone()).newPage();
    await logIn(phone, "victor", passwordOf("victor"));
    await phone.waitForURL(/children/);
    await phone.goto(at("/account/second-factor"));
    await phone.fill("input[name=password]", passwordOf("victor"));
    await phone.click("main form[action='/account/second-factor'] button");
    const uri = await phone.inputValue("input[name=uri]");
    const recovery = (await phone.inputValue("input[name=codes]")).split(" ");
    expect(await phone.locator("svg.qr").count()).toBe(1);
    await phone.fill("input[name=code]", await codeOf(secretIn(uri)));
    await phone.click("main form[action$='/confirm'] button");
    await phone.waitForURL(/done=codes/);
    await phone.click("header form[action='/log-out'] button");
    await logIn(phone, "victor", passwordOf("victor"));
    await phone.waitForURL(/log-in\/code/);
    await phone.fill("input[name=code]", recovery[3] ?? "");
    await phone.click("main button");
    await phone.waitForURL(/children/);
    await phone.context().close();
  });

  test("nothing went wrong in any of these pages", () => {
    expect(problems).toEqual([]);
  });
});
